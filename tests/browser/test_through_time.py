"""A merger in Chromium: the switch by keyboard at both widths, the mark, the way on from a page."""

import re
import shutil
from datetime import date

import pytest
from playwright.sync_api import expect

from ingest.loading.load import load_path
from ingest.store.closures import record_closure
from ingest.store.database import make_engine
from tests import makers
from tests.browser.axe import faults
from tests.browser.drawing import opened, settled
from tests.browser.test_drill_down import heading

pytestmark = pytest.mark.browser

MONTHS = (date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31))
SIZES = [{"width": 1280, "height": 900}, {"width": 390, "height": 844}]


def facts(month: date):
    """RX9 became a part of RX8 on 1 March."""
    lists = {"RX8": 900, "RX9": 300} if month < MONTHS[-1] else {"RX8": 1210}
    return {(trust, "00R", "2", "C_110"): {5: n, 30: 40} for trust, n in lists.items()}


@pytest.fixture(scope="module")
def address(serve_for_all, sqlite_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("merged")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'rtt.db')}"
    engine = make_engine(url)
    for month in MONTHS:
        extract = folder / makers.file_name(month)
        extract.write_bytes(makers.as_csv(makers.table(facts(month), census=month)).encode())
        load_path(engine, extract)
    record_closure(engine, "RX9", date(2025, 3, 1), ["RX8"])
    engine.dispose()
    return serve_for_all(RTT_ACCESS="single-user", RTT_DATABASE_URL=url)


@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
def test_the_switch_shows_both_and_axe_finds_nothing(page, address, size):
    page.set_viewport_size(size)
    opened(page, f"{address}/trends?level=provider&org=RX8&measure=total")
    expect(page.locator("main")).to_contain_text("RX9 merged into it, 1 Mar 2025.")
    expect(page.locator("[data-card=level]")).to_contain_text("Down 30 since January 2025, from 1,280")
    if size["width"] == 390:
        page.get_by_role("button", name="Filters").click()
    switch = page.get_by_label("Before mergers")
    switch.focus()
    switch.select_option("As it was then")
    expect(page).to_have_url(re.compile("history=then"))
    said = "Months before are shown as they were then; forecasts and plans are as now."
    expect(page.locator("main")).to_contain_text(said)
    settled(page)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_trust_that_has_ended_leads_on(page, address):
    opened(page, f"{address}/?level=provider&org=RX9")
    heading(page, "RX9")
    expect(page.locator("main")).to_contain_text("RX9 has ended; February 2025, its last month, is shown.")
    page.get_by_role("link", name="See RX8 now").click()
    heading(page, "RX8")
