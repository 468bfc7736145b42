"""From a URL to a database that is ready: engine, migrations and the bulk writer.

SQLite runs in write-ahead mode, so that readers never wait for a load; a writer takes its lock at once
(BEGIN IMMEDIATE) and waits at most ten seconds for another. What a transaction holds is decided in `load`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from ingest.schema import metadata

HEAD = "0011"  # the newest migration
BUSY_SECONDS = 10

WRITER = {"rtt_writer": True}
FILE = "rtt_file"
"""In a SQLite connection's `info`: which file it reads, for whoever remembers what was read."""


def make_engine(url: str, *, passing: bool = False) -> Engine:
    """An engine for a SQLite or PostgreSQL URL. Values never appear in an error message or a log.

    Raises `ArgumentError` for a URL of neither. `passing`: a SQLite file that is made anew after a crash;
    it does not wait for the disk.
    """
    address = make_url(url)
    kind = address.get_backend_name()
    if kind not in ("postgresql", "sqlite"):
        raise ArgumentError("neither PostgreSQL nor SQLite")
    if kind == "postgresql":
        # The driver is named here so that the plain postgresql:// of every manual works.
        address = address.set(drivername="postgresql+psycopg")
        return create_engine(
            address, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": 5}
        )
    address = address.set(drivername="sqlite")
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        _heed_the_file(engine, Path(address.database).absolute())
    if passing:
        event.listen(engine, "connect", lambda made, _: made.execute("PRAGMA synchronous=OFF"))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: it would begin them deferred, and a load could then
    # fail half-way because another writer came first.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-65536",
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _heed_the_file(engine: Engine, path: Path) -> None:
    """Let no connection go on reading a file that was deleted, or that another was put in place of.

    An open file outlives its name: a kept connection would answer from it for ever. Nor is a file that was
    there made again, empty, where the right one is about to be put back.
    """
    seen = Event()

    def refuse_to_make_it_again(*_: object) -> None:
        if seen.is_set() and _inode(path) is None:
            raise sqlite3.OperationalError("unable to open database file")

    def note(_made: object, record: ConnectionPoolEntry) -> None:
        record.info[FILE] = _inode(path)
        seen.set()

    def check(_made: object, record: ConnectionPoolEntry, _lent: object) -> None:
        if record.info[FILE] != _inode(path):
            raise DisconnectionError("the database file is gone or another one")

    event.listen(engine, "do_connect", refuse_to_make_it_again)
    event.listen(engine, "connect", note)
    event.listen(engine, "checkout", check)


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("rtt_writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: all of it is kept or none. One writer at a time on either database."""
    with engine.connect().execution_options(**WRITER) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            # Two loads of one census would each see the old state; they take turns instead.
            connection.execute(text(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(182018)"))
        yield connection


def freshen(engine: Engine, table: str) -> None:
    """After many new rows, let PostgreSQL answer from an index alone; SQLite always does.

    Until a row's page is known to be visible to everybody, each entry of an index is looked up in the table:
    a page of the tracking list then takes ten times as long.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f'VACUUM (SKIP_LOCKED, ANALYZE) "{table}"')


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest version; a database that has it already costs one statement.

    An empty one is given the tables of today at once: the steps that led to them, and the library that takes
    them, are for a database of an older version.
    """
    if _version(engine) == HEAD:
        return
    with engine.connect().execution_options(**WRITER) as connection, connection.begin():
        # Another process may have been here first.
        if inspect(connection).has_table(_VERSION.name):
            upgrade(connection)
        else:
            metadata.create_all(connection)
            _VERSION.create(connection)
            connection.execute(insert(_VERSION).values(version_num=HEAD))


def is_made(url: str) -> bool:
    """Whether there is a database with tables at a URL. Makes none: to open a missing SQLite file would."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        file = Path(address.database or "")
        if not file.is_file() or not file.stat().st_size:
            return False
    engine = make_engine(url)
    try:
        return _version(engine) is not None
    finally:
        engine.dispose()


def upgrade(connection: Connection, to: str = "head") -> None:
    """Take the steps of `ingest/migrations` from the version that the database has."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


# Alembic's own table.
_VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table(_VERSION.name):
            return None
        return connection.execute(select(_VERSION.c.version_num)).scalar()


def insert_rows(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    *,
    extract_id: int | None = None,
) -> None:
    """Write many rows: the one place where the two databases are spoken to differently.

    `rows` are tuples in the order of `columns`, of plain Python values; with `extract_id` they all belong to
    that extract. On PostgreSQL they are copied inside the same transaction; on SQLite they go to the driver
    directly, without a dictionary for each row.
    """
    # The same number in front of each row would copy a hundred columns forty thousand times.
    fixed = () if extract_id is None else (extract_id,)
    columns = (*(("extract_id",) if fixed else ()), *columns)
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.dbapi_connection  # psycopg's own, for COPY
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row((*fixed, *row))
        return
    marks = ", ".join([*(str(int(number)) for number in fixed), *"?" * (len(columns) - len(fixed))])
    batch = list(rows)
    if batch:
        connection.exec_driver_sql(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', batch)


def dataset_kind(connection: Connection) -> str | None:
    """'real' or 'sample' once something was loaded, else None."""
    dataset = metadata.tables["dataset"]
    return connection.execute(select(dataset.c.kind)).scalar()
