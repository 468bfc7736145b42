"""England's own record: how wide its interval must be, from a year and from three, and few origins."""

from datetime import date

import numpy as np
import pytest

from rtt.forecast.monthly.deviations import on_scale
from rtt.forecast.monthly.england_errors import on_its_own_scale, series_outcomes
from rtt.forecast.monthly.history import ENGLAND, EnglandSeries, History
from rtt.forecast.monthly.intervals import Scores, quantiles
from rtt.forecast.monthly.origins import candidates
from rtt.forecast.monthly.projection import project
from rtt.terms.calendar import add_months
from rtt.terms.waits import BANDS

FIRST = date(2010, 1, 31)


def series(total: np.ndarray, first: date = FIRST) -> EnglandSeries:
    months = tuple(add_months(first, i) for i in range(len(total)))
    return EnglandSeries(months, total, np.full(len(total), 60.0), total / 30)


def history_of(england: EnglandSeries, months: int) -> History:
    """The last months of England, with bands that give its list, share and over 52 weeks."""
    total, over_52 = england.total[-months:], england.over_52[-months:]
    over_18 = total * (100 - england.share_within_18[-months:]) / 100
    bands = np.zeros((1, months, BANDS))
    bands[0, :, 5], bands[0, :, 20], bands[0, :, 60] = total - over_18, over_18 - over_52, over_52
    flow, one = np.full((1, months), 1e6), np.zeros(1, dtype=np.int64)
    reported = np.ones((1, months), dtype=bool)
    return History(england.months[-months:], (("",),), bands, flow, flow, reported, one, one, one)


def scale_of(england: EnglandSeries) -> float:
    *_, made = candidates(history_of(england, 6), england, ENGLAND)
    return float(on_its_own_scale(made, england, england.months[-1]).scale["total"][0])


def naive_scale(england: EnglandSeries) -> float:
    """The mean monthly move of the last 12 and of the last 36 months, those of the pandemic aside."""
    logs = [float(on_scale("total", np.array([value]))[0]) for value in england.total]
    means = []
    for window in (12, 36):
        moves = [
            abs(logs[i] - logs[i - 1])
            for i in range(len(logs) - window, len(logs))
            if not date(2020, 2, 1) <= england.months[i] <= date(2021, 9, 30)
        ]
        means.append(sum(moves) / len(moves))
    return max(means)


@pytest.mark.parametrize("months", [100, 150, 172])
def test_the_scale_is_the_larger_of_a_year_and_three_without_the_pandemic(months):
    random = np.random.default_rng(months)
    steps = random.normal(0, 0.01, months)
    steps[120:140] *= 20
    england = series(4e6 * np.exp(steps.cumsum()))
    assert scale_of(england) == pytest.approx(naive_scale(england))


def test_a_quiet_year_after_two_moving_ones_does_not_narrow_the_interval():
    """Fault 15: a scale of twelve quiet months promised what the next moving ones did not keep."""
    random = np.random.default_rng(2)
    steps = random.normal(0, 0.01, 100)
    quiet = steps.copy()
    quiet[-12:] /= 50
    moving, still = (series(4e6 * np.exp(each.cumsum())) for each in (steps, quiet))
    assert scale_of(still) > 0.5 * scale_of(moving)


def wandering(seed: int, months: int) -> EnglandSeries:
    random = np.random.default_rng(seed)
    return series(4e6 * np.exp((0.01 * random.normal(size=months)).cumsum()), date(2023, 1, 31))


def errors(random: np.random.Generator, number: int, horizon: int, persistence: float) -> np.ndarray:
    """Errors of no change from origins that follow each other; their moves persist from month to month."""
    moves = random.normal(size=number + horizon + 60)
    for i in range(1, len(moves)):
        moves[i] += persistence * moves[i - 1]
    walk = moves[60:].cumsum()
    return walk[horizon:] - walk[:-horizon]


@pytest.mark.parametrize("persistence", [0.0, 0.5])
@pytest.mark.parametrize("horizon", [1, 2, 3, 6])
def test_eighty_per_cent_intervals_of_few_independent_origins_hold_eighty_times(horizon, persistence):
    """Fault 15: origins that overlap are few; a Student's quantile of the independent ones keeps its word."""
    random = np.random.default_rng(10 * horizon + int(10 * persistence))
    held = {True: [], False: []}
    for _ in range(600):
        # 60 scored origins and, once the last of them is known, the error that is to come.
        found = errors(random, 60 + horizon, horizon, persistence)
        record, came = {horizon: Scores(found[:60], 60)}, found[59 + horizon]
        for few in held:
            low, high = quantiles(record, horizon, few=few)[-1, 1]
            held[few].append(min(low, 0) <= came <= max(high, 0))
    assert 0.76 <= np.mean(held[True]) <= 0.86
    if horizon == 6:
        assert np.mean(held[False]) < np.mean(held[True]) - 0.02


def test_the_interval_never_narrows_as_the_horizon_grows():
    england = wandering(3, 110)
    said = project(history_of(england, 20), england, ENGLAND)
    spread = np.log(said.intervals["total"][0, :, 1]) - np.log(said.values["total"][0, :, None])
    assert (np.diff(spread[:, 0]) <= 1e-9).all()
    assert (np.diff(spread[:, 1]) >= -1e-9).all()


def test_the_record_is_of_what_was_known_at_each_origin():
    england = wandering(5, 60)
    lied = EnglandSeries(
        england.months,
        np.append(england.total[:-6], 9 * england.total[-6:]),
        england.share_within_18,
        england.over_52,
    )
    honest, planted = (series_outcomes(each, 12)["total"] for each in (england, lied))
    for one, other in zip(honest, planted, strict=True):
        if one.origin + one.horizon < 12 - 6:
            assert one.score == pytest.approx(other.score)
