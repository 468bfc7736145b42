"""Forecasts as issued, compared with the actual figures: the error, the naive forecast's, and the intervals.

Each forecast is kept as issued; the actual figure is the one loaded now, and each line names its version.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import nan

import numpy as np

from rtt.forecast.score.errors import absolute_error

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Issued:
    """One figure as it was forecast; `limits` of 50, 80 and 95 per cent, `last` the naive forecast of it: the
    value at the origin; nan where there was none.
    """

    origin: date
    target: date
    horizon: int
    measure: str
    value: float
    limits: tuple[Pair, Pair, Pair]
    last: float


@dataclass(frozen=True, slots=True)
class Scored:
    """A forecast whose target is known: errors in points, pathways, weeks, or per cent of the list.

    `error_naive` is nan where there was no naive forecast.
    """

    forecast: Issued
    actual: float
    vintage: str
    error: float
    error_naive: float
    held: tuple[bool, bool, bool]


@dataclass(frozen=True, slots=True)
class Tally:
    """The forecasts of one horizon together; `compared` of them had a naive forecast.

    `error_naive` is over those, nan if none had one. `skill` is 1 - error / error_naive among them; None if
    there is none or the naive forecast never erred.
    """

    horizon: int
    n: int
    error: float
    error_naive: float
    skill: float | None
    held: tuple[int, int, int]
    compared: int


def scored(forecast: Issued, actual: float, vintage: str) -> Scored:
    error, error_naive = (
        float(absolute_error(forecast.measure, np.array([value]), np.array([actual]))[0])
        for value in (forecast.value, forecast.last)
    )
    low, middle, high = (lower <= actual <= upper for lower, upper in forecast.limits)
    return Scored(forecast, actual, vintage, error, error_naive, (low, middle, high))


def tallies(found: Iterable[Scored]) -> list[Tally]:
    """By horizon, the shortest first."""
    groups: dict[int, list[Scored]] = {}
    for each in found:
        groups.setdefault(each.forecast.horizon, []).append(each)
    return [_tally(horizon, groups[horizon]) for horizon in sorted(groups)]


def _tally(horizon: int, among: Sequence[Scored]) -> Tally:
    error = float(np.mean([each.error for each in among]))
    pairs = np.array([(each.error, each.error_naive) for each in among])
    pairs = pairs[np.isfinite(pairs[:, 1])]
    own, naive = (float(mean) for mean in pairs.mean(axis=0)) if len(pairs) else (nan, nan)
    low, middle, high = (sum(each.held[i] for each in among) for i in range(3))
    skill = 1 - own / naive if naive > 0 else None
    return Tally(horizon, len(among), error, naive, skill, (low, middle, high), len(pairs))
