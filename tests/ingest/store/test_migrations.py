"""The steps of the migrations lead to the tables that a new database is given at once."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, inspect, select, text

import ingest
from ingest.store.database import HEAD, insert_rows, make_engine, migrate, upgrade, writing
from ingest.store.schema import extract, load, metadata, pathway
from tests.dashboard import tracked

STEPS = Path(ingest.__file__).parent / "store" / "migrations" / "versions"


def described(connection: Connection) -> dict[str, dict[str, object]]:
    """Every table of ours: columns, keys and indexes, as the database has them."""
    found = inspect(connection)
    # SQLite knows no lengths of texts, and a step does not write them anew.
    length = r"\(\d+\)" if connection.dialect.name == "sqlite" else "$^"
    return {
        table: {
            "columns": {
                each["name"]: (re.sub(length, "", str(each["type"])), each["nullable"])
                for each in found.get_columns(table)
            },
            "key": found.get_pk_constraint(table)["constrained_columns"],
            "foreign": sorted(
                (each["constrained_columns"], each["referred_table"], each["referred_columns"])
                for each in found.get_foreign_keys(table)
            ),
            "unique": sorted(each["column_names"] for each in found.get_unique_constraints(table)),
            "indexes": {name: plain(words) for name, words in indexes(connection, table)},
        }
        for table in sorted(metadata.tables)
    }


def indexes(connection: Connection, table: str) -> list[tuple[str, str]]:
    """Name and definition: an index may stand on expressions and on part of the rows."""
    asked = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = :table"
        if connection.dialect.name == "sqlite"
        else "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = :table"
    )
    return [(name, words) for name, words in connection.execute(text(asked), {"table": table})]


def plain(words: str) -> str:
    return re.sub(r'["\s]+', " ", words)


@pytest.fixture
def empty(database_url):
    """The engine of a database without a table."""
    engine = make_engine(database_url)
    empty_out(engine)
    yield engine
    engine.dispose()


def empty_out(engine: Engine) -> None:
    with engine.begin() as connection:
        for table in inspect(connection).get_table_names():
            cascade = " CASCADE" if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f'DROP TABLE "{table}"{cascade}'))


def test_the_newest_step_is_the_version_of_a_new_database():
    numbers = sorted(path.name[:4] for path in STEPS.glob("[0-9]*.py"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert numbers[-1] == HEAD


def test_step_by_step_leads_to_the_tables_of_a_new_database(empty):
    with empty.begin() as connection:
        upgrade(connection)
        stepped = described(connection)
    empty_out(empty)
    migrate(empty)
    with empty.connect() as connection:
        assert described(connection) == stepped


@pytest.mark.parametrize("version", ["0001", "0007"])
def test_a_database_of_an_older_version_is_brought_up(empty, version):
    with empty.begin() as connection:
        upgrade(connection, version)
    migrate(empty)
    with empty.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD


# Dies as by kill -9 before the statement of this number that a migration sends.
_KILLED = """
import os, signal, sys
from sqlalchemy import event
from ingest.store.database import make_engine, migrate
url, until = sys.argv[1], int(sys.argv[2])
engine, sent = make_engine(url), []
def die(connection, cursor, statement, *_):
    if statement.strip().startswith(("CREATE", "DROP", "UPDATE alembic")):
        sent.append(statement)
        if len(sent) == until:
            os.kill(os.getpid(), signal.SIGKILL)
event.listen(engine, "before_cursor_execute", die)
migrate(engine)
"""


@pytest.fixture
def with_a_list(empty, tmp_path):
    """A database of the version before lists were known by their extract, with a list; and its rows."""
    other = make_engine(f"sqlite:///{tmp_path / 'other.db'}")
    migrate(other)
    tracked.load(other, tmp_path)
    with other.connect() as source, writing(empty) as connection:
        upgrade(connection, "0017")
        for table in (load, extract, pathway):
            rows = [tuple(row) for row in source.execute(select(table))]
            insert_rows(connection, table.name, [column.name for column in table.c], rows)
    other.dispose()
    return rows


def test_a_list_that_was_loaded_before_is_all_there_after_it(empty, with_a_list):
    migrate(empty)
    with empty.connect() as connection:
        assert sorted(map(tuple, connection.execute(select(pathway)))) == sorted(with_a_list)


@pytest.mark.parametrize("until", [1, 4, 9, 13, 14])
def test_a_migration_that_is_killed_leaves_the_old_version_whole(empty, with_a_list, until):
    with empty.connect() as connection:
        before = {table: indexes(connection, table) for table in inspect(connection).get_table_names()}
    url = empty.url.render_as_string(hide_password=False)
    killed = subprocess.run([sys.executable, "-c", _KILLED, url, str(until)], check=False)
    assert killed.returncode == -signal.SIGKILL
    with empty.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "0017"
        after = {table: indexes(connection, table) for table in inspect(connection).get_table_names()}
        assert connection.execute(text("SELECT count(*) FROM pathway")).scalar() == len(with_a_list)
    assert after == before
    migrate(empty)
    with empty.connect() as connection:
        assert sorted(map(tuple, connection.execute(select(pathway)))) == sorted(with_a_list)
