"""The score in public: every forecast that could have been made, beside what happened and the last value.

Rolling origins: each forecast is made and published by the same code as today's, from what was known at its
origin. Whole levels are scored, also where the method loses. Reading and printing are elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from rtt.forecast.monthly.history import (
    CELLS,
    ENGLAND,
    PROVIDERS,
    EnglandSeries,
    History,
    Level,
    Measures,
    measures,
    rolled_up,
)
from rtt.forecast.monthly.origins import FIRST_ORIGIN, FORECASTS, Candidate
from rtt.forecast.monthly.projection import Projection, published, walked
from rtt.forecast.monthly.sums_of_cells import Sums, of_england, summed
from rtt.forecast.score.errors import absolute_error
from rtt.terms.arrays import Bools, Floats, Ints

SCORED = ("share_within_18", "over_52", "over_18", "total")


@dataclass(frozen=True, slots=True)
class Trial:
    """One measure from one origin to one target, for all units that are scored; arrays (units scored,).

    `units` are their indices.
    """

    horizon: int
    measure: str
    origin: date
    target: date
    units: Ints
    error: Floats
    error_last: Floats
    held: Bools  # (units, 3): whether the 50, 80 and 95 % intervals held


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
    history: History,
    england: EnglandSeries,
    level: Level,
    *,
    sums: Sums | None = None,
    collected: dict[int, Floats] | None = None,
) -> list[Trial]:
    """Every forecast of 1 to 6 months from every origin with a known target, as it would have been published.

    Scored are units large enough at the origin and reported at both ends. Origins start with the fourth
    month, the first at which the method's three-month trends are known. `sums` are those of the units' cells;
    the trials of cells leave theirs in `collected`.
    """
    now = measures(history)
    tried = []
    for candidate, record in walked(history, england, level, now=now, sums=sums):
        if collected is not None:
            collected[candidate.origin] = summed(candidate, history.provider)
        if FIRST_ORIGIN <= candidate.origin < len(history.months) - 1:
            said = published(history, now, level, candidate, record, fewest_months=FIRST_ORIGIN + 1)
            tried += _trials_from(said, candidate, now)
    return tried


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """The trials of England, the providers and their cells."""

    england: list[Trial]
    providers: list[Trial]
    cells: list[Trial]

    def by_level(self) -> tuple[tuple[Level, list[Trial]], ...]:
        return (ENGLAND, self.england), (PROVIDERS, self.providers), (CELLS, self.cells)


def whole_trials(providers: History, cells: History, england: EnglandSeries) -> Tried:
    """The trials of England, the providers and their cells, each with the sums of its cells."""
    sums: dict[int, Floats] = {}
    of_cells = trials(cells, england, CELLS, collected=sums)
    whole = rolled_up(providers, np.zeros(len(providers.keys), dtype=np.int64), (("England",),))
    return Tried(
        england=trials(whole, england, ENGLAND, sums=of_england(sums)),
        providers=trials(providers, england, PROVIDERS, sums=sums),
        cells=of_cells,
    )


def whole_score(
    providers: History, cells: History, england: EnglandSeries
) -> tuple[list[Row], list[MonthRow]]:
    """The score of England, providers and cells, and the intervals' coverage by month."""
    return _scores(whole_trials(providers, cells, england).by_level())


def score_of_levels(
    levels: Iterable[tuple[Level, History]], england: EnglandSeries
) -> tuple[list[Row], list[MonthRow]]:
    """The score of each of some levels, none with sums of cells, and the intervals' coverage by month."""
    return _scores((level, trials(history, england, level)) for level, history in levels)


def _scores(tried_by_level: Iterable[tuple[Level, list[Trial]]]) -> tuple[list[Row], list[MonthRow]]:
    rows: list[Row] = []
    by_month: list[MonthRow] = []
    for level, tried in tried_by_level:
        rows += score(tried, level.name)
        by_month += coverage_by_month(tried, level.name)
    return rows, by_month


def only(tried: Iterable[Trial], among: Bools) -> list[Trial]:
    """The same trials of the units `among` (units,) alone."""
    narrowed = []
    for each in tried:
        use = among[each.units]
        parts = {name: getattr(each, name)[use] for name in ("units", "error", "error_last", "held")}
        narrowed.append(replace(each, **parts))
    return narrowed


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


def in_every_month(history: History, level: Level) -> Bools:
    """Units large enough in every month, (units,): known only with hindsight, to compare with methods 9.1."""
    return np.asarray((np.nan_to_num(measures(history).total) >= level.smallest).all(axis=1))


def _trials_from(said: Projection, made: Candidate, now: Measures) -> list[Trial]:
    reach = min(FORECASTS, now.total.shape[1] - 1 - made.origin)
    return [_trial(said, made, now, m, h) for m in SCORED for h in range(1, reach + 1)]


def _trial(said: Projection, made: Candidate, now: Measures, measure: str, horizon: int) -> Trial:
    actual = getattr(now, measure)[:, made.origin + horizon]
    use = made.eligible & np.isfinite(actual)
    truth, limits = actual[use], said.intervals[measure][use, horizon - 1]
    return Trial(
        horizon=horizon,
        measure=measure,
        origin=said.origin,
        target=said.months[horizon - 1],
        units=np.flatnonzero(use),
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
