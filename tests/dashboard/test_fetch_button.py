"""The button for NHS England's newest months: who sees it, what it starts, how a page tells how far it is."""

import re
import threading
import time
from datetime import date

import pytest
from sqlalchemy import select

from dashboard.application import create_app
from dashboard.callbacks import fetching
from dashboard.settings.settings import Settings
from ingest.fetch.journal import Item, Journal, last_run, only_run
from ingest.loading.load import load_path
from ingest.store.database import make_engine
from ingest.store.schema import audit, extract
from tests.dashboard import served_pages
from tests.dashboard.served_pages import cards, of_type, table_of, words
from tests.publisher import Publisher, served
from tests.servers import ROOT

OURS = {"Origin": "http://localhost"}
NEWEST = date(2026, 9, 30)
FIRST, AGAIN = "Show NHS England’s newest 24 months", "Look for new and revised months"
FACTS = {("RTD", "01A", "2", "C_110"): {0: 60, 17: 5}}


@pytest.fixture
def client(tmp_path):
    def client(engine, *, access="single-user", **more):
        settings = Settings(home=tmp_path / "home", access=access, **more)
        return create_app(engine, settings, today=lambda: date(2026, 11, 28)).server.test_client()

    return client


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "home" / "fetch"


def page(client, path="/status"):
    return served_pages.drawn(client, path)["page"]


def not_hidden(drawn):
    """The words that are there once a month is loaded."""
    marked = [each for each in of_type(drawn, "P") if each["props"].get("data-fetch-loaded")]
    return [words(each) for each in marked if not each["props"].get("hidden")]


def buttons(drawn):
    return [words(each) for each in of_type(drawn, "Button")]


@pytest.mark.parametrize("path", ["/", "/trends", "/breaches", "/pack", "/plan"])
def test_the_empty_pages_offer_the_newest_months_to_those_who_may_load(sqlite_engine, client, path):
    assert buttons(page(client(sqlite_engine), path)) == [FIRST]
    assert buttons(page(client(sqlite_engine, access="none"), path)) == []


def test_so_does_the_sample_in_its_mark_and_on_data_status(demo, client):
    writer, reader = client(demo), client(demo, access="none")
    for path in ("/", "/status"):
        assert FIRST in buttons(served_pages.drawn(writer, path)["status-line"])
        assert FIRST not in buttons(served_pages.drawn(reader, path)["status-line"])
    assert FIRST in buttons(page(writer))
    assert FIRST not in buttons(page(reader))


def test_where_real_months_are_loaded_it_looks_for_new_ones(sqlite_engine, client, make_extract):
    load_path(sqlite_engine, make_extract(FACTS, census=NEWEST))
    told = page(client(sqlite_engine))
    assert AGAIN in buttons(told)
    assert "The next month is due on 10 Dec 2026 at 09:30." in words(told)


def test_no_real_month_is_put_into_a_database_of_the_sample(demo, demo_url, client):
    of_sample = client(demo, database_url=demo_url)
    assert not {FIRST, AGAIN} & set(buttons(page(of_sample)))
    assert of_sample.post("/status/fetch", headers=OURS, data={"back": "/"}).status_code == 400


