"""The patient list as a worklist: chips, columns, pasted tokens, history, files; who tries to get past it."""

import csv
import io
import json
import re
import threading
from datetime import date, timedelta

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from dashboard.analysis import ptl
from dashboard.callbacks.pasted_tokens import entries_of, fault_of
from dashboard.filters import LIST_COLUMNS, LIST_ONLY, from_query
from dashboard.server.access import Reader
from dashboard.store import selections
from dashboard.store.cache import reading
from dashboard.store.pathways import all_of, tokens_of
from ingest.extracts import LoadOptions
from ingest.loading.load import load_path
from ingest.store.database import make_engine
from ingest.store.schema import audit, list_setting, pathway, pathway_selection
from tests.dashboard import tracked
from tests.dashboard.layouts.test_ptl import (
    TOKEN,
    choice_of,
    client,
    ending,
    export,
    listed,
    pages,
)
from tests.dashboard.served_pages import drawn, of_type, table_of, words
from tests.dashboard.store.test_records import AT
from tests.dashboard.test_pages_all import statements_of
from tests.tracking_lists import CENSUS, KEY, as_csv

__all__ = ["client", "listed"]


def held_in(engine):
    with engine.connect() as connection:
        return connection.execute(select(pathway)).all()


@pytest.fixture
def held(client, sqlite_engine):
    """Every pathway of the list that the client is shown."""
    return held_in(sqlite_engine)


# What each chip means, said once more in plain Python.
KEEPS = {
    "no-date": lambda row, weeks: ending(row) is None,
    "passed-52": lambda row, weeks: (row.days_waited or 0) > 364,
    "date-late": lambda row, weeks: (
        row.clock_start is not None
        and ending(row) is not None
        and (ending(row) - row.clock_start).days > 7 * weeks
    ),
    "no-start": lambda row, weeks: row.clock_start is None,
}


def kept_by(key, row, weeks=18):
    return KEEPS[key](row, weeks) if key in KEEPS else key in row.flags.split()


BASES = (
    "",
    "tf=C_120",
    "site=R9A02&nonc=with",
    "threshold=52&horizon=26",
    "booking=none",
    "priority=unknown",
)


@pytest.mark.parametrize("base", BASES)
def test_a_chip_tells_what_the_list_then_shows_and_what_a_plain_count_gives(listed, base):
    engine, everything = listed
    weeks = 52 if "threshold=52" in base else 18
    with reading(engine) as connection:
        within = set(pages(connection, f"?{base}"))
        rows = [row for row in everything if row.token in within]
        for on in (
            (),
            ("no-date",),
            ("no-date", "unknown_priority"),
            ("no-start",),
            ("date-late", "passed-52"),
        ):
            left = [row for row in rows if all(kept_by(key, row, weeks) for key in on)]
            page = ptl.page_of(connection, choice_of(connection, f"?{base}&only={','.join(on)}"))
            assert page.matching == len(left)
            for key in LIST_ONLY:
                count = sum(kept_by(key, row, weeks) for row in left)
                assert page.only[key] == count, (on, key)
                asked = ",".join({*on, key})
                pressed = ptl.page_of(connection, choice_of(connection, f"?{base}&only={asked}"))
                assert pressed.matching == count, (on, key)


