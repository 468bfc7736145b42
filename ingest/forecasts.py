"""Forecasts made, issued and frozen: `rtt.projection` run on the facts, and what it said kept for ever.

A forecast is *issued* if its census is the newest of its source and no later one was loaded before; made
otherwise, it could have been written in hindsight and is kept as a back-test. What is kept is never written
again: a second run for the same census changes nothing. Loading never forecasts; this is called by
`rtt forecast`. The score of what was issued is worked out where it is shown, against the facts of that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, delete, exists, func, insert, select

from ingest import database, forecast_rows, schema
from ingest.forecast_inputs import Inputs, monthly_inputs
from ingest.forecast_rows import Expectation
from ingest.ledger import raise_version
from rtt.backtest import MonthRow, Row, score_of_levels, whole_score
from rtt.calendar import LONDON
from rtt.history import CELLS, PROVIDERS
from rtt.possible_dates import last_census
from rtt.projection import Projection, project

Kind = Literal["issued", "back-test"]
ISSUED: Kind = "issued"
BACK_TEST: Kind = "back-test"
AT_A_TIME = 2


class Moved(Exception):
    """Something was loaded or removed while the forecast was made: it would not be of what is held now."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One forecast that is kept. `new` is False where it was there before and nothing was done."""

    source: str
    census_date: date
    provider_code: str
    kind: Kind
    series: int
    new: bool


def issue_monthly(engine: Engine, *, now: datetime) -> Issue | None:
    """Forecast the newest month and freeze what is said; None where no month is held.

    `now` carries its zone. Raises `Moved` if the facts changed meanwhile.
    """
    with engine.connect() as connection:
        version = _version(connection)
        until = last_census(now.astimezone(LONDON).date())
        newest = newest_census(connection, schema.MONTHLY, until=until)
        if newest is None:
            return None
        if kept := _kept(connection, schema.MONTHLY, newest, ""):
            return kept
        inputs = monthly_inputs(connection, until=until)
    if inputs is None:
        return None
    made = projected(inputs)
    with database.writing(engine) as connection:
        if _version(connection) != version:
            raise Moved
        forecast_id, kind = _begin(
            connection,
            schema.MONTHLY,
            inputs.census_date,
            "",
            now=now,
            revision=inputs.revision,
            file_name=inputs.file_name,
        )
        for projection, (_, history) in zip(made, inputs.levels, strict=True):
            _write_projection(connection, forecast_id, projection, history.keys)
        raise_version(connection, kind=None)
    series = sum(len(history.keys) for _, history in inputs.levels)
    return Issue(schema.MONTHLY, inputs.census_date, "", kind, series, new=True)


def issued_weekly(engine: Engine, provider_code: str, census_date: date) -> Issue | None:
    """What was issued from this tracking list before; None where nothing was."""
    with engine.connect() as connection:
        return _kept(connection, schema.WEEKLY, census_date, provider_code)


def issue_weekly(
    engine: Engine,
    provider_code: str,
    census_date: date,
    expectations: Sequence[Expectation],
    *,
    now: datetime,
) -> Issue:
    """Freeze what a tracking list is expected to do, as `issue_monthly` does for the monthly return."""
    with database.writing(engine) as connection:
        if kept := _kept(connection, schema.WEEKLY, census_date, provider_code):
            return kept
        extract = _open_list(connection, provider_code, census_date)
        forecast_id, kind = _begin(
            connection,
            schema.WEEKLY,
            census_date,
            provider_code,
            now=now,
            revision=extract.revision,
            file_name=extract.file_name,
        )
        rows = (forecast_rows.expected(forecast_id, each) for each in expectations)
        _insert(connection, schema.forecast_expectation, rows)
        raise_version(connection, kind=None)
    return Issue(schema.WEEKLY, census_date, provider_code, kind, len(expectations), new=True)


def score_back_test(engine: Engine, *, until: date | None = None) -> tuple[list[Row], list[MonthRow]]:
    """Back-test every origin of the months held up to `until`; the score takes the place of the last."""
    with engine.connect() as connection:
        inputs = monthly_inputs(connection, until=until)
    if inputs is None:
        return [], []
    rows, by_month = whole_score_of(inputs)
    more, more_by_month = commissioned_score_of(inputs)
    rows, by_month = rows + more, by_month + more_by_month
    keep_back_test(engine, schema.MONTHLY, inputs.census_date, rows, by_month)
    return rows, by_month


