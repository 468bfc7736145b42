"""Makes `rtt/reference/spc_false_alarms.csv`: how often the charts flag series in which nothing happens.

A flow is judged less its season and what it carries over, so one rate holds for series with and without a
yearly wave and with a correlation of 0, 0.3 or 0.5 from each period to the next: each is a third of the runs.
A stock's changes keep what they carry over, for drift must show, and their rate goes with their correlation.
The table has it for five of them, each beside what is on average estimated of it from so many points. A
season is simulated where the charts can know one: not in weeks, and of stocks only in two years and more.

    python -m benchmarks.false_alarms > rtt/reference/spc_false_alarms.csv
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from typing import get_args

import numpy as np

from rtt.spc.charts import FEWEST_POINTS, ControlCharts, Kind, judged_flow_charts, stock_charts, with_rules
from rtt.spc.expected import FEWEST_FOR_SEASON, MOST_POINTS
from rtt.spc.false_alarms import FalseAlarms, Period, carried_over
from rtt.spc.settings import Rules, TwoSigma
from rtt.terms.arrays import Bools, Floats

RUNS = 24_000
SEED = 20260331
COLUMNS = (
    "kind", "period", "two_sigma", "length", "points", "correlation", "estimated", "latest", "anywhere",
)  # fmt: skip
CORRELATIONS: dict[Kind, tuple[float, ...]] = {
    "flow": (0.0, 0.3, 0.5),
    "stock": (0.0, 0.15, 0.3, 0.45, 0.6),
}
WAVE = 0.7
"""The standard deviation of the simulated season, in those of what varies around it."""

_WARMING_UP = 40


def simulate(
    *,
    kind: Kind,
    rules: Sequence[Rules],
    points: int,
    runs: int,
    seed: int,
    correlation: float,
    period: Period = "month",
) -> tuple[list[FalseAlarms], float]:
    """The rates by each setting, found in `runs` simulated series of one correlation in which nothing
    happens; and the correlation estimated from them, on average. The same for the same seed.
    """
    first = Rules()
    charts = list(_charts(kind, points, runs, seed, period, correlation, first))
    found = []
    for each in rules:
        flagged: list[Bools] = []
        for chart in charts:
            judged = with_rules(chart, each)
            flagged.append(np.logical_or.reduce(judged.high | judged.low, axis=0))
        latest = float(np.mean([one[:, -1].mean() for one in flagged]))
        found.append(FalseAlarms(latest, float(np.mean([one.any(axis=1).mean() for one in flagged]))))
    return found, float(np.mean([carried_over(chart).mean() for chart in charts]))


def _charts(
    kind: Kind, points: int, runs: int, seed: int, period: Period, correlation: float, rules: Rules
) -> Iterator[ControlCharts]:
    """Charts of series that begin in each quarter of a year, without a season and, of months, with one."""
    waves = (0.0, WAVE) if _has_season(kind, period, points) else (0.0,)
    for quarter, wave in product(range(4), waves):
        random = np.random.default_rng([seed, points, round(100 * correlation), quarter, round(10 * wave)])
        turn = (quarter / 4 + np.arange(points) / 12) % 1
        values = _carrying(random, runs // (4 * len(waves)), points, correlation)
        values += wave * np.sqrt(2) * np.sin(2 * np.pi * turn)
        if kind == "flow":
            yield judged_flow_charts(values, turn=turn if period == "month" else None, rules=rules)
        else:
            levels = np.concatenate([np.zeros((len(values), 1)), values.cumsum(axis=1)], axis=1)
            before = np.concatenate([[turn[0] - 1 / 12], turn])
            yield stock_charts(levels, turn=before if period == "month" else None, rules=rules)


def _has_season(kind: Kind, period: Period, points: int) -> bool:
    """Whether the season that is simulated is one that the charts can know: see `rtt.spc.expected`."""
    return period == "month" and (kind == "flow" or points >= FEWEST_FOR_SEASON)


def _carrying(random: np.random.Generator, runs: int, points: int, correlation: float) -> Floats:
    """(runs, points) values of variance 1, each carrying over so much from the one before."""
    noise = random.normal(size=(runs, points + _WARMING_UP)) * np.sqrt(1 - correlation**2)
    values = noise.copy()
    for at in range(1, values.shape[1]):
        values[:, at] += correlation * values[:, at - 1]
    kept: Floats = values[:, _WARMING_UP:]
    return kept


def table(*, runs: int = RUNS, seed: int = SEED) -> Iterator[tuple[str | int, ...]]:
    """Rows of the reference table, in COLUMNS: kinds, periods, 13 to 36 points, every setting."""
    settings = [Rules(length, two_sigma) for two_sigma in get_args(TwoSigma) for length in (6, 7, 8)]
    many = range(FEWEST_POINTS, MOST_POINTS + 1)
    kinds: tuple[Kind, ...] = get_args(Kind)
    for kind, period, points in product(kinds, get_args(Period), many):
        found = [
            simulate(
                kind=kind,
                rules=settings,
                points=points,
                runs=runs,
                seed=seed,
                period=period,
                correlation=each,
            )
            for each in CORRELATIONS[kind]
        ]
        for at, rules in enumerate(settings):
            named = (kind, period, rules.two_sigma, rules.length, points)
            for name, seen, rates in _rates(kind, at, found):
                yield (*named, name, f"{seen:.3f}", f"{rates.latest:.4f}", f"{rates.anywhere:.4f}")


def _rates(
    kind: Kind, at: int, found: Sequence[tuple[list[FalseAlarms], float]]
) -> Iterator[tuple[str, float, FalseAlarms]]:
    """Of one setting: a stock's for each correlation, a flow's for all together."""
    if kind == "stock":
        for name, (rates, seen) in zip(CORRELATIONS[kind], found, strict=True):
            yield f"{name:.2f}", seen, rates[at]
        return
    latest = float(np.mean([rates[at].latest for rates, _ in found]))
    yield "any", 0.0, FalseAlarms(latest, float(np.mean([rates[at].anywhere for rates, _ in found])))


if __name__ == "__main__":
    csv.writer(sys.stdout).writerows([COLUMNS, *table()])
