"""The sample as its single user and a reader without access see it."""

import pytest

from ingest.store.database import make_engine
from tests.dashboard import served_pages as served


@pytest.fixture(scope="module")
def demo_engine(demo_template):
    engine = make_engine(f"sqlite:///{demo_template}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def client(demo_engine, tmp_path_factory):
    return served.client_of(demo_engine, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def reader_of_aggregates(demo_engine, tmp_path_factory):
    return served.client_of(demo_engine, tmp_path_factory.mktemp("home"), access="none")
