"""A session from its first page to its end: rights, names, and every way in which it is ended."""

import sqlite3
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from dashboard.server.access import Reader
from dashboard.store import kept_places, writing
from dashboard.store.names_here import naming
from dashboard.store.series import Series
from dashboard.store.sign_ins import FILE, end_sessions, open_sessions, sign_ins
from ingest.store.schema import audit
from tests import providers
from tests.dashboard import tracked
from tests.dashboard.layouts.test_ptl import TOKEN
from tests.dashboard.screens.test_screen import add
from tests.dashboard.server.oidc.signing_in import (
    PERSON,
    client_as,
    served,
    settings_for,
    sign_in_anew,
)

LIST = "?tf=C_120&pathway=non-admitted"


@pytest.fixture
def provider():
    with providers.provider() as made:
        yield made


def shows_pathways(client):
    return bool(TOKEN.search(tracked.draw(client, "/ptl", LIST).text))


def test_a_role_that_was_taken_away_is_gone_with_the_session_and_no_kept_answer_crosses(app, provider):
    """In mid-session: the provider ends its session, and the next one has the groups of then."""
    client = client_as(app, provider, "booking")
    small = tracked.draw(client, "/", "?tf=C_120&pathway=admitted&priority=3&site=R9A01").json
    assert shows_pathways(client)
    assert client_as(app, provider, "viewer")
    ended = app.test_client().post(
        "/sign-in/ended", data={"logout_token": provider.logout_token(sub="s-booking")}
    )
    assert (ended.status_code, ended.json) == (200, {"ended": 1})
    assert tracked.draw(client, "/ptl", LIST).status_code == 401
    provider.person = {"sub": "s-booking", "name": "booking", "groups": []}
    assert sign_in_anew(client).status_code == 303
    assert not shows_pathways(client)
    now = tracked.draw(client, "/", "?tf=C_120&pathway=admitted&priority=3&site=R9A01")
    assert now.json["response"]["page"] != small["response"]["page"]
    as_viewer = client_as(app, provider, "viewer")
    other = tracked.draw(as_viewer, "/", "?tf=C_120&pathway=admitted&priority=3&site=R9A01").json
    assert now.json["response"]["page"] == other["response"]["page"]


def test_a_group_that_loses_its_right_in_the_settings_loses_it_in_every_session(
    sqlite_engine, app, provider, tmp_path
):
    client = client_as(app, provider, "booking")
    assert shows_pathways(client)
    later = served(sqlite_engine, settings_for(provider, tmp_path, pathway_readers=frozenset())).test_client()
    later.set_cookie("rtt-session", client.get_cookie("rtt-session").value, domain="localhost")
    assert later.get("/version").status_code == 200
    assert not shows_pathways(later)


def test_signed_out_is_signed_out_here_and_on_the_way_to_be_so_there(app, provider):
    client = client_as(app, provider, "viewer")
    key = client.get_cookie("rtt-session").value
    assert (
        client.post("/sign-out", data={"out": "yes"}, headers={"Origin": "http://evil.example"}).status_code
        == 403
    )
    assert client.post("/sign-out", data={"out": "yes"}).status_code == 403
    assert client.get("/version").status_code == 200
    answer = client.post("/sign-out", data={"out": "yes"}, headers=tracked.OURS)
    asked = "client_id=rtt-client&post_logout_redirect_uri=http%3A%2F%2Flocalhost%2Fsigned-out"
    assert answer.headers["Refresh"] == f"0; url={provider.issuer}/logout?{asked}"
    assert client.get_cookie("rtt-session") is None
    client.set_cookie("rtt-session", key, domain="localhost")
    assert client.get("/version").status_code == 401
    assert "You are signed out" in client.get("/signed-out").text


def test_where_the_provider_has_no_way_out_or_is_down_one_is_signed_out_here(
    sqlite_engine, provider, tmp_path
):
    provider.metadata = {"end_session_endpoint": None}
    client = client_as(served(sqlite_engine, settings_for(provider, tmp_path)), provider, "viewer")
    answer = client.post("/sign-out", data={"out": "yes"}, headers=tracked.OURS)
    assert "Refresh" not in answer.headers
    assert "You are signed out" in answer.text
    assert client.get("/version").status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another"},
        {"iss": "https://evil.example"},
        {"events": {}},
        {"nonce": "an id token, then"},
        {"sid": None},
        {"iat": 1, "exp": 2},
        {"jti": None},
    ],
)
def test_only_the_provider_ends_sessions_by_its_word(app, provider, wrong, caplog):
    client = client_as(app, provider, "viewer")
    token = provider.logout_token(**wrong)
    assert client.post("/sign-in/ended", data={"logout_token": token}).status_code == 400
    assert client.get("/version").status_code == 200
    assert "sign-out by the provider refused" in caplog.text


