"""Queue arithmetic: each formula does what it claims to do."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtt.measures.queueing import (
    clearance_weeks,
    stops_needed,
    sustainable_list_size,
    unreported_removals,
    weekly_rate,
)

counts = st.integers(0, 10**7)


@given(st.integers(1, 10**6), st.floats(0, 1), st.floats(0.05, 0.99))
def test_the_stops_needed_bring_the_share_to_its_target(total, share_over, target):
    over = share_over * total
    needed = float(stops_needed(total, over, target))
    if 1 - over / total >= target:
        assert needed == pytest.approx(0, abs=1e-6)
    else:
        assert 1 - (over - needed) / (total - needed) == pytest.approx(target)


def test_stops_needed_for_a_list_of_1000_with_400_over_18_weeks():
    # 348 stops leave 652, of whom 52 are over: 600 of 652 are 92.0%.
    assert math.ceil(stops_needed(1_000, 400, 0.92)) == 348
    assert stops_needed([1_000, 100], [400, 0], 0.92).tolist() == [pytest.approx(320 / 0.92), 0.0]


@pytest.mark.parametrize("share", [0, -0.1, 1.1])
def test_a_share_that_cannot_be_reached_is_an_error(share):
    with pytest.raises(ValueError, match="share"):
        stops_needed(100, 50, share)


@given(st.floats(1, 1e6), st.floats(0.5, 0.99), st.floats(1, 52))
def test_a_sustainable_list_keeps_that_share_within_the_weeks(removals, share, weeks):
    size = float(sustainable_list_size(removals, share=share, weeks=weeks))
    # In an exponential queue the rate at which each pathway leaves is removals / size.
    assert 1 - math.exp(-weeks * removals / size) == pytest.approx(share)


@pytest.mark.parametrize("share", [0, 1])
def test_no_list_size_gives_nobody_or_everybody(share):
    with pytest.raises(ValueError, match="share"):
        sustainable_list_size(100, share=share)


@given(counts, counts, counts, st.integers(-1000, 1000))
def test_the_list_is_what_came_and_what_left(opening, starts, stops, unreported):
    closing = opening + starts - stops - unreported
    assert unreported_removals(opening, starts, stops, closing) == unreported


def test_where_nothing_stops_nothing_clears():
    assert np.isnan(clearance_weeks(100, 0, 91))
    assert np.isnan(clearance_weeks(100, 50, 0))
    assert clearance_weeks([100, 200], [700, 700], 70).tolist() == [
        pytest.approx(100 / 70),
        pytest.approx(200 / 70),
    ]
    assert weekly_rate(310, 31) == 70
