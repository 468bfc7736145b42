"""Indicators for many scopes at once, and what they say where something is not known."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rtt.measures.band_facts import band_facts
from rtt.measures.indicators import INDICATORS, compute
from rtt.terms.waits import BANDS

lists = hnp.arrays(np.int64, (3, 2, BANDS), elements=st.integers(0, 9))


@given(lists, st.integers(0, 500), st.integers(0, 500))
def test_many_scopes_at_once_give_what_each_gives_alone(bands, stops, opening):
    flows = {
        "stops_admitted": stops,
        "stops_non_admitted": 7,
        "starts": 3,
        "opening": opening,
        "recent_stops": 3 * stops,
        "recent_days": 91,
        "with_decision_to_admit": 2,
    }
    together = compute(band_facts(bands, **flows))
    for at in np.ndindex(3, 2):
        alone = compute(band_facts(bands[at], **flows))
        for key, measure in together.items():
            np.testing.assert_array_equal(measure.value[at], alone[key].value, err_msg=key)


@given(lists)
def test_thresholds_are_nested_and_shares_are_shares(bands):
    found = compute(band_facts(bands))
    thresholds = [found[f"over_{weeks}"].value for weeks in (18, 40, 52, 65, 78, 104)]
    assert all((higher >= lower).all() for higher, lower in itertools.pairwise(thresholds))
    within = found["share_within_18"]
    np.testing.assert_array_equal(within.numerator + found["over_18"].value, within.denominator)
    np.testing.assert_array_equal(within.denominator, bands.sum(axis=-1))


def test_an_empty_list_has_no_share_and_no_percentile():
    found = compute(band_facts(np.zeros(BANDS)))
    assert found["total"].value == 0
    for key in ("share_within_18", "share_over_52", "median_weeks", "longest_wait_weeks"):
        assert np.isnan(found[key].value)
        assert found[key].denominator == 0


def test_flows_that_are_not_known_are_not_nought():
    found = compute(band_facts(np.ones(BANDS)))
    for key in ("starts", "stops", "unreported_removals", "list_change", "clearance_weeks"):
        assert np.isnan(found[key].value)


def test_before_april_2021_nobody_can_be_counted_over_65_weeks():
    bands = np.zeros((2, BANDS))
    bands[:, 52] = 30
    found = compute(band_facts(bands, open_band=[52, 104]))
    assert found["over_52"].value.tolist() == [30, 30]
    assert found["share_over_52"].value.tolist() == [1, 1]
    assert np.isnan(found["over_65"].value[0])
    assert found["over_65"].value[1] == 0
    assert found["median_weeks"].value.tolist() == [np.inf, 52.5]
    assert found["longest_wait_weeks"].value.tolist() == [np.inf, 52]
    assert found["passing_52_in_4_weeks"].value.tolist() == [0, 0]


def test_the_high_percentile_is_the_part_s():
    bands = np.zeros(BANDS)
    bands[10] = 100
    for part, weeks in (("2", 10.92), ("2A", 10.92), ("1A", 10.95), ("1B", 10.95)):
        assert compute(band_facts(bands, part=part))["high_percentile_weeks"].value == pytest.approx(weeks)


def test_only_the_indicators_asked_for_are_computed():
    assert list(compute(band_facts(np.ones(BANDS)), ["total", "over_18"])) == ["total", "over_18"]
    with pytest.raises(KeyError, match="no_such"):
        compute(band_facts(np.ones(BANDS)), ["no_such"])


def test_a_vector_of_another_length_is_an_error():
    with pytest.raises(ValueError, match=r"105 week bands, got shape \(53,\)"):
        band_facts(np.ones(53))


def test_every_key_names_itself():
    assert all(key == entry.key for key, entry in INDICATORS.items())