@given(
    on=st.sets(st.sampled_from(LIST_ONLY)), flag=st.sampled_from(["tci_in_past", "status_99", "no_status"])
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_chips_together_leave_those_that_each_of_them_leaves(listed, on, flag):
    engine, everything = listed
    with reading(engine) as connection:
        found = set(pages(connection, f"?nonc=with&only={','.join({*on, flag})}"))
    assert found == {row.token for row in everything if all(kept_by(key, row) for key in {*on, flag})}


def test_the_page_has_a_chip_for_each_with_its_count_and_the_way_back(client):
    page = drawn(client, "/ptl", "?only=no-date&page=2")["page"]
    (chips,) = [each for each in of_type(page, "Ul") if each["props"].get("aria-label") == "Narrow the list"]
    by_words = {words(each): each["props"] for each in of_type(chips, "A")}
    (on,) = [each for text, each in by_words.items() if text.startswith("✓ No date")]
    assert on["aria-current"] == "true"
    assert "only=" not in on["href"]
    assert "page=" not in on["href"]
    (other,) = [each for text, each in by_words.items() if text.startswith("Passed 52 weeks")]
    assert "only=no-date,passed-52" in other["href"]


def test_a_band_of_the_lists_shape_leads_to_its_patients_for_who_may_see_them(
    client, sqlite_engine, tmp_path
):
    page = drawn(client, "/list", "?band=14")["page"]
    ways = [
        each["props"]["href"] for each in of_type(page, "A") if words(each) == "The patients in this band"
    ]
    assert ways == ["/ptl?level=provider&org=R9A&band=14"]
    with reading(sqlite_engine) as connection:
        (row,) = [row for row in table_of(page) if row[0] in ("All specialties", "Total")] or [None]
        there = ptl.page_of(connection, choice_of(connection, "?band=14")).matching
        assert row is None or row[1] == str(there)
    nobody = tracked.served(sqlite_engine, tmp_path, access="none")
    assert "/ptl" not in json.dumps(drawn(nobody, "/list", "?band=14")["page"])


# Rows


def rows_of(page):
    """Heading and cells of the list, without the opened row."""
    return [row for row in table_of(page) if len(row) > 1]


def test_a_row_says_when_it_breaches_and_leaves_blank_what_is_not_there(client, held):
    everything = held
    by_token = {row.token: row for row in everything}
    head, *rows = rows_of(
        drawn(client, "/ptl", "?nonc=with&size=100&columns=urgency,token,date,flags,breach")["page"]
    )
    assert [each.rstrip(" ▲▼") for each in head] == [
        "18-week breach",
        "Token",
        "Breach date",
        "Next date",
        "Flags",
    ]
    for urgency, token, breach, day, flags in rows:
        row = by_token[token]
        if row.clock_start is None:
            assert (urgency, breach) == ("no clock start", "")
            continue
        left = 127 - (CENSUS - row.clock_start).days
        number = f"{abs(left)} day{'' if abs(left) == 1 else 's'}"
        assert urgency == (
            f"breaches in {number}" if left > 0 else f"breached {number} ago" if left else "breached today"
        )
        assert bool(day) is (ending(row) is not None)
        assert bool(flags) is bool(row.flags)
    assert not [cell for row in rows for cell in row if cell in ("None", "Not known")]


def test_headings_sort_by_links_and_say_which_way(client):
    def heads(query):
        head = of_type(drawn(client, "/ptl", query)["page"], "Thead")[0]
        return {words(each).rstrip(" ▲▼"): each for each in of_type(head, "Th")}

    first = heads("")
    assert first["18-week breach"]["props"]["aria-sort"] == "ascending"
    (way,) = of_type(first["Waited"], "A")
    assert "sort=pathways.waited.desc" in way["props"]["href"]
    then = heads("?sort=pathways.waited.desc&page=2&open=3")
    assert then["Waited"]["props"]["aria-sort"] == "descending"
    assert "aria-sort" not in then["18-week breach"]["props"]
    (way,) = of_type(then["Waited"], "A")
    assert "sort=pathways.waited.asc" in way["props"]["href"]
    assert not re.search("page=|open=", way["props"]["href"])


# Columns


def test_columns_are_kept_for_the_reader_and_an_address_that_names_them_wins(sqlite_engine, tmp_path):
    tracked.load(sqlite_engine, tmp_path)
    client = tracked.served(sqlite_engine, tmp_path, access="proxy")
    booking, lead = tracked.as_role("booking"), tracked.as_role("lead")
    form = {"query": "?tf=C_120", "columns": ["waited", "event"], "size": "50", "as": "keep"}
    answer = client.post("/ptl/columns", data=form, headers=booking | tracked.OURS)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("columns=token,waited,event&size=50")

    def head(query, headers):
        page = tracked.draw(client, "/ptl", query, headers).json["response"]["page"]["children"]
        return [each.rstrip(" ▲▼") for each in rows_of(page)[0]]

    assert head("", booking) == ["Token", "Waited", "Last event"]
    assert head("?columns=site", booking) == ["Token", "Site"]
    assert "Last event" not in head("", lead)
    show = {**form, "columns": ["site"], "as": "show"}
    assert client.post("/ptl/columns", data=show, headers=booking | tracked.OURS).status_code == 303
    assert head("", booking) == ["Token", "Waited", "Last event"]
    again = {**form, "columns": ["flags", "nothing", "'; DROP TABLE pathway; --"], "size": "10000"}
    client.post("/ptl/columns", data=again, headers=booking | tracked.OURS)
    with sqlite_engine.connect() as connection:
        kept = connection.execute(select(list_setting.c.reader, list_setting.c.query)).all()
    assert kept == [("booking", "?columns=token,flags")]


# Tokens


def find(client, tokens, query="", **headers):
    return client.post("/ptl/find", data={"tokens": tokens, "query": query}, headers=tracked.OURS | headers)


def test_a_pasted_list_shows_its_pathways_and_says_which_entries_are_not_there(client, held):
    everything = held
    english = [row.token for row in everything if row.basis == "english"]
    pasted = [*english[:30], "ABC-" + "A" * 16, "not-a-token", english[0]]
    answer = find(client, "\r\n".join(pasted).lower(), "?tf=C_100&only=no-date&size=50&columns=site")
    address = answer.headers["Location"]
    assert re.fullmatch(r"/ptl\?columns=site&size=50&selected=[0-9a-f]{16}", address)
    page = drawn(client, "/ptl", address.partition("?")[2])["page"]
    assert {row[0] for row in rows_of(page)[1:]} == set(english[:30])
    said = words(page)
    assert "You pasted 33 entries." in said
    assert "Not a token, so not looked for: entry 32." in said
    assert "Not on this list, or outside your services: entry 31." in said
    assert "not-a-token" not in said.lower()
    narrowed = drawn(client, "/ptl", address.partition("?")[2] + "&only=no-date")["page"]
    shown = len(rows_of(narrowed)) - 1
    assert f"The other filters hide {30 - shown}." in words(narrowed)


@pytest.mark.parametrize(
    "number", ["943 476 5919", "9434765919", "RTT0012345", "H123456", "Jo Bloggs", "x" * 400]
)
def test_a_number_of_the_hospital_is_refused_with_a_sentence_and_goes_nowhere(
    client, sqlite_engine, caplog, number
):
    answer = find(client, number)
    assert answer.status_code == 400
    assert "No entry is a token" in answer.text
    whole = answer.text + caplog.text + str(answer.headers)
    for part in number.split():
        assert part not in whole
    with sqlite_engine.connect() as connection:
        assert connection.execute(select(pathway_selection)).all() == []
        assert number not in str(connection.execute(select(audit)).all())


def test_what_is_no_token_beside_tokens_is_not_kept(client, sqlite_engine, held):
    everything = held
    assert find(client, f"9434765919 {everything[0].token}").status_code == 303
    with sqlite_engine.connect() as connection:
        (kept,) = connection.execute(select(pathway_selection.c.entries)).scalars()
    assert kept == f"- {everything[0].token}"


def test_too_long_a_paste_is_refused_and_a_huge_one_before_it_is_read(client):
    many = " ".join(["ABC-" + "A" * 16] * 1001)
    answer = find(client, many)
    assert answer.status_code == 400
    assert "You pasted 1,001 entries; 1,000 are the most" in answer.text
    assert find(client, " ".join(["ABC-" + "A" * 16] * 1000)).status_code == 303
    assert find(client, "A" * 1_100_000).status_code == 413
    assert find(client, "").status_code == 400


@given(
    st.lists(st.sampled_from(["ABC-ABCDEFGHIJKLMNOP", "abc-abcdefghijklmnop", "9434765919", "ABC-1", "é"]))
)
def test_entries_are_tokens_by_their_shape_and_keep_their_places(parts):
    entries = entries_of(" , ".join(parts))
    assert [each is not None for each in entries] == [part.lower().startswith("abc-a") for part in parts]
    assert bool(fault_of(entries)) is not any(entries)


def test_a_selection_opens_for_its_reader_alone_and_for_its_time_alone(sqlite_engine, tmp_path):
    tracked.load(sqlite_engine, tmp_path)
    client = tracked.served(sqlite_engine, tmp_path, access="proxy")
    everything = held_in(sqlite_engine)
    ent = next(
        row.token for row in everything if row.treatment_function == "C_120" and row.basis == "english"
    )
    other = next(
        row.token for row in everything if row.treatment_function == "C_100" and row.basis == "english"
    )
    lead, booking = tracked.as_role("lead"), tracked.as_role("booking")
    key = find(client, f"{other} {ent}", **lead).headers["Location"].partition("?")[2]
    mine = tracked.draw(client, "/ptl", key, lead).text
    # Another service's pathway is not there for a lead, whoever knows its token.
    assert set(TOKEN.findall(mine)) == {ent}
    assert "Not on this list, or outside your services: entry 1." in mine
    theirs = tracked.draw(client, "/ptl", key, booking).text
    assert not TOKEN.search(theirs)
    assert "another reader pasted them" in theirs
    assert not TOKEN.search(tracked.draw(client, "/ptl", "selected=0123456789abcdef", lead).text)
    with sqlite_engine.begin() as connection:
        past = update(pathway_selection).values(made_at=pathway_selection.c.made_at)
        made_at = connection.execute(select(pathway_selection.c.made_at)).scalar_one()
        connection.execute(past.values(made_at=made_at - selections.KEPT))
    assert not TOKEN.search(tracked.draw(client, "/ptl", key, lead).text)
    assert find(client, ent, **booking).status_code == 303
    with sqlite_engine.connect() as connection:
        assert connection.execute(select(pathway_selection.c.reader)).scalars().all() == ["booking"]


def test_two_who_paste_at_once_each_see_their_own(sqlite_engine):
    keys = {}

    def paste(name):
        reader = Reader(name, may_see_pathways=True)
        keys[name] = [
            selections.keep_selection(sqlite_engine, reader, [f"ABC-{name * 16}"], at=AT) for _ in range(25)
        ]

    threads = [threading.Thread(target=paste, args=(name,)) for name in "AB"]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with sqlite_engine.connect() as connection:
        for name, other in ("AB", "BA"):
            reader = Reader(name, may_see_pathways=True)
            found = selections.selection_of(connection, reader, keys[name][-1], at=AT + timedelta(hours=1))
            assert found.tokens == (f"ABC-{name * 16}",)
            assert selections.selection_of(connection, reader, keys[other][-1], at=AT) is None
            # The oldest of one's own go, so that nobody fills the table.
            assert selections.selection_of(connection, reader, keys[name][0], at=AT) is None
        assert len(connection.execute(select(pathway_selection.c.id)).all()) == 2 * selections.MOST_KEPT


# History


@pytest.fixture
def three_weeks(sqlite_engine, tmp_path):
    """The same pathways on three lists, some of them elsewhere before, with dates that came and went."""
    rows = [{name: cell for name, cell in row.items() if name != "deprivation"} for row in tracked.rows()]
    for weeks in (2, 1, 0):
        census = CENSUS - timedelta(weeks=weeks)
        path = tmp_path / f"open-{census:%Y%m%d}.csv"
        path.write_bytes(as_csv([{**row, "week_ending": census.isoformat()} for row in rows]))
        (result,) = load_path(sqlite_engine, path, options=LoadOptions(token_key=KEY))
        assert result.state == "loaded", result.problems
    return sqlite_engine


def opened(page):
    (section,) = [
        each for each in of_type(page, "Section") if "History of" in each["props"].get("aria-label", "")
    ]
    return section


def test_an_opened_row_tells_the_lists_it_was_on_and_the_dates_given_and_lost(three_weeks, tmp_path):
    engine = three_weeks
    with engine.begin() as connection:
        everything = connection.execute(select(pathway).where(pathway.c.census_date == CENSUS)).all()
        one = min(
            (row for row in everything if 0 <= (row.days_waited or -1) <= 126 and row.basis == "english"),
            key=lambda row: (-row.days_waited, row.token),
        )
        c = pathway.c
        for weeks, day in ((2, None), (1, CENSUS + timedelta(30)), (0, None)):
            here = (c.token == one.token, c.census_date == CENSUS - timedelta(weeks=weeks))
            connection.execute(update(pathway).where(*here).values(next_appointment=day, tci_date=None))
    client = tracked.served(engine, tmp_path)
    page = drawn(client, "/ptl", "?open=1")["page"]
    history = opened(page)
    assert one.token in words(history)
    assert "on 3 of the 3 lists still kept" in words(history)
    _, newest, middle, oldest = table_of(history)
    assert [row[0] for row in (newest, middle, oldest)] == ["15 Nov 2026", "8 Nov 2026", "1 Nov 2026"]
    assert "Appointment of 15 Dec 2026 lost" in newest[-1]
    assert "Appointment given: 15 Dec 2026" in middle[-1]
    assert "The oldest list kept" in oldest[-1]
    assert "Dates lost or moved: 1, by the 15 Nov 2026 list." in words(history)
    with engine.connect() as connection:
        lines = connection.execute(select(audit.c.action, audit.c.scope, audit.c.rows)).all()
    assert ("viewed", "/ptl?level=provider&org=R9A&census=2026-11-15&open=1", ptl.PAGE_SIZE) in lines
    assert not TOKEN.search(str(lines))


def test_a_history_stops_where_the_lead_could_not_have_looked(three_weeks, tmp_path):
    engine = three_weeks
    c = pathway.c
    with engine.begin() as connection:
        # Everybody of ear, nose and throat was in general surgery a fortnight before.
        ent = select(c.token).where(c.treatment_function == "C_120", c.census_date == CENSUS)
        tokens = connection.execute(ent).scalars().all()
        before = (c.token.in_(tokens), c.census_date == CENSUS - timedelta(weeks=2))
        connection.execute(
            update(pathway)
            .where(*before)
            .values(treatment_function="C_100", next_appointment=date(2026, 12, 24))
        )
    client = tracked.served(engine, tmp_path, access="proxy")
    lead, booking = tracked.as_role("lead"), tracked.as_role("booking")
    for headers, lists, shown in ((lead, "on 2 of the 3", False), (booking, "on 3 of the 3", True)):
        page = tracked.draw(client, "/ptl", "?tf=C_120&open=1", headers).json["response"]["page"]["children"]
        assert lists in words(opened(page))
        assert ("24 Dec 2026" in words(opened(page))) is shown


@pytest.mark.parametrize("at", ["26", "99", "100", "0", "-1", "x"])
def test_a_row_that_is_not_there_opens_nothing(client, at):
    page = drawn(client, "/ptl", f"?open={at}")["page"]
    assert "History of" not in json.dumps(page)
    assert TOKEN.search(words(page))


# Files


@pytest.mark.parametrize(
    "query", ["", "?tf=C_120&only=no-date&sort=pathways.site.desc", "?columns=site,flags"]
)
def test_a_file_holds_the_rows_of_all_pages_in_their_order_and_the_columns_named(
    client, sqlite_engine, query
):
    with reading(sqlite_engine) as connection:
        expected = pages(connection, query or "?")
    answer = export(client, query)
    table = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row[0] for row in table[1 : len(expected) + 1]] == expected
    assert table[len(expected) + 1] == []
    shown = [words(each).rstrip(" ▲▼") for each in of_type(drawn(client, "/ptl", query)["page"], "Th")]
    # The one specialty of the whole list is left out on the page alone.
    left_out = int("tf=C_120" in query)
    assert len(table[0]) == len([each for each in shown if not TOKEN.fullmatch(each)]) + left_out
    form = {"query": query, "purpose": "x", "kind": "list", "back": "/ptl", "columns": "all", "as": "xlsx"}
    book = client.post("/ptl/export", data=form, headers=tracked.OURS)
    assert book.headers["Content-Disposition"] == 'attachment; filename="tracking-list-2026-11-15.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(book.data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows[1 : len(expected) + 1]] == expected
    assert len(rows[0]) == len(LIST_COLUMNS)
    started = [row[rows[0].index("Clock start")] for row in rows[1 : len(expected) + 1]]
    assert {type(each).__name__ for each in started} <= {"datetime", "NoneType"}


