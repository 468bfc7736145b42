"""While something writes for long: /health answers, so do pages, and whoever has to wait is told so soon."""

import contextlib
import json
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text

from dashboard.application import create_app
from dashboard.layouts.ptl.access import BUSY
from dashboard.server.access import Reader
from dashboard.settings.settings import Settings
from dashboard.store import writing as records
from ingest.store.database import THREADS, make_engine, writing
from ingest.store.schema import audit
from tests import servers
from tests.dashboard import tracked
from tests.dashboard.layouts.test_ptl import TOKEN, export
from tests.dashboard.served_pages import client_of, drawn, words
from tests.dashboard.server.test_requests import right

READERS = 40
NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)


@contextlib.contextmanager
def writer_for_long(engine):
    """Another process's transaction that keeps every view from being written down."""
    other = make_engine(engine.url)
    with writing(other) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE audit IN ACCESS EXCLUSIVE MODE"))
        yield
    other.dispose()


def lines(engine):
    with engine.connect() as connection:
        return connection.execute(select(audit.c.reader).order_by(audit.c.reader)).scalars().all()


def test_health_needs_no_connection_that_readers_have(engine, tmp_path):
    """Fault 22: readers held all fifteen, and /health waited for one of them."""
    client = create_app(engine, Settings(home=tmp_path)).server.test_client()
    assert client.get("/version").status_code == 200  # the first request of all draws the shell
    with contextlib.ExitStack() as stack:
        most = engine.pool.size() + engine.pool._max_overflow
        for _ in range(most):
            stack.enter_context(engine.connect())
        assert engine.pool.checkedout() == most
        assert client.get("/health").status_code == 200


def test_there_is_a_connection_for_all_that_every_thread_does_at_once(engine):
    """Fault 22: a pool of fifteen for sixteen threads, of which each needs two."""
    with contextlib.ExitStack() as stack:
        for _ in range(3 * THREADS):
            stack.enter_context(engine.connect())


def test_few_wait_for_a_writer_and_the_others_are_told_at_once(engine, monkeypatch):
    """Fault 22: every reader held a thread for ten seconds."""
    monkeypatch.setattr(records, "AUDIT_PATIENCE", 600.0)

    def look(number: int) -> str:
        try:
            records.write_audit(
                engine, Reader(f"{number:02d}"), action="viewed", scope="/ptl", rows=1, at=NOON
            )
        except records.NotRecorded as fault:
            return "busy" if fault.is_busy else str(fault)
        return "written"

    patient = THREADS // 4
    with ThreadPoolExecutor(THREADS) as pool:
        with writer_for_long(engine):
            looking = [pool.submit(look, number) for number in range(THREADS)]
            told = threading.Semaphore(0)
            for each in looking:
                each.add_done_callback(lambda _: told.release())
            for _ in range(THREADS - patient):
                assert told.acquire(timeout=120)
            ended = [each for each in looking if each.done()]
            # The writer still writes: those that are patient wait, and nobody else does.
            assert [each.result() for each in ended] == ["busy"] * (THREADS - patient)
        assert not wait(looking, timeout=120).not_done
    assert sorted(each.result() for each in looking) == ["busy"] * (THREADS - patient) + ["written"] * patient
    assert len(lines(engine)) == patient


def test_a_view_that_has_to_wait_says_so_and_shows_nothing(engine, tmp_path):
    """Fault 22: "tell whoever runs this dashboard" was said of a load that takes half a minute."""
    tracked.load(engine, tmp_path)
    client = tracked.served(engine, tmp_path)
    with writer_for_long(engine):
        for path, query in (("/ptl", "?tf=C_120"), ("/book-next", "?tf=C_120&pathway=non-admitted")):
            page = drawn(client, path, query)["page"]
            assert BUSY in words(page)
            assert not TOKEN.search(str(page))
            assert '"children": "Try again"' in json.dumps(page)
            assert f'"href": "{path}?' in json.dumps(page)
        answer = export(client, "?tf=C_120")
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "Try again in a few seconds" in answer.text
        assert drawn(client, "/list")["page"]
    assert TOKEN.search(words(drawn(client, "/ptl")["page"]))


