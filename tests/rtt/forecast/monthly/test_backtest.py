"""The back-test: a literal second scoring, and what a turn of the trend costs and does not cost."""

import numpy as np
import pytest

from rtt.forecast.monthly.back_test import SCORED, in_every_month, trials, whole_score
from rtt.forecast.monthly.history import ENGLAND, PROVIDERS, History, measures, until
from rtt.forecast.monthly.projection import project
from rtt.forecast.score.back_test import Trial, coverage_by_month, score
from tests.rtt.simulated_lists import england_of, newest, simulated

MONTHS, LONG, TURN = 30, 110, 14


@pytest.fixture(scope="module")
def loaded():
    """Fourteen months of 30 lists, and England's series of which they are the end."""
    whole = simulated(units=30, months=60, seed=6)
    return newest(whole, 14), england_of(whole)


def naive_errors(history: History, england, measure: str, horizon: int) -> list[tuple[float, float, bool]]:
    """Error, last value's error and whether the 80 % interval held, by projecting anew at every origin."""
    truth = getattr(measures(history), measure)
    found = []
    for origin in range(3, len(history.months) - horizon):
        said = project(until(history, origin), england, PROVIDERS, fewest_months=4)
        for unit in range(len(history.keys)):
            actual, last = truth[unit, origin + horizon], truth[unit, origin]
            if history.bands[unit, origin].sum() > 5000:
                value = said.values[measure][unit, horizon - 1]
                low, high = said.intervals[measure][unit, horizon - 1, 1]
                size = actual / 100 if measure == "total" else 1
                found.append((abs(value - actual) / size, abs(last - actual) / size, low <= actual <= high))
    return found


@pytest.mark.parametrize(("measure", "horizon"), [("share_within_18", 1), ("total", 3), ("over_52", 6)])
def test_the_score_is_that_of_projecting_anew_at_every_origin(loaded, measure, horizon):
    history, england = loaded
    row = next(
        r for r in score(trials(history, england, PROVIDERS), "provider", SCORED)
        if (r.measure, r.horizon) == (measure, horizon)
    )  # fmt: skip
    error, error_last, held = np.array(naive_errors(history, england, measure, horizon), dtype=float).T
    assert row.n == len(error)
    assert row.mae == pytest.approx(error.mean())
    assert row.mae_last_value == pytest.approx(error_last.mean())
    assert row.skill == pytest.approx(1 - error.mean() / error_last.mean())
    assert row.coverage_80 == pytest.approx(held.mean())


def test_every_measure_horizon_and_level_is_reported(loaded):
    history, england = loaded
    rows, by_month = whole_score(history, history, england)
    assert {(r.measure, r.horizon) for r in rows if r.level == "provider"} == {
        (m, h) for m in SCORED for h in range(1, 7)
    }
    assert {r.level for r in rows} == {"england", "provider", "cell"}
    assert sum(r.n for r in by_month) == sum(r.n for r in rows)
    assert {r.target for r in by_month} == set(history.months[4:])


def test_a_list_is_scored_where_it_is_large_at_the_origin_and_returned_at_both_ends(loaded):
    history, england = loaded
    history.bands[0] = np.rint(history.bands[0] * 4000 / history.bands[0].sum(axis=1, keepdims=True))
    history.bands[1, 10] = 0
    history.reported[1, 10] = False
    tried = [t for t in trials(history, england, PROVIDERS) if (t.measure, t.horizon) == ("total", 1)]
    # One is too small throughout; the other is missing as a target in month 10 and as an origin after it.
    at = {t.target: len(t.error) for t in tried}
    assert at[history.months[9]] == 29
    assert at[history.months[10]] == at[history.months[11]] == 28
    assert at[history.months[12]] == 29
    assert in_every_month(history, PROVIDERS).tolist() == [False, False] + [True] * 28


def turned(seed: int, first: float, top: float, last: float) -> tuple[list[Trial], History]:
    """Forty lists whose clearing is steady for years, then trends to `top`, then turns to `last`."""
    rise, fall = np.linspace(first, top, TURN), np.linspace(top, last, MONTHS - TURN)
    clearing = np.concatenate([np.full(LONG - MONTHS, first), rise, fall])
    whole = simulated(units=40, months=LONG, seed=seed, clearing=clearing)
    history = newest(whole, MONTHS)
    return trials(history, england_of(whole), PROVIDERS), history


# Months of improvement that turn into months of worsening, and the other way round.
@pytest.mark.parametrize(("first", "top", "last"), [(1.0, 1.1, 1.0), (1.1, 0.95, 1.1)])
def test_a_turn_of_the_trend_does_not_undo_the_gain_of_the_first_three_months(first, top, last):
    tried, _ = turned(2, first, top, last)
    rows = {(r.measure, r.horizon): r for r in score(tried, "provider", SCORED)}
    for measure in ("total", "share_within_18", "over_52"):
        for horizon in (1, 2, 3):
            assert rows[measure, horizon].skill > 0, (measure, horizon)
        # At six months a turn lies inside the horizon of most forecasts: it costs, but not without bound.
        assert rows[measure, 6].skill > -0.3, measure


def test_the_swing_of_the_intervals_at_a_turn_is_shown_by_month():
    tried, history = turned(2, 1.0, 1.1, 1.0)
    by_month = {
        r.target: r.coverage_80
        for r in coverage_by_month(tried, "provider", SCORED)
        if (r.measure, r.horizon) == ("share_within_18", 3)
    }
    assert list(by_month) == list(history.months[6:])
    before = [held for month, held in by_month.items() if month <= history.months[TURN]]
    after = [held for month, held in by_month.items() if month > history.months[TURN]]
    assert min(after) < min(before), "a turn must show"


def test_england_is_scored_as_one_list(loaded):
    history, england = loaded
    whole = newest(history, 14)
    one = whole_score(whole, whole, england)[0]
    assert {r.n for r in one if r.level == ENGLAND.name and r.horizon == 1} == {14 - 1 - 3}
