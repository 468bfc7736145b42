"""Fixtures that every test may use, and the rule that a full run skips nothing it need not."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import Engine, text

from ingest.database import make_engine, migrate
from tests import allowances, servers

SOAK = os.environ.get("RTT_SOAK") == "1"
FULL_RUN = os.environ.get("RTT_CI") == "1"

# A tenth of the repetitions unless `make soak` asks for all; no deadline, for two cores are shared;
# derandomised, so that a run says the same about the same code whenever it is made.
hypothesis.settings.register_profile("short", max_examples=30, deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("soak", max_examples=300, deadline=None, database=None)
hypothesis.settings.load_profile("soak" if SOAK else "short")


@pytest.fixture(scope="session")
def published() -> Path:
    """The folder of published files and the figures that they must give."""
    if not allowances.PUBLISHED.is_dir():
        allowances.skip_without_published_files()
    return allowances.PUBLISHED


@pytest.fixture(scope="session")
def repetitions() -> Callable[[int], int]:
    """n repetitions under `make soak`, a tenth of them (at least one) otherwise."""
    return lambda n: n if SOAK else max(1, n // 10)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> Path:
    """A migrated, empty SQLite database, to copy."""
    path = tmp_path_factory.mktemp("template") / "rtt.db"
    _migrated(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Callable[[str], str]]:
    """A PostgreSQL server for the tests of this process: database name -> URL; `template` is migrated."""
    programs = servers.postgresql_programs()
    if programs is None:
        allowances.skip_without_package("postgresql")
    with servers.postgresql(programs) as url:
        _administer(url, 'CREATE DATABASE "template"')
        _migrated(url("template"))
        yield url


@pytest.fixture
def sqlite_url(sqlite_template, tmp_path) -> str:
    """The URL of a fresh, migrated SQLite database."""
    shutil.copy(sqlite_template, tmp_path / "rtt.db")
    return f"sqlite:///{tmp_path / 'rtt.db'}"


_numbers = itertools.count()


@pytest.fixture
def postgresql_url(postgresql_server) -> Iterator[str]:
    """The URL of a fresh, migrated PostgreSQL database."""
    name = f"rtt_{next(_numbers)}"
    _administer(postgresql_server, f'CREATE DATABASE "{name}" TEMPLATE "template"')
    yield postgresql_server(name)
    _administer(postgresql_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request) -> str:
    """A fresh database of each kind in turn, for tests that start a process of their own."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def engine(database_url) -> Iterator[Engine]:
    """A fresh, migrated database of each kind in turn."""
    yield from _engine(database_url)


@pytest.fixture
def sqlite_engine(sqlite_url) -> Iterator[Engine]:
    """A fresh, migrated SQLite database."""
    yield from _engine(sqlite_url)


def _engine(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    yield engine
    engine.dispose()


def _migrated(url: str) -> None:
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()


def _administer(url: Callable[[str], str], statement: str) -> None:
    engine = make_engine(url("postgres"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    engine.dispose()