def test_a_form_that_comes_while_a_load_writes_is_answered_in_our_words(engine, tmp_path, monkeypatch):
    """Fault 22: it was a fault of the server's."""
    client = client_of(engine, tmp_path)
    monkeypatch.setattr(records, "writing", lambda engine: writing(engine, patience=0.1))
    with writer_for_long(engine):
        said = {"kind": "specialties", "name": "Ours", "members": "C_110", "back": "/"}
        answer = client.post("/groups", data=said, headers=tracked.OURS)
    assert answer.status_code == 503
    assert "Nothing was saved; try again in a few seconds" in answer.text
    assert answer.headers["Retry-After"]


def asked(address: str, path: str) -> tuple[int, str]:
    body = right()
    body["inputs"][0]["value"] = path
    request = urllib.request.Request(
        address + "/_dash-update-component",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"} | servers.proofs(),
    )
    with urllib.request.urlopen(request, timeout=300) as answer:
        return answer.status, answer.read().decode()


@pytest.mark.slow
def test_forty_readers_of_a_real_server_beside_a_writer(sqlite_url, serve, tmp_path):
    """Fault 22: /health took eleven seconds, and with forty readers it did not answer at all."""
    engine = make_engine(sqlite_url)
    tracked.load(engine, tmp_path)
    address = serve(RTT_DATABASE_URL=sqlite_url, RTT_ACCESS="single-user")
    assert asked(address, "/ptl")[0] == 200
    with ThreadPoolExecutor(READERS) as pool:
        with writer_for_long(engine):
            reading = [pool.submit(asked, address, "/ptl") for _ in range(READERS)]
            healthy = 0
            # Whatever the readers are at, and for as long as any of them waits.
            while healthy < 3 or not all(each.done() for each in reading):
                with urllib.request.urlopen(address + "/health", timeout=300) as answer:
                    healthy += answer.status == 200
            said = [each.result(300) for each in reading]
            # The writer has not let go: they were told to come again, in the words for that.
            assert {status for status, _ in said} == {200}
            assert all(json.dumps(BUSY)[1:-1] in page for _, page in said)
            assert not any(TOKEN.search(page) for _, page in said)
        status, page = asked(address, "/ptl")
    assert (status, bool(TOKEN.search(page))) == (200, True)
    assert "Traceback" not in (tmp_path / "gunicorn.log").read_text()
    assert len(lines(engine)) == 2
    engine.dispose()


def test_a_heartbeat_waits_for_nobody(engine, tmp_path):
    """Fault 22: sixteen screens would hold every thread while a list is loaded."""
    with writer_for_long(engine):
        records.note_heartbeat(engine, "ward", survives=None, at=NOON)


def test_uploads_that_wait_for_each_other_leave_threads_for_readers(sqlite_engine, tmp_path):
    """Fault 22: each has a thread until its load is done."""
    client = client_of(sqlite_engine, tmp_path, today=date(2025, 6, 1))
    head = {"X-File-Name": "a.csv", **tracked.OURS}
    waiting, states = threading.Barrier(THREADS // 4 + 1), []

    def upload() -> None:
        with client.application.test_client().post("/status/load", data=b"x,y\n", headers=head) as answer:
            for line in answer.response:
                if b"this one is waiting" in line:
                    waiting.wait(60)
                states.append(json.loads(line).get("state"))

    uploads = [threading.Thread(target=upload) for _ in range(THREADS // 4)]
    with writer_for_long(sqlite_engine):
        for each in uploads:
            each.start()
        waiting.wait(60)
        more = client.post("/status/load", data=b"x,y\n", headers=head)
        assert (more.status_code, more.headers["Retry-After"]) == (503, "5")
        assert "Several files are already being loaded" in more.json["error"]
    for each in uploads:
        each.join(60)
    assert states.count("refused") == THREADS // 4
    assert client.post("/status/load", data=b"x,y\n", headers=head).status_code == 200
