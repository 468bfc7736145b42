"""Filters and drill-down in Chromium: by mouse, by keyboard alone, by Back, by link, in two browsers."""

import re
import shutil
from datetime import date

import pytest
from playwright.sync_api import expect

from ingest.loading.load import load_path
from ingest.store.database import make_engine
from tests import makers, servers
from tests.browser.drawing import opened, resized, settled

pytestmark = pytest.mark.browser

MARCH = date(2025, 3, 31)
# An ICB of its own region; its trusts treat patients of another one too.
FACTS = {
    ("RTD", "01A", "2", "C_110"): {0: 60, 17: 5, 18: 30, 52: 3},
    ("RTD", "91Q", "2", "C_110"): {30: 40},
    ("R1K", "01A", "2", "C_100"): {10: 40},
}
REGION = "North West Commissioning Region"
ICB = "NHS Lancashire and South Cumbria Integrated Care Board"
TRUST = "RTD Hospitals NHS Trust"


@pytest.fixture(scope="module")
def address(serve_for_all, sqlite_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("facts")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'rtt.db')}"
    extract = folder / makers.file_name(MARCH)
    extract.write_bytes(makers.as_csv(makers.table(FACTS, census=MARCH)).encode())
    engine = make_engine(url)
    (result,) = load_path(engine, extract)
    assert result.state == "loaded"
    engine.dispose()
    return serve_for_all(RTT_ACCESS="single-user", RTT_DATABASE_URL=url)


def heading(page, words):
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def menu(page, name):
    return page.get_by_role("combobox", name=name, exact=True)


def open_table(page, card):
    region = page.get_by_role("region", name=card)
    region.get_by_role("tab", name="Table").click()
    return region


def link(page, name):
    """A link by its name, also one in a table that is still closed."""
    return page.get_by_role("link", name=name, exact=True, include_hidden=True)


def bar_of_north_west(page):
    """The last bar of the regions: the lowest comes first, and South East's has no length."""
    return page.locator("[data-card=next-region] .barlayer path").last


def press_until(page, key, element):
    for _ in range(120):
        page.keyboard.press(key)
        if element.evaluate("it => it === document.activeElement"):
            return
    raise AssertionError("the keyboard does not get there")


def find(page, words, name):
    """Go to a place by the field in the header."""
    field = menu(page, "Find a place or specialty")
    field.fill(words)
    page.get_by_role("option", name=name).first.click()


def go_down(page, element):
    """By keyboard alone: open the table if the link stands in one, go to the link, follow it."""
    settled(page)
    card = page.locator("[data-card]", has=element)
    if card.count() and element.is_hidden():
        press_until(page, "Tab", card.get_by_role("tab", name="Chart"))
        page.keyboard.press("ArrowRight")
    press_until(page, "Tab", element)
    page.keyboard.press("Enter")


def test_down_from_england_to_a_week_band_by_mouse_and_up_again_by_back(page, address):
    page.goto(address)
    heading(page, "England")
    settled(page)
    bar_of_north_west(page).click(force=True)
    heading(page, REGION)
    open_table(page, "By ICB").get_by_role("link", name=ICB).click()
    heading(page, ICB)
    page.get_by_text("About this place").click()
    expect(page.get_by_text("Patients of this ICB, wherever they are treated.")).to_be_visible()
    expect(page.get_by_text("do not add up to the ICB’s")).to_be_visible()
    open_table(page, "Providers under this ICB").get_by_role("link", name=TRUST).click()
    heading(page, TRUST)
    page.get_by_text("About this place").click()
    expect(page.get_by_text("Everyone waiting at this provider")).to_be_visible()
    page.go_back()
    heading(page, ICB)
    page.go_back()
    heading(page, REGION)
    page.go_back()
    heading(page, "England")


