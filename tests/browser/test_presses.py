"""What a press must not undo: a menu under it, a table that is open, a form that is half filled in."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.drawing import settled
from tests.browser.test_drill_down import ICB, address, heading, open_table

__all__ = ["address"]
pytestmark = pytest.mark.browser

DRAWING = "**/_dash-update-component*"


@pytest.fixture
def menu(page, address):
    """The menu of specialties, open."""
    page.goto(address)
    heading(page, "England")
    settled(page)
    menu = page.locator("details.rtt-choices")
    menu.locator("summary").click()
    return menu


def middle(element):
    # Between two drawings of the page it is not there, or has no box yet.
    for _ in range(1_000):
        if (box := element.bounding_box()) is not None:
            break
        element.page.wait_for_timeout(20)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def hold(page, element, milliseconds):
    """A press as slow as a hand's."""
    page.mouse.move(*middle(element))
    page.mouse.down()
    page.wait_for_timeout(milliseconds)
    page.mouse.up()


def test_a_press_on_a_specialtys_name_ticks_it_and_leaves_the_menu_open(page, menu):
    """Fault 1: the press closed the menu under the pointer, ticked nothing, and the tab died."""
    dead = []
    page.on("crash", lambda tab: dead.append(tab))
    names = menu.locator(".form-check label")
    ticked = ((0, "General surgery", "General surgery"), (1, "Trauma & orthopaedics", "2 specialties"))
    for number, name, told in ticked:
        hold(page, names.nth(number), 150)
        heading(page, name)
        # The menu is drawn some time after the figures, and says then what is ticked.
        expect(menu.locator("summary")).to_contain_text(told)
        expect(menu).to_have_attribute("open", "")
        settled(page)
    expect(page).to_have_url(re.compile("tf=C_100,C_110"))
    assert dead == []


@pytest.mark.parametrize("release", ["on another name", "outside"])
def test_a_press_that_is_dragged_away_chooses_nothing_and_closes_nothing(page, menu, release):
    names = menu.locator(".form-check label")
    page.mouse.move(*middle(names.nth(0)))
    page.mouse.down()
    x, y = middle(names.nth(1)) if release == "on another name" else (1200, 700)
    page.mouse.move(x, y, steps=5)
    page.mouse.up()
    expect(menu).to_have_attribute("open", "")
    assert "tf=" not in page.url


def test_a_press_that_spans_a_drawing_of_the_page_counts(page, menu):
    """The name is drawn anew before the button is let go: the browser itself makes no click of that."""
    names, answers, let_through = menu.locator(".form-check label"), [], False

    def hold_back(answer):
        if let_through:
            answer.continue_()
        else:
            answers.append(answer)

    # Until the second press has begun, so that the drawing falls within it on any machine.
    page.route(DRAWING, hold_back)
    with page.expect_request(DRAWING):
        hold(page, names.nth(0), 0)
    page.mouse.move(*middle(names.nth(1)))
    page.mouse.down()
    assert answers
    let_through = True
    for each in answers:
        each.continue_()
    heading(page, "General surgery")
    expect(menu.locator("summary")).to_contain_text("General surgery")
    expect(menu).to_have_attribute("open", "")
    page.mouse.up()
    expect(page).to_have_url(re.compile("tf=C_100,C_110"))


def test_a_press_elsewhere_closes_the_menu(page, menu):
    page.get_by_role("heading", level=1).click()
    expect(menu).not_to_have_attribute("open", "")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["Reports", "Data"])
def test_a_menu_of_the_frame_stays_open_and_keeps_the_focus_when_an_answer_comes(page, address, name, width):
    """Each answer draws the frame anew: it closed the menu that a reader had opened meanwhile."""
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{address}/?level=icb&org=QE1")
    heading(page, ICB)
    settled(page)
    answers, let_through = [], False
    page.route(DRAWING, lambda each: each.continue_() if let_through else answers.append(each))
    if width == 390:
        page.get_by_role("button", name="Filters").click()
    with page.expect_request(DRAWING):
        page.get_by_role("combobox", name="Pathways").select_option("With decision to admit")
    if width == 390:
        page.get_by_role("button", name="Menu").click()
    menu = page.locator("#navigation details").filter(has_text=name)
    menu.locator("summary").click()
    page.keyboard.press("Tab")
    words = menu.get_by_role("link").first.text_content()
    before = menu.element_handle()
    let_through = True
    for each in answers:
        each.continue_()
    page.wait_for_function("before => !before.isConnected", arg=before)
    expect(menu).to_have_attribute("open", "")
    expect(menu.get_by_role("link", name=words, exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    menu.locator("summary").click()
    link = menu.get_by_role("link", name=words, exact=True)
    way = link.get_attribute("href")
    link.click()
    page.wait_for_url(f"{address}{way}")
    settled(page)
    expect(menu).not_to_have_attribute("open", "")


def test_a_table_that_is_open_stays_open_when_a_filter_changes(page, address):
    page.goto(f"{address}/?level=icb&org=QE1")
    heading(page, ICB)
    card = open_table(page, "Providers under this ICB")
    expect(card.get_by_role("table")).to_be_visible()
    page.get_by_role("combobox", name="Pathways").select_option("With decision to admit")
    page.wait_for_url("**pathway=dta*")
    page.get_by_role("combobox", name="Pathways").select_option("All")
    heading(page, ICB)
    expect(card.get_by_role("table")).to_be_visible()


def test_a_double_click_adds_one_step(page, address):
    page.goto(address)
    heading(page, "England")
    steps = page.evaluate("history.length")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Breaches").dblclick()
    heading(page, "Predicted breaches")
    assert page.evaluate("history.length") == steps + 1


@pytest.mark.parametrize("allowed", [True, False])
def test_copy_link_keeps_the_figures_of_this_census_and_says_so(page, address, allowed):
    """Fault 20: the guide promised the same figures, but the link showed whatever was the newest."""
    if allowed:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    else:
        # As on a server without HTTPS, where a browser copies for nobody.
        page.add_init_script(
            "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
            "document.execCommand = () => false;"
        )
    page.goto(f"{address}/trends")
    heading(page, "Trends")
    page.get_by_role("button", name="Copy link").first.click()
    expect(page.locator(".rtt-told")).to_contain_text("figures of 31 Mar 2025")
    copied = page.evaluate("navigator.clipboard.readText()") if allowed else page.url
    assert copied == f"{address}/trends?source=monthly&census=2025-03-31"
    page.goto(copied)
    heading(page, "Trends")
    expect(page.get_by_role("combobox", name="Census")).to_have_value("2025-03-31")


def test_the_minutes_look_for_newer_data_empties_no_form(page, address):
    page.route("**/version", lambda asked: asked.fulfill(json={"version": 99}))
    page.clock.install()
    page.goto(f"{address}/trends")
    heading(page, "Trends")
    page.evaluate("document.querySelectorAll('main details').forEach(each => { each.open = true; })")
    field = page.locator("main form input[name=text]")
    field.fill("A ward closed")
    page.clock.run_for(61_000)
    expect(page.locator(".rtt-told")).to_contain_text("Newer data is loaded")
    expect(field).to_have_value("A ward closed")
