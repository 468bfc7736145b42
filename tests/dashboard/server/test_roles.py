"""Every address and every page as each role, against a table of what each may see.

A new address or page that is not in the table fails here until somebody decides who may see it.
"""

import pytest
from sqlalchemy import select

from dashboard.callbacks import fetching
from dashboard.packs.formats.all import FORMATS
from dashboard.pages import PAGES
from dashboard.settings import SettingError
from dashboard.settings.settings import from_environment
from ingest.store.schema import pathway
from tests.dashboard import tracked
from tests.dashboard.layouts.test_ptl import TOKEN
from tests.dashboard.served_pages import of_type, words

NONE, ENT, ALL = "no pathway", "those of the own specialty", "every pathway"
BOOKING = "tf=C_120&pathway=non-admitted"
FORM = {
    "query": f"?{BOOKING}",
    "purpose": "x",
    "kind": "list",
    "back": "/ptl",
    "name": "x",
    "members": "R9A",
    "source": "weekly",
    "level": "provider",
    "organisation_code": "R9A",
    "treatment_function": "C_999",
    "measure": "total",
    "noted_on": "2026-11-15",
    "starts_on": "2026-11-15",
    "text": "x",
    "reason": "x",
    "opened_on": "2026-11-15",
    "why": "x",
    "actions": "x",
    "owner": "x",
}

# Which pathways each page shows to (anybody, viewer, writer, auditor, lead of one specialty, booking team).
NOBODY_ELSE = (NONE, NONE, NONE, NONE, ENT, ALL)
PATHWAYS = {"/ptl": NOBODY_ELSE, "/book-next": NOBODY_ELSE}
WHO = ("none", "viewer", "writer", "auditor", "lead", "booking")

# Addresses by what they need. Reading ones show no pathway to anybody, whatever they answer.
READS = {
    "/", "/<path:path>", "/health", "/version", "/card.csv", "/status.json", "/api/figures.csv",
    "/api/figures.json", "/assets/<path:filename>",
    "/assets/joined.js", "/assets/joined.css", "/_dash-layout", "/_dash-dependencies", "/_reload-hash",
    "/_favicon.ico", "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
    "/_dash-update-component", "/static/<path:filename>", "/quick-guide", "/quick-guide/<name>.png",
    "/status/fetch.json", "/places", "/places.json", "/services.json", "/services/renamed", "/plan/asked",
    *(f"/{what}.<any({', '.join(FORMATS)}):kind>" for what in ("card", "pack")),
}  # fmt: skip
WRITES = {
    "/notes", "/rebases", "/groups", "/notes/<row:number>/withdraw", "/rebases/<row:number>/withdraw",
    "/groups/<row:number>/withdraw", "/status/load", "/status/fetch", "/status/fetch/cancel", "/narratives",
    "/screens", "/screens/<row:number>/address", "/screens/<row:number>/revoke",
    "/screens/<row:number>/withdraw", "/screens/preview", "/screens/preview/data.json",
    "/plan/own", "/plan/own/withdraw", "/initiatives", "/initiatives/<row:number>/withdraw",
    # A lead may withdraw a scenario of their own, and here is none.
    "/plan/scenarios/<row:number>/withdraw",
}  # fmt: skip
# A viewer makes a scenario in the address; whoever writes, and every lead, may save it.
SAVES = {"/plan/scenarios"}
# Places and alerts of one's own: no other reader sees them, so everybody who is signed in may keep them.
OWN = {
    "/services", "/services/<row:number>/rename", "/services/<row:number>/move",
    "/services/<row:number>/remove", "/services/alerts", "/services/alerts/stop",
}  # fmt: skip
# Opened by the token in an email alone, whoever is signed in.
OF_EMAILS = {"/alerts/stop", "/alerts/confirm"}
# A wall screen is opened by a token of its own; without one there is none.
OF_SCREENS = {"/screen/<name>", "/screen/<name>/data.json"}
NEEDS_PATHWAYS = {
    "/ptl/export",
    "/ptl/find",
    "/ptl/columns",
    "/ptl/views",
    "/ptl/views/<row:number>/withdraw",
}
AUDITS = {"/audit.csv"}


