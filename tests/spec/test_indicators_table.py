"""The minimum set of indicators: a row each, with its figure for one small list worked by hand.

The list: 40 pathways in the first week band, 30 over 17 and up to 18 weeks, 20 over 18 and up to 19, 4 over
48 and up to 49, 3 over 52 and up to 53, 2 over 70 and up to 71, 1 over 104 weeks; 5 more with no clock start
known. 105 in all, of which 100 can be banded. 25 have a decision to admit. At the census before 110 were
waiting; since then 60 clocks started, 12 stopped by admission and 38 without; 130 stopped in 91 days.
"""

import numpy as np
import pytest

from rtt.measures.band_facts import band_facts
from rtt.measures.indicators import INDICATORS, MINIMUM_SET, compute
from rtt.terms.waits import BANDS

LIST = {0: 40, 17: 30, 18: 20, 48: 4, 52: 3, 70: 2, 104: 1}

#   key                            value        of    line  unit        better    kind
TABLE = [
    ("share_within_18", 70 / 100, 100, 1, "share", "higher", "stock"),
    ("total", 105, None, 2, "pathways", "lower", "stock"),
    ("passing_18_in_4_weeks", 30, None, 3, "pathways", "lower", "stock"),
    ("passing_52_in_4_weeks", 4, None, 3, "pathways", "lower", "stock"),
    ("over_18", 30, None, 4, "pathways", "lower", "stock"),
    ("over_40", 10, None, 4, "pathways", "lower", "stock"),
    ("over_52", 6, None, 4, "pathways", "lower", "stock"),
    ("share_over_52", 6 / 105, 105, 4, "share", "lower", "stock"),
    ("over_65", 3, None, 4, "pathways", "lower", "stock"),
    ("over_78", 1, None, 4, "pathways", "lower", "stock"),
    ("over_104", 1, None, 4, "pathways", "lower", "stock"),
    ("longest_wait_weeks", np.inf, 100, 4, "band", "lower", "stock"),
    # Position 50 lies 10 of 30 into band 17; position 92 lies 2 of 4 into band 48.
    ("median_weeks", 17 + 10 / 30, 100, 5, "weeks", "lower", "stock"),
    ("high_percentile_weeks", 48 + 2 / 4, 100, 5, "weeks", "lower", "stock"),
    # 130 stops in 91 days are 10 a week.
    ("clearance_weeks", 10.5, 10, 6, "weeks", "lower", "stock"),
    ("starts", 60, None, 7, "pathways", None, "flow"),
    ("stops", 50, None, 7, "pathways", "higher", "flow"),
    ("starts_less_stops", 10, None, 7, "pathways", "lower", "flow"),
    # 110 + 60 - 105 left, of whom 50 are reported.
    ("unreported_removals", 15, None, 7, "pathways", None, "flow"),
    ("list_change", -5, None, 7, "pathways", "lower", "flow"),
    ("stops_admitted", 12, None, 8, "pathways", "higher", "flow"),
    ("stops_non_admitted", 38, None, 8, "pathways", "higher", "flow"),
    ("share_stops_admitted", 12 / 50, 50, 8, "share", None, "flow"),
    ("with_decision_to_admit", 25, None, 8, "pathways", None, "stock"),
    ("share_with_decision_to_admit", 25 / 105, 105, 8, "share", None, "stock"),
]


@pytest.fixture(scope="module")
def computed():
    bands = np.zeros(BANDS)
    bands[list(LIST)] = list(LIST.values())
    return compute(
        band_facts(
            bands,
            unknown_clock_start=5,
            with_decision_to_admit=25,
            starts=60,
            stops_admitted=12,
            stops_non_admitted=38,
            opening=110,
            recent_stops=130,
            recent_days=91,
        )
    )


@pytest.mark.parametrize(("key", "value", "of", "line", "unit", "better", "kind"), TABLE)
def test_an_indicator_of_the_small_list(computed, key, value, of, line, unit, better, kind):
    measure, entry = computed[key], INDICATORS[key]
    assert measure.value == pytest.approx(value, rel=1e-12)
    assert (None if measure.denominator is None else measure.denominator) == of
    assert (entry.number, entry.unit, entry.good, entry.kind) == (line, unit, better, kind)


def test_the_table_has_a_row_for_every_indicator():
    assert [row[0] for row in TABLE] == [entry.key for entry in MINIMUM_SET]


@pytest.mark.parametrize("entry", MINIMUM_SET, ids=lambda entry: entry.key)
def test_an_indicator_says_what_it_means(entry):
    assert entry.name
    assert entry.definition.endswith(".")
    assert entry.calculation.endswith(".")
    assert entry.source
    assert entry.numerator or entry.denominator
    assert bool(entry.denominator) == (entry.unit != "pathways")


@pytest.mark.parametrize("entry", MINIMUM_SET, ids=lambda entry: entry.key)
def test_a_share_and_a_time_tell_their_parts(computed, entry):
    measure = computed[entry.key]
    if entry.unit == "share":
        assert measure.value == measure.numerator / measure.denominator
    if entry.unit == "pathways":
        assert measure.value == measure.numerator
