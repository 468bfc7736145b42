"""The sample data as one engine for all tests of packs that change nothing."""

import pytest

from ingest.store.database import make_engine


@pytest.fixture(scope="module")
def sample(demo_template):
    engine = make_engine(f"sqlite:///{demo_template}")
    yield engine
    engine.dispose()
