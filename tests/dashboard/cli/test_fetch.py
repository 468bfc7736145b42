"""`rtt fetch` beside a publisher on the loopback interface: what is found, downloaded, refused and loaded."""

import errno
import os
import shutil
import ssl
import threading
import time
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
import trustme
from sqlalchemy import insert, select

from dashboard.cli import clock, fetching
from dashboard.scope.fetched import progress_words
from ingest.fetch import polite
from ingest.fetch.cache import Cache
from ingest.fetch.journal import Journal, cancel, last_run, only_run
from ingest.store.database import make_engine, writing
from ingest.store.schema import dataset, extract, forecast, load, run
from tests import makers
from tests.dashboard.commands import Command
from tests.ingest import workbooks
from tests.publisher import BASE, FACTS, UPLOADS, File, Publisher, served, zipped
from tests.publisher import extract as zip_of
from tests.servers import free_port

NEWEST = date(2026, 9, 30)
AUGUST = date(2026, 8, 31)
# Of FACTS, by hand: 200 of RA1 and 200 of RA2, a hundred of each in the second week, sixty in the eleventh.
PRINTED = {(workbooks.INCOMPLETE, workbooks.WAITING): 400, (workbooks.INCOMPLETE, workbooks.WITHIN): 320}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An RTT_HOME of its own, and no other setting, proxy or certificate."""
    for name in list(os.environ):
        if name.startswith(("RTT_", "SSL_")) or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("RTT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RTT_FETCH_PAUSE_MS", "0")
    return tmp_path / "home"


@pytest.fixture
def serve_site(home, monkeypatch):
    """A site that is served until the test ends; it is the one to fetch from."""
    with ExitStack() as stack:

        def serve(site, **options):
            stack.enter_context(served(site, **options))
            monkeypatch.setenv("RTT_FETCH_BASE", site.base)
            return site

        yield serve


@pytest.fixture
def site(serve_site):
    """Three months."""
    site = serve_site(Publisher())
    site.publish_months(NEWEST, 3)
    return site


@pytest.fixture
def rtt(home, monkeypatch, capsys):
    command = Command(monkeypatch, capsys)
    return lambda *arguments: command("fetch", *arguments)


@pytest.fixture
def held(home):
    """held() -> the months that are loaded, with their revisions; held(table) -> the rows of a table."""

    def held(table=None):
        engine = make_engine(os.environ.get("RTT_DATABASE_URL", f"sqlite:///{home / 'rtt.db'}"))
        try:
            with engine.connect() as connection:
                if table is not None:
                    return connection.execute(select(table).order_by(table.c.id)).all()
                found = select(extract.c.census_date, extract.c.revision).where(extract.c.source == "monthly")
                rows = connection.execute(found).all()
                assert len(rows) == len({month for month, _ in rows})
                return dict(map(tuple, rows))
        finally:
            engine.dispose()

    return held


def journal(home):
    return last_run(home / "fetch")


def put_series(site, tmp_path, months, figures=PRINTED):
    path = workbooks.save(tmp_path / "s.xlsx", {workbooks.first(month): figures for month in months})
    words = "RTT Overview Timeseries Including Estimates for Missing Trusts Sep26 (XLSX, 101K)"
    site.series.append(File(NEWEST, words, f"{UPLOADS}/2026/11/RTT-Overview-x8.xlsx", path.read_bytes()))


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_one_command_leads_from_nothing_to_twelve_loaded_reconciled_and_forecast_months(
    rtt, serve_site, held, home, tmp_path, monkeypatch, capsys, request, kind
):
    if kind == "postgresql":
        monkeypatch.setenv("RTT_DATABASE_URL", request.getfixturevalue("postgresql_url"))
    site = serve_site(Publisher())
    months = site.publish_months(NEWEST, 14)
    put_series(site, tmp_path, months)
    ran = rtt("--months", 12, "--series")
    assert (ran.code, ran.out) == (0, "")
    assert held() == dict.fromkeys(months[2:], 0)
    assert [row.census_date for row in held(forecast)] == [NEWEST]
    assert "equals the published figure for 12 of 12 months" in ran.err
    run_ = journal(home)
    assert (run_.outcome, run_.count("loaded"), run_.forecast_due) == ("ok", 13, False)
    assert [(row.kind, row.outcome) for row in held(run)] == [("fetch", "ok")]
    assert site.asked()[200] == 3 + 13

    assert "Published files: last looked" in Command(monkeypatch, capsys)("status").out
    site.requests.clear()
    again = rtt("--months", 12, "--series")
    assert again.code == 0
    assert site.asked() == {304: 3 + 13}
    assert [row.state for row in held(load)] == ["loaded"] * 13


def test_a_revised_file_replaces_its_month_and_nothing_else_is_downloaded(rtt, site, held):
    assert rtt("--months", 3).code == 0
    before = {row.census_date: row.id for row in held(extract)}
    more = FACTS | {("RA3", "01A", "2", "C_100"): {1: 5}}
    site.publish(AUGUST, zip_of(AUGUST, more, revised=True), revised=True)
    site.requests.clear()
    ran = rtt("--months", 3)
    assert "August 2026: replaced" in ran.err
    assert held() == {NEWEST: 0, AUGUST: 1, date(2026, 7, 31): 0}
    after = {row.census_date: row.id for row in held(extract)}
    assert {month for month in after if after[month] != before[month]} == {AUGUST}
    # The page of the year changed with it.
    assert site.asked(UPLOADS) == {200: 1, 304: 2}
    assert [row.state for row in held(load)].count("replaced") == 1


def test_of_two_vintages_beside_each_other_the_revised_alone_is_asked_for(rtt, site, held):
    revised = site.publish(AUGUST, revised=True)
    assert rtt("--months", 3).code == 0
    assert held()[AUGUST] == 1
    first = next(each for each in site.files if each.month == AUGUST)
    assert (site.asked(first.path), site.asked(revised.path)) == ({}, {200: 1})


@pytest.mark.parametrize("where", ["at the same address", "in a later folder"])
def test_a_file_that_took_another_ones_place_without_a_word_is_the_next_revision(rtt, site, held, where):
    assert rtt("--months", 3).code == 0
    old = next(each for each in site.files if each.month == AUGUST)
    data = zip_of(AUGUST, FACTS | {("RA3", "01A", "2", "C_100"): {1: 5}})
    if where == "at the same address":
        old.data = data
    else:
        site.files.remove(old)
        site.files.append(File(AUGUST, old.text, f"{UPLOADS}/2027/01/Full-CSV-q.zip", data))
    assert "August 2026: replaced" in rtt("--months", 3).err
    assert held()[AUGUST] == 1
    assert "August 2026: in place" in rtt("--months", 3).err


def test_another_file_of_a_month_that_somebody_loaded_by_hand_is_refused(
    rtt, site, held, make_extract, monkeypatch, capsys
):
    by_hand = make_extract(FACTS | {("RA3", "01A", "2", "C_100"): {1: 5}}, census=AUGUST)
    assert Command(monkeypatch, capsys)("load", by_hand).code == 0
    ran = rtt("--months", 3)
    assert ran.code == 3
    assert "August 2026: refused" in ran.err
    assert "Another file of this census and revision is loaded" in ran.err
    assert "The next run asks again for what was refused. You can also save it in a browser" in ran.err
    again = rtt("--months", 3)  # what was refused gives no reason to forecast anew
    assert (again.code, "forecast" in again.err, len(held(forecast))) == (3, False, 1)
    assert len(held()) == 3


def test_a_revision_that_is_loaded_is_not_undone_by_a_page_that_shows_the_first(
    rtt, site, held, make_extract, monkeypatch, capsys
):
    by_hand = make_extract(FACTS | {("RA3", "01A", "2", "C_100"): {1: 5}}, census=AUGUST, revised=True)
    assert Command(monkeypatch, capsys)("load", by_hand).code == 0
    ran = rtt("--months", 3)
    assert (ran.code, held()[AUGUST]) == (0, 1)
    assert "August 2026: left. Revision 1 is loaded" in ran.err


def test_a_renamed_link_is_found_by_its_words_and_month(rtt, serve_site, held):
    site = serve_site(Publisher())
    site.publish(NEWEST, text="Full CSV data file September 2026 (ZIP, 3,163K)")
    site.publish(AUGUST)
    assert rtt("--months", 2).code == 0
    assert set(held()) == {NEWEST, AUGUST}


def test_a_slip_in_the_month_of_a_link_is_no_newest_month(rtt, site, held):
    site.publish(date(2026, 6, 30), text="Full CSV data file Jun62 (ZIP, 3M)")
    assert rtt("--months", 3).code == 0
    assert max(held()) == NEWEST


def test_a_year_page_that_is_not_there_yet_is_told_and_the_others_are_read(rtt, serve_site, held):
    site = serve_site(Publisher())
    site.publish(date(2026, 4, 30))
    site.publish(date(2026, 3, 31))
    site.absent.add(site.path_of_year(2026))
    ran = rtt("--months", 1)
    assert (ran.code, set(held())) == (3, {date(2026, 3, 31)})
    assert "Page of 2026-27: not found. There is nothing at that address (it answered 404)" in ran.err


def test_a_download_that_is_cut_is_gone_on_with(rtt, site, held):
    path = site.files[0].path
    site.cut[path] = [1000, 500]
    assert rtt("--months", 3).code == 0
    answers = [(status, headers.get("Range")) for asked, status, headers in site.requests if asked == path]
    assert answers == [(200, None), (206, "bytes=1000-"), (206, "bytes=1500-")]
    assert len(held()) == 3


def test_one_that_is_cut_again_and_again_stops_no_other_and_is_gone_on_with_next_time(rtt, site, held):
    path = site.files[1].path
    site.cut[path] = [1000, 10, 10, 10]
    ran = rtt("--months", 3)
    assert (ran.code, len(held())) == (3, 2)
    assert "August 2026: refused. The connection to 127.0.0.1 was cut. 1,030 bytes came" in ran.err
    assert rtt("--months", 3).code == 0
    assert site.requests[-1][0] != path or site.requests[-1][2]["Range"] == "bytes=1030-"
    assert {headers.get("Range") for asked, _, headers in site.requests if asked == path} >= {"bytes=1030-"}
    assert len(held()) == 3


def test_a_cut_download_that_was_changed_meanwhile_begins_anew(rtt, site, held):
    file = site.files[1]
    site.cut[file.path] = [1000, 0, 0, 0]
    assert rtt("--months", 3).code == 3
    file.data = zip_of(AUGUST, FACTS | {("RA3", "01A", "2", "C_100"): {1: 5}})
    assert rtt("--months", 3).code == 0
    assert [status for asked, status, _ in site.requests if asked == file.path][-1] == 200
    assert len(held()) == 3


def of_another_kind(month):
    name = makers.file_name(month)
    text = makers.as_csv(makers.table(FACTS, census=month)).encode()
    other = makers.as_csv(makers.table(FACTS, census=date(2026, 3, 31))).encode()
    return {
        "a web page": b"<!DOCTYPE html><title>Just a moment</title>",
        "a file that is no zip": b"PDF-1.4 and so on",
        "damaged, cut off": zipped({name: text})[:-40],
        "that of March 2026": zipped({name: other}),
        "holds 2": zipped({name: text, f"b-{name}": text}),
        "holds 0": zipped({"readme.md": b"x"}),
        "a zip without a csv (a.xlsb)": zipped({"a.xlsb": b"x" * 9}),
        "a csv with other headings": zipped({"a.csv": b"a,b\r\n1,2\r\n"}),
        "a csv without a row": zipped({name: text.split(b"\n")[0] + b"\n"}),
    }


@pytest.mark.parametrize("found", of_another_kind(AUGUST))
def test_what_is_not_what_its_link_says_is_refused_by_name_and_asked_for_again(rtt, site, held, home, found):
    file = site.files[1]
    right, file.data = file.data, of_another_kind(AUGUST)[found]
    ran = rtt("--months", 3)
    assert (ran.code, len(held())) == (3, 2)
    (item,) = (each for each in journal(home).items if each.fate == "refused")
    assert (item.what, item.link, item.address) == ("August 2026", file.text, site.root + file.path)
    assert item.reason.startswith("Expected the zip of the full extract of August 2026, found ")
    assert found in item.reason
    file.data = right
    assert rtt("--months", 3).code == 0
    assert len(held()) == 3


def test_a_page_that_calls_itself_one_is_refused_before_it_is_kept(rtt, site):
    site.pages[site.files[1].path] = "<p>Sign in"
    assert "August 2026: refused. Expected a file, found a web page." in rtt("--months", 3).err


def test_a_slow_server_is_waited_for_and_a_silent_one_is_not(rtt, site, held, monkeypatch):
    monkeypatch.setattr(polite, "TIMEOUT", httpx.Timeout(0.5))
    slow, silent = site.files[0].path, site.files[1].path
    site.slow = {slow: 0.2, silent: 0.9}
    ran = rtt("--months", 3)
    assert (ran.code, len(held())) == (3, 2)
    assert "August 2026: refused. 127.0.0.1 did not go on answering within 0.5 seconds." in ran.err


def test_a_busy_server_is_left_alone_for_as_long_as_it_says(rtt, site, held):
    site.busy[BASE] = [(503, "1"), (429, "")]
    before = datetime.now(UTC)
    assert rtt("--months", 3).code == 0
    assert (datetime.now(UTC) - before).total_seconds() > 1
    assert len(held()) == 3


def test_one_that_asks_for_too_long_is_left_to_the_next_run(rtt, site, held):
    site.busy[site.files[1].path] = [(503, "86400")]
    ran = rtt("--months", 3)
    assert (ran.code, len(held())) == (3, 2)
    assert "It answered 503. It asks to be left alone for longer than a run waits." in ran.err
    assert site.asked(site.files[1].path) == {503: 1}


@pytest.mark.parametrize("way", ["a link", "a redirect", "a page of a year"])
def test_no_request_reaches_a_host_that_is_not_allowed(rtt, site, held, monkeypatch, way):
    with served(Publisher()) as other:
        other.files.append(site.files[1])
        elsewhere = other.root + site.files[1].path
        if way == "a link":
            site.files[1] = File(AUGUST, site.files[1].text, elsewhere, b"")
        elif way == "a redirect":
            site.moved[site.files[1].path] = elsewhere
        else:
            site.moved[site.path_of_year(2026)] = other.root + site.path_of_year(2026)
        ran = rtt("--months", 3)
        assert ran.code == 3
        assert "is not among the hosts that may be asked (RTT_FETCH_HOSTS)" in ran.err
        assert other.requests == []
        assert len(held()) == (0 if way == "a page of a year" else 2)
        # Named in the setting it may.
        monkeypatch.setenv("RTT_FETCH_HOSTS", other.root.removeprefix("http://"))
        other.files = site.files if way == "a page of a year" else other.files
        assert rtt("--months", 3).code == 0
        # Links of a page that moved lead from where it stands now.
        assert sum(other.asked().values()) == (4 if way == "a page of a year" else 1)
        assert len(held()) == 3


def test_a_file_over_the_limit_is_not_downloaded(rtt, site, monkeypatch):
    monkeypatch.setenv("RTT_FETCH_MB", "1")
    site.files[1].data = os.urandom(1_100_000)
    assert "August 2026: refused. It is larger than 1 MB" in rtt("--months", 3).err


def test_requests_come_one_at_a_time_and_say_who_asks(rtt, site, monkeypatch):
    monkeypatch.setenv("RTT_FETCH_CONTACT", "analyst@trust.example")
    monkeypatch.setenv("RTT_FETCH_PAUSE_MS", "20")
    under_way, most = set(), []
    lock = threading.Lock()

    def at_request(path):
        with lock:
            under_way.add(path)
            most.append(len(under_way))
            under_way.discard(path)

    site.at_request = at_request
    assert rtt("--months", 3).code == 0
    assert max(most) == 1
    agents = {headers["User-Agent"] for _, _, headers in site.requests}
    assert len(agents) == 1
    assert agents.pop().startswith("rtt-dashboard/")
    assert "(analyst@trust.example)" in site.requests[0][2]["User-Agent"]


def test_check_says_what_would_be_done_and_keeps_nothing(rtt, site, home, held):
    ran = rtt("--months", 3, "--check")
    assert (ran.code, ran.out) == (0, "")
    assert "Nothing was loaded: 3 to load." in ran.err
    assert site.asked(UPLOADS) == {}
    assert not (home / "rtt.db").exists()
    assert rtt("--months", 3).code == 0
    site.publish(AUGUST, revised=True)
    checked = rtt("--months", 3, "--check")
    assert "August 2026: to replace." in checked.err
    assert "Nothing was loaded: 1 to replace, 2 in place." in checked.err
    assert held()[AUGUST] == 0


def test_since_asks_for_every_month_from_one_on_and_tells_the_gap(rtt, serve_site, held):
    site = serve_site(Publisher())
    for month in (NEWEST, date(2026, 7, 31), date(2026, 3, 31)):
        site.publish(month)
    ran = rtt("--since", "2026-07")
    assert (ran.code, set(held())) == (3, {NEWEST, date(2026, 7, 31)})
    assert "August 2026: not found. Looked for a link “Full CSV data file Aug26” and found none." in ran.err
    assert site.path_of_year(2026) in ran.err
    assert site.asked(site.path_of_year(2025)) == {}


@pytest.mark.parametrize(
    "month", ["", "2016-03", "2016", "April 2020", "2020-13", "2024-4", "2024-04-01", "20_24-04", "2027-01"]
)
def test_a_month_that_is_none_or_still_to_come_is_wrong_use(rtt, month):
    ran = rtt("--since", month)
    assert ran.code == 2
    assert "expected a month from 2016-04 on" in ran.err


def test_a_timer_asks_nobody_before_the_month_is_due_and_then_until_it_is_there(rtt, site, held, monkeypatch):
    assert rtt("--months", 3, "--if-due").code == 0
    site.requests.clear()
    ran = rtt("--months", 3, "--if-due")
    assert (ran.code, site.requests) == (0, [])
    assert "Nothing is due before 10 December 2026, 09:30" in ran.err
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 10, 9, 29, tzinfo=UTC))
    assert rtt("--months", 3, "--if-due").code == 0
    assert site.requests == []
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 10, 9, 30, tzinfo=UTC))
    for _ in range(3):
        late = rtt("--months", 3, "--if-due")
        assert late.code == 3
        assert "October 2026 is not published yet" in late.err
    # The same every hour is told once.
    assert len(held(run)) == 2
    site.publish(date(2026, 10, 31))
    assert rtt("--months", 3, "--if-due").code == 0
    assert max(held()) == date(2026, 10, 31)
    site.requests.clear()
    assert rtt("--months", 3, "--if-due").code == 0
    assert site.requests == []


def test_a_timer_asks_again_a_day_later_for_what_was_refused(rtt, site, held, monkeypatch):
    right, site.files[1].data = site.files[1].data, b"<html>Sign in"
    assert rtt("--months", 3, "--if-due").code == 3
    site.files[1].data = right
    site.requests.clear()
    assert rtt("--months", 3, "--if-due").code == 0
    assert site.requests == []
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(hours=25))
    monkeypatch.setattr(fetching, "_late", lambda *_: "")  # of the months since
    assert rtt("--months", 3, "--if-due").code == 0
    assert len(held()) == 3


def test_a_full_disk_ends_the_run_with_a_sentence_and_the_next_goes_on(rtt, site, held, home, monkeypatch):
    begin = Cache.begin

    def full(self, part, validator):
        if site.asked(site.files[1].path):
            raise OSError(errno.ENOSPC, "No space left on device")
        begin(self, part, validator)

    monkeypatch.setattr(Cache, "begin", full)
    ran = rtt("--months", 3)
    assert (ran.code, set(held())) == (1, {NEWEST})
    assert "The disk is full" in ran.err
    assert "Traceback" not in ran.err
    assert (journal(home).outcome, held(run)[0].outcome) == ("failed", "failed")
    monkeypatch.undo()


def test_a_cache_that_cannot_be_written_to_is_wrong_use(rtt, site, home, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RTT_FETCH_CACHE", str(tmp_path / "file" / "in"))
    ran = rtt()
    assert (ran.code, site.requests) == (2, [])
    assert "RTT_FETCH_CACHE" in ran.err


def test_a_cache_that_was_deleted_is_made_again_and_nothing_is_loaded_twice(rtt, site, held, home):
    assert rtt("--months", 3).code == 0
    shutil.rmtree(home / "fetch")
    ran = rtt("--months", 3)
    assert (ran.code, [row.state for row in held(load)]) == (0, ["loaded"] * 3)
    assert "3 in place" in ran.err


def test_a_timer_goes_on_with_a_run_that_was_killed(rtt, site, held, home):
    assert rtt("--months", 3).code == 0
    with only_run(home / "fetch"):
        Journal(home / "fetch", asked="the newest 3 months")
    site.requests.clear()
    assert rtt("--months", 3, "--if-due").code == 0
    assert site.asked(UPLOADS) == {304: 3}


def test_a_file_without_a_mark_of_its_version_is_not_downloaded_twice(rtt, site, held):
    site.marks = False
    for _ in range(2):
        assert rtt("--months", 3).code == 0
    assert site.asked(UPLOADS) == {200: 3}
    # One that is cut begins anew: nothing tells whether it is still the same.
    site.publish(date(2026, 10, 31))
    site.cut[site.files[-1].path] = [500]
    assert rtt("--months", 3).code == 0
    assert site.asked(site.files[-1].path) == {200: 2}
    assert max(held()) == date(2026, 10, 31)


def test_a_page_that_has_changed_says_what_was_looked_for(rtt, site, home):
    site.pages[BASE] = "<h1>Waiting times</h1><a href='/new'>All our data</a>"
    ran = rtt("--months", 3)
    assert ran.code == 3
    assert "It has no link to the page of a year, such as rtt-data-2025-26." in ran.err
    del site.pages[BASE]
    site.pages[site.path_of_year(2026)] = "<a href='/a.zip'>All of it, Apr26</a>"
    ran = rtt("--months", 3)
    assert "Page of 2026-27: not found. Looked for links “Full CSV data file” with a month" in ran.err
    assert journal(home).outcome == "warned"


def test_without_a_way_to_the_internet_it_says_so_calmly(rtt, home, held, monkeypatch):
    monkeypatch.setenv("RTT_FETCH_BASE", f"http://127.0.0.1:{free_port()}/")
    ran = rtt()
    assert (ran.code, held()) == (3, {})
    assert "127.0.0.1 cannot be reached: there may be no way to the internet from here." in ran.err
    assert (journal(home).outcome, held(run)[0].outcome) == ("failed", "failed")


def test_of_two_runs_at_once_the_second_says_so_and_asks_nobody(rtt, site, home):
    with only_run(home / "fetch"):
        for option in ((), ("--check",)):
            ran = rtt("--months", 3, *option)
            assert ran.code == 3
            assert "Another run of rtt fetch is under way" in ran.err
    assert site.requests == []


def test_a_run_that_a_person_stops_keeps_what_it_has_loaded(rtt, site, home, held):
    path, gone = site.files[1].path, threading.Event()

    def at_request(asked):
        if asked == path and not gone.is_set():
            cancel(home / "fetch")
            gone.wait(60)  # the server says nothing more

    site.at_request = at_request
    began = time.monotonic()
    ran = rtt("--months", 3)
    gone.set()
    assert time.monotonic() - began < 20  # it does not wait for the server's silence to end
    assert (ran.code, set(held())) == (3, {NEWEST})
    assert journal(home).outcome == "cancelled"
    assert "Stopped by a person: 1 loaded" in ran.err
    assert rtt("--months", 3).code == 0
    # The forecast that was due is made, from all that is there.
    assert [row.census_date for row in held(forecast)] == [NEWEST]


def test_a_run_that_waits_for_another_load_says_so_and_can_be_stopped(rtt, site, held, home):
    assert rtt("--months", 1).code == 0
    told = []

    def stop_it():
        until = time.monotonic() + 60
        while journal(home).step != "waiting" and time.monotonic() < until:
            time.sleep(0.05)
        told.append(progress_words(journal(home)))
        cancel(home / "fetch")
        told.append(time.monotonic())

    watcher = threading.Thread(target=stop_it)
    watcher.start()
    engine = make_engine(f"sqlite:///{home / 'rtt.db'}")
    with writing(engine):
        ran = rtt("--months", 2)
        ended = time.monotonic()
    watcher.join()
    engine.dispose()
    assert told[0] == "Another file is being saved: waiting to load August 2026. 1 of 2 files are done."
    assert ended - told[1] < 10
    assert ran.code == 3
    assert "Stopped by a person: 1 in place, and stays" in ran.err
    assert (journal(home).outcome, set(held())) == ("cancelled", {NEWEST})


def test_the_environments_proxy_is_gone_through(rtt, site, held, monkeypatch):
    monkeypatch.setenv("RTT_FETCH_BASE", f"http://localhost:9{BASE}")
    monkeypatch.setenv("HTTP_PROXY", site.root)
    site.root = "http://localhost:9"
    assert rtt("--months", 3).code == 0
    assert len(held()) == 3


def certified(tmp_path):
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return context, str(tmp_path / "ca.pem")


@pytest.mark.parametrize("variable", ["RTT_FETCH_CERTIFICATES", "SSL_CERT_FILE"])
def test_it_speaks_https_and_trusts_no_certificate_that_it_was_not_told_of(
    rtt, serve_site, held, tmp_path, monkeypatch, variable
):
    context, certificates = certified(tmp_path)
    site = serve_site(Publisher(), tls=context)
    site.publish_months(NEWEST, 2)
    ran = rtt("--months", 2)
    assert (ran.code, held(), site.requests) == (3, {}, [])
    assert "The certificate of 127.0.0.1 is not one that this machine trusts" in ran.err
    monkeypatch.setenv(variable, certificates)
    with served(Publisher()) as plain:
        site.moved[site.files[0].path] = plain.root + site.files[0].path
        monkeypatch.setenv("RTT_FETCH_HOSTS", plain.root.removeprefix("http://"))
        ran = rtt("--months", 2)
        assert (ran.code, len(held())) == (3, 1)
        assert "It was redirected from https to http" in ran.err
        assert plain.requests == []
    site.moved.clear()
    assert rtt("--months", 2).code == 0
    assert len(held()) == 2


def test_the_sample_is_never_joined_by_real_months(rtt, site, sqlite_engine, sqlite_url, monkeypatch):
    with sqlite_engine.begin() as connection:
        connection.execute(insert(dataset).values(id=1, kind="sample", version=1))
    monkeypatch.setenv("RTT_DATABASE_URL", sqlite_url)
    ran = rtt("--months", 3)
    assert (ran.code, site.requests) == (2, [])
    assert "RTT_DATABASE_URL names a database of sample data" in ran.err


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("RTT_FETCH_BASE", "http://publisher.example/rtt/", "an https address"),
        ("RTT_FETCH_BASE", "publisher", "an https address"),
        ("RTT_FETCH_CERTIFICATES", "/nowhere.pem", "a file of certificates that is there"),
        ("RTT_FETCH_CERTIFICATES", __file__, "a file of certificates that is there"),
        ("RTT_FETCH_CONTACT", "a\nb", "an email address or a page"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused(rtt, home, monkeypatch, name, value, expected):
    monkeypatch.setenv(name, value)
    ran = rtt()
    assert ran.code == 2
    assert expected in ran.err
