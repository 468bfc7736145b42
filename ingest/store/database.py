"""From a URL to a database that is ready: engine, migrations and the bulk writer.

SQLite runs in write-ahead mode, so that readers never wait for a load; a writer takes its lock at once
(BEGIN IMMEDIATE) and waits at most ten seconds for another, unless it says how long. What a transaction holds
is decided in `load`.
"""

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import (
    URL,
    Column,
    Connection,
    Engine,
    MetaData,
    NullPool,
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
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from ingest.files.temporary import private_folder
from ingest.store.schema import metadata, with_postgresql

HEAD = "0018"  # the newest migration
BUSY_SECONDS = 10
MIGRATION_SECONDS = 600  # for another process that makes or changes the tables: an old database takes minutes
THREADS = 16
"""Of a server's worker. More than can work at once: a connection on which a browser says nothing yet holds
one for five seconds. What all of them may need at once is what the pool must hold (see `_pool`).
"""
_TURN = 182018  # of PostgreSQL's advisory locks: whoever writes facts, or makes the tables

WRITER = {"rtt_writer": True}
FILE = "rtt_file"
"""In a SQLite connection's `info`: which file it reads, for whoever remembers what was read."""


def make_engine(url: str | URL, *, passing: bool = False, pooled: bool = True) -> Engine:
    """An engine for a SQLite or PostgreSQL URL. Values never appear in an error message or a log.

    Raises `ArgumentError` for a URL of neither. `passing`: a SQLite file that is made anew after a crash;
    it does not wait for the disk. Unless `pooled`, each connection is opened when it is asked for and closed
    after it, and waits for nobody else's.
    """
    address = make_url(url)
    kind = address.get_backend_name()
    if kind not in ("postgresql", "sqlite"):
        raise ArgumentError("neither PostgreSQL nor SQLite")
    if kind == "postgresql":
        # The driver is named here so that the plain postgresql:// of every manual works.
        address = address.set(drivername="postgresql+psycopg")
        with_postgresql()
        return create_engine(
            address,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 5},
            **_pool(pooled=pooled),
        )
    address = address.set(drivername="sqlite")
    in_memory = not address.database or address.database == ":memory:"
    engine = create_engine(
        address,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS},
        **({} if in_memory else _pool(pooled=pooled)),
    )
    event.listen(engine, "connect", _prepare_sqlite)
    if not in_memory:
        file = Path(str(address.database)).absolute()
        private_folder(file.parent)
        _keep_from_others(file)
        _heed_the_file(engine, file)
    if passing:
        event.listen(engine, "connect", lambda made, _: made.execute("PRAGMA synchronous=OFF"))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def beside(engine: Engine) -> Engine:
    """Another engine on the same database whose connections are nobody else's: for /health."""
    address = engine.url
    if address.get_backend_name() == "sqlite" and address.database in (None, "", ":memory:"):
        return engine
    return make_engine(address, pooled=False)


