"""From the first page to the file by keyboard alone; pasted tokens, keys, columns; what axe finds."""

import contextlib
import shutil
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from dashboard.application import create_app
from dashboard.settings.settings import Settings
from ingest.store.database import make_engine
from ingest.store.schema import pathway
from tests.browser.axe import faults
from tests.browser.drawing import resized, settled
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


def rows(page):
    return page.get_by_role("region", name="Pathways, table").get_by_role("rowheader")


def tool(page, name):
    """Open one of the disclosures over the list."""
    settled(page)
    page.locator(".rtt-tool summary", has_text=name).click()


def test_from_the_first_page_to_the_file_of_a_specialty_by_keyboard_alone(page, address):
    page.goto(address)
    heading(page, "Overview")
    go_down(page, page.get_by_role("link", name="Patients", exact=True).first)
    heading(page, "Patients")
    go_down(page, page.get_by_role("link", name="No date", exact=False).first)
    page.wait_for_url("**only=no-date*")
    settled(page)
    press_until(page, "Tab", page.locator(".rtt-tool summary", has_text="Download"))
    page.keyboard.press("Enter")
    press_until(page, "Tab", page.get_by_label("Purpose (logged with your name)"))
    page.keyboard.type("Booking meeting")
    press_until(page, "Tab", page.get_by_role("button", name="CSV of"))
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    text = started.value.path().read_text(encoding="utf-8-sig")
    shown = rows(page).all_inner_texts()
    assert TOKEN.findall(text)[: len(shown)] == shown != []


def test_from_a_cold_start_to_the_patients_without_a_date_in_three_actions(page, address):
    page.goto(address)  # one
    page.get_by_role("link", name="Patients", exact=True).first.click()  # two
    page.get_by_role("link", name="No date", exact=False).first.click()  # three
    expect(page.get_by_role("link", name="No date", exact=False).first).to_have_attribute(
        "aria-current", "true"
    )
    count = page.get_by_role("link", name="No date", exact=False).first.inner_text().split()[-1]
    heading_of_list = page.get_by_role("heading", level=2, name="pathways on")
    expect(heading_of_list).to_contain_text(f"{count} pathways")


def test_a_file_without_a_purpose_is_asked_for_it(page, address):
    page.goto(f"{address}/ptl")
    heading(page, "Patients")
    tool(page, "Download")
    page.get_by_role("button", name="CSV of").click()
    field = page.get_by_label("Purpose (logged with your name)")
    assert field.evaluate("it => it.validity.valueMissing")


