"""Percentiles against a naive second way, pathway by pathway, and properties for any band vector."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rtt.measures.percentiles import percentile_weeks
from rtt.terms.waits import BANDS, OPEN_BAND

vectors = hnp.arrays(np.int64, BANDS, elements=st.integers(0, 40), fill=st.just(0))
shares = st.sampled_from([Fraction(1, 2), Fraction(92, 100), Fraction(95, 100)])


def naive_percentile(bands, p):
    """Walk up the bands with exact fractions until p x N pathways are passed; None where hidden."""
    target, passed = p * int(bands.sum()), 0
    if bands.sum() < 20:
        return None
    for band, pathways in enumerate(bands.tolist()):
        if passed + pathways >= target:
            return math.inf if band == OPEN_BAND else float(band + (target - passed) / pathways)
        passed += pathways
    raise AssertionError("p lies between 0 and 1")


@given(vectors, shares)
def test_a_percentile_equals_the_walk_up_the_bands(bands, p):
    found, expected = float(percentile_weeks(bands, float(p))), naive_percentile(bands, p)
    if expected is None:
        assert math.isnan(found)
    else:
        assert found == pytest.approx(expected, rel=1e-12)


@given(hnp.arrays(np.int64, (3, 2, BANDS), elements=st.integers(0, 9)), shares)
def test_many_scopes_at_once_give_what_each_gives_alone(bands, p):
    together = percentile_weeks(bands, float(p))
    alone = [[percentile_weeks(vector, float(p)) for vector in row] for row in bands]
    np.testing.assert_array_equal(together, np.array(alone))


@given(vectors.filter(lambda bands: bands.sum() >= 20), st.integers(2, 50))
def test_a_list_of_the_same_shape_has_the_same_percentiles(bands, times):
    assert percentile_weeks(bands * times, 0.5) == pytest.approx(float(percentile_weeks(bands, 0.5)))


@given(vectors.filter(lambda bands: bands.sum() >= 20))
def test_the_92nd_percentile_is_not_below_the_median(bands):
    assert percentile_weeks(bands, 0.92) >= percentile_weeks(bands, 0.5)


@pytest.mark.parametrize("pathways", [25, 175, 2_500, 7_418_600])
def test_a_position_that_falls_on_a_band_s_last_pathway_stays_in_that_band(pathways):
    # Were 0.92 x N a hair above the count, the percentile would leap to the next filled band.
    bands = np.zeros(BANDS)
    bands[10], bands[90] = pathways * 23 // 25, pathways * 2 // 25
    assert percentile_weeks(bands, 0.92) == 11.0