def test_down_and_up_by_keyboard_alone(page, address):
    page.goto(f"{address}/?level=icb&org=QE1")
    heading(page, ICB)
    go_down(page, link(page, f"{TRUST} (RTD)"))
    heading(page, TRUST)
    go_down(page, page.get_by_role("region", name="Specialties, table").get_by_role("link", name="Trauma"))
    heading(page, "Trauma & orthopaedics")
    pages = page.get_by_role("navigation", name="Pages")
    go_down(page, pages.locator("summary", has_text="Data"))
    go_down(page, pages.get_by_role("link", name="Waiting list shape"))
    heading(page, "Waiting list shape")
    go_down(page, link(page, "30 to 31 weeks").first)
    expect(page.get_by_text("40 pathways have waited 30 to 31 weeks")).to_be_visible()
    scope = page.get_by_role("navigation", name="Scope")
    expect(scope.get_by_text("30 to 31 weeks")).to_have_attribute("aria-current", "true")
    go_down(page, scope.get_by_role("link", name="RTD Hospitals NHS Trust"))
    expect(page.get_by_text("waited 30 to 31 weeks:")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Trauma")


def test_a_changed_filter_adds_no_step_keeps_the_focus_and_survives_a_refresh(page, address):
    page.goto(f"{address}/?level=provider&org=RTD")
    heading(page, TRUST)
    steps = page.evaluate("history.length")
    pathways = menu(page, "Pathways")
    pathways.focus()
    pathways.select_option("dta")
    page.wait_for_url("**pathway=dta*")
    heading(page, TRUST)
    expect(page.get_by_role("link", name="Clear Pathways")).to_be_visible()
    expect(pathways).to_be_focused()
    assert page.evaluate("history.length") == steps
    page.reload()
    heading(page, TRUST)
    expect(menu(page, "Pathways")).to_have_value("dta")
    page.get_by_role("link", name="Reset").click()
    heading(page, "England")
    assert page.evaluate("history.length") == steps


def read_from(page, pixels):
    page.evaluate(f"window.scrollTo(0, {pixels})")
    return page.evaluate("Math.round(window.scrollY)")


def at_the_top(page):
    expect(page.locator("#main")).to_be_focused()
    page.wait_for_function("() => window.scrollY === 0")


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_a_step_down_starts_at_the_top_and_back_leads_to_where_the_reader_was(page, address, by):
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto(f"{address}/?level=icb&org=QE1")
    heading(page, ICB)
    settled(page)
    way = open_table(page, "Providers under this ICB").get_by_role("link", name=TRUST)
    way.scroll_into_view_if_needed()
    if by == "mouse":
        left = page.evaluate("Math.round(window.scrollY)")
        way.click()
    else:
        way.focus()
        left = page.evaluate("Math.round(window.scrollY)")
        page.keyboard.press("Enter")
    assert left > 300
    heading(page, TRUST)
    at_the_top(page)
    page.go_back()
    heading(page, ICB)
    page.wait_for_function("left => Math.abs(window.scrollY - left) < 3", arg=left)


def test_a_step_by_a_point_of_a_chart_starts_at_the_top(page, address):
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto(address)
    heading(page, "England")
    settled(page)
    bar = bar_of_north_west(page)
    bar.scroll_into_view_if_needed()
    assert page.evaluate("window.scrollY") > 300
    bar.click(force=True)
    heading(page, REGION)
    at_the_top(page)


def test_a_changed_filter_moves_nothing_also_where_the_scope_changes(page, address):
    page.set_viewport_size({"width": 1280, "height": 300})
    page.goto(f"{address}/?level=provider&org=RTD")
    heading(page, TRUST)
    settled(page)
    pathways = menu(page, "Pathways")
    pathways.focus()
    left = read_from(page, 60)
    assert left > 0
    pathways.select_option("dta")
    page.wait_for_url("**pathway=dta*")
    settled(page)
    expect(pathways).to_be_focused()
    assert page.evaluate("Math.round(window.scrollY)") == left


def test_boxes_that_are_drawn_late_open_again_with_the_focus_where_it_was(page, address):
    page.goto(address)
    heading(page, "England")
    panel = page.locator("details.rtt-choices")
    panel.locator("summary").click()
    box = page.get_by_role("checkbox", name="General surgery", exact=True)
    box.focus()
    page.keyboard.press("Space")
    heading(page, "General surgery")
    # As a busy machine does it: the figures first, the controls a second later.
    page.wait_for_timeout(1000)
    panel.evaluate(
        """it => { const anew = it.cloneNode(true); anew.removeAttribute("open"); it.replaceWith(anew); }"""
    )
    expect(panel).to_have_attribute("open", "")
    expect(box).to_be_focused()


def test_several_specialties_are_ticked_at_once_and_the_boxes_stay_open(page, address):
    page.goto(address)
    heading(page, "England")
    boxes = page.locator("details.rtt-choices")
    boxes.locator("summary").focus()
    page.keyboard.press("Enter")
    for name in ("Trauma & orthopaedics", "General surgery"):
        box = page.get_by_role("checkbox", name=name, exact=True)
        box.focus()
        page.keyboard.press("Space")
        expect(box).to_be_checked()
        expect(box).to_be_focused()
        heading(page, name)
    expect(page).to_have_url(re.compile(r"tf=C_110,C_100"))
    page.keyboard.press("Escape")
    expect(boxes.locator("summary")).to_be_focused()
    expect(boxes).not_to_have_attribute("open", "")


def test_a_link_draws_the_same_elsewhere_and_two_browsers_never_see_each_others_choices(
    page, chromium, address
):
    page.goto(f"{address}/list?org=RTD&tf=110&band=18")
    heading(page, "Trauma & orthopaedics")
    said = page.locator("figcaption").all_inner_texts()
    with chromium.new_context(locale="en-GB", timezone_id="Europe/London") as other:
        servers.let_in(other)
        second = other.new_page()
        second.goto(page.url)
        heading(second, "Trauma & orthopaedics")
        expect(second.locator("main")).to_contain_text("30 pathways have waited 18 to 19 weeks")
        expect(second.locator("figcaption")).to_have_text(said)
        second.get_by_role("link", name="Reset").click()
        heading(second, "England")
    page.reload()
    heading(page, "Trauma & orthopaedics")
    expect(page.locator("figcaption")).to_have_text(said)


@pytest.mark.parametrize("path", ["/list?org=RTD&band=18", "/specialties?org=RTD", "/?level=icb&org=QE1"])
def test_no_page_scrolls_sideways_and_no_plot_is_squeezed(page, address, path):
    page.set_viewport_size({"width": 320, "height": 900})
    opened(page, f"{address}{path}")
    for width in (320, 390, 1280, 1920):
        resized(page, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        widths = page.evaluate(
            "[...document.querySelectorAll('.rtt-chart .main-svg')]"
            ".map(it => it.getBoundingClientRect().width)"
        )
        assert all(each >= 240 for each in widths), width