def test_order_and_page_are_in_the_address_and_a_filter_begins_at_the_first_page(page, address):
    page.goto(f"{address}/ptl")
    heading(page, "Patients")
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("Page 2 of")).to_be_visible()
    page.get_by_role("link", name="Waited", exact=True).click()
    page.wait_for_url("**sort=pathways.waited.desc*")
    expect(page.get_by_text("Page 1 of")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Waited")).to_have_attribute("aria-sort", "descending")
    # The heading that was pressed keeps the focus, so that it can be pressed again.
    expect(page.get_by_role("columnheader", name="Waited").get_by_role("link")).to_be_focused()
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    page.goto(f"{address}/ptl")
    expect(page.get_by_text("the soonest at the top")).to_be_visible()


def test_thirty_pasted_tokens_show_thirty_pathways_and_none_is_in_the_address(page, listed, address):
    with listed.connect() as connection:
        english = select(pathway.c.token).where(pathway.c.basis == "english").limit(30)
        tokens = connection.execute(english).scalars().all()
    page.goto(f"{address}/ptl?tf=C_120&size=50")
    heading(page, "Patients")
    tool(page, "Find")
    page.get_by_label("Tokens, one or many").fill("\n".join([*tokens, "XYZ-" + "A" * 16]))
    page.get_by_role("button", name="Find pathways").click()
    expect(page.get_by_role("status").filter(has_text="You pasted")).to_contain_text("entry 31")
    assert sorted(rows(page).all_inner_texts()) == sorted(tokens)
    assert not TOKEN.search(page.url)
    page.get_by_role("link", name="Remove the filter: The tokens you pasted").click()
    expect(rows(page)).to_have_count(50)


def test_a_hospital_number_is_refused_in_a_sentence(page, address):
    page.goto(f"{address}/ptl")
    heading(page, "Patients")
    tool(page, "Find")
    page.get_by_label("Tokens, one or many").fill("943 476 5919")
    page.get_by_role("button", name="Find pathways").click()
    expect(page.get_by_text("No entry is a token.")).to_be_visible()
    assert "943" not in page.url
    assert "943" not in page.content()
    page.get_by_role("link", name="Go back").click()
    heading(page, "Patients")


def test_columns_are_chosen_and_kept(page, address):
    page.goto(f"{address}/ptl")
    heading(page, "Patients")
    tool(page, "Columns")
    page.get_by_label("Last event").check()
    page.get_by_label("Stage").uncheck()
    page.get_by_role("button", name="Show and keep for me").click()
    expect(page.get_by_role("columnheader", name="Last event")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Stage")).to_have_count(0)
    page.goto(f"{address}/ptl")
    expect(page.get_by_role("columnheader", name="Last event")).to_be_visible()
    # Whoever opens a copied link sees the same columns, whatever they keep for themselves.
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").first.click()
    expect(page.locator(".rtt-told")).to_contain_text("Link copied")
    assert "columns=urgency,token," in page.evaluate("navigator.clipboard.readText()")


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('data-row')")


def test_the_keys_of_mail_programs_move_open_and_can_be_switched_off(page, address):
    page.goto(f"{address}/ptl")
    heading(page, "Patients")
    settled(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(page) == "2"
    token = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    history = page.get_by_role("region", name=f"History of {token}")
    expect(history).to_contain_text("on 1 of the 1 list still kept")
    settled(page)
    assert focused(page) == "2"
    assert "open=2" in page.url
    page.keyboard.press("o")
    expect(history).to_have_count(0)
    settled(page)
    page.keyboard.press("j")
    assert focused(page) == "3"
    page.keyboard.press("?")
    help_ = page.locator("[data-tool=keys]")
    expect(help_.get_by_text("the next pathway")).to_be_visible()
    page.keyboard.press("Escape")
    expect(help_.get_by_text("the next pathway")).to_be_hidden()
    # In a field a letter is a letter.
    tool(page, "Find")
    page.get_by_label("Tokens, one or many").press_sequentially("jjko?")
    expect(page.get_by_label("Tokens, one or many")).to_have_value("jjko?")
    tool(page, "Keys")
    page.get_by_role("link", name="Turn shortcuts off").click()
    page.wait_for_url("**keys=off*")
    expect(page.get_by_text("Shortcuts are off.")).to_be_attached()
    settled(page)
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert focused(page) is None


def test_twenty_five_pathways_stand_on_the_first_screen_one_line_each(page, address):
    resized(page, 1280, 900)
    page.goto(f"{address}/ptl?columns=urgency,token,waited,breach,priority,stage,specialty,site,date,flags")
    heading(page, "Patients")
    settled(page)
    expect(rows(page)).to_have_count(25)
    boxes = rows(page).evaluate_all("all => all.map(each => each.getBoundingClientRect())")
    assert all(24 <= box["height"] <= 26 for box in boxes)
    links = (
        rows(page).get_by_role("link").evaluate_all("all => all.map(a => a.getBoundingClientRect().height)")
    )
    assert min(links) >= 24
    assert boxes[-1]["bottom"] <= 900
    box = page.locator(".rtt-pathways > div")
    assert box.evaluate("it => it.scrollWidth <= it.clientWidth")
    # At most three screens before anything is opened.
    assert page.evaluate("document.documentElement.scrollHeight") <= 2700


def test_a_view_is_saved_by_its_form(page, address):
    page.goto(f"{address}/ptl?tf=C_120&sort=pathways.waited.desc")
    heading(page, "Patients")
    tool(page, "Saved views (0)")
    page.get_by_label("Name of this view").fill("ENT")
    page.get_by_role("button", name="Save view").click()
    tool(page, "Saved views (1)")
    view = page.get_by_role("link", name="ENT", exact=True).get_attribute("href")
    assert view == "/ptl?level=provider&org=R9A&tf=C_120"


@pytest.mark.parametrize(
    "path",
    [
        "/ptl?open=3",
        "/ptl?tf=C_120&booking=none&only=no-date",
        "/ptl?selected=0123456789abcdef",
        "/book-next?tf=C_120&pathway=admitted",
        "/audit",
    ],
)
def test_axe_finds_nothing_and_the_page_does_not_scroll_sideways(page, address, path):
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"{address}/ptl")
    heading(page, "Patients")
    page.goto(address + path)
    page.get_by_role("heading", level=2).first.wait_for()
    for theme, width in (("light", 390), ("dark", 390), ("light", 1280), ("dark", 1280)):
        page.emulate_media(color_scheme=theme)
        resized(page, width)
        assert faults(page) == [], (theme, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    for name in ("find", "waits", "columns", "views", "export", "keys"):
        if page.locator(f"[data-tool={name}]").count():
            page.locator(f"[data-tool={name}] summary").click()
            for width in (390, 1280):
                resized(page, width)
                assert faults(page) == [], (name, width)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
    page.emulate_media(color_scheme="light")


def test_a_list_too_old_carries_a_band_and_gives_no_file(page, listed, tmp_path):
    with served(listed, tmp_path, days=15) as address:
        page.goto(f"{address}/ptl")
        heading(page, "Patients")
        expect(page.get_by_role("alert")).to_contain_text("do not book from it")
        expect(page.get_by_role("button", name="CSV of")).to_have_count(0)
        expect(page.get_by_role("region", name="Pathways, table").get_by_role("row")).to_have_count(26)
        assert faults(page) == []
