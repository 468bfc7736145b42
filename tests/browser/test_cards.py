"""Cards and tables in Chromium: tabs, full screen, sorting, finding, by mouse, touch and keyboard alike."""

import re
import shutil

import pytest
from playwright.sync_api import Page, expect

from tests import servers
from tests.browser.drawing import opened, settled

pytestmark = pytest.mark.browser

CARD = "share-trend"


@pytest.fixture(scope="module")
def address(serve_for_all, demo_template, tmp_path_factory) -> str:
    path = shutil.copy(demo_template, tmp_path_factory.mktemp("sample") / "demo.db")
    return serve_for_all(RTT_DATABASE_URL=f"sqlite:///{path}", RTT_ACCESS="single-user")


@pytest.fixture
def touching(chromium):
    context = chromium.new_context(locale="en-GB", has_touch=True, viewport={"width": 390, "height": 844})
    servers.let_in(context)
    yield context.new_page()
    context.close()


def card_of(page: Page, name: str = CARD):
    return page.locator(f"[data-card={name}]")


def tab(card, name):
    return card.get_by_role("tab", name=name, exact=True)


def spoken(page: Page) -> list[dict]:
    """What the browser tells those who do not see the page: role, name and states of each node."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        {
            "role": node.get("role", {}).get("value"),
            "name": node.get("name", {}).get("value", ""),
            **{each["name"]: each["value"].get("value") for each in node.get("properties", [])},
        }
        for node in nodes
        if not node.get("ignored")
    ]


def drawings_of(page: Page) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda request: "_dash-update" in request.url and asked.append(request.url))
    return asked


def test_a_tab_is_opened_without_asking_the_server_and_its_link_opens_it_elsewhere(address, page, chromium):
    opened(page, address + "/")
    asked, card = drawings_of(page), card_of(page)
    tab(card, "Table").click()
    expect(card.get_by_role("table")).to_be_visible()
    expect(card.locator(".rtt-chart")).to_be_hidden()
    assert asked == []
    assert page.url.endswith(f"tab={CARD}.table")
    elsewhere = chromium.new_context(locale="en-GB")
    servers.let_in(elsewhere)
    other = elsewhere.new_page()
    other.goto(page.url)
    expect(card_of(other).get_by_role("table")).to_be_visible()
    expect(card_of(other).locator(".rtt-chart")).to_be_hidden()
    expect(tab(card_of(other), "Table")).to_have_attribute("aria-selected", "true")
    # Drawn while it was not seen, the chart takes its place when it is.
    tab(card_of(other), "Chart").click()
    expect(card_of(other).locator(".main-svg").first).to_be_visible()
    drawn, place = (card_of(other).locator(each).first for each in (".main-svg", ".rtt-chart"))
    other.wait_for_function(
        """([drawn, place]) => Math.abs(drawn.getBoundingClientRect().width - place.clientWidth) < 2""",
        arg=[drawn.element_handle(), place.element_handle()],
    )
    elsewhere.close()


def test_a_tab_stays_open_when_the_page_is_drawn_again_and_two_cards_keep_their_own(address, page):
    opened(page, address + "/breaches")
    names = [CARD_ for CARD_ in ("ladder", "ladder-weeks") if card_of(page, CARD_).count()]
    for name in names:
        tab(card_of(page, name), "Table").click()
    assert page.url.endswith(f"tab={','.join(f'{name}.table' for name in names)}")
    page.goto(page.url.replace("?", "?threshold=52&"))
    page.wait_for_selector("#page h1")
    settled(page)
    for name in names:
        expect(tab(card_of(page, name), "Table")).to_have_attribute("aria-selected", "true")
        expect(card_of(page, name).get_by_role("table")).to_be_visible()


def test_tabs_are_one_stop_for_the_keyboard_and_the_arrows_move_among_them(address, page):
    opened(page, address + "/")
    card = card_of(page)
    tab(card, "Chart").focus()
    for key, name in (
        ("ArrowRight", "Table"),
        ("End", "About"),
        ("ArrowRight", "Chart"),
        ("ArrowLeft", "About"),
    ):
        page.keyboard.press(key)
        expect(tab(card, name)).to_be_focused()
        expect(card.get_by_role("tabpanel", name=name)).to_be_visible()
        assert card.get_by_role("tabpanel").count() == 1
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    expect(card.get_by_role("button", name="Full screen")).to_be_focused()


def test_tabs_and_full_screen_work_by_touch(address, touching):
    opened(touching, address + "/")
    card = card_of(touching)
    for name in ("Table", "Download", "About", "Chart"):
        box = tab(card, name).bounding_box()
        assert min(box["width"], box["height"]) >= 24
        tab(card, name).tap()
        expect(card.get_by_role("tabpanel", name=name)).to_be_visible()
    card.get_by_role("button", name="Full screen").tap()
    fills_the_window(touching, card)
    card.get_by_role("button", name="Close full screen").tap()
    expect(card).not_to_have_class(re.compile("larger"))


def fills_the_window(page: Page, card):
    """The card covers the window, its chart most of it."""
    page.wait_for_function(
        """card => {
            const box = card.getBoundingClientRect();
            const plot = card.querySelector(".main-svg").getBoundingClientRect();
            return box.width >= innerWidth && box.height >= innerHeight - 1 && plot.width > innerWidth * 0.8
                && plot.height > innerHeight * 0.4;
        }""",
        arg=card.element_handle(),
    )


@pytest.mark.parametrize("has_full_screen", [True, False])
def test_a_chart_fills_the_screen_and_escape_leaves_it(address, page, has_full_screen):
    if not has_full_screen:  # as on a telephone of Apple's
        page.add_init_script("delete Element.prototype.requestFullscreen;")
    opened(page, address + "/")
    card = card_of(page)
    before = card.locator(".main-svg").first.bounding_box()
    button = card.get_by_role("button", name="Full screen")
    button.focus()
    page.keyboard.press("Enter")
    fills_the_window(page, card)
    assert page.evaluate("!!document.fullscreenElement") == has_full_screen
    for _ in range(4):  # nothing behind it is reached
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('[inert]')") is None
    page.keyboard.press("Escape")
    expect(card).not_to_have_class(re.compile("larger"))
    expect(card.get_by_role("button", name="Full screen", exact=False)).to_be_focused()
    assert page.locator("[inert]").count() == 0
    settled(page)
    page.wait_for_function(
        "([svg, width]) => Math.abs(svg.getBoundingClientRect().width - width) < 2",
        arg=[card.locator(".main-svg").first.element_handle(), before["width"]],
    )


def test_two_quick_presses_on_full_screen_leave_nothing_over_the_screen(address, page):
    opened(page, address + "/")
    card = card_of(page)
    page.evaluate(
        "document.addEventListener('fullscreenchange', () => { window.changes = (window.changes || 0) + 1; })"
    )
    card.get_by_role("button", name="Full screen").evaluate("it => { it.click(); it.click(); }")
    expect(card).not_to_have_class(re.compile("larger"))
    # The screen that was asked for comes all the same, some time later, and goes again.
    page.wait_for_function("() => window.changes >= 2")
    assert page.evaluate("!document.fullscreenElement")


def test_a_heading_sorts_keeps_the_focus_and_its_link_sorts_elsewhere(address, page, chromium):
    opened(page, f"{address}/quality")
    card = card_of(page, "checks")
    found = card.get_by_role("link", name="Found", exact=True)
    found.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=checks.found.desc")
    head = card.get_by_role("columnheader", name="Found")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(found).to_be_focused()
    names = card.locator("tbody th").all_inner_texts()
    elsewhere = chromium.new_context(locale="en-GB")
    servers.let_in(elsewhere)
    other = opened(elsewhere.new_page(), page.url)
    assert card_of(other, "checks").locator("tbody th").all_inner_texts() == names
    elsewhere.close()
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=checks.found.asc")
    expect(head).to_have_attribute("aria-sort", "ascending")


def test_sorting_the_table_of_a_chart_leaves_it_open(address, page):
    opened(page, address + "/")
    card = card_of(page)
    tab(card, "Table").click()
    card.get_by_role("link", name="Census", exact=True).click()
    expect(card.get_by_role("columnheader", name="Census")).to_have_attribute("aria-sort", "descending")
    expect(card.get_by_role("table")).to_be_visible()
    first = card.locator("tbody th").first.inner_text()
    card.get_by_role("link", name="Census", exact=True).click()
    expect(card.get_by_role("columnheader", name="Census")).to_have_attribute("aria-sort", "ascending")
    assert card.locator("tbody th").last.inner_text() == first


def test_words_find_rows_and_are_told_to_those_who_hear_the_page(address, page):
    opened(page, f"{address}/quality")
    card = card_of(page, "checks")
    every = card.locator("tbody tr").count()
    box = card.get_by_role("searchbox", name="Find in this table")
    box.fill("date")
    box.press("Enter")
    page.wait_for_url("**find=checks.date")
    expect(card.get_by_role("status")).to_have_text(re.compile(rf"^\d+ of {every} rows with “date”$"))
    expect(page.locator("#announce")).to_contain_text("rows with “date”")
    expect(box).to_be_focused()
    assert all("date" in row.lower() for row in card.locator("tbody tr").all_inner_texts())
    box.fill("zebra")
    card.get_by_role("button", name="Find").click()
    expect(card.get_by_role("status").last).to_have_text("No row of this table has “zebra”.")
    card.get_by_role("link", name=f"Show all {every} rows").click()
    expect(card.locator("tbody tr")).to_have_count(every)


def test_the_head_of_a_long_table_stays_in_sight(address, page):
    opened(page, f"{address}/about")
    region = page.locator(".rtt-scroll--tall").first
    region.scroll_into_view_if_needed()
    before = region.locator("thead").bounding_box()["y"]
    region.evaluate("it => { it.scrollTop = 400; }")
    head, box = region.locator("thead th").first.bounding_box(), region.bounding_box()
    assert abs(head["y"] - box["y"]) < 2, (before, head, box)


def test_tabs_headings_and_what_was_found_are_spoken(address, page):
    opened(page, f"{address}/quality?sort=checks.found.desc&find=checks.date")
    nodes = spoken(page)
    tabs = [node for node in nodes if node["role"] == "tab"]
    assert {node["name"] for node in tabs} >= {"Chart", "Table", "Download", "About"}
    assert all(node["selected"] in (True, False) for node in tabs)
    cards = page.locator("[role=tablist]").count()
    assert sum(node["selected"] for node in tabs) == cards
    lists = [node for node in nodes if node["role"] == "tablist"]
    assert len(lists) == cards
    assert all(node["name"] for node in lists), "each is named by its card"
    panels = [node for node in nodes if node["role"] == "tabpanel"]
    assert len(panels) == cards, "those not on show are not spoken"
    heads = {node["name"]: node for node in nodes if node["role"] == "columnheader"}
    assert {"Check", "Found"} <= set(heads), "no arrow is part of a name"
    live = [node for node in nodes if node["role"] == "status" and node["name"] == ""]
    assert live
    assert any(node["role"] == "StaticText" and "rows with “date”" in node["name"] for node in nodes)
    larger = [node for node in nodes if node["role"] == "button" and node["name"].startswith("Full screen: ")]
    assert len(larger) == page.locator(".rtt-chart").count()


def test_a_print_shows_the_chart_whatever_tab_is_open(address, page):
    opened(page, address + "/")
    tab(card_of(page), "Download").click()
    page.emulate_media(media="print")
    expect(card_of(page).locator(".rtt-chart")).to_be_visible()
    expect(card_of(page).get_by_role("button", name="CSV", exact=False)).to_be_hidden()
    expect(page.get_by_role("tab").first).to_be_hidden()