@pytest.fixture
def everything(sqlite_engine, tmp_path):
    """The tokens of the list by specialty."""
    tracked.load(sqlite_engine, tmp_path)
    with sqlite_engine.connect() as connection:
        rows = connection.execute(select(pathway.c.token, pathway.c.treatment_function)).all()
    return {row.token: row.treatment_function for row in rows}


def client_as(who, engine, folder):
    """A client and the headers of a role; 'none' is a server without access."""
    if who == "none":
        return tracked.served(engine, folder, access="none"), {}
    return tracked.served(engine, folder, access="proxy"), tracked.as_role(who)


def shown(text, everything):
    """Which pathways a text names."""
    tokens = set(TOKEN.findall(text)) & set(everything)
    if not tokens:
        return NONE
    return ENT if {everything[token] for token in tokens} == {"C_120"} else ALL


@pytest.mark.parametrize(("who", "column"), [(who, at) for at, who in enumerate(WHO)])
def test_each_page_shows_each_role_the_pathways_of_the_table(
    who, column, everything, sqlite_engine, tmp_path
):
    client, headers = client_as(who, sqlite_engine, tmp_path)
    for page in PAGES:
        for query in (
            "",
            "?nonc=with&page=2",
            f"?{BOOKING}",
            "?tf=C_100&pathway=non-admitted",
            "?source=weekly",
        ):
            answer = tracked.draw(client, page.path, query, headers)
            assert answer.status_code == 200
            found = shown(answer.text, everything)
            allowed = PATHWAYS.get(page.path, (NONE,) * len(WHO))[column]
            if allowed == NONE or ("C_100" in query and allowed == ENT):
                assert found == NONE, (page.path, query)
            elif query == f"?{BOOKING}":
                assert found == ENT, (page.path, query)
            elif page.path == "/ptl":
                assert found == allowed, query


@pytest.mark.parametrize("who", WHO)
def test_the_trail_is_shown_to_auditors_alone(who, everything, sqlite_engine, tmp_path):
    client, headers = client_as("lead", sqlite_engine, tmp_path)
    tracked.draw(client, "/ptl", "", headers)
    client, headers = client_as(who, sqlite_engine, tmp_path)
    text = tracked.draw(client, "/audit", "", headers).text
    assert ("viewed" in text) is (who == "auditor")
    assert ("Audit trail, table" in text) is (who == "auditor")
    navigation = tracked.draw(client, "/", "", headers).json["response"]["navigation"]
    links = [part["props"]["href"] for part in of_type(navigation["children"], "A")]
    assert any(link.startswith("/audit") for link in links) is (who == "auditor")


def rules(client):
    return {str(rule): rule for rule in client.application.url_map.iter_rules()}


def requests(client):
    """Every address with each method that it answers, its variables filled in."""
    for name, rule in rules(client).items():
        values = {argument: {"number": 1, "kind": "html"}.get(argument, "x") for argument in rule.arguments}
        _, path = rule.build(values, append_unknown=False)
        for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
            yield name, path, method


def test_every_address_is_in_the_table(everything, sqlite_engine, tmp_path):
    client, _ = client_as("none", sqlite_engine, tmp_path)
    assert (
        set(rules(client)) == READS | WRITES | SAVES | OWN | OF_EMAILS | OF_SCREENS | NEEDS_PATHWAYS | AUDITS
    )
    assert set(PATHWAYS) <= {page.path for page in PAGES}


