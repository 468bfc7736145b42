"""Forecasts as issued beside what came: the error, the last value's, and whether each interval held.

What came is a figure as it is published today: a revision changes it, and each line names the vintage. What
was said is taken as it stands in the record; nothing here can alter it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import nan

import numpy as np

from rtt.forecast.score.errors import absolute_error

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Said:
    """One figure as it was forecast; `limits` of 50, 80 and 95 per cent, `last` the figure without a model:
    the value at the origin; nan where there was none.
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
    """One forecast that has come due: errors in points, pathways, weeks, or per cent of the list.

    `error_last` is nan where no last value was known.
    """

    said: Said
    actual: float
    vintage: str
    error: float
    error_last: float
    held: tuple[bool, bool, bool]


@dataclass(frozen=True, slots=True)
class Tally:
    """The forecasts of one horizon together; `compared` of them had a last value to be compared with.

    `error_last` is that of those, nan if none had one. `skill` is 1 - error / error_last among them; None if
    there is none or the last value never erred.
    """

    horizon: int
    n: int
    error: float
    error_last: float
    skill: float | None
    held: tuple[int, int, int]
    compared: int


def scored(said: Said, actual: float, vintage: str) -> Scored:
    """A forecast beside what came."""
    truth = np.array([actual])
    error, error_last = (
        float(absolute_error(said.measure, np.array([value]), truth)[0]) for value in (said.value, said.last)
    )
    low, middle, high = (lower <= actual <= upper for lower, upper in said.limits)
    return Scored(said, actual, vintage, error, error_last, (low, middle, high))


def tallies(found: Iterable[Scored]) -> list[Tally]:
    """By horizon, the shortest first."""
    groups: dict[int, list[Scored]] = {}
    for each in found:
        groups.setdefault(each.said.horizon, []).append(each)
    return [_tally(horizon, groups[horizon]) for horizon in sorted(groups)]


def _tally(horizon: int, among: Sequence[Scored]) -> Tally:
    error = float(np.mean([each.error for each in among]))
    pairs = np.array([(each.error, each.error_last) for each in among])
    pairs = pairs[np.isfinite(pairs[:, 1])]
    own, last = (float(mean) for mean in pairs.mean(axis=0)) if len(pairs) else (nan, nan)
    low, middle, high = (sum(each.held[i] for each in among) for i in range(3))
    skill = 1 - own / last if last > 0 else None
    return Tally(horizon, len(among), error, last, skill, (low, middle, high), len(pairs))
