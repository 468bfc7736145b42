"""The twelve published months and the newest time series, loaded once for all workers of a run."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingest.forecasts.monthly_inputs import Inputs, monthly_inputs
from ingest.loading.load import load_path
from ingest.store.database import make_engine, migrate


@pytest.fixture(scope="session")
def twelve_months_path(published, tmp_path_factory) -> Path:
    """A SQLite database with the twelve months and the time series of May 2026: read it, do not change it."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    path = shared / "twelve_months.db"
    with (shared / "twelve_months.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = shared / "twelve_months.complete"
        if not done.exists():
            _load(published, path)
            done.touch()
    return path


def _load(published: Path, path: Path) -> None:
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    workbook = next((published / "workbooks").glob("RTT-Overview-Timeseries-May26*"))
    results = [result for each in (published / "national", workbook) for result in load_path(engine, each)]
    engine.dispose()
    assert [result.state for result in results] == ["loaded"] * 13


@pytest.fixture(scope="session")
def twelve_months_inputs(twelve_months_path) -> Inputs:
    """What forecasts are made from, read once for all back-tests."""
    engine = make_engine(f"sqlite:///{twelve_months_path}")
    with engine.connect() as connection:
        inputs = monthly_inputs(connection)
    engine.dispose()
    assert inputs is not None
    return inputs


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
