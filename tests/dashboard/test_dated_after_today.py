"""A database that already holds data dated after today, as an older version took it.

Fault 2: every page opened on a list of next year ("-358 days ago"), `/ptl` showed no "do not book" band and
exported it, the wall screen said LIVE, newer real lists did not become the default, forecasts froze from it.
"""

import ast
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard.application import create_app
from dashboard.cli import clock
from dashboard.filters import Filters
from dashboard.layouts.frame import status_line
from dashboard.layouts.ptl import access as pathway_access
from dashboard.pages import PAGES
from dashboard.scope.pack_scope import scope_of_pack
from dashboard.scope.scope import resolve
from dashboard.screens.figures import shown
from dashboard.server.access import Reader
from dashboard.settings.settings import Settings
from dashboard.store.cache import reading
from ingest.forecasts.issue import issue_monthly
from ingest.forecasts.weekly import issue_lists
from ingest.loading.load import load_path
from rtt.terms.calendar import add_months
from tests.dashboard import enquiries, tracked, weekly_lists
from tests.dashboard.commands import Command
from tests.dashboard.screens.test_screen import add, screen_named
from tests.dashboard.served_pages import drawn, words
from tests.servers import ROOT
from tests.tracking_lists import CENSUS

AHEAD = date(2027, 11, 14)
TODAY = CENSUS + timedelta(1)
EVERYBODY = Reader("jo", may_write=True, may_see_pathways=True)
OURS = {"Origin": "http://localhost"}
MARCH = date(2025, 3, 31)
FACTS = {("RTD", "01A", "2", "C_110"): {0: 60, 18: 30}}


@pytest.fixture
def engine(sqlite_engine, tmp_path):
    """A list of the week and one of next year."""
    tracked.load(sqlite_engine, tmp_path)
    tracked.load(sqlite_engine, tmp_path, census=AHEAD)
    return sqlite_engine


@pytest.fixture
def client(engine, tmp_path):
    return tracked.served(engine, tmp_path, today=TODAY)


@pytest.mark.parametrize("query", ["", f"?source=weekly&census={AHEAD}", f"?census={AHEAD:%Y-%m}"])
@pytest.mark.parametrize("page", [page.path for page in PAGES])
def test_no_page_opens_on_it_or_shows_it_when_asked(client, page, query):
    """Fault 2: not even where the address asks for that day."""
    answer = drawn(client, page, query)
    said = " ".join(words(part) for part in answer.values())
    assert not re.search(r"-\d+ days|Sunday 14 Nov 2027|days to come", said)
    if not query:
        assert "Sunday 15 Nov 2026" in said


def test_the_pages_open_on_the_newest_list_that_has_come(engine):
    """Fault 2: newer real lists become the default."""
    with reading(engine) as connection:
        scope = resolve(connection, Filters(), enquiries.by(today=TODAY))
        asked = resolve(connection, Filters(census=AHEAD), enquiries.by(today=TODAY))
        packed = scope_of_pack(connection, None, None, "public", enquiries.by(today=TODAY))
        later = resolve(connection, Filters(), enquiries.by(today=AHEAD))
    assert (scope.census, packed.census) == (CENSUS, CENSUS)
    assert asked.census == CENSUS
    assert asked.notices == ("There is no census on 14 Nov 2027; 15 Nov 2026 is shown.",)
    assert scope.dates == (CENSUS,)
    assert later.census == AHEAD, "when its day has come it is a list like any other"


def test_a_list_of_tomorrow_is_shown_from_tomorrow_on(engine):
    with reading(engine) as connection:
        assert resolve(connection, Filters(), enquiries.by(today=AHEAD - timedelta(1))).census == CENSUS


def test_the_feed_says_that_it_holds_a_day_to_come(client):
    """Fault 2: neither late nor failed, the feed was called as it should be."""
    told = client.get("/status.json").json
    (feed,) = told["feeds"]
    assert told["state"] == feed["state"] == "FAILED"
    assert (feed["census_date"], feed["ahead"]) == (CENSUS.isoformat(), AHEAD.isoformat())
    page = words(drawn(client, "/status")["page"])
    assert "holds 14 Nov 2027, a date after today" in page
    assert f"rtt remove --source weekly --census {AHEAD}" in page


