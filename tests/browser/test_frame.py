"""What stands round every page, in Chromium: height, menus, the pill, chips, Find a place, both themes."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from dashboard.pages import PAGES
from tests.browser import axe
from tests.browser.drawing import opened, resized
from tests.browser.test_drill_down import heading, menu

pytestmark = pytest.mark.browser

PATHS = [page.path for page in PAGES]
STATES = ("?source=weekly", "?source=monthly&level=provider&org=R9B&tf=C_110")


@pytest.fixture(scope="module")
def address(serve_for_all, demo_template, tmp_path_factory) -> str:
    path = shutil.copy(demo_template, tmp_path_factory.mktemp("sample") / "demo.db")
    return serve_for_all(RTT_DATABASE_URL=f"sqlite:///{path}", RTT_ACCESS="single-user")


@pytest.mark.parametrize("query", STATES)
def test_every_page_begins_above_150_pixels_and_on_a_phone_above_200(address, page, query):
    late = {}
    for path in PATHS:
        page.set_viewport_size({"width": 1280, "height": 900})
        opened(page, address + path + query)
        for width, height, most in ((1280, 900, 150), (390, 844, 200)):
            resized(page, width, height)
            top = page.locator("#page h1").evaluate("it => it.getBoundingClientRect().top + scrollY")
            across = page.evaluate("document.documentElement.scrollWidth")
            if top > most or across > width:
                late[width, path] = (top, across)
    assert not late


def test_on_a_phone_the_first_number_stands_within_400_pixels(address, page):
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, address)
    number = page.locator(".rtt-tile__number").first
    assert number.evaluate("it => it.getBoundingClientRect().top") < 400


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_in_either_theme_on(path, address, tab):
    opened(tab, address + path + "?source=weekly")
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        assert axe.faults(tab) == [], scheme


def test_a_dark_screen_shows_charts_in_the_dark_colours_and_turns_without_drawing(address, page):
    opened(page, f"{address}/?source=monthly")
    shown = """() => {
        const chart = document.querySelector(".js-plotly-plot");
        const of = (what, name) => getComputedStyle(chart.querySelector(what))[name];
        return [of(".xtick text, .ytick text", "fill"), of(".main-svg", "backgroundColor")];
    }"""
    assert page.evaluate(shown) == ["rgb(33, 43, 50)", "rgb(255, 255, 255)"]
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(shown) == ["rgb(238, 242, 244)", "rgb(24, 37, 47)"]
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(shown)[0] == "rgb(33, 43, 50)", "paper is light"


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
def test_a_menu_opens_leads_on_and_closes_on_escape_and_on_a_press_elsewhere(address, page, way):
    opened(page, f"{address}/?source=monthly")
    pages = page.get_by_role("navigation", name="Pages")
    data = pages.locator("details", has_text="Data quality")
    summary = data.locator("summary")

    def press():
        if way == "mouse":
            summary.click()
        else:
            summary.focus()
            page.keyboard.press("Enter")

    press()
    expect(data).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(data).not_to_have_attribute("open", "")
    if way == "keyboard":
        expect(summary).to_be_focused()
    press()
    page.get_by_role("heading", level=1).click()
    expect(data).not_to_have_attribute("open", "")
    press()
    pages.get_by_role("link", name="Data quality").click()
    heading(page, "Data quality")
    expect(pages.locator("details[open]")).to_have_count(0)
    expect(pages.get_by_role("link", name="Data quality", include_hidden=True)).to_have_attribute(
        "aria-current", "page"
    )


def test_the_navigation_names_five_pages_and_two_menus(address, page):
    opened(page, f"{address}/?source=monthly")
    pages = page.get_by_role("navigation", name="Pages")
    top = pages.locator(":scope > ul > li > a").all_inner_texts()
    assert top == ["Overview", "Plan", "Specialties", "Breaches", "Patients"]
    assert pages.locator("summary").all_inner_texts() == ["Reports", "Data"]


def test_the_pill_opens_all_there_is_to_say_of_the_data(address, page):
    opened(page, f"{address}/?source=weekly")
    pill = page.locator(".rtt-pill")
    expect(pill).to_have_text("Sample: list of 22 Feb")
    pill.click()
    for words in ("Sample data: not a real trust", "Sunday 22 Feb 2026", "No rows left out"):
        expect(page.locator(".rtt-status")).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(page.locator(".rtt-status")).to_be_hidden()


@pytest.mark.parametrize("source", ["weekly", "monthly"])
def test_on_a_phone_all_words_of_the_pill_are_seen_in_one_low_header(address, page, source):
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, f"{address}/?source={source}")
    pill = page.locator(".rtt-pill")
    seen = "each => each.scrollWidth <= each.clientWidth && each.scrollHeight <= each.clientHeight"
    assert pill.evaluate(seen)
    assert pill.bounding_box()["height"] >= 24  # a finger
    assert page.locator(".rtt-header").bounding_box()["height"] <= 47


def test_a_chip_that_is_not_as_usual_is_marked_and_cleared(address, page):
    opened(page, f"{address}/?source=monthly")
    assert page.locator(".rtt-pick--chosen").count() == 0
    menu(page, "Pathways").select_option("dta")
    page.wait_for_url("**pathway=dta*")
    chip = page.locator(".rtt-pick", has_text="Pathways")
    expect(chip).to_have_class(re.compile("rtt-pick--chosen"))
    page.get_by_role("link", name="Clear Pathways").click()
    expect(page.locator(".rtt-pick--chosen")).to_have_count(0)
    assert "pathway" not in page.url


def test_week_and_month_are_two_links_and_the_trust_stays(address, page):
    opened(page, f"{address}/?source=weekly")
    heading(page, "Tameford Hospitals NHS Trust")
    both = page.get_by_role("group", name="Week or month")
    expect(both.get_by_role("link", name="Week")).to_have_attribute("aria-current", "true")
    both.get_by_role("link", name="Month").click()
    page.wait_for_url("**source=monthly**")
    heading(page, "Tameford Hospitals NHS Trust")
    expect(both.get_by_role("link", name="Month")).to_have_attribute("aria-current", "true")


def test_the_breadcrumb_of_a_list_leads_up_to_england(address, page):
    opened(page, f"{address}/?source=weekly&tf=C_110")
    steps = page.get_by_role("navigation", name="Scope").get_by_role("listitem").all_inner_texts()
    assert [step.strip() for step in steps] == [
        "England",
        "Midshires",
        "NHS Avonmoor, Tameford and Wyredale ICB",
        "Tameford Hospitals NHS Trust",
        "Trauma & orthopaedics",
    ]
    page.get_by_role("navigation", name="Scope").get_by_role("link", name="Midshires").click()
    heading(page, "Midshires")


def test_the_sample_opens_on_its_region_and_a_filter_stays_there(address, page):
    opened(page, address)
    heading(page, "Midshires")
    menu(page, "Pathways").select_option("dta")
    page.wait_for_url("**pathway=dta*")
    heading(page, "Midshires")


def test_find_a_place_by_keyboard_with_names_roles_and_states(address, page):
    opened(page, f"{address}/trends?source=monthly")
    field = menu(page, "Find a place or specialty")
    field.focus()
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("tameford uro")
    first = page.get_by_role("option", name=re.compile("^Tameford Hospitals NHS Trust, Urology"))
    expect(first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(field).to_have_attribute("aria-activedescendant", first.get_attribute("id"))
    expect(page.locator("#announce")).to_contain_text("match")
    assert axe.faults(page) == []
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Home")
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("tameford uro")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    heading(page, "Tameford Hospitals NHS Trust, Urology")
    expect(page).to_have_url(re.compile(r"/trends\?.*org=R9A.*tf=C_101|/trends\?.*tf=C_101.*org=R9A"))


def test_chromium_tells_assistive_technology_of_the_combobox(address, page):
    opened(page, f"{address}/?source=monthly")
    menu(page, "Find a place or specialty").fill("tame")
    expect(page.get_by_role("option").first).to_be_visible()
    session = page.context.new_cdp_session(page)
    field, listed, chosen = (told(session, what) for what in ("#find", "#find-list", "#find-0"))
    assert (field["role"], field["name"]) == ("combobox", "Find a place or specialty")
    assert (field["expanded"], field["autocomplete"]) == (True, "list")
    assert (listed["role"], listed["name"]) == ("listbox", "Places and specialties")
    assert (chosen["role"], chosen["selected"]) == ("option", True)
    assert chosen["name"].startswith("Tameford Hospitals NHS Trust")


def told(session, what):
    """What Chromium tells of one element: its role, its name, its states."""
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    number = session.send("DOM.querySelector", {"nodeId": root, "selector": what})["nodeId"]
    asked = {"nodeId": number, "fetchRelatives": False}
    (node,) = session.send("Accessibility.getPartialAXTree", asked)["nodes"]
    states = {each["name"]: each["value"].get("value") for each in node.get("properties", [])}
    return {"role": node["role"]["value"], "name": node["name"]["value"], **states}


@pytest.mark.parametrize("way", ["mouse", "touch"])
def test_find_a_place_by_a_press_remembers_it(address, chromium, way, page):
    opened(page, f"{address}/?source=monthly")
    field = menu(page, "Find a place or specialty")
    field.fill("r9b")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("R9B")
    option.click() if way == "mouse" else option.dispatch_event("click")
    heading(page, "Avonmoor University Hospitals")
    assert page.evaluate("JSON.parse(localStorage.getItem('rtt.places'))") == ["provider.R9B"]
    field.click()
    expect(page.get_by_role("option").first).to_contain_text("Avonmoor University Hospitals")


def test_all_places_are_a_plain_page_of_links(address, page):
    page.goto(f"{address}/places?q=wyredale+hospitals")
    assert axe.faults(page) == []
    page.get_by_role("link", name="Wyredale Hospitals NHS FT").click()
    heading(page, "Wyredale Hospitals NHS Foundation Trust")
    page.goto(f"{address}/places")
    for name in ("Regions", "ICBs", "Trusts and providers", "Commissioners"):
        expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_on_a_phone_menu_and_filters_fold(address, page):
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, f"{address}/?source=monthly")
    pathways = menu(page, "Pathways")
    expect(pathways).to_be_hidden()
    filters = page.get_by_role("button", name="Filters")
    filters.click()
    expect(filters).to_have_attribute("aria-expanded", "true")
    pathways.select_option("dta")
    page.wait_for_url("**pathway=dta*")
    expect(pathways).to_be_visible()
    page.get_by_role("button", name="Menu").click()
    page.locator("nav summary", has_text="Reports").click()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Trends").click()
    heading(page, "Trends")
    expect(page.get_by_role("button", name="Menu")).to_have_attribute("aria-expanded", "false")


def test_enter_before_the_answer_never_leads_to_a_hit_of_what_was_typed_before(address, page):
    """On a slow line the list still shows the hits of the first letters: Enter waits for those of all."""
    opened(page, f"{address}/?source=monthly")
    field = page.get_by_role("combobox", name="Find a place or specialty")
    field.fill("a")
    expect(
        page.get_by_role("listbox", name="Places and specialties").get_by_role("option").first
    ).to_be_visible()
    page.route("**/places.json*", lambda route: page.wait_for_timeout(700) or route.continue_())
    field.fill("tameford hospitals")
    field.press("Enter")
    expect(page).to_have_url(re.compile("org=R9A"))


def test_enter_after_an_answer_that_never_came_leads_to_the_plain_page(address, page):
    opened(page, f"{address}/?source=monthly")
    page.route("**/places.json*", lambda route: route.abort())
    field = page.get_by_role("combobox", name="Find a place or specialty")
    field.fill("tameford hospitals")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/places\?q=tameford"))
