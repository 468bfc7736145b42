"""Three trusts in one dashboard, in a browser: an ICB reader, a trust's lead and an auditor."""

import shutil

import pytest
from playwright.sync_api import Page, expect

from ingest.store.database import make_engine
from tests import servers
from tests.browser import policy
from tests.browser.drawing import settled
from tests.browser.signing_in import keep_secret, provider, settings
from tests.browser.test_sign_in import come_as
from tests.dashboard import trusts
from tests.dashboard.layouts.test_ptl import TOKEN

pytestmark = pytest.mark.browser

PEOPLE = {
    "icb": {"name": "Ira Broad", "groups": ["icb-staff"], "organisation": "QE1"},
    "lead": {"name": "Lee Trust", "groups": ["booking", "writers"], "organisation": ["R9A"]},
    "auditor": {"name": "Au Ditor", "groups": ["ig"]},
}
OWN, OTHER, BOTH = (
    "source=weekly&level=provider&org=R9A",
    "source=weekly&level=provider&org=R9B",
    "source=weekly&group=1",
)
NO_ACCESS = "You do not have access to the pathways of R9B Hospitals NHS Trust. You see those of R9A."


@pytest.fixture(scope="module")
def home(sqlite_template, tmp_path_factory):
    home = tmp_path_factory.mktemp("trusts") / "home"
    home.mkdir(mode=0o700)
    shutil.copy(sqlite_template, home / "rtt.db")
    engine = make_engine(f"sqlite:///{home / 'rtt.db'}")
    trusts.load(engine, home)
    engine.dispose()
    keep_secret(home)
    (home / "access.toml").write_text('[organisations]\n"regional-team" = "all"\n"icb-booking" = ["QE1"]\n')
    yield home
    (home / "rtt.db").unlink()


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
        RTT_OIDC_ORGANISATIONS_CLAIM="organisation",
        RTT_PATHWAY_READERS="booking,regional-team,icb-booking",
    )


@pytest.fixture
def page(chromium, issuer):
    with chromium.new_context(locale="en-GB", timezone_id="Europe/London") as context:
        context.set_default_timeout(servers.PATIENCE)
        context.route(lambda asked: not servers.is_here(asked), lambda route: route.abort())
        refused, faults = policy.refusals(context), []
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        yield page
        assert (refused, faults) == ([], [])


def go(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    settled(page)


def shows_pathways(page: Page) -> bool:
    return bool(TOKEN.search(page.content()))


def test_an_icb_reader_sees_aggregates_of_every_trust_and_no_pathway(page, address):
    come_as(page, "icb", f"{address}/?{BOTH}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Both")
    settled(page)
    for scope in (BOTH, OWN, OTHER):
        go(page, f"{address}/?{scope}&tf=C_120&priority=3")
        expect(page.get_by_text("Under 8").or_(page.get_by_text("Withheld")).first).to_be_visible()
        go(page, f"{address}/ptl?{scope}")
        expect(page.get_by_text("You do not have access to pathways.")).to_be_visible()
        assert not shows_pathways(page)


def test_a_trust_lead_sees_the_own_list_and_is_shown_the_way_back_from_another(page, address):
    come_as(page, "lead", f"{address}/ptl?{OWN}")
    expect(page.get_by_text(TOKEN).first).to_be_visible()
    go(page, f"{address}/ptl?{BOTH}")
    assert not shows_pathways(page)
    go(page, f"{address}/ptl?{OTHER}")
    expect(page.get_by_text(NO_ACCESS)).to_be_visible()
    assert not shows_pathways(page)
    page.get_by_role("link", name="Patients of R9A").click()
    expect(page.get_by_text(TOKEN).first).to_be_visible()


def test_an_auditor_sees_who_sees_which_trust_and_takes_the_trail(page, address):
    come_as(page, "auditor", f"{address}/access")
    expect(page.get_by_role("heading", name="Who sees what")).to_be_visible()
    organisations = page.get_by_role("table", name="Organisations")
    expect(organisations.get_by_role("row", name="icb-booking")).to_contain_text("R9A and R9B")
    session = page.get_by_role("row", name="Lee Trust").first
    expect(session).to_contain_text("R9A")
    expect(page.get_by_role("row", name="Ira Broad").first).to_contain_text("None")
    go(page, f"{address}/audit")
    expect(page.get_by_role("row", name="Lee Trust").first).to_contain_text("org=R9A")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the whole trail as CSV").click()
    trail = saved.value.path().read_text(encoding="utf-8-sig")
    assert "Lee Trust,viewed,/ptl?source=weekly&level=provider&org=R9A" in trail
    # Who was refused saw nothing: of another trust's list there is no line.
    assert "org=R9B" not in trail
