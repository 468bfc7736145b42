"""The status page in Chromium: extracts loaded and refused by keyboard alone."""

from datetime import date

import pytest
from playwright.sync_api import expect

from ingest.loading.load import load_path
from ingest.store.database import make_engine
from tests import makers, tracking_lists

pytestmark = pytest.mark.browser

MARCH = date(2025, 3, 31)
FACTS = {
    ("RTD", "01A", "2", "C_110"): {0: 60, 17: 5, 18: 30, 52: 3},
    ("R1K", "01A", "2", "C_100"): {10: 40},
}


def press_until(page, key, element):
    """Move on with a key until the element has the focus."""
    for _ in range(40):
        page.keyboard.press(key)
        if element.evaluate("it => it === document.activeElement"):
            return
    raise AssertionError("the keyboard does not get there")


def load_by_keyboard(page, *files):
    press_until(page, "Tab", page.get_by_label("Extracts to load"))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(files)
    press_until(page, "Tab", page.get_by_role("button", name="Load", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Done. Choose Reload")).to_be_visible(timeout=60_000)


def test_a_month_and_a_tracking_list_are_loaded_by_keyboard_and_a_damaged_one_refused(
    serve, page, make_extract, tmp_path
):
    month = make_extract(FACTS, census=MARCH)
    weekly = tmp_path / "open-list.csv"
    weekly.write_bytes(tracking_lists.as_csv([tracking_lists.pathway() for _ in range(30)]))
    damaged = tmp_path / makers.file_name(date(2025, 4, 30))
    damaged.write_text("<html>Sign in first</html>")
    # Heard from the start: a field that is opened before the browser has been told to ask us is lost.
    page.on("filechooser", lambda _chooser: None)
    page.goto(f"{serve(RTT_ACCESS='single-user')}/status")
    expect(page.get_by_text("No data is loaded yet.")).to_be_visible()
    load_by_keyboard(page, month, weekly, damaged)
    results = page.get_by_label("Results").get_by_role("listitem")
    expect(results.filter(has_text="rows loaded")).to_have_count(2)
    expect(results.filter(has_text=f"{damaged.name}: refused").first).to_contain_text("a web page")
    press_until(page, "Tab", page.get_by_role("button", name="Reload"))
    page.keyboard.press("Enter")
    feeds = page.get_by_role("region", name="Feeds, table")
    expect(feeds.get_by_role("rowheader", name="Monthly return")).to_be_visible()
    expect(feeds.get_by_role("rowheader", name="Weekly PTL")).to_be_visible()
    loads = page.get_by_role("region", name="Last loads, table")
    expect(loads.get_by_role("row").filter(has_text=damaged.name)).to_contain_text("refused")


def test_a_file_over_the_limit_is_turned_away_before_it_is_sent(serve, page, tmp_path):
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(300_000_000)
    address = serve(RTT_ACCESS="single-user")
    sent = []
    page.on("request", lambda asked: sent.append(asked.url))
    page.goto(f"{address}/status")
    page.get_by_label("Extracts to load").set_input_files(large)
    page.get_by_role("button", name="Load", exact=True).click()
    expect(page.get_by_text("large.csv: refused; it is larger than 250 MB")).to_be_visible()
    assert not [url for url in sent if url.endswith("/status/load")]


def test_who_may_not_write_finds_no_field_and_is_told_what_to_do(serve, page):
    page.goto(f"{serve()}/status")
    expect(page.get_by_role("heading", name="Data status")).to_be_visible()
    expect(page.get_by_text("rtt load FILE_OR_FOLDER")).to_be_visible()
    expect(page.get_by_label("Extracts to load")).to_have_count(0)


def test_a_group_is_saved_by_a_form_and_withdrawn(serve, page, sqlite_url, make_extract):
    engine = make_engine(sqlite_url)
    load_path(engine, make_extract(FACTS, census=MARCH))
    engine.dispose()
    page.goto(f"{serve(RTT_ACCESS='single-user', RTT_DATABASE_URL=sqlite_url)}/status")
    page.get_by_text("Save a group of trusts or providers").first.click()
    form = page.locator("form[action='/groups']").filter(has=page.locator("input[value=trusts]"))
    form.get_by_label("Name").fill("<b>Ours</b> & theirs")
    form.get_by_label("Codes of its members").fill("RTD, R1K")
    form.get_by_role("button").click()
    saved = page.get_by_role("listitem").filter(has_text="<b>Ours</b> & theirs")
    expect(saved).to_contain_text("RTD and R1K")
    assert page.url.endswith("/status")
    saved.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("No groups yet.")).to_be_visible()
