"""Forecasts made, issued and frozen: `rtt.forecast.monthly.projection` run on the facts, and what it said
kept for ever.

A forecast is *issued* if its census is the newest of its source and no later one was loaded before; made
otherwise, it could have been written in hindsight and is kept as a back-test. What is kept is never written
again: a second run for the same census changes nothing. Loading never forecasts; this is called by
`rtt forecast`. The score of what was issued is worked out where it is shown, against the facts of that day.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import numpy as np
from sqlalchemy import Connection, Engine, delete, exists, func, insert, select

from ingest.extracts.monthly.compositions import partial_beside_whole
from ingest.forecasts import rows as forecast_rows
from ingest.forecasts.monthly_inputs import Inputs, monthly_inputs
from ingest.forecasts.months_read import MonthsRead
from ingest.forecasts.rows import Expectation
from ingest.store import database, schema
from ingest.store.dataset import raise_version
from rtt.forecast.monthly.back_test import score_of_levels, whole_score
from rtt.forecast.monthly.forecast_words import LARGE_CHANGE
from rtt.forecast.monthly.history import CELLS, ENGLAND, PROVIDERS, History, Level, measures
from rtt.forecast.monthly.projection import Projection, project
from rtt.forecast.monthly.sums_of_cells import Sums, of_england
from rtt.forecast.score.back_test import MonthRow, Row
from rtt.terms.calendar import LONDON
from rtt.terms.possible_dates import last_census

Kind = Literal["issued", "back-test"]
ISSUED: Kind = "issued"
BACK_TEST: Kind = "back-test"
AT_A_TIME = 2


class Moved(Exception):
    """Something was loaded or removed while the forecast was made: it would not be of what is held now."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One forecast that is kept. `new` is False where it was there before and nothing was done.

    `jumped` are the providers, large enough to be forecast, whose list jumped in its last month.
    """

    source: str
    census_date: date
    provider_code: str
    kind: Kind
    series: int
    new: bool
    jumped: tuple[str, ...] = ()


def issue_monthly(engine: Engine, *, now: datetime, read: MonthsRead | None = None) -> Issue | None:
    """Forecast the newest month and freeze what is said; None where no month is held.

    `now` carries its zone. `read`: what was read of months before. Raises `Moved` if the facts changed
    meanwhile.
    """
    with engine.connect() as connection:
        version = _version(connection)
        until = last_census(now.astimezone(LONDON).date())
        newest = newest_census(connection, schema.MONTHLY, until=until)
        if newest is None:
            return None
        if kept := _kept(connection, schema.MONTHLY, newest, ""):
            return kept
        inputs = monthly_inputs(connection, until=until, read=read)
    if inputs is None:
        return None
    made = projected(inputs)
    with database.writing(engine) as connection:
        if _version(connection) != version:
            raise Moved
        forecast_id, kind = _begin(connection, schema.MONTHLY, inputs.census_date, "", now, inputs)
        for each, (_, history) in zip(made, inputs.levels, strict=True):
            units = forecast_rows.units_of(forecast_id, each, history.keys)
            _insert(connection, schema.forecast_method, forecast_rows.methods(forecast_id, each))
            _insert(connection, schema.forecast_unit, forecast_rows.standings(units, each))
            _insert(connection, schema.forecast_value, forecast_rows.values(units, each))
        raise_version(connection, kind=None)
    series = sum(len(history.keys) for _, history in inputs.levels)
    return Issue(
        schema.MONTHLY, inputs.census_date, "", kind, series, new=True, jumped=_jumped(inputs.providers)
    )


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
        forecast_id, kind = _begin(connection, schema.WEEKLY, census_date, provider_code, now, extract)
        rows = (forecast_rows.expected(forecast_id, each) for each in expectations)
        _insert(connection, schema.forecast_expectation, rows)
        raise_version(connection, kind=None)
    return Issue(schema.WEEKLY, census_date, provider_code, kind, len(expectations), new=True)


def score_back_test(
    engine: Engine, *, until: date | None = None, read: MonthsRead | None = None
) -> tuple[list[Row], list[MonthRow]]:
    """Back-test every origin of the months held up to `until`; the score takes the place of the last.

    `read`: what was read of months before.
    """
    with engine.connect() as connection:
        inputs = monthly_inputs(connection, until=until, then=True, read=read)
    if inputs is None:
        return [], []
    whole, whole_by_month = whole_score_of(inputs)
    commissioned, commissioned_by_month = commissioned_score_of(inputs)
    rows, by_month = whole + commissioned, whole_by_month + commissioned_by_month
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
    return whole_score(inputs.providers, inputs.cells, inputs.england)


def commissioned_score_of(inputs: Inputs) -> tuple[list[Row], list[MonthRow]]:
    """The same for regions, ICBs, commissioners and their specialties."""
    return score_of_levels(inputs.commissioned, inputs.england)


def projected(inputs: Inputs) -> list[Projection]:
    """The projection of every level, in their order.

    Arithmetic on large arrays lets go of the interpreter: two levels are made at a time, the largest first.
    England and the providers wait for the cells, whose sums they are, and those are always under way before.
    """
    largest = sorted(inputs.levels, key=lambda each: -len(each[1].keys))
    cells_first = sorted(largest, key=lambda each: each[0] is not CELLS)
    made: dict[str, Future[Projection]] = {}

    def projection(level: Level, history: History) -> Projection:
        sums: Sums | None = None
        if level in (ENGLAND, PROVIDERS):
            of_cells = made[CELLS.name].result().sums
            sums = of_england(of_cells) if level is ENGLAND else of_cells
        return project(history, inputs.england, level, sums=sums)

    with ThreadPoolExecutor(AT_A_TIME) as threads:
        for level, history in cells_first:
            made[level.name] = threads.submit(projection, level, history)
    return [made[level.name].result() for level, _ in inputs.levels]


def _jumped(providers: History) -> tuple[str, ...]:
    lists = np.nan_to_num(measures(providers).total[:, -2:])
    if lists.shape[1] < 2:
        return ()
    before, last = lists.T
    large = last >= PROVIDERS.smallest
    far = np.abs(last - before) > LARGE_CHANGE * before
    return tuple(key[0] for key, told in zip(providers.keys, large & far, strict=True) if told)


def newest_census(connection: Connection, source: str, *, until: date) -> date | None:
    """The newest census of a source that is not after `until`, of months a whole one where any is whole; of a
    tracking list, of its open lists.
    """
    extract = schema.extract.c
    section = "open" if source == schema.WEEKLY else "all"
    partial = partial_beside_whole(connection) if source == schema.MONTHLY else ()
    return connection.execute(
        select(func.max(extract.census_date)).where(
            extract.source == source,
            extract.section == section,
            extract.census_date <= until,
            extract.census_date.not_in(partial),
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
    connection: Connection, source: str, census_date: date, provider_code: str, now: datetime, made_from: Any
) -> tuple[int, Kind]:
    """Number and kind of a new forecast; `made_from` has the revision and the name of its newest file."""
    kind = kind_of(connection, source, census_date, provider_code)
    values = {
        "source": source,
        "census_date": census_date,
        "provider_code": provider_code,
        "kind": kind,
        "issued_at": now,
        "revision": made_from.revision,
        "file_name": made_from.file_name,
    }
    inserted = connection.execute(insert(schema.forecast).values(values).returning(schema.forecast.c.id))
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


def _insert(connection: Connection, table: Any, rows: Iterable[tuple[Any, ...]]) -> None:
    database.insert_rows(connection, table.name, [column.name for column in table.columns], rows)
