"""The twelve published months and the newest time series, as tests read them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingest.forecasts.monthly_inputs import Inputs, monthly_inputs
from ingest.forecasts.planning_inputs import planning_inputs
from ingest.store.database import make_engine
from rtt.planning.lists import Flows
from tests.real_data import planned_months
from tests.real_data.twelve_months import database


@pytest.fixture(scope="session")
def twelve_months_path(published) -> Path:
    """A SQLite database with the twelve months and the time series of May 2026: read it, do not change it."""
    return database(published)


@pytest.fixture(scope="session")
def planned_path(twelve_months_path) -> Path:
    """The same with the forecast of the newest month and every plan: read it, do not change it."""
    return planned_months.database(twelve_months_path)


@pytest.fixture(scope="session")
def twelve_months_inputs(twelve_months_path) -> Inputs:
    """What back-tests are made of, read once for all: organisations as each month had them."""
    return read_once(twelve_months_path, monthly_inputs)


@pytest.fixture(scope="session")
def flows(twelve_months_path) -> Flows:
    """What plans are made of: every list as it was published."""
    return read_once(twelve_months_path, planning_inputs)


def read_once(path: Path, read):
    engine = make_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        found = read(connection, then=True)
    engine.dispose()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def twelve_months_engine(twelve_months_path) -> Iterator[Engine]:
    """For what a module reads once."""
    engine = make_engine(f"sqlite:///{twelve_months_path}")
    yield engine
    engine.dispose()


@pytest.fixture
def twelve_months(twelve_months_path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{twelve_months_path}")
    yield engine
    engine.dispose()
