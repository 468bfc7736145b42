"""Sign-in in a browser, with a provider that others have written and two workers: who comes and goes."""

import re
import shutil

import pytest
from playwright.sync_api import Page, expect

from dashboard.store.sign_ins import end_sessions, sign_ins
from ingest.store.database import make_engine
from tests import servers
from tests.browser import policy
from tests.browser.drawing import settled
from tests.browser.signing_in import keep_secret, provider, settings
from tests.dashboard import tracked
from tests.dashboard.layouts.test_ptl import TOKEN

pytestmark = pytest.mark.browser

PEOPLE = {
    "icb": {"name": "Ira Broad", "groups": ["everybody"]},
    "lead": {"name": "Lee Trust", "groups": ["ent-leads", "writers"]},
    "auditor": {"name": "Au Ditor", "groups": ["ig"]},
    "stranger": {"name": "Stran Ger", "groups": []},
}
LIST = "/ptl?tf=C_120&pathway=non-admitted"


@pytest.fixture(scope="module")
def home(sqlite_template, tmp_path_factory):
    home = tmp_path_factory.mktemp("sign-in") / "home"
    home.mkdir(mode=0o700)
    shutil.copy(sqlite_template, home / "rtt.db")
    engine = make_engine(f"sqlite:///{home / 'rtt.db'}")
    tracked.load(engine, home)
    engine.dispose()
    (home / "access.toml").write_text('[leads."ent-leads"]\nspecialties = ["120"]\n')
    keep_secret(home)
    return home


@pytest.fixture(scope="module")
def issuer(tmp_path_factory):
    with provider(PEOPLE, tmp_path_factory.mktemp("provider") / "log") as address:
        yield address


@pytest.fixture(scope="module")
def address(serve_for_all, home, issuer):
    port = servers.free_port()
    return serve_for_all(
        workers=2,
        port=port,
        **settings(home, issuer, port),
        RTT_READERS="everybody",
    )


@pytest.fixture
def page(chromium, issuer):
    """Of a reader with nothing kept. The provider's page asks other hosts for its looks, and gets none."""
    with chromium.new_context(locale="en-GB", timezone_id="Europe/London") as context:
        context.set_default_timeout(servers.PATIENCE)
        context.route(lambda asked: not servers.is_here(asked), lambda route: route.abort())
        refused, faults = policy.refusals(context), []
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        yield page
        assert (refused, faults) == ([], [])


def come_as(page: Page, who: str, address: str) -> None:
    """Open an address, and be sent to the provider and back."""
    page.goto(address)
    page.get_by_role("button", name=who, exact=True).first.click()


def test_an_icb_reader_comes_to_the_page_that_was_asked_for_and_sees_no_pathway(page, address):
    come_as(page, "icb", f"{address}/trends?level=provider&org=R9A&source=weekly")
    expect(page).to_have_url(f"{address}/trends?level=provider&org=R9A&source=weekly")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Ira Broad")).to_be_visible()
    # Whichever of the two workers answers knows the session.
    for _ in range(6):
        page.goto(f"{address}{LIST}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        settled(page)
        assert not TOKEN.search(page.content())
    page.goto(f"{address}/audit")
    expect(page.get_by_text("Only auditors can see")).to_be_visible()


def test_a_trust_lead_whose_session_ends_in_mid_sentence_loses_no_word(page, address, home):
    come_as(page, "lead", f"{address}{LIST}")
    expect(page.get_by_text(TOKEN).first).to_be_visible()
    page.goto(f"{address}/trends?level=provider&org=R9A&source=weekly&measure=total")
    form = page.locator("form[action='/notes']")
    page.locator("details", has=form).last.locator("summary").click()
    words = form.locator("[name=text]")
    words.fill("Theatre closed for a week")
    assert end_sessions(sign_ins(home), "Lee Trust") == 1
    page.evaluate("() => { fetch('/version'); }")
    bar = page.get_by_role("alert").filter(has_text="Your session has ended")
    expect(bar).to_be_visible()
    expect(words).to_have_value("Theatre closed for a week")
    with page.context.expect_page() as opened:
        bar.get_by_role("link", name=re.compile("Sign in again")).click()
    tab = opened.value
    tab.get_by_role("button", name="lead", exact=True).first.click()
    expect(tab.get_by_role("heading", name="You are signed in again")).to_be_visible()
    tab.close()
    page.evaluate("() => { window.dispatchEvent(new Event('focus')); }")
    expect(page.get_by_text("You are signed in again.")).to_be_visible()
    expect(words).to_have_value("Theatre closed for a week")


def test_an_auditor_sees_who_sees_what_and_signs_out_here_and_there(page, address, issuer):
    come_as(page, "auditor", f"{address}/access")
    expect(page.get_by_role("heading", name="Who sees what")).to_be_visible()
    expect(page.get_by_role("rowheader", name="ent-leads")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Au Ditor").first).to_be_visible()
    page.goto(f"{address}/audit")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the whole trail as CSV").click()
    assert saved.value.suggested_filename == "audit-trail.csv"
    page.get_by_text("Au Ditor").first.click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()
    expect(page).to_have_url(f"{address}/signed-out")
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    page.goto(f"{address}/access")
    expect(page).to_have_url(re.compile(re.escape(issuer)))


def test_whoever_is_no_reader_is_told_so_and_may_be_somebody_else(page, address):
    come_as(page, "stranger", address)
    expect(page.get_by_role("heading", name="You do not have access to this dashboard")).to_be_visible()
    page.get_by_role("link", name="sign in with another account").click()
    page.get_by_role("button", name="icb", exact=True).first.click()
    expect(page).to_have_url(f"{address}/")
    expect(page.get_by_text("Ira Broad")).to_be_visible()
