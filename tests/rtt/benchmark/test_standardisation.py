"""The figure expected from national specialty rates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtt.benchmark.standardisation import standardised

NATIONAL = {"national_numerators": [9000, 3000], "national_denominators": [10_000, 10_000]}


def test_expected_by_hand():
    # National 90 % and 30 %, together 60 %. A trust of 300 and 100 expects (270 + 30) / 400 = 75 %, has 68 %.
    found = standardised([[240, 32]], [[300, 100]], **NATIONAL)
    assert found.national == pytest.approx(0.60)
    assert found.expected[0] == pytest.approx(0.75)
    assert found.observed[0] == pytest.approx(0.68)
    assert found.mix[0] == pytest.approx(0.15)
    assert found.beyond_mix[0] == pytest.approx(-0.07)


def test_a_better_raw_figure_can_be_a_worse_trust():
    dermatology, orthopaedics = standardised([[85, 0], [0, 40]], [[100, 0], [0, 100]], **NATIONAL).beyond_mix
    assert dermatology < 0 < orthopaedics


def test_a_specialty_without_a_national_rate_is_left_out_and_counted():
    found = standardised(
        [[45, 7]], [[50, 9]], national_numerators=[9000, 0], national_denominators=[10_000, 0]
    )
    assert (found.observed[0], found.expected[0], found.left_out[0]) == (0.9, 0.9, 9)


def test_a_trust_without_pathways_has_no_figure():
    found = standardised([[0, 0]], [[0, 0]], **NATIONAL)
    assert np.isnan([found.observed[0], found.expected[0], found.mix[0]]).all()


COUNTS = st.lists(st.lists(st.integers(0, 500), min_size=3, max_size=3), min_size=1, max_size=6).filter(
    lambda rows: all(sum(column) for column in zip(*rows, strict=True))
)


@given(pathways=COUNTS, share=st.floats(0, 1))
def test_trusts_at_the_national_rates_are_as_expected_and_the_parts_add_up(pathways, share):
    sizes = np.array(pathways, dtype=float)
    rates = np.array([share, 0.5, 1.0])
    nation = {"national_numerators": (sizes * rates).sum(axis=0), "national_denominators": sizes.sum(axis=0)}
    found = standardised(sizes * rates, sizes, **nation)
    known = sizes.sum(axis=1) > 0
    assert found.beyond_mix[known] == pytest.approx(0, abs=1e-9)
    assert (found.mix + found.beyond_mix)[known] == pytest.approx(found.observed[known] - found.national)
