"""More slots a week in Chromium: from Breaches to 12 more slots, to who has them, and the link elsewhere."""

import shutil
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from dashboard.application import create_app
from dashboard.settings.settings import Settings
from ingest.store.database import make_engine
from tests.browser import axe
from tests.browser.drawing import opened, resized, settled
from tests.browser.in_process import serving

pytestmark = pytest.mark.browser

TODAY = date(2026, 2, 22) + timedelta(1)
"""The day after the sample's newest list: older ones are not booked from."""
SPECIALTY = "Trauma & orthopaedics"


@pytest.fixture(scope="module")
def address(demo_template, tmp_path_factory):
    home = tmp_path_factory.mktemp("slots")
    engine = make_engine(f"sqlite:///{shutil.copy(demo_template, home / 'demo.db')}")
    app = create_app(engine, Settings(home=home, access="single-user"), today=lambda: TODAY)
    with serving(app.server) as port:
        yield f"http://127.0.0.1:{port}"
    engine.dispose()


@pytest.fixture
def page(tab):
    return tab


def figures(page: Page) -> list[str]:
    """The answer, and every figure of the chart's table and of the table."""
    cells = page.locator("[data-card] td").evaluate_all("all => all.map(cell => cell.textContent)")
    return [page.locator("#plan-answer").text_content() or "", *cells]


@pytest.mark.parametrize("width", [1280, 390])
def test_from_breaches_to_twelve_more_slots_to_their_pathways_and_the_link_elsewhere(address, page, width):
    resized(page, width, 900 if width == 1280 else 844)
    opened(page, f"{address}/breaches?source=weekly")
    page.get_by_role("link", name="What would more slots do?").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What would it take")
    settled(page)
    expect(page.locator("#plan-answer")).to_contain_text("With 12 more slots a week in each specialty")
    page.locator("[data-card=slots-rows]").get_by_role("link", name=SPECIALTY).click()
    expect(page.locator("#plan-answer")).to_contain_text("With 12 more slots a week, longest wait first")
    settled(page)
    before = figures(page)
    slots = page.get_by_label("More slots", exact=False).first
    slots.fill("40")
    slots.press("Enter")
    page.wait_for_url("**slots=40*")
    expect(page.locator("#plan-answer")).to_contain_text("With 40 more slots a week")
    settled(page)
    changed = figures(page)
    assert changed != before
    assert _clean(page, width)

    link = page.url
    page.get_by_role("link", name="40 slots in the week to").nth(1).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Book next")
    settled(page)
    week = page.locator("[data-card=slots-week]")
    expect(week.get_by_role("heading")).to_contain_text("40 pathways")
    assert week.locator("tbody tr").count() == 40
    assert _clean(page, width)
    page.get_by_role("link", name="What would 40 more slots a week do?").click()
    expect(page.locator("#plan-answer")).to_contain_text("With 40 more slots a week")
    settled(page)
    assert figures(page) == changed

    elsewhere = page.context.new_page()
    opened(elsewhere, link)
    assert figures(elsewhere) == changed
    elsewhere.close()


def _clean(page: Page, width: int) -> bool:
    """Nothing for axe to find, with everything opened, and no sideways scrolling of the page."""
    page.evaluate("document.querySelectorAll('[data-card] details').forEach(each => { each.open = true; })")
    found = axe.faults(page)
    assert found == []
    return page.evaluate("document.documentElement.scrollWidth") == width
