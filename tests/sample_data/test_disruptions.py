"""Weeks that go otherwise: each disruption does what it says to the weeks it names, and nothing before."""

from datetime import date

import numpy as np
import pytest

from sample_data import simulate
from sample_data.disruptions import closure, more_referrals, sprint, strikes
from sample_data.pathways import ADMITTED, NON_ADMITTED, REMOVED
from sample_data.profile import FUNCTIONS
from sample_data.season import day_number, monday, sunday, week_of

UNTIL = date(2026, 11, 15)
FIRST = week_of(day_number(UNTIL)) - 20
UROLOGY = [function.row for function in FUNCTIONS].index("C_101")


@pytest.fixture(scope="module")
def quiet():
    return simulate(until=UNTIL, weeks=52)


def _with(*disruptions):
    return simulate(until=UNTIL, weeks=52, disruptions=disruptions)


def _stops(truth, first, weeks, function=None):
    ended = (truth.stop >= monday(first)) & (truth.stop <= sunday(first + weeks - 1))
    ended &= np.isin(truth.kind, (ADMITTED, NON_ADMITTED))
    if function is not None:
        ended &= truth.referrals.function == function
    return int(ended.sum())


def _started(truth, first, weeks):
    start = truth.referrals.start
    return int(((start >= monday(first)) & (start <= sunday(first + weeks - 1))).sum())


def test_strikes_cost_two_thirds_of_the_stops_of_three_weeks_twice(quiet) -> None:
    redacted = _with(*strikes(FIRST))
    for first in (FIRST, FIRST + 8):
        assert 0.2 < _stops(redacted, first, 3) / _stops(quiet, first, 3) < 0.5
    assert _stops(redacted, FIRST + 4, 3) > 0.85 * _stops(quiet, FIRST + 4, 3)


def test_a_closed_specialty_treats_nobody_and_the_others_do(quiet) -> None:
    closed = _with(*closure(FIRST, function="C_101"))
    assert _stops(closed, FIRST, 6, UROLOGY) < 0.1 * _stops(quiet, FIRST, 6, UROLOGY)
    others = [_stops(each, FIRST, 6) - _stops(each, FIRST, 6, UROLOGY) for each in (closed, quiet)]
    assert others[0] == pytest.approx(others[1], rel=0.1)


def test_a_sprint_treats_and_removes_more(quiet) -> None:
    sprinted = _with(*sprint(FIRST))
    assert _stops(sprinted, FIRST + 3, 6) > 1.08 * _stops(quiet, FIRST + 3, 6)
    removed = [
        int(((each.kind == REMOVED) & (each.stop >= monday(FIRST)) & (each.stop <= sunday(FIRST + 5))).sum())
        for each in (sprinted, quiet)
    ]
    assert removed[0] > 2 * removed[1]


def test_referrals_double_and_stay_so(quiet) -> None:
    more = _with(*more_referrals(FIRST))
    for first in (FIRST, FIRST + 15):
        assert _started(more, first, 4) == pytest.approx(2 * _started(quiet, first, 4), rel=0.1)


@pytest.mark.parametrize(
    "disruptions", [strikes(FIRST), closure(FIRST, function="C_101"), sprint(FIRST), more_referrals(FIRST)]
)
def test_nothing_changes_before_but_bookings_called_off_in_the_week_before(quiet, disruptions) -> None:
    made = _with(*disruptions)
    day = sunday(FIRST - 2)
    before = int((quiet.referrals.start <= day).sum())
    for each in (made, quiet):
        assert int((each.referrals.start <= day).sum()) == before
    known = np.flatnonzero(quiet.referrals.start <= day)
    assert np.array_equal(made.open_on(day)[known], quiet.open_on(day)[known])
    assert np.array_equal(made.decided[known] <= day, quiet.decided[known] <= day)