def test_a_database_of_nothing_else_shows_no_data(sqlite_engine, tmp_path):
    tracked.load(sqlite_engine, tmp_path, census=AHEAD)
    client = tracked.served(sqlite_engine, tmp_path, today=TODAY)
    assert "2027" not in words(drawn(client, "/")["page"])
    assert client.get("/status.json").json["state"] == "FAILED"


def test_nothing_of_it_is_exported(client):
    """Fault 2: `/ptl` exported the list of next year."""
    form = {"kind": "ptl", "purpose": "Booking", "query": f"?census={AHEAD}", "back": "/ptl"}
    answer = client.post("/ptl/export", data=form, headers=OURS)
    assert str(AHEAD) not in answer.text
    assert str(AHEAD) not in answer.headers.get("Content-Disposition", "")
    for query in ("level=provider", f"level=provider&census={AHEAD}", "level=provider&source=weekly"):
        assert str(AHEAD) not in client.get(f"/api/figures.csv?{query}").text


def test_a_list_dated_after_today_is_stale_and_says_so(engine):
    """Fault 2: an age below zero was not above eight days, so it could be booked from."""
    with reading(engine) as connection:
        scope = resolve(connection, Filters(census=AHEAD), enquiries.by(EVERYBODY, AHEAD))
    scope = replace(scope, enquiry=enquiries.by(EVERYBODY, TODAY))  # as if a page had come by it
    assert pathway_access.is_stale(scope)
    assert pathway_access.stale_words(scope).startswith(
        "This list is dated 14 Nov 2027, after today: do not book"
    )
    line = status_line.status_words(scope, today=TODAY)
    assert "DATED AFTER TODAY" in line[1]
    assert "days ago" not in line[1]


def test_the_wall_screen_shows_the_list_that_has_come(engine):
    """Fault 2: the wall said LIVE."""
    add(engine, query="source=weekly&level=provider&org=R9A")
    with reading(engine) as connection:
        enquiry = enquiries.by(EVERYBODY, TODAY)
        found = shown(connection, screen_named(connection, "surgery"), enquiry)
    assert found["data"]["census"] == CENSUS.isoformat()


def test_a_forecast_starts_from_the_newest_list_that_has_come(sqlite_engine, tmp_path):
    """Fault 2: `rtt forecast` froze from the list of next year."""
    weekly_lists.load(sqlite_engine, tmp_path, weekly_lists.people(), *range(9))
    newest = weekly_lists.day(8)
    tracked.load(sqlite_engine, tmp_path, census=AHEAD)
    now = datetime(newest.year, newest.month, newest.day, 9, tzinfo=UTC) + timedelta(1)
    assert {issue.census_date for issue in issue_lists(sqlite_engine, now=now)} <= {newest}
    with reading(sqlite_engine) as connection:
        from ingest.forecasts.weekly_inputs import list_inputs

        assert list_inputs(connection, "R9A", until=newest).listing.census == newest


def test_a_monthly_forecast_starts_from_the_newest_month_that_has_come(sqlite_engine, make_extract):
    """Fault 2: nor from a month of next year."""
    for census in (*(add_months(MARCH, month) for month in range(6)), date(2027, 3, 31)):
        load_path(sqlite_engine, make_extract(FACTS, census=census))
    issue = issue_monthly(sqlite_engine, now=datetime(2025, 10, 9, 9, tzinfo=UTC))
    assert issue.census_date == date(2025, 8, 31)


@pytest.mark.parametrize(
    "day", ["9999-12-31", "2026-11-17", "2027-01-01", "2006-12-31", "0001-01-01", "soon", ""]
)
@pytest.mark.parametrize(
    ("path", "field"),
    [("/notes", "noted_on"), ("/rebases", "starts_on"), ("/narratives", "opened_on")],
)
def test_a_form_takes_no_day_that_cannot_be_true(client, path, field, day):
    """Faults 2 and 21: a note dated 9999 was accepted."""
    answer = client.post(path, data={**form(path), field: day}, headers=OURS)
    assert answer.status_code == 400
    assert "Nothing was saved" in answer.text
    assert client.post(path, data={**form(path), field: str(CENSUS)}, headers=OURS).status_code == 303


