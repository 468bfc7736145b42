"""From the tile to the file by keyboard alone; what axe finds; a phone; a list too old to book from."""

import contextlib
import shutil
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from dashboard.application import create_app
from dashboard.settings.settings import Settings
from ingest.store.database import make_engine
from tests.browser.axe import faults
from tests.browser.drawing import resized
from tests.browser.in_process import serving
from tests.browser.test_drill_down import go_down, heading, press_until
from tests.dashboard import tracked
from tests.dashboard.layouts.test_ptl import TOKEN

pytestmark = pytest.mark.browser

ENT = "Ear, nose & throat"


@pytest.fixture
def page(tab):
    return tab


@pytest.fixture(scope="module")
def listed(sqlite_template, tmp_path_factory):
    """A database with the list of a Sunday: each test may look, and one saves a view."""
    folder = tmp_path_factory.mktemp("list")
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, folder / 'rtt.db')}")
    tracked.load(engine, folder)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def address(listed, tmp_path_factory):
    """The list, served on the Monday after it."""
    with served(listed, tmp_path_factory.mktemp("home"), days=1) as address:
        yield address


@contextlib.contextmanager
def served(engine, home, *, days):
    """The list, served so many days after its census."""
    settings = Settings(home=home, access="single-user")
    app = create_app(engine, settings, today=lambda: tracked.CENSUS + timedelta(days))
    with serving(app.server) as port:
        yield f"http://127.0.0.1:{port}"


def test_from_the_tile_to_the_file_by_keyboard_alone(page, address):
    page.goto(address)
    heading(page, "Overview")
    go_down(page, page.get_by_role("link", name="Will breach 18 weeks", exact=False).first)
    heading(page, "Predicted breaches")
    section = page.get_by_role("region", name="By specialty", exact=True)
    go_down(page, section.get_by_role("link", name=ENT, exact=True))
    heading(page, ENT)
    go_down(page, page.get_by_role("link", name=f"not booked, {ENT}: see the pathways"))
    heading(page, "Patient tracking list")
    expect(page.get_by_role("list", name="Filters in use").get_by_role("listitem")).to_have_count(3)
    press_until(page, "Tab", page.get_by_label("Purpose (logged with your name)"))
    page.keyboard.type("Booking meeting")
    press_until(page, "Tab", page.get_by_role("button", name="CSV of"))
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    text = started.value.path().read_text(encoding="utf-8-sig")
    listed = page.get_by_role("region", name="Pathways, table").get_by_role("rowheader").all_inner_texts()
    assert TOKEN.findall(text) == listed != []


def test_a_file_without_a_purpose_is_asked_for_it(page, address):
    page.goto(f"{address}/ptl")
    heading(page, "Patient tracking list")
    page.get_by_role("button", name="CSV of").click()
    field = page.get_by_label("Purpose (logged with your name)")
    assert field.evaluate("it => it.validity.valueMissing")


def test_order_and_page_are_in_the_address_and_a_filter_begins_at_the_first_page(page, address):
    page.goto(f"{address}/ptl")
    heading(page, "Patient tracking list")
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("Page 2 of")).to_be_visible()
    page.get_by_role("combobox", name="Order").select_option("Longest wait")
    page.wait_for_url("**order=waited*")
    expect(page.get_by_text("Page 1 of")).to_be_visible()
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    page.goto(f"{address}/ptl")
    expect(page.get_by_text("Ordered by clinical priority, then longest wait")).to_be_visible()


def test_a_view_is_saved_by_its_form(page, address):
    page.goto(f"{address}/ptl?tf=C_120&order=waited")
    heading(page, "Patient tracking list")
    page.get_by_text("Saved views (0)").click()
    page.get_by_label("Name of this view").fill("ENT")
    page.get_by_role("button", name="Save view").click()
    page.get_by_text("Saved views (1)").click()
    view = page.get_by_role("link", name="ENT", exact=True).get_attribute("href")
    assert view == "/ptl?level=provider&org=R9A&tf=C_120"


@pytest.mark.parametrize(
    "path", ["/ptl", "/ptl?tf=C_120&booking=none", "/book-next?tf=C_120&pathway=admitted", "/audit"]
)
def test_axe_finds_nothing_and_the_page_does_not_scroll_sideways(page, address, path):
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"{address}/ptl")
    heading(page, "Patient tracking list")
    page.goto(address + path)
    page.get_by_role("heading", level=2).first.wait_for()
    for width in (390, 1280):
        resized(page, width)
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_list_too_old_carries_a_band_and_gives_no_file(page, listed, tmp_path):
    with served(listed, tmp_path, days=15) as address:
        page.goto(f"{address}/ptl")
        heading(page, "Patient tracking list")
        expect(page.get_by_role("alert")).to_contain_text("do not book from it")
        expect(page.get_by_role("button", name="CSV of")).to_have_count(0)
        expect(page.get_by_role("region", name="Pathways, table").get_by_role("row")).to_have_count(51)
        assert faults(page) == []
