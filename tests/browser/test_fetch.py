"""NHS England's newest months by the mouse: pressed, watched, stopped, pressed again, shown."""

import threading
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.publisher import Publisher, served

pytestmark = pytest.mark.browser

NEWEST = date(2026, 9, 30)
FIRST = "Show NHS England’s newest 24 months"


@pytest.fixture
def held_back():
    """A site whose second month says nothing until it is let go."""
    site, gate = Publisher(), threading.Event()
    months = site.publish_months(NEWEST, 3)
    path = next(each.path for each in site.files if each.month == months[1])
    site.at_request = lambda asked: gate.wait(60) if asked == path else None
    with served(site):
        yield site, gate
        gate.set()


def test_the_newest_months_are_loaded_by_the_mouse_watched_and_stopped(serve, page, held_back):
    site, gate = held_back
    page.goto(f"{serve(RTT_ACCESS='single-user', RTT_FETCH_BASE=site.base, RTT_FETCH_PAUSE_MS='0')}/status")
    page.get_by_role("button", name=FIRST).click()
    # Without a time series, and a month is loaded before the one that is held back.
    words = page.get_by_role("status").filter(has_text="Downloading August 2026. 1 of 3 files are done.")
    expect(words).to_be_visible()
    expect(page.get_by_role("link", name="See what is loaded so far")).to_be_visible()
    bar = page.get_by_role("progressbar", name="Loading NHS England’s months")
    expect(bar).to_be_visible()
    assert axe.faults(page, "[data-card=fetch]") == []
    page.reload()
    expect(words).to_be_visible()
    page.get_by_role("button", name="Stop loading").click()
    card = page.locator("[data-card=fetch]")
    expect(card.get_by_text("stopped by a person: 1 loaded, and stays.")).to_be_visible()
    expect(page.get_by_role("region", name="Feeds, table")).to_contain_text("30 Sep 2026")
    gate.set()
    page.get_by_role("button", name="Look for new and revised months").click()
    # The page shows by itself that it has ended.
    expect(card.get_by_text("2 loaded, 1 in place, 22 not found; 1 forecast made.")).to_be_visible()
    expect(bar).to_have_count(0)
    assert axe.faults(page, "[data-card=fetch]") == []
