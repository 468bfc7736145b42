"""What kind of data a database holds, real or sample, and when a sample was built.

The two never share a database: `load` refuses to mix them, and every page of a sample says what it is.
"""

import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import count

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from ingest.store import database, schema


@dataclass(frozen=True, slots=True)
class Dataset:
    """The mark of a database: `version` rises with every change of its facts."""

    kind: str  # 'real' or 'sample'
    version: int
    built_on: date | None  # of a sample: the day it was built for
    extracts: int


def dataset_of(engine: Engine) -> Dataset | None:
    """The mark of a database, None where nothing was ever loaded. Brings the tables up to date first."""
    database.migrate(engine)
    with engine.connect() as connection:
        return read_dataset(connection)


def read_dataset(connection: Connection) -> Dataset | None:
    """The mark of the database that is being read."""
    row = connection.execute(select(schema.dataset)).first()
    if row is None:
        return None
    extracts = connection.execute(select(func.count()).select_from(schema.extract)).scalar_one()
    return Dataset(row.kind, row.version, row.built_on, extracts)


def mark_built(engine: Engine, built_on: date, *, above_version: int = 0) -> None:
    """Say when a sample was built, with a version above that of the data it takes the place of."""
    with database.writing(engine) as connection:
        version = connection.execute(select(schema.dataset.c.version)).scalar_one()
        connection.execute(
            update(schema.dataset).values(built_on=built_on, version=max(version, above_version + 1))
        )


def copy_over(source_url: str, target_url: str, *, when_locked: Callable[[], None] = lambda: None) -> None:
    """Put one SQLite database in the place of another, in a single transaction.

    Those who read the target go on reading what they had, and see the new data with their next statement. The
    file itself stays: swapping it under an open server would part the database from its write-ahead log.
    `when_locked` is called once, when nobody else can write the target any more; what it changes in the
    source is copied too.
    """
    steps = count()

    def after_step(*_: int) -> None:
        if next(steps) == 0:
            when_locked()

    with closing(_driver(source_url)) as source, closing(_driver(target_url)) as target:
        pages = source.execute("PRAGMA page_count").fetchone()[0]
        # The first step takes the lock, and must not be the last.
        source.backup(target, pages=min(_PAGES_A_STEP, pages // 2), progress=after_step)
        # The log holds the whole of it by now, and would keep that size. Whoever reads has a second to end.
        target.execute("PRAGMA busy_timeout=1000")
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")


_PAGES_A_STEP = 256


def take_place(source_url: str, target_url: str) -> None:
    """`copy_over` with all that people wrote in the target, up to the moment of the change."""
    copy_over(source_url, target_url, when_locked=partial(carry_writing, target_url, source_url))


def carry_writing(source_url: str, target_url: str) -> None:
    """Bring what people wrote from one database into another, in place of what it has: a new sample keeps
    the notes.
    """
    source, target = database.make_engine(source_url), database.make_engine(target_url)
    try:
        with source.connect() as old, database.writing(target) as new:
            for table in reversed(WRITTEN):
                new.execute(delete(table))
            for table in WRITTEN:
                rows = [dict(row) for row in old.execute(select(table)).mappings()]
                if rows:
                    new.execute(insert(table), rows)
    finally:
        source.dispose()
        target.dispose()


WRITTEN = (
    schema.provider_closure,
    schema.annotation,
    schema.rebase,
    schema.saved_group,
    schema.saved_view,
    schema.list_setting,
    schema.pathway_selection,
    schema.narrative,
    schema.pack_issue,
    schema.screen,
    schema.audit,
    schema.kept_place,
    schema.alert_choice,
    schema.alert_told,
    schema.alert_email,
    schema.scenario,
    schema.trajectory,
    schema.initiative,
)
"""What people write, each table after those that it points to."""


def _driver(url: str) -> sqlite3.Connection:
    """The driver's own connection, for what SQLAlchemy has no words for."""
    engine = database.make_engine(url)
    connection = engine.raw_connection()
    driver = connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    connection.detach()
    engine.dispose()
    return driver


def remove_others(engine: Engine, kept: Collection[tuple[str, date, str, str]]) -> None:
    """Take out every extract whose (source, census_date, provider_code, section) is not in `kept`."""
    extract = schema.extract.c
    with database.writing(engine) as connection:
        key = (extract.source, extract.census_date, extract.provider_code, extract.section)
        rows = connection.execute(select(extract.id, extract.load_id, *key)).all()
        old = [row for row in rows if tuple(row[2:]) not in kept]
        connection.execute(delete(schema.extract).where(extract.id.in_([row.id for row in old])))
        connection.execute(
            update(schema.load)
            .where(schema.load.c.id.in_([row.load_id for row in old]))
            .values(state="removed", ended_at=datetime.now(UTC))
        )


def raise_version(connection: Connection, *, kind: str | None) -> None:
    dataset = schema.dataset
    held = connection.execute(select(func.count()).select_from(dataset)).scalar_one()
    if held:
        connection.execute(update(dataset).values(version=dataset.c.version + 1))
    elif kind is not None:
        connection.execute(insert(dataset).values(id=1, kind=kind, version=1))
