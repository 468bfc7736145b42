"""Whether the product is well: /health fails when its database is gone, also under connections kept open."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from dashboard.application import create_app
from dashboard.settings.settings import Settings
from dashboard.store.cache import answers, reading
from dashboard.store.loaded_extracts import loaded_extracts
from ingest.loading.load import load_path
from ingest.store.database import make_engine

FACTS = {("RTD", "01A", "2", "C_110"): {0: 600}}


@pytest.fixture
def client(sqlite_engine):
    return create_app(sqlite_engine, Settings(home=Path("unused"))).server.test_client()


@pytest.fixture
def held(sqlite_url):
    return Path(sqlite_url.removeprefix("sqlite:///"))


def health(client):
    return client.get("/health").status_code


@pytest.mark.parametrize("gone", [Path.unlink, lambda path: path.rename(path.with_name("moved.db"))])
def test_it_fails_when_the_database_file_is_gone_and_makes_no_empty_one(client, held, gone):
    assert health(client) == 200
    gone(held)
    assert [health(client) for _ in range(3)] == [503] * 3
    assert not held.exists()


def test_a_file_put_back_is_read_without_a_restart(client, held, tmp_path):
    backup = shutil.copy(held, tmp_path / "backup.db")
    assert health(client) == 200
    held.unlink()
    assert health(client) == 503
    Path(backup).rename(held)
    assert health(client) == 200


def test_another_file_of_the_same_version_is_not_answered_from_memory(sqlite_engine, held, make_extract):
    def censuses():
        with reading(sqlite_engine) as connection:
            return loaded_extracts(connection).censuses("monthly")

    other = shutil.copy(held, held.with_name("other.db"))
    load_path(sqlite_engine, make_extract(FACTS, census=date(2025, 3, 31)))
    assert censuses() == (date(2025, 3, 31),)
    engine = make_engine(f"sqlite:///{other}")
    load_path(engine, make_extract(FACTS, census=date(2025, 4, 30)))
    engine.dispose()
    for path in held.parent.glob(f"{held.name}-*"):
        path.unlink()
    Path(other).rename(held)
    assert censuses() == (date(2025, 4, 30),)


def test_a_database_that_was_never_there_is_made(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'new.db'}")
    assert not answers(engine)  # it has no tables yet, but it is a database
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    engine.dispose()
    (tmp_path / "new.db").unlink()
    with pytest.raises(OperationalError, match="unable to open"), engine.connect():
        pass
    engine.dispose()
