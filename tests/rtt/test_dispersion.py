"""Intervals as wide as past errors ask, and a score that knows nothing of the future."""

from datetime import date, timedelta
from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest

from rtt.dispersion import Dispersion, Scored, dispersion, intervals, scored_forecasts, student
from rtt.expected import MEASURES, OVER_18, PASSING_18, SHARE_WITHIN_18, TOTAL, Expected
from rtt.list_outcomes import actual
from rtt.list_weeks import Week
from tests.rtt.simulated_weeks import GRID, simulated

SUNDAY = date(2026, 1, 4)
COUNT = MEASURES.index(PASSING_18)
SHARE = MEASURES.index(SHARE_WITHIN_18)


def _scored(rng, *, origins, extra, functions=5, mean=400.0, weeks=4):
    """Counts that vary as pathways do and, beyond that, by `extra` (a share, one standard deviation)."""
    shape = (len(MEASURES), functions + 1)
    means = np.full(shape, mean)
    means[SHARE] = 60.0
    variance = np.full(shape, mean / 4)
    variance[SHARE] = 0.04
    for i in range(origins):
        size = means.copy()
        size[SHARE] = 60.0
        came = means + rng.normal(0, np.sqrt(variance)) + rng.normal(0, extra * size)
        census = SUNDAY + timedelta(7 * weeks * i)
        yield Scored(Expected(census, census + timedelta(7 * weeks), means, variance), came, weeks, came)


@pytest.mark.parametrize("extra", [0.0, 0.05, 0.2])
def test_the_extra_variance_of_the_past_is_found(extra) -> None:
    past = list(_scored(np.random.default_rng(3), origins=2000, extra=extra))
    found = dispersion(past, weeks=4)
    assert np.sqrt(found.extra[COUNT]) == pytest.approx([extra, extra], abs=0.01)


def test_intervals_hold_as_often_as_they_say() -> None:
    rng = np.random.default_rng(4)
    held = np.zeros(3)
    runs = 600
    for _ in range(runs):
        *past, last = _scored(rng, origins=13, extra=0.06)
        bounds = intervals(last.expected, dispersion(past, weeks=4))[:, :, COUNT, -1]
        came = last.actual[COUNT, -1]
        held += (bounds[:, 0] <= came) & (came <= bounds[:, 1])
    assert held / runs == pytest.approx([0.5, 0.8, 0.95], abs=0.05)


def test_too_short_a_record_gives_no_interval() -> None:
    past = list(_scored(np.random.default_rng(5), origins=2, extra=0.1))
    assert dispersion(past, weeks=4) is None
    assert dispersion([], weeks=4) is None


def test_a_horizon_takes_the_record_of_one_no_shorter() -> None:
    rng = np.random.default_rng(6)
    past = [s for weeks in (1, 4, 8) for s in _scored(rng, origins=6, extra=0.1, weeks=weeks)]
    assert [dispersion(past, weeks=w).weeks for w in (1, 2, 4, 5, 8, 13)] == [1, 4, 4, 8, 8, 8]
    beyond, at = dispersion(past, weeks=16), dispersion(past, weeks=8)
    assert beyond.extra == pytest.approx(at.extra * 2**1.5)


def test_bounds_stay_where_figures_can_be() -> None:
    mean = np.full((len(MEASURES), 2), 1.0)
    mean[SHARE] = 99.5
    forecast = Expected(SUNDAY, SUNDAY, mean, np.full(mean.shape, 25.0))
    record = Dispersion(4, np.zeros((len(MEASURES), 2)), 20, np.zeros(mean.shape))
    bounds = intervals(forecast, record)
    assert bounds.min() == 0
    assert bounds[:, :, SHARE].max() == 100
    assert (np.diff(bounds[:, 1, COUNT, 0]) > 0).all()


@pytest.mark.parametrize(
    ("probability", "degrees", "quantile"),
    [(0.9, 3, 1.638), (0.9, 10, 1.372), (0.975, 5, 2.571), (0.975, 30, 2.042), (0.75, 4, 0.741)],
)
def test_students_quantiles(probability, degrees, quantile) -> None:
    """From the printed tables."""
    assert student(probability, np.array(degrees)) == pytest.approx(quantile, rel=0.012)
    assert student(probability, np.array(1e9)) == pytest.approx(NormalDist().inv_cdf(probability))


# On a simulated list


@pytest.fixture(scope="module")
def lists():
    return simulated(seed=14, censuses=18)


def _score(weeks, list_now, **how):
    return scored_forecasts(weeks, list_now, GRID, **how)


def test_what_came_is_counted_from_the_pathways(lists) -> None:
    """Passing 18 weeks: within them at the origin, over them and still there four weeks later."""
    for at in (8, 12):
        before, after = lists.lists[at], lists.lists[at + 4]
        came = actual(GRID.counts(after.states), lists.weeks[at : at + 4], GRID)
        still = np.isin(before.numbers, after.numbers)
        passed = int((still & (before.days <= 126) & (before.days + 28 > 126)).sum())
        assert came[MEASURES.index(PASSING_18), -1] == passed
        assert came[MEASURES.index(OVER_18), -1] == (after.days > 126).sum()
        assert came[MEASURES.index(TOTAL), -1] == len(after.numbers)


def test_the_future_changes_no_forecast(lists) -> None:
    """Everybody leaves in the last four weeks: forecasts made before stay as they were."""
    emptied = [
        Week(w.previous, w.census, w.states[:0], w.counts[:0]) if i >= 13 else w
        for i, w in enumerate(lists.weeks)
    ]
    nobody = np.zeros(GRID.shape)
    as_it_was = _score(lists.weeks[:13], lists.weeks[13].list_before(GRID), horizons=(2,))
    planted = _score(emptied[:14], nobody, horizons=(2,))
    by_census = {s.expected.census: s.expected.mean for s in planted}
    compared = [s for s in as_it_was if s.expected.census in by_census]
    assert len(compared) >= 4
    for each in compared:
        assert by_census[each.expected.census] == pytest.approx(each.expected.mean, nan_ok=True)


def test_origins_go_back_from_the_newest(lists) -> None:
    now = GRID.counts(lists.lists[-1].states)
    scored = _score(lists.weeks, now, horizons=(4,), every=2)
    censuses = [s.expected.census for s in scored]
    assert censuses[-1] == lists.lists[-5].census
    assert {(b - a).days for a, b in pairwise(censuses)} == {14}
    assert all(s.expected.horizon - s.expected.census == timedelta(28) for s in scored)