@pytest.mark.parametrize("path", ["/status/fetch", "/status/fetch/cancel"])
def test_who_may_not_load_can_neither_start_nor_stop_one(sqlite_engine, client, cache, path):
    with only_run(cache):
        journal = Journal(cache, asked="the newest 24 months")
        answer = client(sqlite_engine, access="none").post(path, headers=OURS, data={"back": "/"})
        assert answer.status_code == 403
        assert not journal.is_cancelled()
    # Nor can another site's page.
    answer = client(sqlite_engine).post(path, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403


def test_a_run_under_way_is_told_on_every_empty_page_and_can_be_stopped(
    sqlite_engine, client, cache, monkeypatch
):
    monkeypatch.setattr(fetching, "_start", lambda _: pytest.fail("a second one was started"))
    writer, reader = client(sqlite_engine), client(sqlite_engine, access="none")
    with only_run(cache):
        journal = Journal(cache, asked="the newest 24 months")
        assert "Looking for files on NHS England’s pages." in words(page(writer, "/"))
        journal.run.of = 4
        journal.at("loading", "April 2026", done=1)
        journal.run.part, journal.run.part_of = 500, 1000
        journal.write()
        for path in ("/", "/status"):
            told = page(writer, path)
            assert "Loading April 2026. 1 of 4 files are done." in words(told)
            assert "Stop loading" in buttons(told)
            (bar,) = of_type(told, "Progress")
            assert bar["props"]["value"] == "43.8"
        assert "Stop loading" not in buttons(page(reader))
        assert "Under way since" in words(page(reader))
        assert writer.get("/status/fetch.json").json == {
            "running": True,
            "words": "Loading April 2026. 1 of 4 files are done.",
            "share": 0.4375,
            "newest": "",
        }
        assert not_hidden(page(writer)) == []
        journal.keep(Item("April 2026", "loaded"))
        assert writer.get("/status/fetch.json").json["newest"] == "April 2026"
        assert not_hidden(page(writer)) == ["See what is loaded so far"]
        assert writer.post("/status/fetch", headers=OURS, data={"back": "/"}).status_code == 303
        stopped = writer.post("/status/fetch/cancel", headers=OURS, data={"back": "/status"})
        assert (stopped.status_code, stopped.headers["Location"]) == (303, "/status")
        assert journal.is_cancelled()
        journal.end("cancelled", "stopped by a person: 1 loaded, and stays")
    assert writer.get("/status/fetch.json").json == {"running": False}
    assert "stopped by a person: 1 loaded, and stays." in words(page(writer))
    assert FIRST in buttons(page(writer))


def test_a_run_that_was_killed_is_told_and_can_be_started_again(sqlite_engine, client, cache):
    with only_run(cache):
        Journal(cache, asked="the newest 24 months")
    told = page(client(sqlite_engine))
    assert "The last run was cut short. Start it again: it goes on where it was." in words(told)
    assert FIRST in buttons(told)


def test_what_became_of_each_file_is_told_to_people_and_programs_what_went_wrong_first(
    sqlite_engine, client, cache
):
    with only_run(cache):
        journal = Journal(cache, asked="the newest 2 months")
        journal.run.looked_for = "Links “Full CSV data file” with a month, on 3 pages"
        journal.keep(
            Item("April 2026", "loaded", "Full CSV data file Apr26 (ZIP, 3M)", "https://x.example/a")
        )
        reason = "Expected the zip of the full extract of March 2026, found a web page."
        journal.keep(
            Item("March 2026", "refused", "Full CSV data file Mar26 (ZIP, 3M)", "https://x.example/b", reason)
        )
        journal.end("warned", "1 loaded, 1 refused")
    reader = client(sqlite_engine, access="none")
    assert table_of(cards(page(reader))["fetch"])[-2:] == [
        ["March 2026", "REFUSED", f"Full CSV data file Mar26 (ZIP, 3M). {reason}"],
        ["April 2026", "Loaded", "Full CSV data file Apr26 (ZIP, 3M)"],
    ]
    of_run = reader.get("/status.json").json["fetch"]
    assert (of_run["outcome"], of_run["running"], of_run["message"]) == (
        "warned",
        False,
        "1 loaded, 1 refused",
    )
    rows = re.search(r"field of a fetch .*?\n\n", (ROOT / "docs" / "api.md").read_text(), re.DOTALL)
    assert sorted(of_run) == sorted(re.findall(r"^\| `(\w+)`", rows[0], re.MULTILINE))
    assert [(each["what"], each["fate"]) for each in of_run["files"]] == [
        ("April 2026", "loaded"),
        ("March 2026", "refused"),
    ]


def test_a_press_starts_a_process_of_its_own_that_loads_beside_the_sample(
    tmp_path, demo, client, monkeypatch
):
    home = tmp_path / "home"
    site = Publisher()
    site.publish_months(NEWEST, 1)
    with served(site):
        for name, value in (("RTT_HOME", home), ("RTT_FETCH_BASE", site.base), ("RTT_FETCH_PAUSE_MS", 0)):
            monkeypatch.setenv(name, str(value))
        answer = client(demo).post("/status/fetch", headers=OURS, data={"back": "/status"})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/status")
        until = time.monotonic() + 60
        while (run := last_run(home / "fetch")) is None or not run.ended:
            assert time.monotonic() < until
            time.sleep(0.1)
    # One month of 24 and no time series: the rest is told as not found.
    assert (run.outcome, run.count("loaded"), run.count("not found")) == ("warned", 1, 24)
    engine = make_engine(f"sqlite:///{home / 'rtt.db'}")
    with engine.connect() as connection:
        assert connection.execute(select(extract.c.census_date)).scalars().all() == [NEWEST]
        noted = connection.execute(select(audit)).one()
    engine.dispose()
    assert noted.scope == "started: NHS England's newest 24 months"


@pytest.fixture
def ends(tmp_path, monkeypatch):
    """ends(code, words) -> the command ends at once with them."""

    def ends(code, words):
        program = tmp_path / "rtt"
        program.write_text(f"#!/bin/sh\necho '{words}' >&2\nexit {code}\n")
        program.chmod(0o700)
        monkeypatch.setattr(fetching, "PROGRAM", program)

    return ends


def test_of_two_presses_at_once_the_second_finds_the_run_of_the_first(sqlite_engine, client, cache, ends):
    ends(3, "Another run of rtt fetch is under way.")
    with only_run(cache):
        # The first has the lock, and says a moment later where it is.
        later = threading.Timer(1, lambda: Journal(cache, asked="the newest 24 months"))
        later.start()
        answer = client(sqlite_engine).post("/status/fetch", headers=OURS, data={"back": "/status"})
        later.join()
    assert answer.status_code == 303


def test_why_it_did_not_start_is_told_in_the_commands_own_words(sqlite_engine, client, ends):
    ends(2, "Downloads are kept in /x <b>, which cannot be written to")
    answer = client(sqlite_engine).post("/status/fetch", headers=OURS, data={"back": "/status"})
    assert answer.status_code == 503
    assert "Downloads are kept in /x &lt;b&gt;, which cannot be written to" in answer.text
