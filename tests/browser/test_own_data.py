"""A first file of one's own while the sample is shown, in Chromium: what is seen then, and how to go back."""

from datetime import date

import pytest
from playwright.sync_api import expect

from ingest.extracts import LoadOptions
from ingest.loading.load import load_path
from ingest.store.database import make_engine, migrate
from tests import makers
from tests.browser.test_drill_down import heading

pytestmark = pytest.mark.browser

MARCH, APRIL = date(2025, 3, 31), date(2025, 4, 30)
SAMPLE = {("R9A", "91Q", "2", "C_110"): {0: 50, 30: 20}, ("R9B", "91Q", "2", "C_100"): {0: 30}}
OWN = {("RTD", "01A", "2", "C_110"): {0: 60, 17: 5, 18: 30, 52: 3}, ("R1K", "01A", "2", "C_100"): {10: 40}}


@pytest.fixture
def address(serve, tmp_path, make_extract):
    """A server whose home holds a sample and nothing else."""
    home = tmp_path / "home"
    home.mkdir()
    engine = make_engine(f"sqlite:///{home / 'demo.db'}")
    migrate(engine)
    (result,) = load_path(engine, make_extract(SAMPLE, census=MARCH), options=LoadOptions(kind="sample"))
    assert result.state == "loaded"
    engine.dispose()
    return serve(RTT_ACCESS="single-user", RTT_HOME=str(home))


def load(page, address, *files):
    page.goto(f"{address}/status")
    page.get_by_label("Extracts to load").set_input_files(files)
    page.get_by_role("button", name="Load", exact=True).click()
    expect(page.get_by_text("Done.")).to_be_visible()


def test_own_data_is_shown_after_its_first_file_and_the_sample_is_a_link_away(page, address, make_extract):
    """Fault 11: the page said "loaded, choose Reload", and nothing appeared: it was in the other database."""
    load(page, address, make_extract(OWN, census=APRIL))
    page.get_by_role("button", name="Show my data").click()
    heading(page, "England")
    expect(page.locator(".rtt-status")).to_contain_text("30 Apr 2025")
    expect(page.locator(".rtt-pill")).not_to_contain_text("Sample")
    page.get_by_role("contentinfo").get_by_role("link", name="Sample").click()
    expect(page.locator(".rtt-pill")).to_contain_text("Sample")
    expect(page.locator(".rtt-status")).to_contain_text("31 Mar 2025")
    # The sample goes along from page to page, and is in the address alone.
    page.locator("nav summary", has_text="Reports").click()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Trends").click()
    heading(page, "Trends")
    page.get_by_role("contentinfo").get_by_role("link", name="About these figures").click()
    heading(page, "About")
    expect(page.locator(".rtt-pill")).to_contain_text("Sample")
    page.reload()
    expect(page.locator(".rtt-pill")).to_contain_text("Sample")
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    page.locator(".rtt-pill").click()
    page.get_by_role("link", name="Show my data").click()
    expect(page.locator(".rtt-pill")).not_to_contain_text("Sample")
    assert "data=" not in page.url


def test_the_sample_beside_own_data_takes_no_file_and_no_note(page, address, make_extract):
    load(page, address, make_extract(OWN, census=APRIL))
    page.goto(f"{address}/status?data=sample")
    expect(page.locator(".rtt-pill")).to_contain_text("Sample")
    expect(page.get_by_label("Extracts to load")).to_have_count(0)
    # What asks for another place only reads.
    writing = page.locator("main form:not([method=get])")
    page.goto(f"{address}/trends")
    heading(page, "Trends")
    expect(writing).not_to_have_count(0)
    page.goto(f"{address}/trends?data=sample")
    expect(page.locator(".rtt-pill")).to_contain_text("Sample")
    heading(page, "Trends")
    expect(writing).to_have_count(0)


def test_a_refusal_while_the_sample_is_shown_stays_on_the_page(page, address, tmp_path):
    """Fault 11: a refused file left its trace in the database that was not shown, so in no page."""
    damaged = tmp_path / makers.file_name(APRIL)
    damaged.write_text("<html>Sign in first</html>")
    load(page, address, damaged)
    page.get_by_role("button", name="Reload").click()
    own = page.get_by_role("region", name="Your own files, table")
    expect(own.get_by_role("row").filter(has_text=damaged.name)).to_contain_text("refused")
    expect(page.locator(".rtt-pill")).to_contain_text("Sample")


def test_an_address_of_a_sample_that_is_not_there_says_so(page, serve, sqlite_url, make_extract):
    engine = make_engine(sqlite_url)
    load_path(engine, make_extract(OWN, census=APRIL))
    engine.dispose()
    page.goto(f"{serve(RTT_ACCESS='single-user', RTT_DATABASE_URL=sqlite_url)}/?data=sample")
    expect(page.get_by_text("There is no sample on this server")).to_be_visible()
