"""Intervals as wide as past errors ask, and a score that knows nothing of the future."""

from datetime import date, timedelta
from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest

from rtt.forecast.monthly.intervals import student
from rtt.forecast.weekly.dispersion import Dispersion, Scored, dispersion, intervals, scored_forecasts
from rtt.forecast.weekly.expected import MEASURES, OVER_18, PASSING_18, SHARE_WITHIN_18, TOTAL, Expected
from rtt.forecast.weekly.extra_variance import extra_variance
from rtt.forecast.weekly.outcomes import actual_figures, in_bands, joined_in_bands
from rtt.forecast.weekly.weeks import Week
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
    found = extra_variance(*_stacked(past), np.ones(len(past)))
    assert np.sqrt(found[COUNT]) == pytest.approx([extra, extra], abs=0.01)


def _stacked(past):
    made = [(each.expected.mean, each.expected.variance, each.actual) for each in past]
    return tuple(np.stack(each) for each in zip(*made, strict=True))


def test_extra_variance_beside_a_loop_over_every_figure() -> None:
    """A naive second implementation, with figures that are not known and weights that differ."""
    rng = np.random.default_rng(8)
    past = list(_scored(rng, origins=6, extra=0.1))
    past[2].actual[COUNT, 1] = past[4].expected.mean[SHARE, 0] = np.nan
    weights = rng.uniform(0.1, 1, len(past))
    found = extra_variance(*_stacked(past), weights)
    for row in range(len(MEASURES)):
        for pool, columns in enumerate((range(5), [5])):
            missed = size = 0.0
            for each, weight in zip(past, weights, strict=True):
                for column in columns:
                    mean, came = each.expected.mean[row, column], each.actual[row, column]
                    if np.isnan(mean) or np.isnan(came):
                        continue
                    if row == SHARE:
                        waiting = each.expected.mean[MEASURES.index(TOTAL), column]
                        p = (mean * waiting / 100 + 0.5) / (waiting + 1)
                        unit = 100**2 * p * (1 - p) / waiting
                    else:
                        unit = mean**2
                    missed += weight * ((came - mean) ** 2 - each.expected.variance[row, column])
                    size += weight * unit
            assert found[row, pool] == pytest.approx(max(missed, 0.0) / size)


def test_shares_of_large_and_small_specialties_hold_as_often_as_they_say() -> None:
    """Fault 18: specialties' % within 18 weeks had one width in points for all, so that the small ones made
    those of the large ones hold nearly always.
    """
    rng = np.random.default_rng(9)
    sizes = np.array([30.0, 60, 150, 400, 1000, 3000])
    held, runs = np.zeros(len(sizes)), 400
    for _ in range(runs):
        *past, last = _shares(rng, sizes, origins=20)
        low, high = intervals(last.expected, dispersion(past, weeks=4))[1, :, SHARE, :-1]
        held += (low <= last.actual[SHARE, :-1]) & (last.actual[SHARE, :-1] <= high)
    assert held / runs == pytest.approx(np.full(len(sizes), 0.8), abs=0.06)


def _shares(rng, sizes, *, origins):
    """Specialties whose share within 18 weeks swings as a binomial of three times the variance does."""
    total = np.append(sizes, sizes.sum())
    mean = np.tile(total, (len(MEASURES), 1))
    mean[SHARE] = 65.0
    binomial = 65 * 35 / total
    variance = np.tile(total / 4, (len(MEASURES), 1))
    variance[SHARE] = binomial / 2
    for i in range(origins):
        came = mean.copy()
        came[SHARE] += rng.normal(0, np.sqrt(3 * binomial))
        census = SUNDAY + timedelta(28 * i)
        yield Scored(Expected(census, census + timedelta(28), mean, variance), came, 4, came)


def test_the_latest_errors_count_by_themselves_where_they_are_larger() -> None:
    rng = np.random.default_rng(10)
    quiet, troubled = (list(_scored(rng, origins=26, extra=extra, weeks=1)) for extra in (0.02, 0.2))
    turned = quiet[:20] + troubled[20:]
    assert dispersion(turned, weeks=1).extra[COUNT, 0] > 1.5 * _all_alike(turned)[COUNT, 0]
    settled = troubled[:6] + quiet[6:]
    assert dispersion(settled, weeks=1).extra[COUNT, 0] == pytest.approx(_all_alike(settled)[COUNT, 0])


