"""A page that is looked at while the sample is built: how far it is, and then the whole, without a reload."""

from datetime import date

import pytest
from playwright.sync_api import expect

from dashboard.scope import sample_building
from ingest.extracts import LoadOptions
from ingest.fetch.journal import JOURNAL, Journal, only_run
from ingest.loading.load import load_path
from ingest.store.database import make_engine, migrate

pytestmark = pytest.mark.browser

MARCH, APRIL = date(2025, 3, 31), date(2025, 4, 30)
FACTS = {("R9A", "91Q", "2", "C_110"): {0: 50, 30: 20}}


@pytest.fixture
def sample(tmp_path, make_extract):
    """sample(month): load one into the sample of the server's home."""
    (tmp_path / "home").mkdir()

    def load(census):
        engine = make_engine(f"sqlite:///{tmp_path / 'home' / 'demo.db'}")
        migrate(engine)
        load_path(engine, make_extract(FACTS, census=census), options=LoadOptions(kind="sample"))
        engine.dispose()

    return load


def test_the_words_go_on_and_the_whole_sample_takes_the_place_of_the_first(page, serve, sample, tmp_path):
    sample(MARCH)
    folder = tmp_path / "home" / "sample"
    with only_run(folder):
        journal = Journal(folder, asked=sample_building.HISTORY)
        journal.run.of = 104
        journal.at("loading", "3 May 2025", done=22)
        page.clock.install()
        page.goto(serve())
        expect(page.get_by_text("22 of 104 lists")).to_be_visible()
        page.evaluate("() => { window.same = true; }")
        journal.at("loading", "10 May 2025", done=23)
        expect(page.get_by_text("weekly history to 10 May 2025 so far, 23 of 104 lists")).to_be_visible()
        sample(APRIL)
        (folder / JOURNAL).unlink()
    expect(page.get_by_text("The sample is complete.")).to_be_visible()
    page.clock.fast_forward(61_000)
    expect(page.locator(".rtt-pill")).to_contain_text("April")
    expect(page.get_by_text("The sample is complete.")).to_have_count(0)
    assert page.evaluate("() => window.same")
