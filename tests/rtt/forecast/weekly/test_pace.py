"""At what pace the last weeks ran beside what is usual: tables of weeks, and a naive second computation."""

from datetime import date, timedelta
from statistics import median

import numpy as np
import pytest

from rtt.forecast.weekly.pace import DEVIATIONS_OF_MANY, festive, pace, season_of
from rtt.terms.calendar import working_days

LAST = date(2026, 7, 19)  # no bank holiday in the eight weeks before it


def _ends(weeks, last=LAST):
    return [last - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]


def _days(ends):
    return np.array([working_days(end - timedelta(6), end) for end in ends], dtype=float)


def _flow(ends, per_day=60.0, seed=1):
    """Stops by working day with the chance of single pathways."""
    return np.random.default_rng(seed).poisson(per_day * _days(ends)).astype(float)


def _pace(flow, ends, **how):
    return pace(flow, ends, season_of(flow, ends), **how)


def test_three_weeks_of_a_strike_are_said_as_their_share_of_usual() -> None:
    """Fault 18: nothing could say that the last weeks ran at x % of usual clock stops."""
    ends = _ends(30)
    flow = _flow(ends)
    flow[-3:] *= 0.35
    found = _pace(flow, ends)
    assert found.outside
    assert found.share == pytest.approx(0.35, abs=0.02)
    assert found.ends == LAST


def test_the_share_beside_a_naive_second_implementation() -> None:
    ends = _ends(40)
    flow = _flow(ends, seed=2)
    flow[5], flow[20] = np.nan, 0.0
    found = _pace(flow, ends)
    rates = [
        number / working_days(end - timedelta(6), end)
        for number, end in zip(flow[-29:-3], ends[-29:-3], strict=True)
        if not np.isnan(number)
    ]
    usual = sum(median(rates) * working_days(end - timedelta(6), end) for end in ends[-3:])
    assert found.share == pytest.approx(sum(flow[-3:]) / usual)


def test_a_strike_before_does_not_move_what_is_usual() -> None:
    ends = _ends(30)
    quiet, redacted = _flow(ends), _flow(ends)
    redacted[14:17] *= 0.35
    assert _pace(redacted, ends).share == pytest.approx(_pace(quiet, ends).share, abs=0.02)


def test_a_bank_holiday_is_no_slower_pace() -> None:
    ends = _ends(30, date(2026, 4, 12))  # Good Friday and Easter Monday
    assert _days(ends)[-2:].tolist() == [4, 4]
    found = _pace(60 * _days(ends), ends)
    assert found.share == pytest.approx(1.0)
    assert not found.outside


@pytest.mark.parametrize("last", [date(2026, 12, 27), date(2027, 1, 3)])
def test_christmas_is_judged_by_the_last_one_or_not_at_all(last) -> None:
    ends = _ends(70, last)
    flow = 60 * _days(ends) * np.where(festive(ends), 0.6, 1.0)
    assert _pace(flow, ends).share == pytest.approx(1.0, abs=0.02)
    assert _pace(flow[-30:], ends[-30:]) is None


def test_weeks_of_christmas_are_those_from_the_25th_to_the_new_year() -> None:
    days = [date(2026, 12, 20), date(2026, 12, 27), date(2027, 1, 3), date(2027, 1, 10), date(2023, 1, 1)]
    assert festive(days).tolist() == [False, True, True, False, True]


def test_the_season_is_that_of_the_year_before() -> None:
    """Every August runs at nine tenths: with a year in the record that is usual."""
    ends = _ends(80, date(2026, 8, 30))
    flow = 60 * _days(ends) * np.array([0.9 if end.month == 8 else 1.0 for end in ends])
    assert _pace(flow, ends).share == pytest.approx(1.0, abs=0.03)
    assert _pace(flow[-30:], ends[-30:]).share == pytest.approx(0.9, abs=0.02)


def test_a_strike_a_year_ago_is_no_season() -> None:
    ends = _ends(80)
    flow = 60 * _days(ends)
    flow[-55:-52] *= 0.3
    assert 0.9 < _pace(flow, ends).share < 1.2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda flow, ends: (flow[-10:], ends[-10:]), "too few weeks"),
        (lambda flow, ends: (np.append(flow[:-1], np.nan), ends), "the last week is not known"),
        (lambda flow, ends: (flow, [*ends[:-1], ends[-1] + timedelta(7)]), "a week is missing"),
        (lambda flow, ends: (flow / 30, ends), "too little is usual"),
        (lambda flow, ends: (0 * flow, ends), "nothing is usual"),
    ],
)
def test_where_no_pace_is_known(change, why) -> None:
    ends = _ends(30)
    assert _pace(*change(_flow(ends), ends)) is None, why


def test_ordinary_weeks_are_seldom_said() -> None:
    """With the chance of single pathways and of weeks, some of it carried from week to week."""
    random = np.random.default_rng(5)
    said = said_of_one = 0
    for _ in range(300):
        ends = _ends(32)
        weekly = np.zeros(len(ends))
        for at in range(1, len(ends)):
            weekly[at] = 0.4 * weekly[at - 1] + random.normal(0, 0.05)
        flow = random.poisson(60 * _days(ends) * np.exp(weekly)).astype(float)
        said += _pace(flow, ends).outside
        said_of_one += _pace(flow, ends, deviations=DEVIATIONS_OF_MANY).outside
    assert said / 300 < 0.1
    assert said_of_one / 300 < 0.03


def test_a_specialty_that_runs_as_all_others_do_does_not_stand_out() -> None:
    ends = _ends(30)
    flow = _flow(ends)
    flow[-3:] *= 0.4
    found = _pace(flow, ends)
    assert found.outside
    assert not found.apart_from(0.4)
    assert found.apart_from(1.0)
    assert found.apart_from(0.0)
