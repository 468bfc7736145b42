"""axe on what a page becomes once it is used: every tab, fold and menu open, a search with its results, by
day and by night. How pages are when they are opened, at every width, is in `test_pages.py`.
"""

import shutil

import pytest
from playwright.sync_api import Page, expect

from dashboard.pages import PAGES
from tests.browser import axe
from tests.browser.drawing import opened, settled

pytestmark = pytest.mark.browser

LIST, RETURN = "?source=weekly&level=provider&org=R9A", "?source=monthly&level=provider&org=R9A"
# What is asked of a page beside the list of a trust: where a page has other parts, those too.
MORE = {
    "/": (f"{RETURN}&tf=C_110&beside=provider.R9B",),
    "/specialties": (f"{RETURN}&tf=C_110",),
    "/trends": (RETURN,),
    "/breaches": tuple(f"{LIST}&show={each}" for each in ("expected", "since", "projection", "record")),
    "/pack": (RETURN,),
    "/services": ("?place=monthly~provider~R9A~~C_110",),
    "/ptl": (f"{LIST}&tf=C_120&only=no-date&open=2",),
}
STATES = [(page.path, query) for page in PAGES for query in (LIST, *MORE.get(page.path, ()))]
TABS = ("Table", "Download", "About")
CARDS = "[data-card]"
FOLDS = "main details:not(.rtt-popup)"
MENUS = "main details.rtt-popup"
OF_FRAME = "header details, .rtt-place details"


@pytest.fixture(scope="module")
def address(serve_for_all, demo_template, tmp_path_factory) -> str:
    path = shutil.copy(demo_template, tmp_path_factory.mktemp("sample") / "demo.db")
    return serve_for_all(RTT_DATABASE_URL=f"sqlite:///{path}", RTT_ACCESS="single-user")


@pytest.fixture
def page(tab) -> Page:
    tab.set_viewport_size({"width": 1280, "height": 900})
    return tab


def found_in(page: Page, within: str = "") -> list[str]:
    """By day, and what the colours of the night make of it."""
    found = axe.faults(page, within)
    page.emulate_media(color_scheme="dark")
    found += [f"in the dark: {each}" for each in axe.faults(page, within, only=axe.OF_COLOUR)]
    page.emulate_media(color_scheme="light")
    return found


@pytest.mark.parametrize(("path", "query"), STATES)
def test_axe_finds_nothing_whatever_tab_fold_or_menu_is_open(page, address, path, query):
    opened(page, address + path + query)
    settled(page)
    found = {}
    page.locator(FOLDS).evaluate_all("all => all.forEach(each => { each.open = true; })")
    found["as it opens"] = found_in(page)
    for name in TABS:
        tabs = page.locator(CARDS).get_by_role("tab", name=name, exact=True)
        tabs.evaluate_all("all => all.forEach(each => each.click())")
        if tabs.count():
            expect(tabs.first).to_have_attribute("aria-selected", "true")
            found[name] = found_in(page, CARDS)
    for at in range(page.locator(MENUS).count()):
        found[f"menu {at + 1}"] = opens_menu(page, MENUS, at)
    assert not {state: faults for state, faults in found.items() if faults}


def opens_menu(page: Page, menus: str, at: int) -> list[str]:
    """What is found in one of the menus while it is open."""
    menu = page.locator(menus).nth(at)
    menu.evaluate("it => { it.open = true; it.setAttribute('data-looked-at', ''); }")
    found = found_in(page, "[data-looked-at]")
    menu.evaluate("it => { it.open = false; it.removeAttribute('data-looked-at'); }")
    return found


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_the_menus_round_every_page(page, address, width):
    page.set_viewport_size({"width": width, "height": 844})
    opened(page, f"{address}/{LIST}")
    settled(page)
    if width == 390:
        page.get_by_role("button", name="Menu").click()
        page.get_by_role("button", name="Filters").click()
    menus = page.locator(OF_FRAME).count()
    assert menus >= 4, "Reports, Data, the state of the data, About this place"
    found = {at: faults for at in range(menus) if (faults := opens_menu(page, OF_FRAME, at))}
    assert not found


@pytest.mark.parametrize("words", ["tameford", "nobody of this name"])
def test_axe_finds_nothing_while_places_are_looked_for(page, address, words):
    opened(page, f"{address}/{LIST}")
    field = page.get_by_role("combobox", name="Find a place or specialty")
    field.fill(words)
    if words == "tameford":
        expect(page.get_by_role("option").first).to_be_visible()
    else:
        expect(page.get_by_text("Nothing matches.", exact=True).first).to_be_visible()
    assert found_in(page) == []


def test_targets_that_are_too_small_are_found(page):
    """The rule that axe leaves out by itself runs on every page that is looked at."""
    button = "<button style='width: 12px; height: 12px; padding: 0; border: 0' aria-label='{}'></button>"
    words = "<!DOCTYPE html><html lang='en'><title>Small</title><main><h1>Small</h1><p>{}</p></main></html>"
    page.set_content(words.format("".join(button.format(each) for each in "abc")))
    (fault,) = axe.faults(page)
    assert fault.startswith("target-size (serious)")
    assert fault == axe.faults(page, "main")[0]
