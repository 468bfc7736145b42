"""The score in public: every forecast that could have been made, beside what happened and the last value.

Rolling origins: each forecast is made and published by the same code as today's, from what was known at its
origin. Whole levels are scored, also where the method loses. Reading and printing are elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from rtt.history import (
    CELLS,
    ENGLAND,
    PROVIDERS,
    BoolArray,
    EnglandSeries,
    FloatArray,
    History,
    Level,
    Measures,
    measures,
    rolled_up,
)
from rtt.origins import FIRST_ORIGIN, FORECASTS, Candidate
from rtt.projection import Projection, published, walked
from rtt.record import absolute_error

SCORED = ("share_within_18", "over_52", "over_18", "total")


@dataclass(frozen=True, slots=True)
class Trial:
    """One measure from one origin to one target, for all units that are scored; arrays (units,)."""

    horizon: int
    measure: str
    origin: date
    target: date
    error: FloatArray
    error_last: FloatArray
    held: BoolArray  # (units, 3): whether the 50, 80 and 95 % intervals held


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the score: mean absolute errors in points, pathways or per cent of the list.

    Skill is 1 - mae / mae_last_value.
    """

    horizon: int
    measure: str
    level: str
    n: int
    mae: float
    mae_last_value: float
    skill: float
    coverage_50: float
    coverage_80: float
    coverage_95: float


@dataclass(frozen=True, slots=True)
class MonthRow:
    """How often the intervals held for one target month: errors of a month are shared, so this swings."""

    target: date
    horizon: int
    measure: str
    level: str
    n: int
    coverage_50: float
    coverage_80: float
    coverage_95: float


def trials(
    history: History, england: EnglandSeries, level: Level, *, among: BoolArray | None = None
) -> list[Trial]:
    """Every forecast of 1 to 6 months from every origin with a known target, as it would have been published.

    Scored are units large enough at the origin and reported at both ends; `among` (units,) narrows them.
    Origins start with the fourth month, the first at which the method's three-month trends are known.
    """
    now = measures(history)
    everyone = np.ones(len(history.keys), dtype=bool) if among is None else among
    tried = []
    for candidate, record in walked(history, england, level, now=now):
        if FIRST_ORIGIN <= candidate.origin < len(history.months) - 1:
            said = published(history, now, level, candidate, record, fewest_months=FIRST_ORIGIN + 1)
            tried += _trials_from(said, candidate, now, everyone)
    return tried


def whole_score(
    providers: History, cells: History, england: EnglandSeries
) -> tuple[list[Row], list[MonthRow]]:
    """The score of England, providers and cells, and the intervals' coverage by month."""
    whole = rolled_up(providers, np.zeros(len(providers.keys), dtype=np.int64), (("England",),))
    return score_of_levels(((ENGLAND, whole), (PROVIDERS, providers), (CELLS, cells)), england)


def score_of_levels(
    levels: Iterable[tuple[Level, History]], england: EnglandSeries
) -> tuple[list[Row], list[MonthRow]]:
    """The score of each of some levels, and the intervals' coverage by month."""
    rows: list[Row] = []
    by_month: list[MonthRow] = []
    for level, history in levels:
        tried = trials(history, england, level)
        rows += score(tried, level.name)
        by_month += coverage_by_month(tried, level.name)
    return rows, by_month


def score(tried: Sequence[Trial], level: str) -> list[Row]:
    """The pooled score by measure and horizon."""
    rows = []
    for measure, horizon in _groups(tried):
        at = [t for t in tried if (t.measure, t.horizon) == (measure, horizon)]
        error = np.concatenate([t.error for t in at])
        last = np.concatenate([t.error_last for t in at])
        if not len(error):
            continue
        mae, mae_last = float(error.mean()), float(last.mean())
        skill = 1 - mae / mae_last if mae_last > 0 else 0.0
        rows.append(Row(horizon, measure, level, len(error), mae, mae_last, skill, *_coverage(at)))
    return rows


def coverage_by_month(tried: Sequence[Trial], level: str) -> list[MonthRow]:
    """How often the intervals held, by target month."""
    counted = [t for t in tried if len(t.error)]
    return [
        MonthRow(t.target, t.horizon, t.measure, level, len(t.error), *_coverage([t]))
        for t in sorted(counted, key=lambda t: (SCORED.index(t.measure), t.horizon, t.target))
    ]


def in_every_month(history: History, level: Level) -> BoolArray:
    """Units large enough in every month, (units,): known only with hindsight, to compare with methods 9.1."""
    return np.asarray((np.nan_to_num(measures(history).total) >= level.smallest).all(axis=1))


def _trials_from(said: Projection, made: Candidate, now: Measures, among: BoolArray) -> list[Trial]:
    reach = min(FORECASTS, now.total.shape[1] - 1 - made.origin)
    return [_trial(said, made, now, m, h, among) for m in SCORED for h in range(1, reach + 1)]


def _trial(
    said: Projection, made: Candidate, now: Measures, measure: str, horizon: int, among: BoolArray
) -> Trial:
    actual = getattr(now, measure)[:, made.origin + horizon]
    use = made.eligible & np.isfinite(actual) & among
    truth, limits = actual[use], said.intervals[measure][use, horizon - 1]
    return Trial(
        horizon=horizon,
        measure=measure,
        origin=said.origin,
        target=said.months[horizon - 1],
        error=absolute_error(measure, said.values[measure][use, horizon - 1], truth),
        error_last=absolute_error(measure, said.last[measure][use], truth),
        held=(limits[..., 0] <= truth[:, None]) & (truth[:, None] <= limits[..., 1]),
    )


def _groups(tried: Sequence[Trial]) -> list[tuple[str, int]]:
    found = {(t.measure, t.horizon) for t in tried}
    return sorted(found, key=lambda group: (SCORED.index(group[0]), group[1]))


def _coverage(tried: Sequence[Trial]) -> tuple[float, float, float]:
    held = np.concatenate([t.held for t in tried]).mean(axis=0)
    return float(held[0]), float(held[1]), float(held[2])
