"""Projections, expectations and scores as rows of the tables of forecasts: shapes in, plain values out.

No SQL and no rule: which horizons are kept is decided here, and nothing else.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from ingest.store import schema
from rtt.forecast.monthly.origins import FORECASTS
from rtt.forecast.monthly.projection import FURTHEST, Projection
from rtt.forecast.score.back_test import MonthRow, Row

HORIZONS = (*range(1, FORECASTS + 1), *range(9, FURTHEST + 1, 3))
"""Months ahead that are kept: every month that is forecast, and the quarters of the scenario after it."""

Cells = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """One figure that a tracking list was expected to have; `limits` are those of 50, 80 and 95 per cent.

    `naive` is the figure without a model, which the forecast must beat; None where there is none.
    """

    treatment_function: str
    measure: str
    target_date: date
    value: float
    limits: tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
    naive: float | None = None


def units_of(forecast_id: int, made: Projection, keys: Sequence[tuple[str, ...]]) -> list[Cells]:
    """The key of each unit: forecast, level, organisation, treatment function."""
    level = made.level.organisations
    return [(forecast_id, level, key[0] or schema.ENGLAND, key[1]) for key in keys]


def standings(units: Sequence[Cells], made: Projection) -> Iterator[Cells]:
    """Why a unit has a forecast or has none, with its last values."""
    last = _plain(np.stack([made.last[measure] for measure in schema.PROJECTED], axis=1))
    for unit, standing, shown in zip(units, made.standings, last, strict=True):
        yield (*unit, standing, *shown)


def methods(forecast_id: int, made: Projection) -> Iterator[Cells]:
    for measure in schema.PROJECTED:
        for horizon in HORIZONS:
            decided = made.decisions[measure][horizon - 1]
            how = (decided.method, decided.skill, decided.origins)
            yield (forecast_id, made.level.name, measure, horizon, *how)


def values(units: Sequence[Cells], made: Projection) -> Iterator[Cells]:
    """A row for each unit and horizon of which anything is said."""
    at = [horizon - 1 for horizon in HORIZONS]
    flows = np.stack(made.flows, axis=2)[:, at]
    table = np.concatenate([_with_limits(made, m)[:, at] for m in schema.PROJECTED], axis=2)
    moving, said = _plain(flows, np.int64), _plain(table)
    months = [made.months[horizon - 1].isoformat() for horizon in HORIZONS]
    for unit, step in np.argwhere(np.isfinite(table).any(axis=2)).tolist():
        yield (*units[unit], HORIZONS[step], months[step], *moving[unit][step], *said[unit][step])


def expected(forecast_id: int, each: Expectation) -> Cells:
    limits = (limit for pair in each.limits for limit in pair)
    day = each.target_date.isoformat()
    return (forecast_id, each.treatment_function, each.measure, day, each.value, *limits, each.naive)


def score(
    source: str, provider_code: str, census_date: date, rows: Iterable[Row], by_month: Iterable[MonthRow]
) -> list[dict[str, Any]]:
    """A back-test for its table; the rows by month have no errors of their own."""
    known = {"source": source, "provider_code": provider_code, "census_date": census_date}
    none = dict.fromkeys(("target", "mae", "mae_last_value", "skill"))
    found = [known | none | asdict(row) for row in rows]
    found += [known | none | asdict(row) for row in by_month]
    for row in found:
        row["fitted_as"], row["target_date"] = row.pop("level"), row.pop("target")
    return found


def _with_limits(made: Projection, measure: str) -> Any:
    """(units, horizons, 7): the value and its limits; all nan where no forecast is made."""
    value, limits = made.values[measure], made.intervals[measure]
    flat = limits.reshape(*limits.shape[:2], -1)
    return np.concatenate([value[..., None], np.where(np.isfinite(value)[..., None], flat, np.nan)], axis=2)


def _plain(values: Any, kind: type[np.generic] = np.float64) -> Any:
    """Python numbers with None for what is not known."""
    known = np.isfinite(values)
    plain = np.where(known, values, 0).astype(kind).astype(object)
    plain[~known] = None
    return plain.tolist()
