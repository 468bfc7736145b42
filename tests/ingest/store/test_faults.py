"""A database that cannot be used says why: full, read-only or not there."""

import errno

import pytest
from psycopg.errors import DiskFull
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from ingest.store.database import make_engine, writing
from ingest.store.faults import in_words


def fault_of(use, failing=SQLAlchemyError):
    with pytest.raises(failing) as raised:
        use()
    return in_words(raised.value)


def write(engine, *before):
    with writing(engine) as connection:
        for statement in before:
            connection.execute(text(statement))
        connection.execute(text("CREATE TABLE filler (cell TEXT)"))
        for _ in range(100):
            connection.execute(text("INSERT INTO filler VALUES (:cell)"), {"cell": "x" * 10_000})


def test_a_database_that_may_not_grow_says_that_the_disk_is_full(sqlite_engine):
    fault = fault_of(lambda: write(sqlite_engine, "PRAGMA max_page_count=1"))
    assert (fault.kind, "disk is full" in fault.words) == ("full", True)


def test_postgresql_without_room_says_that_the_disk_is_full():
    fault = in_words(OperationalError("INSERT", {}, DiskFull("could not extend file")))
    assert (fault.kind, "disk is full" in fault.words) == ("full", True)


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, "full"), (errno.EDQUOT, "full"), (errno.EIO, None)]
)
def test_a_file_without_room_says_that_the_disk_is_full(number, kind):
    fault = in_words(OSError(number, "words of the system"))
    assert (fault and fault.kind) == kind


def test_a_database_that_is_read_only_says_that_it_cannot_be_written(engine):
    sqlite = engine.dialect.name == "sqlite"
    fault = fault_of(lambda: write(engine, "PRAGMA query_only=1" if sqlite else "SET TRANSACTION READ ONLY"))
    assert (fault.kind, "cannot be written" in fault.words) == ("unwritable", True)


def test_a_place_where_no_database_can_be_made_says_that_it_cannot_be_written(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}")
    assert fault_of(lambda: write(engine)).kind == "unwritable"


def test_a_server_that_does_not_answer_is_not_looked_for_with_a_command_that_would_ask_it():
    engine = make_engine("postgresql://someone:secret@127.0.0.1:1/nothing")
    fault = fault_of(lambda: write(engine))
    assert (fault.kind, "RTT_DATABASE_URL" in fault.words) == ("unreachable", True)
    assert "rtt status" not in fault.words
