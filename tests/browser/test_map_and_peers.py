"""The map of ICBs, peers and places beside, in Chromium: by mouse, keyboard and touch, in both themes."""

import re
import shutil
from datetime import date

import pytest
from playwright.sync_api import expect

from ingest.loading.load import load_path
from ingest.store.database import make_engine
from tests import makers, servers
from tests.browser.axe import faults
from tests.browser.drawing import opened, settled
from tests.browser.test_drill_down import heading

pytestmark = pytest.mark.browser

MARCH = date(2025, 3, 31)
TRUSTS = [f"R{letter}{digit}" for letter in "ABCDEF" for digit in "12"]
FACTS = {
    (trust, commissioner, "2", function): {5: 60 + 7 * at, 30: 50 + 3 * at, 60: at}
    for at, trust in enumerate(TRUSTS)
    for commissioner in ("01A", "91Q")
    for function in ("C_110", "C_120")
}
SPECIALTY = "/specialties?org=RA1&tf=C_110"
SIZES = [{"width": 1280, "height": 900}, {"width": 390, "height": 844}]


@pytest.fixture(scope="module")
def address(serve_for_all, sqlite_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("facts")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'rtt.db')}"
    extract = folder / makers.file_name(MARCH)
    extract.write_bytes(makers.as_csv(makers.table(FACTS, census=MARCH)).encode())
    engine = make_engine(url)
    load_path(engine, extract)
    engine.dispose()
    return serve_for_all(RTT_ACCESS="single-user", RTT_DATABASE_URL=url)


def tile(page, name):
    """The middle of a square, by the name in it."""
    words = page.locator("[data-card=icb-map] .js-plotly-plot text", has_text=name).first
    words.scroll_into_view_if_needed()
    box = words.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_press_on_a_square_leads_to_its_icb(page, address):
    page.goto(f"{address}/")
    settled(page)
    x, y = tile(page, "Kent")
    # Anywhere in the square, not on its words alone.
    page.mouse.click(x + 12, y - 12)
    heading(page, "Kent and Medway")
    expect(page).to_have_url(re.compile("org=QKS"))


def test_a_finger_on_a_square_leads_to_its_icb(chromium, address):
    context = chromium.new_context(locale="en-GB", viewport=SIZES[1], has_touch=True)
    servers.let_in(context)
    page = context.new_page()
    page.goto(f"{address}/")
    settled(page)
    page.touchscreen.tap(*tile(page, "Lancs"))
    heading(page, "Lancashire and South Cumbria")
    context.close()


def test_the_keyboard_reaches_every_icb_by_the_table_and_sorts_the_peers(page, address):
    page.goto(f"{address}/")
    settled(page)
    region = page.locator("[data-card=icb-map]")
    region.get_by_role("tab", name="Chart").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    way = region.get_by_role("link", name="Kent and Medway")
    way.focus()
    page.keyboard.press("Enter")
    heading(page, "Kent and Medway")
    page.goto(f"{address}{SPECIALTY}")
    settled(page)
    peers = page.locator("[data-card=peer-table]")
    expect(peers).to_be_hidden()
    page.get_by_text("Peers of RA1, by name").locator("xpath=ancestor::summary").focus()
    page.keyboard.press("Enter")
    waiting = peers.get_by_role("link", name="Waiting")
    waiting.focus()
    page.keyboard.press("Enter")
    expect(peers.locator("th[aria-sort=descending]")).to_contain_text("Waiting")
    expect(peers.locator("tbody tr").first).to_contain_text("RF2")
    expect(peers.locator("tr[aria-current=true]")).to_contain_text("RA1")


def test_a_place_is_put_beside_by_its_name_and_taken_away(page, address):
    page.goto(f"{address}{SPECIALTY}")
    settled(page)
    page.get_by_role("combobox", name="Add a place by name or code").fill("RC2")
    page.keyboard.press("Enter")
    chip = page.get_by_role("link", name="Remove RC2")
    expect(chip).to_be_visible()
    head = page.locator("[data-card=peers] thead")
    expect(head).to_contain_text("RC2")
    chip.click()
    expect(chip).to_have_count(0)


@pytest.mark.parametrize("size", SIZES, ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/?map=median_weeks", f"{SPECIALTY}&beside=RB1"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page, address, path, scheme, size):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    opened(page, f"{address}{path}")
    settled(page)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("size", SIZES, ids=["desk", "phone"])
def test_no_label_of_the_funnel_lies_on_another(page, address, size):
    page.set_viewport_size(size)
    opened(page, f"{address}{SPECIALTY}&beside=RB1,RE2")
    settled(page)
    boxes = page.evaluate(
        """() => [...document.querySelectorAll(
            '[data-card=funnel] .textpoint text, [data-card=funnel] .annotation-text')]
            .map(each => each.getBoundingClientRect()).filter(each => each.width)
            .map(each => [each.left, each.top, each.right, each.bottom])"""
    )
    assert len(boxes) >= 3
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            beside = one[2] <= other[0] or other[2] <= one[0]
            assert beside or one[3] <= other[1] + 2 or other[3] <= one[1] + 2, (one, other)
