"""Every page on a database to which a lake was published: facts, and no pathway."""

from datetime import timedelta

import pytest

from dashboard.pages import PAGES
from ingest.extracts import LoadOptions
from ingest.lake.build import build
from ingest.lake.engines import engine as engine_named
from ingest.lake.publish import publish
from ingest.lake.stores import open_store
from ingest.store.database import make_engine, migrate
from tests.dashboard import served_pages as served
from tests.ingest.lake import trusts

WEEKS = 4
TODAY = trusts.FIRST + WEEKS * trusts.WEEK - timedelta(5)


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    store = open_store(str(folder / "lake"))
    files = trusts.sent(folder / "sent", 31, weeks=WEEKS, people=120, changed_key=False)
    trusts.add_all(store, files)
    build(store, engine_named("local", workers=1))
    engine = make_engine(f"sqlite:///{folder / 'rtt.db'}")
    migrate(engine)
    assert all(each.written for each in publish(engine, store, options=LoadOptions(), today=trusts.TODAY))
    yield engine, folder
    engine.dispose()


@pytest.mark.parametrize("access", ["single-user", "none"])
@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_a_page_draws_each_trust(database, path, access):
    engine, folder = database
    client = served.client_of(engine, folder, today=TODAY, access=access)
    for query in (
        "",
        "?source=weekly&org=R0A",
        "?source=weekly&org=R1B&tf=C_110",
        "?source=weekly&level=england",
    ):
        page = served.drawn(client, path, query)["page"]
        assert len(served.of_type(page, "H1")) == 1


def test_who_will_breach_is_counted_from_the_bands_of_a_published_list(database):
    engine, folder = database
    client = served.client_of(engine, folder, today=TODAY)
    said = served.words(served.drawn(client, "/breaches", "?source=weekly&org=R0A&horizon=4")["page"])
    assert "breach 18 weeks by" in said


def test_figures_of_england_are_for_those_who_may_see_small_numbers(database):
    engine, folder = database
    address = "/api/figures.json?source=weekly&level={}&part=2&treatment_function=C_999"
    everything, nobody = (
        served.client_of(engine, folder, today=TODAY, access=access) for access in ("single-user", "none")
    )
    assert [row["organisation_code"] for row in everything.get(address.format("england")).json] == [
        "ENG"
    ] * WEEKS
    assert "error" in nobody.get(address.format("england")).json
    assert {row["organisation_code"] for row in nobody.get(address.format("provider")).json} == {
        "R0A", "R1B", "R2C",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/ptl", "/ptl?booking=none", "/book-next?tf=C_110&pathway=admitted"])
def test_a_list_of_which_only_counts_are_here_is_not_told_as_empty(database, path):
    engine, folder = database
    client = served.client_of(engine, folder, today=TODAY)
    page, _, query = path.partition("?")
    said = served.words(served.drawn(client, page, f"?source=weekly&org=R0A&{query}")["page"])
    assert "Only the counts of the list of" in said
    assert "No pathway matches" not in said
    assert "0 pathways" not in said


def test_the_state_of_many_lists_is_told_in_a_sentence(database):
    engine, folder = database
    client = served.client_of(engine, folder, today=TODAY + 5 * trusts.WEEK)
    said = served.words(served.drawn(client, "/status", "")["page"])
    verdict = said.partition("and what was refused and why?")[2].partition("Feeds")[0]
    assert "feeds in the table below: late since" in verdict
    assert len(verdict.split()) < 60


def test_the_file_of_all_trusts_says_that_it_is_of_all(database):
    engine, folder = database
    client = served.client_of(engine, folder, today=TODAY)
    query = {"page": "/trusts", "card": "trusts", "source": "weekly", "org": "R0A"}
    lines = client.get("/card.csv", query_string=query).text.splitlines()
    assert '"All trusts, all specialties"' in lines
    assert "R0A" not in lines
