"""A new sample takes the place of the old one, and no note that was written meanwhile is lost."""

import shutil
import sqlite3
import threading

import pytest
from sqlalchemy import Engine, text

from dashboard.store import writing
from ingest.store import dataset
from ingest.store.database import make_engine
from tests.dashboard.store.test_records import AT, JO, LIST, MARCH


@pytest.fixture
def new_sample(sqlite_template, tmp_path) -> str:
    """Another database, known by a table of its own; it takes many steps to copy."""
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'new.db')}"
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE new_sample AS SELECT zeroblob(40000000) AS filler")
    engine.dispose()
    return url


def _note(engine: Engine, words: str) -> None:
    writing.annotate(engine, JO, LIST, noted_on=MARCH, text=words, at=AT)


def _notes(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM new_sample")).scalar_one() == 1
        return sorted(connection.execute(text("SELECT text FROM annotation")).scalars())


def test_who_writes_all_the_time_loses_nothing(new_sample, sqlite_engine, sqlite_url):
    done, kept = threading.Event(), []

    def write() -> None:
        while not done.is_set() or len(kept) < 20:
            _note(sqlite_engine, f"note {len(kept):04}")
            kept.append(f"note {len(kept):04}")

    writer = threading.Thread(target=write)
    writer.start()
    dataset.take_place(new_sample, sqlite_url)
    done.set()
    writer.join()
    assert _notes(sqlite_engine) == kept


def test_nobody_writes_while_what_was_written_is_carried(new_sample, sqlite_engine, sqlite_url):
    refused = []

    def write_at_once() -> None:
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("DELETE FROM annotation")
        refused.append(True)
        other.close()

    _note(sqlite_engine, "ours")
    dataset.copy_over(new_sample, sqlite_url, when_locked=write_at_once)
    assert refused == [True]
    assert _notes(sqlite_engine) == []  # nobody carried it


def test_the_log_does_not_stay_as_large_as_the_sample(new_sample, sqlite_engine, sqlite_url, tmp_path):
    dataset.take_place(new_sample, sqlite_url)
    assert _notes(sqlite_engine) == []
    log = tmp_path / "rtt.db-wal"
    assert not log.exists() or log.stat().st_size < 1_000_000
