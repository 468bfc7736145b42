"""The score of a back-test: errors beside those of the naive forecast, and how often the intervals held.

One score for every method: forecasts of the monthly return and of PTLs are pooled alike. Periods in which a
method did worse than no change count like the others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from rtt.forecast.score.errors import skill
from rtt.terms.arrays import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class Trial:
    """One measure from one origin to one target, for the units that are scored; arrays (units scored,)."""

    horizon: int
    measure: str
    origin: date
    target: date
    units: Ints  # their indices
    error: Floats
    error_naive: Floats
    held: Bools  # (units, 3): whether the actual figure lay within the 50, 80 and 95 % intervals


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the score: mean absolute errors in points, pathways or per cent of the list."""

    horizon: int
    measure: str
    level: str
    n: int
    mae: float
    mae_last_value: float  # of the naive forecast; the name is that of the published column
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


def row(horizon: int, measure: str, level: str, error: Floats, error_naive: Floats, held: Bools) -> Row:
    """The score of these errors (n,) together, at least one; `held` (n, 3)."""
    own, naive = float(error.mean()), float(error_naive.mean())
    return Row(horizon, measure, level, len(error), own, naive, skill(own, naive), *_coverage(held))


def score(tried: Sequence[Trial], level: str, measures: Sequence[str]) -> list[Row]:
    """The pooled score by measure and horizon, in the order of `measures`."""
    rows = []
    for measure in measures:
        of_measure = [t for t in tried if t.measure == measure and len(t.error)]
        for horizon in sorted({t.horizon for t in of_measure}):
            at = [t for t in of_measure if t.horizon == horizon]
            pooled = (
                np.concatenate([getattr(t, name) for t in at]) for name in ("error", "error_naive", "held")
            )
            rows.append(row(horizon, measure, level, *pooled))
    return rows


def coverage_by_month(tried: Sequence[Trial], level: str, measures: Sequence[str]) -> list[MonthRow]:
    counted = sorted(
        (t for t in tried if len(t.error)), key=lambda t: (measures.index(t.measure), t.horizon, t.target)
    )
    return [
        MonthRow(t.target, t.horizon, t.measure, level, len(t.error), *_coverage(t.held)) for t in counted
    ]


def only(tried: Iterable[Trial], among: Bools) -> list[Trial]:
    """The same trials of the units `among` (units,) alone."""
    narrowed = []
    for each in tried:
        use = among[each.units]
        parts = {name: getattr(each, name)[use] for name in ("units", "error", "error_naive", "held")}
        narrowed.append(replace(each, **parts))
    return narrowed


def _coverage(held: Bools) -> tuple[float, float, float]:
    inner, middle, outer = held.mean(axis=0)
    return float(inner), float(middle), float(outer)
