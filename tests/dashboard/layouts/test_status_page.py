"""Data status: the verdict on each feed, the ledger, and a file that comes in through the page."""

import json
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import select

from dashboard.analysis.figures_table import figures
from dashboard.application import create_app
from dashboard.scope.feeds import data_status
from dashboard.server.access import ANYBODY, Enquiry
from dashboard.settings.settings import Settings
from dashboard.store.figures import FigureScope
from ingest.loading.load import load_path
from ingest.store.schema import audit, extract, run
from tests.dashboard import served_pages
from tests.dashboard.served_pages import cards, drawn, words

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

MARCH, APRIL = date(2025, 3, 31), date(2025, 4, 30)
FACTS = {
    ("RTD", "01A", "2", "C_110"): {0: 60, 17: 5, 18: 30, 52: 3},
    ("R1K", "01A", "2", "C_100"): {10: 40},
}
OURS = {"Origin": "http://localhost"}


def served(engine, tmp_path, *, access="single-user", today=date(2025, 6, 1), **more):
    settings = Settings(home=tmp_path / "home", access=access, **more)
    return create_app(engine, settings, today=lambda: today).server.test_client()


def upload(client, path, *, name=None, **headers):
    given = {"X-File-Name": quote(name or path.name), **OURS, **headers}
    return client.post("/status/load", data=path.read_bytes(), headers=given)


def lines(response):
    return [json.loads(line) for line in response.text.splitlines()]


@pytest.mark.parametrize(
    ("today", "state"),
    [(date(2025, 6, 11), "OK"), (date(2025, 6, 12), "OK"), (date(2025, 6, 13), "LATE")],
)
def test_a_month_is_late_the_day_after_its_successor_was_due(
    sqlite_engine, tmp_path, make_extract, today, state
):
    # The month after March 2025 is published on the second Thursday of June: the 12th.
    load_path(sqlite_engine, make_extract(FACTS, census=MARCH))
    told = served(sqlite_engine, tmp_path, access="none", today=today).get("/status.json").json
    assert (told["state"], told["feeds"][0]["due"]) == (state, "2025-06-12")


def test_a_refused_file_leaves_the_last_good_one_and_says_so(sqlite_engine, tmp_path, make_extract):
    good = make_extract(FACTS, census=MARCH)
    load_path(sqlite_engine, good)
    fewer = make_extract({key: FACTS[key] for key in list(FACTS)[:1]}, census=MARCH, revised=True)
    (refused,) = load_path(sqlite_engine, fewer)
    assert refused.state == "refused"
    with sqlite_engine.connect() as connection:
        found = data_status(connection, Enquiry(ANYBODY, date(2025, 6, 1), Settings(home=tmp_path)))
    assert [(feed.state, feed.file_name) for feed in found.feeds] == [("FAILED", good.name)]
    assert found.loads[0].state == "refused"
    assert "fewer than 90 % of the 2" in found.loads[0].problems[0]


def test_an_empty_database_has_a_status_too(sqlite_engine, tmp_path):
    client = served(sqlite_engine, tmp_path, access="none")
    assert client.get("/status.json").json["feeds"] == []


def test_a_file_through_the_page_is_what_rtt_load_would_have_made_of_it(engine, tmp_path, make_extract):
    path = make_extract(FACTS, census=MARCH)
    told = lines(upload(served(engine, tmp_path), path))
    assert told[-1]["state"] == "loaded"
    assert told[-1]["line"].startswith(f"{path.name}: monthly 31 March 2025")
    assert any("Writing" in line.get("words", "") for line in told)
    with engine.connect() as connection:
        total = figures(connection, FigureScope(part="2", treatment_function="C_999"))["total"]
        noted = connection.execute(select(audit)).one()
    assert total.to_list() == [138]
    assert (noted.action, noted.scope) == ("loaded", f"loaded: {path.name}")


def test_the_file_is_gone_afterwards_whatever_became_of_it(sqlite_engine, tmp_path, make_extract):
    client = served(sqlite_engine, tmp_path)
    path = make_extract(FACTS, census=MARCH)
    upload(client, path).get_data()
    path.write_bytes(b"\x00\x01 nothing that we know")
    assert lines(upload(client, path))[-1]["state"] == "refused"
    left = [each.name for each in (tmp_path / "home").rglob("*") if each.is_file()]
    assert left == ["token.key"]