def test_the_provider_ends_the_one_session_that_it_names(app, provider):
    one = client_as(app, provider, "viewer", sid="one")
    two = client_as(app, provider, "viewer", sid="two")
    answer = one.post(
        "/sign-in/ended", data={"logout_token": provider.logout_token(sub="s-viewer", sid="one")}
    )
    assert answer.json == {"ended": 1}
    assert (one.get("/version").status_code, two.get("/version").status_code) == (401, 200)


def test_whoever_runs_the_server_ends_sessions_at_once(app, provider, tmp_path):
    client, other = client_as(app, provider, "viewer"), client_as(app, provider, "writer")
    assert end_sessions(sign_ins(tmp_path), "viewer") == 1
    assert (client.get("/version").status_code, other.get("/version").status_code) == (401, 200)
    assert end_sessions(sign_ins(tmp_path), None) == 1
    assert other.get("/version").status_code == 401


def test_another_worker_has_the_same_sessions(sqlite_engine, app, provider, tmp_path):
    sign_ins.cache_clear()
    worker = served(sqlite_engine, settings_for(provider, tmp_path)).test_client()
    client = client_as(app, provider, "writer")
    worker.set_cookie("rtt-session", client.get_cookie("rtt-session").value, domain="localhost")
    assert worker.get("/version").status_code == 200
    client.post("/sign-out", data={"out": "yes"}, headers=tracked.OURS)
    assert worker.get("/version").status_code == 401


def test_a_page_that_asks_in_the_background_is_told_where_to_sign_in(app):
    answer = tracked.draw(app.test_client(), "/ptl", "")
    assert answer.status_code == 401
    assert answer.headers["X-RTT-Sign-In"] == "/sign-in?to=%2Fsign-in%2Fagain"
    assert "session has ended" in answer.json["error"]


def test_a_form_that_comes_too_late_is_given_back_with_all_that_was_written(app):
    written = {"text": 'Ward "4" <closed>', "back": "/trends", "noted_on": "2026-11-15"}
    client = app.test_client()
    answer = client.post("/notes", data=written, headers=tracked.OURS)
    assert answer.status_code == 401
    assert 'name="text" value="Ward &quot;4&quot; &lt;closed&gt;"' in answer.text
    assert 'action="/notes"' in answer.text
    assert "Sign in again" in answer.text
    foreign = client.post("/notes", data=written, headers={"Origin": "http://evil.example"})
    assert "closed" not in foreign.text


WITHOUT = """/ /trends /status.json /api/figures.json /version /_dash-layout /_dash-dependencies /pack.pptx
/card.csv /audit.csv /places.json /_dash-component-suites/dash/x.js /nowhere /sign-in/again /screen/x"""


def test_nothing_is_answered_without_a_sign_in(app):
    client = app.test_client()
    for path in WITHOUT.split():
        assert client.get(path, headers={"Accept": "application/json"}).status_code == 401, path
    assert client.get("/assets/joined.css").status_code == 200
    assert client.get("/health").status_code == 200


def test_a_host_that_is_not_ours_is_refused_before_anything(app):
    for path in ("/", "/sign-in", "/sign-in/back?state=x", "/signed-out"):
        assert app.test_client().get(path, headers=PERSON, base_url="http://evil.example").status_code == 421


def test_what_a_person_keeps_is_the_subjects_and_not_the_names(sqlite_engine, app, provider):
    jo = client_as(app, provider, "writer", name="Jo Smith", sub="a")
    namesake = client_as(app, provider, "writer", name="Jo Smith", sub="b")
    jo.post("/services", data={"query": "?org=R9A&source=weekly"}, headers=tracked.OURS)
    assert len(jo.get("/services.json").json["places"]) == 1
    assert namesake.get("/services.json").json["places"] == []
    # Another device, and another email address: the same person.
    again = client_as(app, provider, "writer", name="Jo Smith", sub="a", email="new@trust.nhs.uk")
    assert len(again.get("/services.json").json["places"]) == 1
    # A new name takes it along, and what was written too; nobody else can come to the old one.
    again = client_as(app, provider, "writer", name="Jo Miller", sub="a")
    assert len(again.get("/services.json").json["places"]) == 1
    heir = client_as(app, provider, "writer", name="Jo Smith", sub="c")
    assert heir.get("/services.json").json["places"] == []
    with sqlite_engine.connect() as connection:
        assert len(kept_places.places_of(connection, "Jo Miller")) == 1
        assert kept_places.places_of(connection, "Jo Smith") == []