@pytest.mark.parametrize(
    ("due", "status"), [("9999-12-31", 400), ("2033-01-01", 400), ("2026-12-24", 303), ("", 303)]
)
def test_an_action_is_due_within_five_years(client, due, status):
    answer = client.post("/narratives", data={**form("/narratives"), "due.total": due}, headers=OURS)
    assert answer.status_code == status


def form(path: str) -> dict[str, str]:
    own = {
        "/notes": {"noted_on": str(CENSUS), "text": "A ward opened"},
        "/rebases": {"starts_on": str(CENSUS), "reason": "A new ward"},
        "/narratives": {
            "opened_on": str(CENSUS),
            "why.total": "x",
            "actions.total": "y",
            "owner.total": "z",
        },
    }
    series = {
        "source": "weekly",
        "level": "provider",
        "organisation_code": "R9A",
        "treatment_function": "C_999",
        "measure": "total",
    }
    return {**series, "back": "/trends", **own[path]}


def test_an_upload_of_next_year_is_refused(sqlite_engine, tmp_path, make_extract):
    """Fault 2: the upload goes by the day of the server, like every other way."""
    settings = Settings(home=tmp_path / "home", access="single-user")
    client = create_app(sqlite_engine, settings, today=lambda: date(2025, 4, 1)).server.test_client()
    for census, state in ((MARCH, "loaded"), (date(2025, 4, 30), "refused")):
        path = make_extract(FACTS, census=census)
        answer = client.post(
            "/status/load", data=path.read_bytes(), headers={"X-File-Name": path.name, **OURS}
        )
        assert f'"state": "{state}"' in answer.text
    assert "30 April 2025 is after today, 1 April 2025" in answer.text


def test_the_commands_refuse_it_too(monkeypatch, capsys, tmp_path, make_extract):
    """Fault 2: load, check and watch, and a sample of days to come."""
    monkeypatch.setenv("RTT_HOME", str(tmp_path / "home"))
    rtt = Command(monkeypatch, capsys)
    path = make_extract(FACTS, census=date(2027, 3, 31))
    for verb in ("check", "load"):
        ran = rtt(verb, path)
        assert ran.code == 3
        assert "31 March 2027 is after today, 28 November 2026" in ran.err
    folder = tmp_path / "watched"
    folder.mkdir()
    (folder / path.name).write_bytes(path.read_bytes())
    assert rtt("watch", folder, "--once", "--seconds", "0.1").code == 3
    assert "is after today" in next((folder / "refused").glob("*.reasons.txt")).read_text()
    ran = rtt("demo", "--until", "2027-01-03")
    assert ran.code == 2
    assert "3 January 2027 is after today" in ran.err


def test_status_names_what_is_dated_after_today(monkeypatch, capsys, tmp_path, make_extract):
    """Fault 2: an older version took it; `rtt status` says how it is taken out."""
    monkeypatch.setenv("RTT_HOME", str(tmp_path / "home"))
    rtt = Command(monkeypatch, capsys)
    for census in (MARCH, date(2026, 10, 31)):
        rtt("load", make_extract(FACTS, census=census))
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 1, 5, tzinfo=UTC))
    said = rtt("status").out
    assert "Monthly extracts: 31 March 2025, next due" in said
    assert "rtt remove --source monthly --census 2026-10-31" in said
    assert rtt("remove", "--source", "monthly", "--census", "2026-10-31").code == 0
    assert "Dated after today" not in rtt("status").out


def test_a_watcher_judges_by_the_day_of_each_look():
    """Fault 2: a watcher that kept the day it was started on would refuse every list after it."""
    source = (ROOT / "dashboard/cli/watching.py").read_text()
    loops = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.While)]
    assert any("clock.today()" in ast.unparse(each) and "_take_all" in ast.unparse(each) for each in loops)
    assert "clock.today()" not in source.split("def _take_all")[1]
