"""The tracking list page by page: beside a plain sort of everything, and against whoever should not book."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from dashboard.analysis import ptl
from dashboard.analysis.will_breach import split_of, will_breach_of
from dashboard.filters import from_query
from dashboard.scope.scope import resolve
from dashboard.server.access import Reader
from dashboard.store.cache import reading
from dashboard.store.pathways import all_of
from dashboard.store.saved_views import saved_views
from dashboard.store.writing import Unacceptable, save_view, withdraw_view
from ingest.store.schema import pathway
from rtt.findings.book_next import urgency
from rtt.terms.booking import APPOINTMENT_IN_TIME, BOOKINGS, IN_TIME, TOO_LATE
from rtt.terms.waits import week_band
from tests.dashboard import enquiries, tracked
from tests.dashboard.served_pages import drawn, of_type, words
from tests.dashboard.store.test_records import AT
from tests.tracking_lists import CENSUS

TOKEN = re.compile(r"[A-Z2-7]{3}-[A-Z2-7]{16}")
EVERYBODY = Reader("jo", may_see_pathways=True, may_write=True)


@pytest.fixture
def listed(engine, tmp_path):
    """Every pathway as the database has it, on each kind of database in turn."""
    tracked.load(engine, tmp_path)
    with engine.connect() as connection:
        return engine, connection.execute(select(pathway)).all()


@pytest.fixture
def client(sqlite_engine, tmp_path):
    tracked.load(sqlite_engine, tmp_path)
    return tracked.served(sqlite_engine, tmp_path)


def choice_of(connection, query, reader=EVERYBODY):
    return resolve(connection, from_query(query)[0], enquiries.by(reader, CENSUS))


# What each filter means, said once more in plain Python.
def booked(row, weeks=18):
    day = row.tci_date if row.decision_to_admit else row.next_appointment
    if day is None or day < CENSUS:
        return "none"
    if not row.decision_to_admit:
        return "appointment"
    if row.clock_start is None:
        return ""
    return "in-time" if (day - row.clock_start).days <= 7 * weeks else "too-late"


FILTERS = {
    "": lambda row: True,
    "tf=C_120": lambda row: row.treatment_function == "C_120",
    "tf=C_120,C_130": lambda row: row.treatment_function in ("C_120", "C_130"),
    "site=R9A02": lambda row: row.site_code == "R9A02",
    "pathway=admitted": lambda row: row.stage == "admitted",
    "pathway=dta": lambda row: row.decision_to_admit is not None,
    "priority=unknown": lambda row: row.priority == "unknown",
    "threshold=18": lambda row: (row.days_waited or 0) > 126,
    "threshold=18&horizon=4": lambda row: row.days_waited in range(99, 127),
    "threshold=52&horizon=month": lambda row: row.days_waited in range(364 - 15 + 1, 365),
    "band=14": lambda row: row.days_waited is not None and week_band(row.days_waited) == 14,
    "booking=none": lambda row: booked(row) == "none",
    "booking=appointment": lambda row: booked(row) == "appointment",
    "booking=in-time": lambda row: booked(row) == "in-time",
    "booking=too-late": lambda row: booked(row) == "too-late",
    "threshold=52&horizon=26&booking=in-time": lambda row: (
        row.days_waited in range(183, 365) and booked(row, 52) == "in-time"
    ),
    "tf=C_120&site=R9A01&pathway=non-admitted&booking=none": lambda row: (
        (row.treatment_function, row.site_code, row.stage) == ("C_120", "R9A01", "non-admitted")
        and booked(row) == "none"
    ),
}


def place(row):
    return urgency(
        with_decision=row.decision_to_admit is not None,
        procedure_priority=row.procedure_priority,
        priority=row.priority,
    )


def days(row):
    return -1 if row.days_waited is None else row.days_waited


def ending(row):
    """The date that counts, if it is still to come."""
    day = row.tci_date if row.decision_to_admit else row.next_appointment
    return None if day is None or day < CENSUS else day


def breach_rank(row, weeks):
    """Those still to breach, those that have, those of whom nobody knows."""
    return 2 if row.days_waited is None else int(row.days_waited > 7 * weeks)


def by_value(value, *, down=False):
    """A plain order by a value: None last either way, then the longest wait, then the token."""

    def key(rows):
        rows = sorted(rows, key=lambda row: (-days(row), row.token))
        known = [row for row in rows if value(row) is not None]
        return sorted(known, key=value, reverse=down) + [row for row in rows if value(row) is None]

    return key


def shortest(rows):
    known = [row for row in rows if row.days_waited is not None]
    longest = sorted(known, key=lambda row: (-days(row), row.token))
    return longest[::-1] + sorted((r for r in rows if r.days_waited is None), key=lambda row: row.token)


def known_place(row):
    return None if place(row) in (9, 19) else place(row)


def worklist(weeks=18):
    return lambda rows: sorted(rows, key=lambda row: (breach_rank(row, weeks), -days(row), row.token))


# What each order means, said once more in plain Python.
ORDERS = {
    "": worklist(),
    "pathways.breach.asc": worklist(),
    "pathways.breach.desc": by_value(lambda row: 0),
    "pathways.waited.desc": by_value(lambda row: 0),
    "pathways.waited.asc": shortest,
    "pathways.priority.asc": by_value(place),
    "pathways.stage.asc": by_value(lambda row: row.stage),
    "pathways.stage.desc": by_value(lambda row: row.stage, down=True),
    "pathways.specialty.asc": by_value(lambda row: row.treatment_function),
    "pathways.specialty.desc": by_value(lambda row: row.treatment_function, down=True),
    "pathways.site.asc": by_value(lambda row: row.site_code),
    "pathways.site.desc": by_value(lambda row: row.site_code, down=True),
    "pathways.date.asc": by_value(ending),
    "pathways.date.desc": by_value(ending, down=True),
}


def test_every_page_is_what_a_plain_sort_of_everything_gives(listed):
    engine, everything = listed
    with reading(engine) as connection:
        for number, (query, keeps) in enumerate(FILTERS.items()):
            for nonc in ("", "&nonc=with"):
                kept = [row for row in everything if keeps(row) and (nonc or row.basis == "english")]
                # Each order with some filters, and every filter with some orders.
                for at, (sort, plain) in enumerate(ORDERS.items()):
                    if query and at and (number + at) % 4:
                        continue
                    found = pages(connection, f"?{query}{nonc}&sort={sort}")
                    if query.startswith("threshold=52") and sort in ("", "pathways.breach.asc"):
                        plain = worklist(52)
                    assert found == [row.token for row in plain(kept)], (query, nonc, sort)


def test_the_unknown_priorities_come_last_when_the_least_urgent_come_first(listed):
    engine, everything = listed
    english = [row for row in everything if row.basis == "english"]
    with reading(engine) as connection:
        found = pages(connection, "?sort=pathways.priority.desc")
    by_token = {row.token: row for row in english}
    places = [known_place(by_token[token]) for token in found]
    known = [each for each in places if each is not None]
    assert places == sorted(known, reverse=True) + [None] * (len(places) - len(known))


@pytest.mark.parametrize(
    "sort", ["pathways.flags.asc", "pathways.waited", "other.waited.asc", "x" * 200, "; --"]
)
def test_an_order_that_is_none_is_the_order_of_a_worklist(listed, sort):
    engine, everything = listed
    with reading(engine) as connection:
        found = pages(connection, f"?sort={sort}")
    assert found == [row.token for row in worklist()(row for row in everything if row.basis == "english")]


def pages(connection, query):
    """The tokens of all pages in turn."""
    found, number = [], 1
    while True:
        page = ptl.page_of(connection, choice_of(connection, f"{query}&page={number}"))
        found += [row.token for row in page.rows]
        assert page.page == number
        assert page.matching >= len(found)
        if number == page.pages:
            assert page.matching == len(found)
            return found
        assert len(page.rows) == ptl.PAGE_SIZE
        number += 1


def test_a_page_after_the_last_is_the_last(listed):
    engine, _ = listed
    with reading(engine) as connection:
        last = ptl.page_of(connection, choice_of(connection, "?page=9999"))
    assert last.page == last.pages > 1
    assert last.rows


@pytest.mark.parametrize("threshold", [18, 26, 52, 65, 78])
def test_the_list_behind_a_step_of_the_ladder_has_as_many_pathways(listed, threshold):
    engine, _ = listed
    query = f"?threshold={threshold}&horizon=12"
    with reading(engine) as connection:
        scope = choice_of(connection, query)
        counts = split_of(connection, scope, will_breach_of(scope)).counts.sum(axis=(0, 1, 2))
        behind = {
            name: ptl.page_of(connection, choice_of(connection, f"{query}&booking={name}")).matching
            for name in ("in-time", "too-late", "appointment", "none")
        }
    assert behind["in-time"] == counts[IN_TIME]
    assert behind["too-late"] == counts[TOO_LATE]
    assert behind["appointment"] == counts[APPOINTMENT_IN_TIME] + counts[APPOINTMENT_IN_TIME + 1]
    assert behind["none"] == counts[-2] + counts[-1]
    assert sum(behind.values()) == counts.sum() > 0
    assert len(BOOKINGS) == len(counts)


def test_a_lead_is_given_the_own_specialties_and_sites_and_no_other(listed):
    engine, everything = listed
    ent, site = tracked.PROXY.leads["ent-leads"], tracked.PROXY.leads["site-leads"]
    for areas, keeps in (
        ((ent,), lambda row: row.treatment_function == "C_120"),
        ((site,), lambda row: row.site_code == "R9A02"),
        ((ent, site), lambda row: row.treatment_function == "C_120" or row.site_code == "R9A02"),
        ((), lambda row: False),
    ):
        with reading(engine) as connection:
            scope = choice_of(connection, "?nonc=with", Reader("lead", areas=areas))
            found = {row.token for row in all_of(connection, ptl.wanted(scope), ptl.order_of(scope.filters))}
        assert found == {row.token for row in everything if keeps(row)}


def test_the_page_shows_its_rows_and_says_what_it_is(client):
    page = drawn(client, "/ptl", "?booking=none")["page"]
    table = of_type(page, "Table")[0]
    body = [row for row in of_type(table, "Tr") if of_type(row, "Td")]
    assert not of_type(table, "Form")
    assert len(body) == ptl.PAGE_SIZE
    assert len(set(TOKEN.findall(words(table)))) == ptl.PAGE_SIZE
    said = words(page)
    assert "Every view is logged" in said
    assert "your analyst can turn tokens into local references" in said
    assert "the soonest at the top" in said


def test_no_token_is_in_an_address_or_a_hidden_field(client):
    for path in ("/ptl", "/book-next"):
        page = drawn(client, path, "?tf=C_120&pathway=non-admitted")["page"]
        assert TOKEN.search(words(page))
        addresses = [part["props"].get("href", "") for part in of_type(page, "A")]
        fields = [str(part["props"].get("value", "")) for part in of_type(page, "Input")]
        assert not [text for text in addresses + fields if TOKEN.search(text)]


def test_each_chip_takes_one_filter_away(client):
    """The page has chips for its own filters, the frame for those that other pages have too."""
    query = "?tf=C_120&site=R9A01&pathway=non-admitted&priority=1&threshold=18&horizon=4&booking=none&band=14"
    answer = drawn(client, "/ptl", query)
    (in_use,) = [
        part for part in of_type(answer["page"], "Ul") if part["props"].get("aria-label") == "Filters in use"
    ]
    clear = [
        part
        for part in of_type(answer["filters"], "A")
        if str(part["props"].get("aria-label", "")).startswith("Clear ")
    ]
    gone = ["threshold=", "booking=", "tf=", "site=", "pathway=", "priority=", "band="]
    hrefs = [part["props"]["href"] for part in [*of_type(in_use, "A"), *clear]]
    missing = [[name for name in gone if name not in href] for href in hrefs]
    assert sorted(missing) == sorted([name] for name in gone)


def export(client, query="", purpose="Weekly booking meeting", kind="list", **headers):
    form = {"query": query, "purpose": purpose, "kind": kind, "back": "/ptl"}
    return client.post("/ptl/export", data=form, headers=tracked.OURS | headers)


def test_the_file_holds_every_row_of_the_list_in_its_order(client, sqlite_engine):
    answer = export(client, "?tf=C_120&sort=pathways.waited.desc")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tracking-list-2026-11-15.csv"'
    table = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    with reading(sqlite_engine) as connection:
        expected = pages(connection, "?tf=C_120&sort=pathways.waited.desc")
    found = [row[0] for row in table[1:] if row and TOKEN.fullmatch(row[0])]
    assert found == expected
    assert table[-1] == ["PTL of 2026-11-15, unvalidated"]


@pytest.mark.parametrize("purpose", ["", "   ", "\t"])
def test_a_file_without_a_purpose_is_not_given(client, purpose):
    answer = export(client, purpose=purpose)
    assert answer.status_code == 400
    assert "what the file is for" in answer.text
    assert not TOKEN.search(answer.text)


def test_a_list_of_eight_days_may_be_booked_from_and_one_of_nine_may_not(sqlite_engine, tmp_path):
    tracked.load(sqlite_engine, tmp_path)
    for age, may in ((8, True), (9, False)):
        client = tracked.served(sqlite_engine, tmp_path, today=CENSUS + timedelta(age))
        page = words(drawn(client, "/ptl")["page"])
        assert ("do not book from it" in page) is not may
        assert ("CSV of" in page) is may
        assert TOKEN.search(page)  # it can still be looked at
        assert export(client).status_code == (200 if may else 400)
        query = "?tf=C_120&pathway=non-admitted"
        assert bool(TOKEN.search(words(drawn(client, "/book-next", query)["page"]))) is may
        assert export(client, query, kind="book-next").status_code == (200 if may else 400)


def test_a_card_of_pathways_cannot_be_had_without_its_line_in_the_trail(client):
    for page in ("/ptl", "/book-next"):
        for card in ("chosen", "apart", "pathways", "take-along"):
            answer = client.get(f"/card.csv?page={page}&card={card}&tf=C_120&pathway=non-admitted")
            assert answer.status_code == 404


def test_a_saved_view_keeps_the_filters_and_never_an_order(sqlite_engine):
    query = "?tf=C_120&census=2026-11-15&booking=none&sort=pathways.waited.desc&page=3"
    save_view(sqlite_engine, EVERYBODY, name="ENT without a date", query=query, at=AT)
    save_view(sqlite_engine, EVERYBODY, name="ENT without a date", query=query + "&site=R9A01", at=AT)
    with sqlite_engine.connect() as connection:
        (view,) = saved_views(connection)
    assert view.query == "?site=R9A01&tf=C_120&booking=none"
    lead = Reader("lead", areas=(tracked.PROXY.leads["ent-leads"],))
    own = save_view(sqlite_engine, lead, name="Mine", query="?tf=C_120", at=AT)
    withdraw_view(sqlite_engine, lead, own, at=AT)
    with pytest.raises(Exception, match="not change it"):
        withdraw_view(sqlite_engine, lead, view.id, at=AT)
    with pytest.raises(Unacceptable):
        save_view(sqlite_engine, lead, name="x", query="?token=ABC", at=AT)


def test_a_view_is_saved_and_removed_by_forms_of_the_page(client):
    form = {
        "name": "Long waits",
        "query": "?threshold=52&sort=pathways.waited.asc",
        "back": "/ptl?threshold=52",
    }
    answer = client.post("/ptl/views", data=form, headers=tracked.OURS)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/ptl?threshold=52")
    page = drawn(client, "/ptl")["page"]
    assert [a["props"]["href"] for a in of_type(page, "A") if words(a) == "Long waits"] == [
        "/ptl?threshold=52"
    ]
    (remove,) = [
        part["props"]["action"]
        for part in of_type(page, "Form")
        if part["props"]["action"].endswith("withdraw")
    ]
    assert client.post(remove, data=form, headers=tracked.OURS).status_code == 303
    assert "Long waits" not in words(drawn(client, "/ptl")["page"])


def test_book_next_lists_by_the_rule_and_says_both_thresholds(client, sqlite_engine):
    page = drawn(client, "/book-next", "?tf=C_120&pathway=admitted&slots=5")["page"]
    said = words(page)
    assert "Decision support, not a decision" in said
    assert "18 weeks" in said
    assert "52 weeks" in said
    assert "Deprivation group" in said
    tokens = TOKEN.findall(words(of_type(page, "Table")[1]))
    with sqlite_engine.connect() as connection:
        every = connection.execute(select(pathway)).all()
    can = [
        row
        for row in every
        if (row.treatment_function, row.stage, booked(row)) == ("C_120", "admitted", "none")
        and row.procedure_priority in ("P2", "P3", "P4")
        and row.days_waited is not None
    ]
    assert tokens == [row.token for row in by_value(place)(can)[:5]]
    file = export(client, "?tf=C_120&pathway=admitted&slots=5", kind="book-next").text
    assert TOKEN.findall(file) == tokens


@pytest.mark.parametrize("query", ["", "?tf=C_120", "?tf=C_120,C_130&pathway=admitted", "?pathway=admitted"])
def test_book_next_orders_nothing_across_specialties_or_stages(client, query):
    assert not TOKEN.search(json.dumps(drawn(client, "/book-next", query)))
    assert export(client, query, kind="book-next").status_code == 400