def test_who_wrote_before_there_was_a_provider_is_nobody_of_it(sqlite_engine, app, tmp_path):
    series = Series(
        source="weekly", level="provider", organisation_code="R9A", treatment_function="C_999", measure=""
    )
    at = datetime(2026, 11, 16, tzinfo=UTC)
    old = Reader("jo.smith", may_write=True)
    writing.annotate(sqlite_engine, old, series, noted_on=at.date(), text="x", at=at)
    name_of = naming(sign_ins(tmp_path), sqlite_engine)
    assert name_of("subject", "jo.smith") == "jo.smith (2)"
    assert name_of("subject", "jo.smith") == "jo.smith (2)"
    assert name_of("other", "JO.SMITH") == "JO.SMITH (3)"


def test_the_trail_keeps_the_name_of_its_day_and_is_exported_to_auditors_alone(sqlite_engine, app, provider):
    client = client_as(app, provider, "booking", name="Sam One")
    assert shows_pathways(client)
    client_as(app, provider, "booking", name="Sam Two")
    assert client.get("/audit.csv").status_code == 403
    auditor = client_as(app, provider, "auditor")
    lines = auditor.get("/audit.csv").text.splitlines()
    assert lines[0].removeprefix("\ufeff") == "at,reader,action,scope,purpose,rows"
    assert ",Sam One,viewed," in lines[1]
    with sqlite_engine.connect() as connection:
        last = connection.execute(select(audit).order_by(audit.c.id.desc())).first()
    assert (last.reader, last.action, last.scope, last.rows) == ("auditor", "exported", "the audit trail", 1)


def test_auditors_see_who_sees_what_and_nobody_else_does(app, provider):
    for role in ("viewer", "writer", "lead", "booking"):
        assert "Only auditors" in tracked.draw(client_as(app, provider, role), "/access", "").text
    text = tracked.draw(client_as(app, provider, "auditor"), "/access", "").text
    for said in (
        "ent-leads",
        "Pathways of Ear, nose",
        "Every pathway, small numbers",
        "5 sessions now",
        "booking",
    ):
        assert said in text, said


def test_sessions_that_are_over_are_not_listed(app, provider, tmp_path):
    client_as(app, provider, "viewer")
    with sqlite3.connect(tmp_path / FILE) as file:
        ((seen,),) = file.execute("SELECT seen FROM session").fetchall()
    assert [each.name for each in open_sessions(sign_ins(tmp_path), at=seen, idle=60)] == ["viewer"]
    assert open_sessions(sign_ins(tmp_path), at=seen + 61, idle=60) == []


@pytest.mark.parametrize(("groups", "status"), [(["others"], 403), (["staff"], 303), (["ig"], 303)])
def test_where_readers_are_named_others_are_turned_away(
    sqlite_engine, provider, tmp_path, groups, status, caplog
):
    settings = settings_for(provider, tmp_path, readers=frozenset({"staff"}))
    provider.person["groups"] = groups
    client = served(sqlite_engine, settings).test_client()
    answer = sign_in_anew(client)
    assert answer.status_code == status
    if status == 403:
        assert "none of the groups that may read" in answer.text
        assert 'href="/sign-in?as=other"' in answer.text
        assert "prompt=login" in client.get("/sign-in?as=other").headers["Location"]
        assert "in no group that may read" in caplog.text


def test_a_wall_screen_is_opened_by_its_token_and_by_nothing_else(sqlite_engine, app):
    add(sqlite_engine, title="Surgery", token="a-token-of-a-screen")
    client = app.test_client()
    assert client.get("/screen/surgery?token=a-token-of-a-screen").status_code == 200
    assert client.get("/screen/surgery?token=another").status_code == 403
    assert client.get("/?token=a-token-of-a-screen").status_code == 403
    assert client.get("/screen/surgery", headers=PERSON).status_code == 303


def test_claims_of_the_userinfo_address_count_if_they_are_the_same_persons(
    sqlite_engine, provider, tmp_path, caplog
):
    settings = settings_for(provider, tmp_path, userinfo="yes", readers=frozenset({"staff"}))
    client = served(sqlite_engine, settings).test_client()
    provider.userinfo = {"sub": "s-1", "groups": ["staff"]}
    assert sign_in_anew(client).status_code == 303
    provider.userinfo = {"sub": "another", "groups": ["staff"]}
    assert sign_in_anew(client.application.test_client()).status_code == 401
    assert "the userinfo is of another subject" in caplog.text