def test_a_damaged_file_is_refused_row_by_row_and_nothing_is_kept(sqlite_engine, tmp_path, make_extract):
    path = make_extract(FACTS, census=MARCH)
    path.write_text(path.read_text()[:-40])
    told = lines(upload(served(sqlite_engine, tmp_path), path))[-1]
    assert told["state"] == "refused"
    assert any(", row " in problem and "expected" in problem for problem in told["problems"])
    with sqlite_engine.connect() as connection:
        assert connection.execute(select(extract)).all() == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\20250331.csv", "20250331.csv"),
        ("a\nb\x00.csv", "ab.csv"),
        ("...", "upload"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_a_file_name_is_a_name_and_no_path(sqlite_engine, tmp_path, given, kept):
    path = tmp_path / "file"
    path.write_bytes(b"x")
    told = lines(upload(served(sqlite_engine, tmp_path), path, name=given))[-1]
    assert told["line"].startswith(f"{kept}: refused")


def test_whoever_may_not_write_is_turned_away_before_the_file_is_read(sqlite_engine, tmp_path, make_extract):
    answer = upload(served(sqlite_engine, tmp_path, access="none"), make_extract(FACTS, census=MARCH))
    assert answer.status_code == 403
    assert not (tmp_path / "home").exists()


class Unreadable:
    """A body of which not a byte may be read."""

    def read(self, *_):
        raise AssertionError("the body was read")


@pytest.mark.parametrize(
    ("access", "size", "status"),
    [
        ("single-user", 300_000_000, 413),
        ("single-user", 250_000_001, 413),
        ("none", 1_000, 403),
        ("none", 300_000_000, 413),
    ],
)
def test_what_is_too_large_or_not_allowed_is_refused_unread(sqlite_engine, tmp_path, access, size, status):
    client = served(sqlite_engine, tmp_path, access=access)
    body = {"wsgi.input": Unreadable(), "CONTENT_LENGTH": str(size)}
    answer = client.post("/status/load", environ_overrides=body, headers=OURS)
    assert answer.status_code == status
    assert answer.headers["Connection"] == "close"


def test_a_body_of_unknown_length_is_refused(sqlite_engine, tmp_path):
    client = served(sqlite_engine, tmp_path)
    body = {"wsgi.input": Unreadable(), "HTTP_TRANSFER_ENCODING": "chunked"}
    assert client.post("/status/load", environ_overrides=body, headers=OURS).status_code == 411


def test_two_people_who_load_at_once_lose_nothing(engine, tmp_path, make_extract):
    client = served(engine, tmp_path).application
    files = [make_extract(FACTS, census=census) for census in (MARCH, APRIL)]
    told = []
    people = [
        threading.Thread(target=lambda file=file: told.append(lines(upload(client.test_client(), file))[-1]))
        for file in files
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(line["state"] for line in told) == ["loaded", "loaded"]
    with engine.connect() as connection:
        dates = connection.execute(select(extract.c.census_date).order_by(extract.c.census_date)).scalars()
        assert list(dates) == [MARCH, APRIL]


def test_a_real_extract_does_not_join_the_demo_but_lies_ready(demo, tmp_path, make_extract):
    path = make_extract(FACTS, census=MARCH)
    told = lines(upload(served(demo, tmp_path), path))
    assert any("your own database" in line.get("words", "") for line in told)
    assert (tmp_path / "home" / "rtt.db").is_file()


def test_in_a_named_database_of_sample_data_a_real_extract_is_refused(demo, demo_url, tmp_path, make_extract):
    client = served(demo, tmp_path, database_url=demo_url)
    told = lines(upload(client, make_extract(FACTS, census=MARCH)))[-1]
    assert told["state"] == "refused"
    assert "sample data" in told["line"]


def test_each_part_of_a_tracking_list_is_a_feed(demo, tmp_path):
    told = served(demo, tmp_path, access="none", today=date(2026, 3, 2)).get("/status.json").json
    weekly = {feed["section"]: feed["state"] for feed in told["feeds"] if feed["source"] == "weekly"}
    assert weekly == {"open": "OK", "stops": "OK", "starts": "OK"}
    assert told["kind"] == "sample"


def test_remarks_that_count_the_rows_of_a_tracking_list_are_not_for_everybody(demo, tmp_path):
    def remarks(access):
        loads = served(demo, tmp_path, access=access).get("/status.json").json["loads"]
        return sum(len(line["problems"]) for line in loads if line["source"] == "weekly")

    assert remarks("none") == 0
    assert remarks("single-user") > 0


def test_rows_of_a_tracking_list_are_rounded_for_readers_without_access_on_the_page_and_for_machines(
    demo, tmp_path
):
    """Less the list itself they are the patients of other commissioners."""

    def rows(access):
        client = served(demo, tmp_path, access=access, today=date(2026, 3, 2))
        told = client.get("/status.json").json
        weekly = [each for each in (*told["feeds"], *told["loads"]) if each["source"] == "weekly"]
        page = {name: words(card) for name, card in cards(drawn(client, "/status")["page"]).items()}
        return {str(each.get("rows", each.get("rows_read"))) for each in weekly}, page

    exact, page = rows("single-user")
    assert "5845" in exact
    assert all("5,845" in page[card] for card in ("feeds", "loads"))
    rounded, page = rows("none")
    assert {"about 5,840"} <= rounded
    assert not exact & rounded
    assert all("about 5,840" in page[card] and "5,845" not in page[card] for card in ("feeds", "loads"))


def test_nothing_of_the_home_folder_is_told(sqlite_engine, tmp_path, make_extract):
    load_path(sqlite_engine, make_extract(FACTS, census=MARCH))
    assert str(Path(tmp_path)) not in served(sqlite_engine, tmp_path).get("/status.json").text


def test_the_settings_say_when_a_list_is_due(demo, tmp_path):
    late = served(demo, tmp_path, access="none", today=date(2026, 3, 4))
    patient = served(demo, tmp_path, access="none", today=date(2026, 3, 4), weekly_due_days=3)
    states = [
        {feed["state"] for feed in client.get("/status.json").json["feeds"] if feed["source"] == "weekly"}
        for client in (late, patient)
    ]
    assert states == [{"LATE"}, {"OK"}]


def test_lists_of_loads_and_runs_that_end_say_that_older_ones_are_not_shown(demo, tmp_path):
    """Fault 9: a list that is cut says so."""
    client = served_pages.client_of(demo, tmp_path)
    for runs, told in ((9, False), (10, True)):
        with demo.begin() as connection:
            connection.execute(run.delete())
            rows = [
                {"kind": "watch", "seconds": 1.0, "outcome": "ok", "message": "", "started_at": NOON}
            ] * runs
            connection.execute(run.insert(), rows)
        cards = served_pages.cards(served_pages.drawn(client, "/status")["page"])
        assert ("older ones are not shown" in served_pages.words(cards["runs"])) is told
        assert "older ones are not shown" in served_pages.words(cards["loads"]), (
            "the sample has more than thirty"
        )
