"""Finished answers that are kept: never another's, never old, never one that must be written down."""

import re
import shutil
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import func, select

from dashboard.application import create_app
from dashboard.callbacks.kept_answers import Kept, KeptAnswers
from dashboard.pages import PAGES
from dashboard.places import Place
from dashboard.server.access import person_here
from dashboard.settings.settings import Settings
from dashboard.store import writing
from dashboard.store.kept_places import keep
from dashboard.store.series import Series
from ingest.store import schema
from ingest.store.database import make_engine
from tests.dashboard import tracked
from tests.dashboard.drawing import statements
from tests.dashboard.served_pages import client_of
from tests.tracking_lists import CENSUS

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
PATIENTS = next(page.path for page in PAGES if page.audited)
KEPT = [page.path for page in PAGES if page.kept]
QUERIES = (
    "",
    "?source=weekly",
    "?source=monthly&level=provider&org=R9A&tf=C_110",
    "?compare=year&census=2025-11",
)
WRITTEN_BY_PEOPLE = re.compile(
    r"\b(annotation|rebase|saved_view|list_setting|pathway_selection|narrative|pack_issue|screen|audit"
    r"|kept_place|alert_choice|alert_told|alert_email|scenario|trajectory|initiative|run)\b"
)


def of_people(statement):
    """Whether a statement reads a table that people write to; saved groups come with the version."""
    return bool(WRITTEN_BY_PEOPLE.search(statement.split("FROM", 1)[-1]))


def asked(client, path, query="", headers=None):
    answer = tracked.draw(client, path, query, headers)
    assert answer.status_code == 200, answer.text[:300]
    return answer.json


def test_the_pages_of_figures_are_kept_and_those_of_patients_and_of_the_hour_are_not():
    assert {"/", "/trends", "/breaches", "/specialties"} <= set(KEPT)
    assert not {PATIENTS, "/status", "/services", "/screens"} & set(KEPT)
    assert not any(page.kept for page in PAGES if page.audited)


@pytest.fixture(scope="module")
def sample(demo_template, tmp_path_factory):
    engine = make_engine(
        f"sqlite:///{shutil.copy(demo_template, tmp_path_factory.mktemp('kept') / 'demo.db')}"
    )
    keep(engine, person_here(), Place("?level=provider&org=R9A", "Ours"), at=NOON)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def clients(sample, tmp_path_factory):
    """Two servers of the same data."""
    home = tmp_path_factory.mktemp("home")
    return client_of(sample, home), client_of(sample, home)


@pytest.mark.parametrize("path", KEPT)
def test_a_second_answer_is_the_first_and_nothing_is_drawn_for_it(sample, clients, path):
    """It asks for the version of the facts, and again for all that people wrote, in the same words."""
    client, other = clients
    for query in QUERIES:
        with statements(sample) as first_sent:
            first = asked(client, path, query)
        with statements(sample) as sent:
            assert asked(client, path, query) == first
        assert [each for each in sent if of_people(each)] == [each for each in first_sent if of_people(each)]
        assert len([each for each in sent if not of_people(each)]) <= 2
        assert asked(other, path, query) == first


def test_no_answer_crosses_rights_in_either_direction(sqlite_engine, tmp_path):
    tracked.load(sqlite_engine, tmp_path)
    alone = {
        (role, path): asked(
            tracked.served(sqlite_engine, tmp_path, "proxy"), path, "?source=weekly", tracked.as_role(role)
        )
        for role in tracked.ROLES
        for path in ("/", "/specialties", "/list")
    }
    assert alone["viewer", "/list"] != alone["booking", "/list"]
    for pair in permutations(tracked.ROLES, 2):
        client = tracked.served(sqlite_engine, tmp_path, "proxy")
        for path in ("/", "/specialties", "/list"):
            for role in (*pair, *pair):
                answer = asked(client, path, "?source=weekly", tracked.as_role(role))
                assert answer == alone[role, path], (pair, role, path)


def test_a_page_of_patients_writes_down_each_view(sqlite_engine, tmp_path):
    tracked.load(sqlite_engine, tmp_path)
    client = tracked.served(sqlite_engine, tmp_path, "proxy")

    def views():
        with sqlite_engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(schema.audit)).scalar_one()

    before = views()
    for _ in range(3):
        asked(client, PATIENTS, "?source=weekly", tracked.as_role("booking"))
    assert views() == before + 3


