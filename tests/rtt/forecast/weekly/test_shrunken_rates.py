"""Small groups borrow from large ones, and only as much as they must."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtt.forecast.weekly.shrunken_rates import Factor, shrunken_rates


def _one_factor(events, exposure, spread=0.3):
    groups = np.arange(len(events))
    return shrunken_rates(
        np.array(events, dtype=float), np.array(exposure, dtype=float), [Factor(groups, len(events), spread)]
    )


def test_large_groups_keep_their_own_rate() -> None:
    rates = _one_factor([20_000, 10_000, 5_000], [100_000] * 3)
    assert rates == pytest.approx([0.2, 0.1, 0.05], rel=0.01)


def test_a_group_never_seen_has_the_rate_of_the_others() -> None:
    rates = _one_factor([1000, 1000, 0], [10_000, 10_000, 0])
    assert rates[2] == pytest.approx(0.1, rel=0.01)


def test_a_small_group_lies_between_its_own_rate_and_that_of_the_others() -> None:
    rates = _one_factor([4000, 1000, 4], [20_000, 20_000, 10])
    assert 0.13 < rates[2] < 0.4


def test_the_more_is_seen_of_a_group_the_nearer_it_comes_to_its_own_rate() -> None:
    far = [abs(0.4 - _one_factor([4000, 1000, 0.4 * n], [20_000, 20_000, n])[2]) for n in (5, 50, 500)]
    assert far == sorted(far, reverse=True)


def test_groups_that_differ_by_chance_alone_are_taken_together() -> None:
    """Twenty-one groups of one rate: the usual error of their own shares is several times larger."""
    rng = np.random.default_rng(5)
    exposure = np.full(21, 70.0)
    events = rng.binomial(70, 0.67, 21).astype(float)
    off = np.abs(_one_factor(events, exposure) - 0.67).mean()
    assert off < 0.5 * np.abs(events / exposure - 0.67).mean()


def test_effects_of_two_factors_are_found_where_both_act() -> None:
    """Odds that multiply, on every combination but the last, which is never seen."""
    rows, columns = (places.ravel() for places in np.indices((4, 3)))
    odds = np.array([0.1, 0.2, 0.4, 0.8])[rows] * np.array([1.0, 1.5, 0.5])[columns]
    exposure = np.full(12, 50_000.0)
    exposure[-1] = 0
    rates = shrunken_rates(
        exposure * odds / (1 + odds), exposure, [Factor(rows, 4, 2.0), Factor(columns, 3, 2.0)]
    )
    assert rates == pytest.approx(odds / (1 + odds), rel=0.02)


@given(st.lists(st.tuples(st.floats(-5, 400), st.floats(0, 300)), min_size=1, max_size=12))
def test_a_rate_is_a_probability_whatever_was_counted(cells) -> None:
    rates = _one_factor([e for e, _ in cells], [n for _, n in cells])
    assert ((rates > 0) & (rates < 1)).all()
