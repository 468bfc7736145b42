"""The back-test of a list's expectations: the same as figure by figure, and blind to what came later."""

from dataclasses import replace

import numpy as np
import pytest

from rtt.forecast.weekly.back_test import list_back_test
from rtt.forecast.weekly.dispersion import FEWEST_SCORED, dispersion, intervals, scored_forecasts
from rtt.forecast.weekly.expected import MEASURES, PASSING_18, PASSING_52
from rtt.forecast.weekly.outcomes import actual_figures, in_bands, joined_in_bands, naive_forecast
from tests.rtt.simulated_weeks import GRID, simulated

HORIZONS = (1, 4)


@pytest.fixture(scope="module")
def lists():
    return simulated(seed=21, censuses=22)


@pytest.fixture(scope="module")
def record(lists):
    last = GRID.counts(lists.lists[-1].states)
    return scored_forecasts(lists.weeks, last, GRID, horizons=HORIZONS)


def naive(record, horizon, measure, columns):
    """Figures one at a time: (number, mean error, last value's, share of 50, 80 and 95 % intervals held)."""
    at, errors, held = MEASURES.index(measure), [], []
    for each in record:
        earlier = [other for other in record if other.expected.horizon <= each.expected.census]
        widening = dispersion(earlier, weeks=horizon)
        if each.weeks != horizon or widening is None:
            continue
        bounds = intervals(each.expected, widening)
        for column in columns:
            said, truth, last = (
                float(figures[at, column]) for figures in (each.expected.mean, each.actual, each.naive)
            )
            if (measure == "total" and truth == 0) or not np.isfinite([said, truth, last]).all():
                continue
            size = truth / 100 if measure == "total" else 1.0
            errors.append((abs(said - truth) / size, abs(last - truth) / size))
            held.append([low <= truth <= high for low, high in bounds[:, :, at, column]])
    return len(errors), *np.mean(errors, axis=0), *np.mean(held, axis=0)


def test_the_score_is_that_of_the_figures_one_at_a_time(record):
    rows = list_back_test(record)
    assert {row.horizon for row in rows} == set(HORIZONS)
    assert {row.measure for row in rows} == set(MEASURES)
    specialties = range(len(GRID.functions))
    for row in rows:
        columns = [len(GRID.functions)] if row.level == "provider" else specialties
        number, *figures = naive(record, row.horizon, row.measure, columns)
        assert row.n == number >= FEWEST_SCORED
        shown = [row.mae, row.mae_last_value, row.coverage_50, row.coverage_80, row.coverage_95]
        assert shown == pytest.approx(figures)
        assert row.skill == pytest.approx(1 - row.mae / row.mae_last_value)


def test_what_came_later_changes_no_interval_of_an_earlier_day(record):
    """The newest outcomes are planted: of the forecasts before them the same share of intervals holds."""
    newest = max(each.expected.census for each in record)
    planted = [
        replace(each, actual=each.actual * 9 + 50) if each.expected.census == newest else each
        for each in record
    ]
    before = list_back_test([each for each in record if each.expected.census < newest])
    after = list_back_test(planted)
    for old in before:
        new = next(
            r for r in after if (r.horizon, r.measure, r.level) == (old.horizon, old.measure, old.level)
        )
        added = new.n - old.n
        for name in ("coverage_50", "coverage_80", "coverage_95"):
            held = getattr(new, name) * new.n - getattr(old, name) * old.n
            assert -1e-6 <= held <= added + 1e-6


def test_a_short_record_has_no_score(record):
    assert list_back_test([]) == []
    assert list_back_test(record[:2]) == []


def test_the_last_value_of_who_passes_is_who_passed_before(lists):
    cubes = [GRID.counts(each.states) for each in lists.lists]
    joined = [joined_in_bands(week, GRID) for week in lists.weeks]
    for origin, ahead in ((8, 4), (12, 1)):
        found = naive_forecast(in_bands(cubes[origin]), joined[origin - ahead : origin])
        before = actual_figures(
            in_bands(cubes[origin]),
            [joined_in_bands(week, GRID) for week in lists.weeks[origin - ahead : origin]],
        )
        assert found == pytest.approx(before, nan_ok=True)


def test_a_last_value_that_nobody_counted_is_not_known(lists):
    by_band = in_bands(GRID.counts(lists.lists[3].states))
    found, now = naive_forecast(by_band, None), actual_figures(by_band, [])
    passing = [MEASURES.index(PASSING_18), MEASURES.index(PASSING_52)]
    assert np.isnan(found[passing]).all()
    others = [at for at in range(len(MEASURES)) if at not in passing]
    assert found[others] == pytest.approx(now[others], nan_ok=True)
