"""The audit trail: what cannot be written down is not shown, and what is written is what was asked."""

import random
import re
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from sqlalchemy import event, select, text

from dashboard.server.access import Reader
from dashboard.store.writing import NotRecorded, write_audit
from ingest.store.schema import audit
from tests.dashboard import tracked
from tests.dashboard.layouts.test_ptl import TOKEN, export
from tests.dashboard.served_pages import drawn, words

PAGES = ("/ptl", "/book-next")
BOOKING = "?tf=C_120&pathway=non-admitted"


@pytest.fixture
def client(sqlite_engine, tmp_path):
    tracked.load(sqlite_engine, tmp_path)
    return tracked.served(sqlite_engine, tmp_path)


def lines(engine):
    with engine.connect() as connection:
        return connection.execute(select(audit).order_by(audit.c.id)).all()


def break_the_trail(engine, how):
    with engine.begin() as connection:
        if how == "no table":
            connection.execute(text("DROP TABLE audit"))
        else:
            connection.execute(
                text("CREATE TRIGGER no BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, ''); END")
            )


@pytest.mark.parametrize("how", ["no table", "refused by the database"])
def test_what_cannot_be_written_down_is_not_shown(client, sqlite_engine, how):
    assert TOKEN.search(words(drawn(client, "/ptl")["page"]))
    break_the_trail(sqlite_engine, how)
    for path in PAGES:
        found = drawn(client, path, BOOKING)
        assert not TOKEN.search(str(found))
        assert "could not be written to the audit trail" in words(found["page"])
    for kind in ("list", "book-next"):
        answer = export(client, BOOKING, kind=kind)
        assert answer.status_code == 503
        assert not TOKEN.search(answer.text)


def test_the_line_is_written_before_the_page_is_answered(client, sqlite_engine):
    """The row is there, committed, when the answer is made: not a moment later."""
    seen = []
    event.listen(sqlite_engine, "commit", lambda _: seen.append("commit"))
    drawn(client, "/ptl")
    assert seen == ["commit"]
    assert [line.action for line in lines(sqlite_engine)] == ["viewed"]


def test_a_view_does_not_wait_for_the_turn_of_a_load(engine, tmp_path):
    """On a server, loads take turns; looking does not."""
    if engine.dialect.name == "sqlite":
        return
    at = datetime.now(UTC)
    with engine.connect() as load, load.begin():
        load.execute(text("SELECT pg_advisory_xact_lock(182018)"))
        write_audit(engine, Reader("jo"), action="viewed", scope="/ptl", rows=1, at=at)
    assert [line.reader for line in lines(engine)] == ["jo"]


def test_a_line_that_cannot_be_written_says_nothing_of_the_values(sqlite_engine):
    break_the_trail(sqlite_engine, "no table")
    with pytest.raises(NotRecorded) as fault:
        write_audit(
            sqlite_engine, Reader("jo"), action="viewed", scope="/ptl?tf=C_120", rows=1, at=datetime.now(UTC)
        )
    assert str(fault.value) == "OperationalError"
    assert fault.value.__cause__ is None


def test_the_trail_of_a_thousand_mixed_requests_is_what_was_asked(sqlite_engine, tmp_path, repetitions):
    tracked.load(sqlite_engine, tmp_path)
    client = tracked.served(sqlite_engine, tmp_path, access="proxy")
    chance, expected = random.Random(4), []
    for number in range(repetitions(1000)):
        role = chance.choice(list(tracked.ROLES))
        may = role in ("lead", "booking")
        headers = tracked.as_role(role)
        asked = {"tf": chance.choice(["C_120", "C_100", ""]), "site": chance.choice(["", "R9A01"])}
        query = "?" + urlencode({name: value for name, value in asked.items() if value})
        what = chance.choice(
            ["/ptl", "/", "/list", "/audit", "/book-next", "file", "no purpose", "/card.csv"]
        )
        if what == "file":
            purpose = f"meeting {number}"
            answer = export(client, query, purpose=purpose, **headers)
            assert answer.status_code == (200 if may else 403)
            if may:
                rows = len(TOKEN.findall(answer.text))
                expected.append((role, "exported", "/ptl", rows, purpose, asked))
        elif what == "no purpose":
            assert export(client, query, purpose="", **headers).status_code == (400 if may else 403)
        elif what == "/card.csv":
            client.get(f"/card.csv{query or '?'}&page=/ptl&card=pathways", headers=headers)
        else:
            answer = tracked.draw(client, what, query, headers)
            tokens = len(set(TOKEN.findall(answer.text)))
            assert answer.status_code == 200
            # Book next orders nothing without a stage: nothing is seen, and nothing written.
            if what == "/ptl" and may:
                expected.append((role, "viewed", "/ptl", tokens, "", asked))
            else:
                assert tokens == 0
    found = lines(sqlite_engine)
    assert len(found) == len(expected) > 0
    for line, (role, action, path, rows, purpose, asked) in zip(found, expected, strict=True):
        assert (line.reader, line.action, line.rows, line.purpose) == (role, action, rows, purpose)
        assert line.scope.startswith(f"{path}?")
        assert "census=2026-11-15" in line.scope
        assert "org=R9A" in line.scope
        for name, value in asked.items():
            assert (f"{name}={value}" in line.scope) if value else (f"{name}=" not in line.scope)
        assert not TOKEN.search(line.scope)


def test_the_page_shows_the_newest_first_fifty_at_a_time(client, sqlite_engine):
    at = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
    for number in range(120):
        write_audit(
            sqlite_engine, Reader(f"reader{number:03d}"), action="viewed", scope="/ptl", rows=number, at=at
        )
    for query, first, last in (("", 119, 70), ("?page=2", 69, 20), ("?page=3", 19, 0), ("?page=9", 19, 0)):
        found = re.findall(r"reader(\d{3})", words(drawn(client, "/audit", query)["page"]))
        assert [int(number) for number in found] == list(range(first, last - 1, -1))


def test_no_log_holds_a_token_or_what_was_asked(client, caplog):
    caplog.set_level("DEBUG")
    drawn(client, "/ptl", "?tf=C_120")
    export(client, "?tf=C_120", purpose="")
    export(client, "?tf=C_120")
    assert not TOKEN.search(caplog.text)
    assert "C_120" not in caplog.text