def keep_back_test(
    engine: Engine,
    source: str,
    census_date: date,
    rows: Sequence[Row],
    by_month: Sequence[MonthRow] = (),
    *,
    provider_code: str = "",
) -> None:
    """Keep a back-test in place of the one before, of the same source and trust."""
    c = schema.back_test.c
    scored = forecast_rows.score(source, provider_code, census_date, rows, by_month)
    with database.writing(engine) as connection:
        of_this = (c.source == source, c.provider_code == provider_code)
        connection.execute(delete(schema.back_test).where(*of_this))
        if scored:
            connection.execute(insert(schema.back_test), scored)
        raise_version(connection, kind=None)


def whole_score_of(inputs: Inputs) -> tuple[list[Row], list[MonthRow]]:
    """The score of every origin of these months: England, providers and their specialties."""
    histories = {level.name: history for level, history in inputs.histories}
    return whole_score(histories[PROVIDERS.name], histories[CELLS.name], inputs.england)


def commissioned_score_of(inputs: Inputs) -> tuple[list[Row], list[MonthRow]]:
    """The same for regions, ICBs, commissioners and their specialties."""
    return score_of_levels(inputs.commissioned, inputs.england)


def projected(inputs: Inputs) -> list[Projection]:
    """The projection of every level, in their order.

    Arithmetic on large arrays lets go of the interpreter: two levels are made at a time, the largest first.
    """
    largest = sorted(inputs.levels, key=lambda each: -len(each[1].keys))
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        made = threads.map(lambda each: project(each[1], inputs.england, each[0]), largest)
        by_level = {each.level.name: each for each in made}
    return [by_level[level.name] for level, _ in inputs.levels]


def newest_census(connection: Connection, source: str, *, until: date) -> date | None:
    """The newest census of a source that is not after `until`; of a tracking list, of its open lists."""
    extract = schema.extract.c
    section = "open" if source == schema.WEEKLY else "all"
    return connection.execute(
        select(func.max(extract.census_date)).where(
            extract.source == source, extract.section == section, extract.census_date <= until
        )
    ).scalar()


def kind_of(connection: Connection, source: str, census_date: date, provider_code: str) -> Kind:
    """Whether a forecast made now from this census is issued, or could have been written in hindsight.

    The ledger remembers every file that was ever in place, so taking a later census out hides nothing.
    """
    load = schema.load.c
    later = exists().where(
        load.source == source,
        load.provider_code == provider_code,
        load.census_date > census_date,
        load.state != "refused",
    )
    return BACK_TEST if connection.execute(select(later)).scalar() else ISSUED


def _version(connection: Connection) -> int:
    return connection.execute(select(schema.dataset.c.version)).scalar() or 0


def _kept(connection: Connection, source: str, census_date: date, provider_code: str) -> Issue | None:
    c = schema.forecast.c
    row = connection.execute(
        select(c.id, c.kind).where(
            c.source == source, c.census_date == census_date, c.provider_code == provider_code
        )
    ).first()
    if row is None:
        return None
    said = schema.forecast_unit.c if source == schema.MONTHLY else schema.forecast_expectation.c
    series = connection.execute(select(func.count()).where(said.forecast_id == row.id)).scalar_one()
    return Issue(source, census_date, provider_code, row.kind, series, new=False)


def _begin(
    connection: Connection,
    source: str,
    census_date: date,
    provider_code: str,
    *,
    now: datetime,
    revision: int,
    file_name: str,
) -> tuple[int, Kind]:
    kind = kind_of(connection, source, census_date, provider_code)
    inserted = connection.execute(
        insert(schema.forecast)
        .values(
            source=source,
            census_date=census_date,
            provider_code=provider_code,
            kind=kind,
            issued_at=now,
            revision=revision,
            file_name=file_name,
        )
        .returning(schema.forecast.c.id)
    )
    return int(inserted.scalar_one()), kind


def _open_list(connection: Connection, provider_code: str, census_date: date) -> Any:
    extract = schema.extract.c
    return connection.execute(
        select(extract.revision, schema.load.c.file_name)
        .join(schema.load, schema.load.c.id == extract.load_id)
        .where(
            extract.source == schema.WEEKLY,
            extract.section == "open",
            extract.provider_code == provider_code,
            extract.census_date == census_date,
        )
    ).one()


def _write_projection(
    connection: Connection, forecast_id: int, made: Projection, keys: Sequence[tuple[str, ...]]
) -> None:
    units = forecast_rows.units_of(forecast_id, made, keys)
    _insert(connection, schema.forecast_method, forecast_rows.methods(forecast_id, made))
    _insert(connection, schema.forecast_unit, forecast_rows.standings(units, made))
    _insert(connection, schema.forecast_value, forecast_rows.values(units, made))


def _insert(connection: Connection, table: Any, rows: Iterable[tuple[Any, ...]]) -> None:
    database.insert_rows(connection, table.name, [column.name for column in table.columns], rows)
