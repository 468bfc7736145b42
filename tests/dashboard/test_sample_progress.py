"""What pages say of a sample that is being built: in words, from its journal, and never of real data."""

from datetime import date

import pytest

from dashboard.scope import sample_building
from ingest.fetch.journal import JOURNAL, Journal, only_run
from ingest.loading.load import LoadOptions, load_path
from tests.dashboard import served_pages
from tests.dashboard.served_pages import words

BUILT = "The sample is being built"


@pytest.fixture
def shown(sqlite_engine, make_extract, tmp_path):
    """shown(kind) -> a client of a month of that kind."""

    def shown(kind):
        month = make_extract({("RTD", "01A", "2", "C_110"): {0: 60, 17: 5}}, census=date(2025, 3, 31))
        load_path(sqlite_engine, month, options=LoadOptions(kind=kind))
        return served_pages.client_of(sqlite_engine, tmp_path)

    return shown


@pytest.fixture
def client(shown):
    return shown("sample")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "sample"


def notices(client, path="/"):
    return words(served_pages.drawn(client, path)["notices"])


def test_every_page_says_how_far_the_history_is_and_no_more_once_it_is_there(client, folder):
    before = notices(client)
    with only_run(folder):
        journal = Journal(folder, asked=sample_building.HISTORY)
        journal.run.of = 104
        journal.at("loading", "3 May 2025", done=22)
        for path in ("/", "/breaches", "/list", "/status", "/plan"):
            assert f"{BUILT}: weekly history to 3 May 2025 so far, 22 of 104 lists." in notices(client, path)
        told = client.get("/status/sample.json").json
        assert told["running"]
        assert told["words"] in notices(client)
        # The answer of a moment ago is not given again.
        journal.at("forecasting")
        assert "forecasts are being made" in notices(client)
        (folder / JOURNAL).unlink()
    assert notices(client) == before
    assert client.get("/status/sample.json").json == {"running": False, "words": sample_building.READY}


def test_a_newer_sample_on_its_way_leaves_the_one_that_is_shown(client, folder):
    with only_run(folder):
        Journal(folder, asked=sample_building.NEWER)
        assert "A newer sample is being built. The one before it is shown until then." in notices(client)
    # One that came to nothing takes nothing away.
    assert "sample" not in notices(client)


def test_a_history_that_was_cut_short_is_told_with_what_to_do(client, folder):
    with only_run(folder):
        Journal(folder, asked=sample_building.HISTORY)
    assert "Start the dashboard again to build the rest." in notices(client)


def test_real_data_is_never_said_to_be_a_sample(shown, folder):
    client = shown("real")
    with only_run(folder):
        Journal(folder, asked=sample_building.NEWER)
        assert "sample" not in notices(client)