def test_a_file_of_a_selection_is_of_its_reader_and_its_tokens_alone(client, held):
    everything = held
    tokens = sorted(row.token for row in everything if row.basis == "english")[:5]
    query = find(client, " ".join(tokens)).headers["Location"].partition("?")[2]
    assert sorted(TOKEN.findall(export(client, query).text)) == tokens
    assert not TOKEN.findall(export(client, "?selected=ffffffffffffffff").text)


# Those who may not


def test_who_may_not_see_pathways_can_neither_find_nor_keep(sqlite_engine, tmp_path):
    tracked.load(sqlite_engine, tmp_path)
    client = tracked.served(sqlite_engine, tmp_path, access="proxy")
    everything = held_in(sqlite_engine)
    for role in ("viewer", "writer", "auditor"):
        headers = tracked.as_role(role)
        assert find(client, everything[0].token, **headers).status_code == 403
        assert (
            client.post("/ptl/columns", data={"as": "keep"}, headers=headers | tracked.OURS).status_code
            == 403
        )
        for query in ("?open=1", "?only=no-date", "?selected=0123456789abcdef", "?size=100&columns=token"):
            assert not TOKEN.search(tracked.draw(client, "/ptl", query, headers).text)
    with sqlite_engine.connect() as connection:
        assert connection.execute(select(pathway_selection)).all() == []
        assert connection.execute(select(list_setting)).all() == []