def _pool(*, pooled: bool) -> dict[str, Any]:
    """The pool: as many connections kept open as a worker has threads, and as many again lent at need.

    A thread that draws a page of pathways reads with one and writes the audit trail with another. With fewer
    than that, readers that wait for each other's connections hold the server for half a minute.
    """
    return {"pool_size": THREADS, "max_overflow": 2 * THREADS} if pooled else {"poolclass": NullPool}


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: it would begin them deferred, and a load could then
    # fail half-way because another writer came first.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    _write_ahead(cursor)
    # The pages of a file are kept by the operating system too: a server's thirty connections with more than
    # this of their own took a quarter of a gigabyte and were no faster. `insert_rows` has more.
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-4096"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Put the file into write-ahead mode; a file has it for good once it was given it.

    SQLite does not wait for another connection that is doing the same, whatever its busy timeout: two
    processes that open a new file together would find it locked.
    """
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _heed_the_file(engine: Engine, path: Path) -> None:
    """Let no connection go on reading a file that was deleted, or that another was put in place of.

    An open file outlives its name: a kept connection would answer from it for ever. Nor is a file that was
    there made again, empty, where the right one is about to be put back.
    """
    seen = Event()
    if _inode(path) is not None:
        seen.set()

    def refuse_to_make_it_again(*_: object) -> None:
        if _inode(path) is None:
            if seen.is_set():
                raise sqlite3.OperationalError("unable to open database file")
            _make_private(path)

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


def _make_private(path: Path) -> None:
    """Make an empty file for a database that its owner alone can read, whatever the umask.

    SQLite gives the files beside it, the write-ahead log and its index, the rights of this one.
    """
    try:
        made = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return  # another process was here first
    try:
        os.fchmod(made, 0o600)
    finally:
        os.close(made)


def _keep_from_others(path: Path) -> None:
    """Take the rights of other accounts from a database of ours that was made before it was made private.

    Those of a group stay: somebody gave them.
    """
    for file in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        with suppress(OSError):
            found = file.stat()
            if found.st_mode & 0o007 and found.st_uid == os.geteuid():
                file.chmod(found.st_mode & 0o770)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("rtt_writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine, *, patience: float = BUSY_SECONDS, in_turn: bool = True) -> Iterator[Connection]:
    """A transaction that writes: all of it is kept or none. One writer at a time on either database.

    `patience`: seconds to wait for another writer. On PostgreSQL a row that disturbs nobody can be written
    beside a load: then it is not `in_turn`.
    """
    with (
        engine.connect().execution_options(**WRITER) as connection,
        _patient(connection, patience),
        connection.begin(),
    ):
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{round(patience * 1000)}ms'"))
            if in_turn:
                # Two loads of one census would each see the old state; they take turns instead.
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_TURN})"))
                connection.execute(text(f"SET LOCAL lock_timeout = '{max(round(patience), BUSY_SECONDS)}s'"))
        yield connection


@contextmanager
def _patient(connection: Connection, seconds: float) -> Iterator[None]:
    """Let a SQLite connection wait so long for another writer, and as ever after it."""
    if connection.dialect.name != "sqlite" or seconds == BUSY_SECONDS:
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute(f"PRAGMA busy_timeout={round(seconds * 1000)}")
    try:
        yield
    finally:
        if not connection.invalidated and not connection.closed:
            driver.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


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
    them, are for a database of an older version. Processes that start together take turns, and each looks
    again when its turn has come: the one before it has made what it would have made.
    """
    with engine.connect() as connection:
        if _version(connection) == HEAD:
            return
    with writing(engine, patience=MIGRATION_SECONDS) as connection:
        version = _version(connection)
        if version is None:
            metadata.create_all(connection)
            _VERSION.create(connection)
            connection.execute(insert(_VERSION).values(version_num=HEAD))
        elif version != HEAD:
            upgrade(connection)


def is_made(url: str) -> bool:
    """Whether there is a database with tables at a URL. Makes none: to open a missing SQLite file would."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        file = Path(address.database or "")
        if not file.is_file() or not file.stat().st_size:
            return False
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return _version(connection) is not None
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


def _version(connection: Connection) -> str | None:
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
        _copy(connection, f'COPY "{table}" ({names}) FROM STDIN', ((*fixed, *row) for row in rows))
        return
    marks = ", ".join([*(str(int(number)) for number in fixed), *"?" * (len(columns) - len(fixed))])
    batch = list(rows)
    if batch:
        connection.exec_driver_sql("PRAGMA cache_size=-65536")  # its indexes are written to all over
        connection.exec_driver_sql(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', batch)


def _copy(connection: Connection, command: str, rows: Iterable[tuple[Any, ...]]) -> None:
    driver: Any = connection.connection.dbapi_connection  # psycopg's own, for COPY
    dialect = connection.dialect
    faults = dialect.loaded_dbapi.Error
    try:
        with driver.cursor() as cursor, cursor.copy(command) as copy:
            for row in rows:
                copy.write_row(row)
    except faults as fault:
        # The driver was asked directly: its fault is given the class that SQLAlchemy has for it.
        known = DBAPIError.instance(command, None, fault, faults, hide_parameters=True, dialect=dialect)
        raise known from None


def dataset_kind(connection: Connection) -> str | None:
    """'real' or 'sample' once something was loaded, else None."""
    dataset = metadata.tables["dataset"]
    return connection.execute(select(dataset.c.kind)).scalar()
