"""What stands on the first screen of Overview and Trends, and how long the pages are, in Chromium."""

import shutil

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.drawing import opened

pytestmark = pytest.mark.browser

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SCREENS, MOST_WORDS = 3, 700
FRAME = 150  # pixels that the frame may take above the heading; its own tests hold it to that
OVERVIEWS = ("/", "/?source=monthly", "/?source=monthly&level=provider&org=R9A")


@pytest.fixture(scope="module")
def address(serve_for_all, demo_template, tmp_path_factory) -> str:
    """The sample data, served for every test that only reads it."""
    path = shutil.copy(demo_template, tmp_path_factory.mktemp("sample") / "demo.db")
    return serve_for_all(RTT_DATABASE_URL=f"sqlite:///{path}", RTT_ACCESS="single-user")


def edges(tab, selector):
    """Top and foot of the first such element, from the top of the page."""
    box = tab.locator(selector).first.bounding_box()
    return box["y"] + tab.evaluate("scrollY"), box["y"] + box["height"] + tab.evaluate("scrollY")


def below_frame(tab, y):
    """How far down a place would stand if the frame took just what it may."""
    return y - edges(tab, "h1")[0] + FRAME


@pytest.mark.parametrize("path", OVERVIEWS)
def test_tiles_chart_and_list_of_overview_stand_on_the_first_screen(path, address, tab):
    """Fault 1: the trend stood at y = 1,201 of 900, and 450 pixels of frame before the first figure."""
    tab.set_viewport_size(DESK)
    opened(tab, address + path)
    # What the target would take is a line of its own below the six.
    assert tab.locator(".rtt-tile--wide").count() <= 1
    tiles = tab.locator(".rtt-tile:not(.rtt-tile--wide)").all()
    assert len(tiles) == 6
    tops = {round(tile.bounding_box()["y"]) for tile in tiles}
    assert len(tops) == 1  # in one row
    _, foot = edges(tab, '[data-card="share-trend"] .js-plotly-plot')
    assert below_frame(tab, foot) < DESK["height"]
    assert edges(tab, '[data-card="attention"]')[0] < foot
    for image in tab.locator(".rtt-tile img").all():
        assert image.evaluate("each => each.complete && each.naturalWidth > 0")


@pytest.mark.parametrize("path", OVERVIEWS)
def test_the_first_number_stands_high_on_a_phone(path, address, tab):
    """Fault 1: it stood at y = 990 of 844."""
    tab.set_viewport_size(PHONE)
    opened(tab, address + path)
    assert below_frame(tab, edges(tab, ".rtt-tile__number")[1]) < 400
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("path", [*OVERVIEWS, "/trends", "/trends?source=monthly", "/trends?view=all"])
def test_a_page_is_three_screens_and_700_words_long_at_most(path, address, tab):
    tab.set_viewport_size(DESK)
    opened(tab, address + path)
    page = tab.locator("#page")
    height = page.evaluate("document.documentElement.scrollHeight")
    assert below_frame(tab, height) <= SCREENS * DESK["height"]
    # What a menu or a box that is closed holds is not read.
    assert len(page.inner_text().split()) <= MOST_WORDS
    assert axe.faults(tab) == []


def test_a_measure_of_the_small_multiples_opens_its_charts_and_back_leads_there_again(address, tab):
    tab.set_viewport_size(DESK)
    opened(tab, f"{address}/trends?source=monthly&view=all")
    tab.get_by_role("link", name="Waiting list", exact=True).click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Trends: ")
    level, change = (
        edges(tab, f'[data-card="{name}"] .js-plotly-plot') for name in ("level", "control-chart")
    )
    assert level[1] < change[0]
    assert below_frame(tab, level[1]) < DESK["height"]
    tab.go_back()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("all measures")
