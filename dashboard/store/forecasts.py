"""Forecasts of the monthly return as they were issued, how they were made, and their back-test."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, exists, select

from dashboard.store.cache import cached
from dashboard.store.ledger import in_utc
from ingest.store.schema import (
    LIMITS,
    MONTHLY,
    PROJECTED,
    back_test,
    forecast,
    forecast_method,
    forecast_unit,
)
from ingest.store.schema import forecast_value as values
from rtt.forecast.monthly.projection import Standing
from rtt.forecast.score.issued import Issued

FLOWS = ("opening", "starts", "stops", "removals", "closing")


@dataclass(frozen=True, slots=True)
class Step:
    """One month ahead: what is said of each measure, and the flows that it implies."""

    target: date
    horizon: int
    said: dict[str, Issued]
    flows: dict[str, int | None]


@dataclass(frozen=True, slots=True)
class Forecast:
    """One forecast of a scope as it was issued; no steps where its standing allows none."""

    id: int
    census: date
    kind: str  # issued | back-test
    issued_at: datetime  # UTC
    revision: int
    file_name: str
    standing: Standing
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """What is shown at one horizon, and the skill of the pooled record that decided it."""

    method: str
    skill: float | None
    origins: int


@dataclass(frozen=True, slots=True)
class BackTest:
    """A line of the back-test; `target` None: all target months together."""

    measure: str
    horizon: int
    target: date | None
    n: int
    mae: float | None
    mae_last_value: float | None
    skill: float | None
    held: tuple[float, float, float]


@cached
def made_from(connection: Connection, census: date | None, level: str) -> tuple[datetime, bool] | None:
    """When the forecast of a census was made, and whether it holds any organisation of a level."""
    c, unit = forecast.c, forecast_unit.c
    known = exists().where(unit.forecast_id == c.id, unit.level == level)
    row = connection.execute(
        select(c.issued_at, known.label("known")).where(c.source == MONTHLY, c.census_date == census)
    ).first()
    return (in_utc(row.issued_at), bool(row.known)) if row else None


@cached
def forecasts_issued(connection: Connection, level: str, code: str, function: str) -> tuple[Forecast, ...]:
    unit = forecast_unit.c
    together = [
        values.c[name] == unit[name]
        for name in ("level", "organisation_code", "treatment_function", "forecast_id")
    ]
    last = [unit[measure].label(f"last_{measure}") for measure in PROJECTED]
    numbers = [c for c in values.c if c.name not in unit or c.name in PROJECTED]
    rows = connection.execute(
        select(*forecast.c, unit.standing, *last, *numbers)
        .join(forecast_unit, unit.forecast_id == forecast.c.id)
        .outerjoin(values, together[0] & together[1] & together[2] & together[3])
        .where(unit.level == level, unit.organisation_code == code, unit.treatment_function == function)
        .order_by(forecast.c.census_date, values.c.horizon)
    ).mappings()
    return tuple(_forecast(list(steps)) for _, steps in groupby(rows, key=lambda row: row["id"]))


def _forecast(rows: Sequence[Any]) -> Forecast:
    first = rows[0]
    return Forecast(
        id=first["id"],
        census=first["census_date"],
        kind=first["kind"],
        issued_at=in_utc(first["issued_at"]),
        revision=first["revision"],
        file_name=first["file_name"],
        standing=first["standing"],
        steps=tuple(_step(row) for row in rows if row["horizon"] is not None),
    )


def _step(row: Any) -> Step:
    said = {measure: _said(row, measure) for measure in PROJECTED if row[measure] is not None}
    return Step(row["target_date"], row["horizon"], said, {flow: row[flow] for flow in FLOWS})


def _said(row: Any, measure: str) -> Issued:
    limits = [row[f"{measure}_{limit}"] for limit in LIMITS]
    return Issued(
        origin=row["census_date"],
        target=row["target_date"],
        horizon=row["horizon"],
        measure=measure,
        value=row[measure],
        limits=((limits[0], limits[1]), (limits[2], limits[3]), (limits[4], limits[5])),
        last=row[f"last_{measure}"],
    )


@cached
def methods_of(connection: Connection, forecast_id: int, level: str) -> dict[tuple[str, int], Method]:
    """(measure, horizon) -> how it was forecast; one statement."""
    c = forecast_method.c
    rows = connection.execute(
        select(c.measure, c.horizon, c.method, c.skill, c.origins).where(
            c.forecast_id == forecast_id, c.fitted_as == level
        )
    )
    return {(measure, horizon): Method(*rest) for measure, horizon, *rest in rows}


@cached
def back_test_of(
    connection: Connection, level: str, *, source: str = MONTHLY, provider: str = ""
) -> tuple[BackTest, ...]:
    """The newest back-test of a level, of the return or a trust's lists, in the order kept; one statement."""
    c = back_test.c
    rows = connection.execute(
        select(
            c.measure, c.horizon, c.target_date, c.n, c.mae, c.mae_last_value, c.skill,
            c.coverage_50, c.coverage_80, c.coverage_95,
        )
        .where(c.source == source, c.provider_code == provider, c.fitted_as == level)
        .order_by(c.id)
    )  # fmt: skip
    return tuple(BackTest(*row[:7], tuple(row[7:])) for row in rows)
