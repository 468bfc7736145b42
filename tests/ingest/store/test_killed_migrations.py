"""A database of version 1.0.0 whose migration is killed, as by kill -9, at any moment is old or new.

Every step since then is taken, whatever is added: the tables of then are filled by their own columns.
"""

import random
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Boolean, Date, DateTime, Float, Integer, LargeBinary, MetaData, select, text

from ingest.store.database import HEAD, make_engine, migrate, upgrade, writing
from tests.ingest.store.test_migrations import indexes

FIRST = "0010"  # the tables of version 1.0.0
KILLS, ROWS = 20, 3
_KINDS = {"dataset": "real", "forecast": "issued", "saved_group": "trusts"}  # those that the tables allow

# Moments are each statement, each 200 steps of SQLite's machine within one, and the transaction's end.
# A child of this process dies at the moment whose number is read; it says how many there are if it lives.
_MIGRATE = """
import os, signal, sys
from alembic import command, config
from sqlalchemy import event
from ingest.store.database import make_engine, migrate
def child(until):
    engine, moments = make_engine(sys.argv[1], pooled=False), [0]
    def moment(*_):
        moments[0] += 1
        if moments[0] == until:
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(engine, "before_cursor_execute", moment)
    event.listen(engine, "commit", moment)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda made, _: made.set_progress_handler(moment, 200))
    migrate(engine)
    print(moments[0], flush=True)
    os._exit(0)
for line in sys.stdin:
    if not (started := os.fork()):
        child(int(line))
    if os.WIFSIGNALED(os.waitpid(started, 0)[1]):
        print("killed", flush=True)
"""


@pytest.fixture
def database(database_url):
    engine = make_engine(database_url, pooled=False)
    yield engine
    engine.dispose()


def make_old(engine):
    """The tables of version 1.0.0, each with rows of which only their kinds make sense."""
    with writing(engine) as connection:
        there = MetaData()
        there.reflect(connection)
        there.drop_all(connection)
        upgrade(connection, FIRST)
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if table.name != "alembic_version":
                rows = [{each.name: value(each, number) for each in table.columns} for number in range(ROWS)]
                connection.execute(table.insert(), rows if table.name != "dataset" else rows[:1])


def value(column, number):
    """Another one in each row; what refers to a row of another table finds the row of the same number."""
    of_type = {
        Boolean: bool(number % 2),
        Integer: number + 1,
        Float: number + 0.5,
        LargeBinary: bytes([number]),
        DateTime: datetime(2025, 3, 1 + number, tzinfo=UTC).replace(tzinfo=None),
        Date: date(2025, 3, 1 + number),
    }
    found = next((each for kind, each in of_type.items() if isinstance(column.type, kind)), f"x{number}")
    of_column = {"source": "monthly", "kind": _KINDS.get(column.table.name, found)}
    return of_column.get(column.name, found)


def held(engine):
    """The version, the tables as the database has them, and every row."""
    with engine.connect() as connection:
        tables = MetaData()
        tables.reflect(connection)
        rows = {
            name: sorted(map(str, connection.execute(select(table)))) for name, table in tables.tables.items()
        }
        described = {
            name: (
                [(c.name, str(c.type), c.nullable) for c in table.columns],
                sorted(indexes(connection, name)),
            )
            for name, table in tables.tables.items()
        }
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return version, described, rows


@pytest.mark.slow
def test_a_migration_killed_twenty_times_leaves_old_or_new(database, database_url):
    make_old(database)
    old = held(database)
    with subprocess.Popen(
        [sys.executable, "-c", _MIGRATE, database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as migrating:

        def until(moment):
            migrating.stdin.write(f"{moment}\n")
            migrating.stdin.flush()
            return migrating.stdout.readline().strip()

        moments = int(until(0))
        new = held(database)
        assert (old[0], new[0]) == (FIRST, HEAD)
        assert new[2]["extract"] == old[2]["extract"]
        make_old(database)
        chance = random.Random(20261129)
        for moment in [moments, *chance.sample(range(1, moments), KILLS - 1)]:
            assert until(moment) == "killed"
            assert held(database) == old, f"at moment {moment} of {moments}"
        migrating.stdin.close()
    migrate(database)  # the next start
    assert held(database) == new
