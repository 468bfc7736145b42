"""A dashboard with a PTL, behind the provider of the file that asks for it."""

import pytest

from tests.dashboard import tracked
from tests.dashboard.server.oidc.signing_in import served, settings_for


@pytest.fixture
def app(sqlite_engine, provider, tmp_path):
    tracked.load(sqlite_engine, tmp_path)
    return served(sqlite_engine, settings_for(provider, tmp_path))