@pytest.mark.parametrize("who", WHO)
def test_each_address_answers_each_role_as_the_table_says(
    who, everything, sqlite_engine, tmp_path, monkeypatch
):
    monkeypatch.setattr(fetching, "_start", lambda _: "")
    client, headers = client_as(who, sqlite_engine, tmp_path)
    may_write, sees = who == "writer", who in ("lead", "booking")
    for name, path, method in requests(client):
        form = FORM if method == "POST" else None
        answer = client.open(path, method=method, headers=headers | tracked.OURS, data=form)
        allowed = (
            name in READS | OF_SCREENS
            or (name in WRITES and may_write)
            or (name in SAVES and (may_write or sees))
            or (name in OWN and who != "none")
            or (name in NEEDS_PATHWAYS and sees)
            or (name in AUDITS and who == "auditor")
        )
        assert (answer.status_code != 403) is allowed, (name, method, answer.status_code)
        expected = ENT if name == "/ptl/export" and sees else NONE
        assert shown(answer.data.decode(errors="ignore"), everything) == expected, name


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_the_single_user_through_a_proxy_is_nobody_anywhere(header, everything, sqlite_engine, tmp_path):
    client = tracked.served(sqlite_engine, tmp_path)
    headers = {header: "127.0.0.1"} | tracked.OURS
    for page in PAGES:
        assert tracked.draw(client, page.path, "", headers).status_code == 403
    for name, path, method in requests(client):
        if path != "/health":
            form = FORM if method == "POST" else None
            assert client.open(path, method=method, headers=headers, data=form).status_code == 403, name


def test_a_lead_who_looks_past_the_own_specialty_sees_it_under_the_small_number_rules(
    everything, sqlite_engine, tmp_path
):
    """As anybody else there; the small numbers of the own specialty are shown."""
    client, lead = client_as("lead", sqlite_engine, tmp_path)
    viewer = tracked.as_role("viewer")
    other = "?tf=C_130&pathway=admitted&priority=3"
    assert tiles(client, other, lead) == tiles(client, other, viewer)
    own = "?tf=C_120&pathway=admitted&priority=3&site=R9A01"
    assert "under 8" in tiles(client, own, viewer).lower()
    assert "under 8" not in tiles(client, own, lead).lower()


def tiles(client, query, headers):
    page = tracked.draw(client, "/", query, headers).json["response"]["page"]["children"]
    return words(next(part for part in of_type(page, "Ul") if part["props"].get("className") == "rtt-tiles"))


PLACES = {
    "RTT_ACCESS": "proxy",
    "RTT_PROXY_ADDRESSES": "127.0.0.1",
    "RTT_PROXY_SECRET": tracked.SECRET,
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[leads", "expected TOML"),
        ("[other]\nx = 1", "and nothing else"),
        ('[leads."a,b"]\nspecialties = ["120"]', "a group's name"),
        ('[leads.ent]\nspecialities = ["120"]', "specialties and sites"),
        ("[leads.ent]", "specialties as a list of codes"),
        ("[leads.ent]\nspecialties = []", "specialties as a list of codes"),
        ('[leads.ent]\nspecialties = "120"', "specialties as a list of codes"),
        ('[leads.ent]\nspecialties = ["12O"]', "'12O' is no treatment function"),
        ('[leads.ent]\nspecialties = ["C_999"]', "'C_999' is no treatment function"),
        ('[leads.ent]\nspecialties = "all"\nsites = []', "sites as a list of codes"),
    ],
)
def test_an_access_file_that_cannot_be_meant_stops_the_start(tmp_path, text, said):
    file = tmp_path / "access.toml"
    file.write_text(text)
    with pytest.raises(SettingError, match=said):
        from_environment(PLACES | {"RTT_ACCESS_FILE": str(file)})


def test_an_access_file_names_specialties_by_any_of_their_codes(tmp_path):
    file = tmp_path / "access.toml"
    file.write_text(
        '[leads.ent]\nspecialties = ["120"]\n[leads.west]\nspecialties = "all"\nsites = ["R9A02"]\n'
    )
    leads = from_environment(PLACES | {"RTT_ACCESS_FILE": str(file)}).proxy.leads
    assert leads == {"ent": tracked.PROXY.leads["ent-leads"], "west": tracked.PROXY.leads["site-leads"]}


def test_an_access_file_that_is_not_there_stops_the_start(tmp_path):
    with pytest.raises(SettingError, match="cannot be read"):
        from_environment(PLACES | {"RTT_ACCESS_FILE": str(tmp_path / "gone.toml")})