def test_what_is_written_stands_on_the_page_at_once_and_goes_when_it_is_withdrawn(demo, tmp_path):
    client = client_of(demo, tmp_path)
    trust = "?source=monthly&level=provider&org=R9A"
    before = asked(client, "/trends", trust)
    series = Series(
        source="monthly",
        level="provider",
        organisation_code="R9A",
        treatment_function="C_999",
        measure="share_within_18",
    )
    id_ = writing.annotate(
        demo, person_here(), series, noted_on=date(2025, 11, 30), text="A ward was opened", at=NOON
    )
    noted = asked(client, "/trends", trust)
    assert "A ward was opened" in str(noted)
    assert noted == asked(client, "/trends", trust)
    writing.withdraw(demo, person_here(), "note", id_, at=NOON)
    assert asked(client, "/trends", trust) == before


def test_facts_days_and_settings_end_an_answer(sqlite_engine, tmp_path):
    tracked.load(sqlite_engine, tmp_path)
    day = [CENSUS + timedelta(1)]
    app = create_app(sqlite_engine, Settings(home=tmp_path, access="single-user"), today=lambda: day[0])
    client = app.server.test_client()
    first = asked(client, "/", "?source=weekly")
    day[0] += timedelta(30)
    late = asked(client, "/", "?source=weekly")
    assert "31 days ago" in str(late["response"]["status-line"])
    assert "1 day ago" in str(first["response"]["status-line"])
    tracked.load(sqlite_engine, tmp_path, CENSUS + timedelta(7))
    assert asked(client, "/", "?source=weekly")["response"]["drawn"] != late["response"]["drawn"]
    day[0] -= timedelta(30)
    older = asked(client, "/", f"?source=weekly&census={CENSUS}")
    assert older["response"]["drawn"]["data"]["census"] == CENSUS.isoformat()


def test_an_empty_page_is_drawn_each_time_for_it_tells_how_far_the_first_load_is(
    sqlite_engine, tmp_path, monkeypatch
):
    client, said = client_of(sqlite_engine, tmp_path), iter(["1 of 24 files", "2 of 24 files"])
    monkeypatch.setattr("dashboard.layouts.frame.fetching.offer", lambda _scope: [next(said)])
    assert "1 of 24 files" in str(asked(client, "/"))
    assert "2 of 24 files" in str(asked(client, "/"))


def test_a_page_that_could_not_be_drawn_is_tried_again(demo, tmp_path, monkeypatch):
    client = client_of(demo, tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr("dashboard.callbacks.drawing.navigation.navigation", lambda *_: 1 / 0)
        assert "page" not in asked(client, "/").get("response", {})
    with monkeypatch.context() as patched:
        patched.setattr("dashboard.callbacks.drawing.below", lambda *_: 1 / 0)
        assert "page" not in asked(client, "/").get("response", {})
    assert "page" in asked(client, "/")["response"]


def test_an_answer_is_sent_in_the_form_that_was_asked_for(demo, tmp_path):
    client = client_of(demo, tmp_path)
    forms = {"gzip": "gzip", "br": "br", "": None, "identity": None}
    for _ in range(2):
        sent = {form: tracked.draw(client, "/", "", {"Accept-Encoding": form}) for form in forms}
        for form, answer in sent.items():
            assert answer.headers.get("Content-Encoding") == forms[form]
            assert "Accept-Encoding" in answer.headers.get("Vary", "")
            assert "Content-Security-Policy" in answer.headers
        assert sent[""].data == sent["identity"].data
        assert len(sent["br"].data) < len(sent[""].data) / 4


def test_no_more_is_kept_than_there_is_room_for():
    settings = Settings(home=__file__, access="none")
    answers = KeptAnswers(most_bytes=1_000)
    for at in range(50):
        answers.put((at,), Kept(bytes(100), None, settings, (), ()))
        answers.put((at,), Kept(bytes(90), None, settings, (), ()))  # drawn twice at once
        assert answers.get((0,)) or at  # the oldest asked for goes first
        answers.get((0,))
    held = [at for at in range(50) if answers.get((at,))]
    assert (held[0], held[-1], len(held)) == (0, 49, 11)
    answers.put((99,), Kept(bytes(2_000), None, settings, (), ()))  # larger than all the room
    assert answers.get((99,)) is None
