"""The plan in Chromium: three actions from the Overview, a dial, a saved scenario, its link elsewhere."""

import shutil

import pytest
from playwright.sync_api import Page, expect

from tests import servers
from tests.browser import axe
from tests.browser.drawing import opened, resized, settled

pytestmark = pytest.mark.browser

TRUST = "?source=monthly&level=provider&org=R9A"
SPECIALTY = f"{TRUST}&tf=C_110&target=68&due=2026-12-31"


@pytest.fixture(scope="module")
def address(serve_for_all, demo_template, tmp_path_factory) -> str:
    path = shutil.copy(demo_template, tmp_path_factory.mktemp("sample") / "demo.db")
    return serve_for_all(RTT_DATABASE_URL=f"sqlite:///{path}", RTT_ACCESS="single-user")


@pytest.fixture
def elsewhere(chromium):
    """Another person's browser."""
    context = chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    servers.let_in(context)
    yield context.new_page()
    context.close()


def answer(page: Page):
    return page.locator("[data-card=answer] h2")


def figures(page: Page) -> list[str]:
    """The answer, and every figure of the chart and of the comparison as their tables have them."""
    cells = page.locator("[data-card] td").evaluate_all("all => all.map(cell => cell.textContent)")
    return [answer(page).text_content() or "", *cells]


@pytest.mark.parametrize("start", ["", TRUST])
def test_a_service_lead_reaches_the_stops_of_a_specialty_in_three_actions_from_the_overview(
    address, page, start
):
    """From where the sample opens, its region, and from a trust."""
    opened(page, f"{address}/{start}")
    tile = page.locator(".rtt-tile--wide")
    expect(tile).to_contain_text("more clock stops a week")
    page.get_by_role("link", name="What it would take").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What would it take")
    settled(page)
    page.locator("[data-card=plan-specialties]").get_by_role("link", name="Trauma & orthopaedics").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Trauma & orthopaedics")
    expect(answer(page)).to_contain_text("clock stops")
    expect(answer(page)).to_contain_text("within 18 weeks by")


def test_a_dial_is_changed_saved_and_its_link_draws_the_same_figures_elsewhere(address, page, elsewhere):
    opened(page, f"{address}/plan{SPECIALTY}")
    before = figures(page)
    stops = page.get_by_role("spinbutton", name="Clock stops a week")
    stops.fill("10")
    stops.press("Enter")
    page.wait_for_url("**stops=10*")
    expect(page.locator("[data-card=answer]")).to_contain_text("With your changes")
    settled(page)
    changed = figures(page)
    assert changed != before
    opened(elsewhere, page.url)
    assert figures(elsewhere) == changed
    page.get_by_label("Save this scenario as").fill("Ten per cent")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-card=saved]")).to_contain_text("Ten per cent")
    settled(page)
    page.locator("[data-card=saved]").get_by_role("link", name="Ten per cent", exact=True).click()
    page.wait_for_url("**scenarios=*")
    expect(page.locator("[data-card=compared]")).to_be_visible()
    settled(page)
    opened(elsewhere, page.url)
    assert figures(elsewhere) == figures(page)


def test_a_field_that_is_only_passed_by_the_keyboard_changes_nothing(address, page):
    opened(page, f"{address}/plan{SPECIALTY}")
    before = page.url
    page.get_by_label("Target within 18 weeks").focus()
    for _ in range(7):
        page.keyboard.press("Tab")
    settled(page)
    assert page.url == before


def test_a_quick_typist_loses_nothing_and_keeps_the_focus(address, page):
    """Each field drew the page anew while the next was typed in: that was lost, or went elsewhere."""
    opened(page, f"{address}/plan{SPECIALTY}")
    page.get_by_role("spinbutton", name="Clock stops a week").focus()
    for value in ("5", "2", "1.5", "40"):
        page.keyboard.press("Control+a")
        page.keyboard.type(value, delay=80)
        page.keyboard.press("Tab")
        page.wait_for_timeout(100)
    page.wait_for_url("**stops=5*longest=40*")
    expect(page.locator("[data-card=answer]")).to_contain_text("With your changes")
    settled(page)
    assert "growth=2&removals=1.5" in page.url
    assert page.get_by_label("Target within 18 weeks").input_value() == "68"
    # The next stop after the group, in the page that was drawn since.
    assert page.evaluate("() => document.activeElement.closest('.rtt-plan') !== null")
    page.get_by_label("Target within 18 weeks").fill("69")
    page.get_by_label("By", exact=True).fill("2027-03-31")
    page.keyboard.press("Enter")
    page.wait_for_url("**target=69*due=2027-03-31*")


def test_an_own_plan_is_typed_and_withdrawn_by_the_keyboard(address, page):
    opened(page, f"{address}/plan{TRUST}")
    page.locator("summary", has_text="Your own plan, month by month").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Type or paste").fill("2025-11, within 18, 40\n2026-12, within 18, 45")
    page.get_by_role("button", name="Keep this plan").focus()
    page.keyboard.press("Enter")
    line = page.locator("[data-card=line]")
    expect(line).to_contain_text("On the line of your own plan, 45.0% within 18 weeks by 31 Dec 2026")
    settled(page)
    opened(page, f"{address}/{TRUST}")
    expect(page.locator(".rtt-tile--wide")).to_contain_text("On the line of your own plan")
    opened(page, f"{address}/plan{TRUST}")
    page.locator("summary", has_text="Your own plan, month by month").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Withdraw your own plan").focus()
    page.keyboard.press("Enter")
    expect(line).not_to_contain_text("your own plan,")


def test_a_sprint_is_asked_by_a_form_and_stands_in_the_address(address, page):
    opened(page, f"{address}/plan{SPECIALTY}")
    page.locator("summary", has_text="A sprint, or a validation of the list").click()
    page.get_by_label("Sprint: stops").fill("20")
    page.get_by_role("button", name="Work it out").click()
    page.wait_for_url("**sprint=20*")
    expect(page.locator("[data-card=plan] figcaption")).to_contain_text("20% more clock stops in a sprint")


def test_initiatives_are_registered_from_the_keyboard(address, page):
    opened(page, f"{address}/initiatives")
    page.locator("summary", has_text="Register an initiative").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Name", exact=True).fill("Weekend lists")
    page.get_by_label("What is done").fill("Two more lists at weekends")
    page.get_by_label("Trusts, by their codes").fill("R9A")
    page.get_by_label("Expected effect").fill("2.5")
    page.get_by_label("Why these trusts?").fill("They offered first")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Weekend lists")).to_be_visible()
    expect(page.locator("[data-card=register]")).to_contain_text("+2.5 points")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(address, page, scheme):
    page.emulate_media(color_scheme=scheme)
    for way in (
        f"/plan{TRUST}",
        f"/plan{SPECIALTY}&stops=10&scenarios=1",
        "/plan?source=weekly",
        "/initiatives",
    ):
        opened(page, f"{address}{way}")
        page.evaluate("document.querySelectorAll('main details').forEach(each => { each.open = true; })")
        assert axe.faults(page) == [], way
        resized(page, 390, 844)
        assert page.evaluate("document.documentElement.scrollWidth") == 390, way
        assert axe.faults(page) == [], way
        resized(page, 1280)