def _all_alike(past):
    return extra_variance(*_stacked(past), np.ones(len(past)))


# What the last weeks missed


def _weekly(misses, *, gap=0):
    """Twelve forecasts a week ahead that were right but for chance, and the last three off by `misses`."""
    rng = np.random.default_rng(11)
    past = list(_scored(rng, origins=15, extra=0.0, weeks=1))
    for each, miss in zip(past[-3:], misses, strict=True):
        each.actual[:] = each.expected.mean
        each.actual[COUNT, -1] += miss
    return past[: len(past) - 3 - gap] + past[-3:]


def _width(past, *, weeks=4, row=COUNT, column=-1):
    last = past[-1].expected
    low, high = intervals(last, dispersion(past, weeks=weeks))[1, :, row, column]
    return high - low


def test_three_weeks_missed_on_one_side_widen_that_figure_alone() -> None:
    """Fault 18: in strikes, closures and sprints the interval stayed that of quiet weeks."""
    usual, run_away = _weekly((0, 0, 0)), _weekly((60, 60, 60))
    assert _width(run_away) > 2 * _width(usual)
    assert (dispersion(usual, weeks=4).drift == 0).all()
    drifted = dispersion(run_away, weeks=4).drift
    assert drifted[COUNT, -1] > 0
    drifted[COUNT, -1] = 0
    assert (drifted == 0).all()


def test_misses_that_cancel_out_are_no_drift() -> None:
    assert dispersion(_weekly((60, -120, 60)), weeks=4).drift[COUNT, -1] == 0


def test_the_drift_beside_its_formula() -> None:
    """What was missed over three weeks goes on for a geometric sum of weeks, for half is learnt in four."""
    past = _weekly((60, 60, 60))
    extra = extra_variance(*_stacked(past), np.ones(len(past)))[COUNT, 1]
    own = [each.expected.variance[COUNT, -1] + extra * each.expected.mean[COUNT, -1] ** 2 for each in past]
    further = sum(0.5 ** (week / 4) for week in range(5)) / 3
    expected = further**2 * (180**2 - 2 * sum(own[-3:]))
    assert dispersion(past, weeks=5).drift[COUNT, -1] == pytest.approx(expected)


def test_a_drift_is_bounded_however_far_ahead() -> None:
    past = _weekly((60, 60, 60))
    drifts = [dispersion(past, weeks=weeks).drift[COUNT, -1] for weeks in (1, 4, 13, 26, 500)]
    assert drifts == sorted(drifts)
    assert drifts[-1] < 2 * drifts[2]


def test_weeks_that_were_not_all_scored_tell_no_drift() -> None:
    past = _weekly((60, 60, 60))
    assert (dispersion([*past[:-2], past[-1]], weeks=4).drift == 0).all()


def test_what_is_not_known_adds_nothing() -> None:
    past = _weekly((60, np.nan, 60))
    assert dispersion(past, weeks=4).drift[COUNT, -1] == 0


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
        came = actual_figures(
            in_bands(GRID.counts(after.states)),
            [joined_in_bands(week, GRID) for week in lists.weeks[at : at + 4]],
        )
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


def test_one_week_ahead_every_week_is_scored(lists) -> None:
    now = GRID.counts(lists.lists[-1].states)
    scored = _score(lists.weeks, now, horizons=(1, 4), every=2)
    by_horizon = {h: [s.expected.census for s in scored if s.weeks == h] for h in (1, 4)}
    assert {(b - a).days for a, b in pairwise(by_horizon[1])} == {7}
    assert {(b - a).days for a, b in pairwise(by_horizon[4])} == {14}
    assert by_horizon[1][-1] == lists.lists[-2].census


def test_origins_go_back_from_the_newest(lists) -> None:
    now = GRID.counts(lists.lists[-1].states)
    scored = _score(lists.weeks, now, horizons=(4,), every=2)
    censuses = [s.expected.census for s in scored]
    assert censuses[-1] == lists.lists[-5].census
    assert {(b - a).days for a, b in pairwise(censuses)} == {14}
    assert all(s.expected.horizon - s.expected.census == timedelta(28) for s in scored)