@pytest.mark.parametrize("address", ["/ptl/find", "/ptl/columns"])
def test_a_form_of_another_site_is_refused(client, address, held):
    everything = held
    form = {"tokens": everything[0].token, "as": "keep"}
    for headers in ({"Origin": "https://elsewhere.example"}, {}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post(address, data=form, headers=headers).status_code == 403


def test_a_lead_finds_no_row_of_another_area_by_any_filter_order_or_page(listed):
    engine, everything = listed
    area = tracked.PROXY.leads["ent-leads"]
    lead = Reader("lead", areas=(area,))
    own = {row.token for row in everything if row.treatment_function == "C_120"}
    every = tuple(row.token for row in everything)
    with reading(engine) as connection:
        for query in ("?nonc=with", "?tf=C_100&nonc=with", "?only=no-date&nonc=with&sort=pathways.date.desc"):
            scope = choice_of(connection, query, lead)
            found = {row.token for row in all_of(connection, ptl.wanted(scope), ptl.order_of(scope.filters))}
            assert found <= own
            counts = ptl.page_of(connection, scope)
            assert counts.matching + 0 <= len(own)
            assert all(count <= len(own) for count in counts.only.values())
        asked = ptl.replace(ptl.everybody(choice_of(connection, "?", lead)), tokens=every)
        assert tokens_of(connection, asked) == own


def test_an_address_from_anywhere_draws_a_page(client):
    for query in (
        "?sort=" + "a.b.c," * 60,
        "?sort=pathways.token.asc",
        "?sort=pathways.waited.desc;DROP TABLE pathway",
        "?only=" + ",".join(LIST_ONLY),
        "?columns=" + ",".join(LIST_COLUMNS) + "&size=100&open=100",
        "?selected=" + "9" * 400,
        "?selected=%27%20OR%201=1",
        "?org=" + "x" * 400,
    ):
        assert drawn(client, "/ptl", query)["page"]


@pytest.mark.parametrize(
    ("query", "most"),
    [
        ("", 10),
        ("?only=no-date&sort=pathways.date.desc&page=3", 10),
        ("?sort=pathways.priority.desc", 11),
        ("?open=2", 11),
        ("?selected=0123456789abcdef", 11),
    ],
)
def test_a_page_takes_as_many_statements_whatever_it_shows(sqlite_engine, tmp_path, query, most):
    tracked.load(sqlite_engine, tmp_path)
    found = set()
    for size in ("25", "100"):
        engine = make_engine(sqlite_engine.url)  # a new engine remembers nothing
        client = tracked.served(engine, tmp_path)
        statements = statements_of(engine)
        drawn(client, "/ptl", f"{query}{'&' if query else '?'}size={size}")
        engine.dispose()
        asked = [text for text in statements if not text.startswith(("PRAGMA", "BEGIN"))]
        found.add(len(asked))
        # Making the server has asked already what is held: one statement that a page need not repeat.
        assert len(asked) + 1 <= most, asked
    assert len(found) == 1


def test_an_address_is_read_in_the_order_of_the_columns():
    filters, notices = from_query("?only=no-start,no-date&columns=flags,token&size=50&open=3&keys=off")
    assert notices == []
    assert (filters.only, filters.columns) == (("no-date", "no-start"), ("token", "flags"))
