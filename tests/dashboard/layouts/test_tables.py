"""Tables that sort and filter: the address says how, the server does it, the file of a table agrees."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.filters import Filters, from_query, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html, table_order, tables
from rtt.terms.wording import number_text
from tests.dashboard import served_pages as served

COLUMNS = ("Place", "Waiting", "Since", "Seen")
NAMES = st.text("abcdeé XYZ", min_size=1, max_size=5)
NUMBERS = st.none() | st.floats(allow_nan=False, allow_infinity=False, width=32)
ROWS = st.lists(
    st.tuples(NAMES, NUMBERS, st.none() | st.dates(date(2020, 1, 1), date(2027, 1, 1)), NUMBERS), max_size=12
)


def table_of(values, **more):
    rows = [[str(value) for value in row] for row in values]
    return show.Table("Places", COLUMNS, rows, name="places", values=values, **more)


def asked(sort="", find=""):
    return Filters(sort=(sort,) if sort else (), find=find)


def naively_sorted(values, column, direction):
    """One row after the other: the first of those left that no other goes before."""
    left, done = list(range(len(values))), []

    def goes_before(one, other):
        a, b = values[one][column], values[other][column]
        if a is None or b is None:
            return b is None and a is not None
        a, b = (a.casefold(), b.casefold()) if isinstance(a, str) else (a, b)
        return a < b if direction == "asc" else a > b

    while left:
        first = next(at for at in left if not any(goes_before(other, at) for other in left if other != at))
        left.remove(first)
        done.append(first)
    return done


@given(ROWS, st.integers(0, 3), st.sampled_from(["asc", "desc"]))
def test_an_order_is_what_taking_one_row_after_the_other_makes(values, column, direction):
    if len(values) < 2:
        return
    found = table_order.shown(table_of(values, total=()), asked(f"places.{column}.{direction}"))
    assert list(found.rows) == naively_sorted(values, column, direction)
    assert sorted(found.rows) == list(range(len(values))), "the same rows, each once"


@given(ROWS, st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)), st.integers(0, 3))
def test_totals_stand_last_and_no_row_is_lost_by_folding(values, totals, folded, column):
    table = table_of(values, total=totals, folded=folded)
    found = table_order.shown(table, asked(f"places.{column}.desc"))
    kinds = [at in totals for at in found.rows]
    assert kinds == sorted(kinds)
    assert sorted([*found.rows, *found.folded]) == list(range(len(values)))
    assert not totals & set(found.folded), "a sum is not folded away"
    lines = tables.as_shown(table, asked(f"places.{column}.desc"))
    sums = [list(table.rows[at]) for at in found.rows if at in totals]
    assert lines[len(lines) - len(sums) :] == sums, "in a file too"
    assert sorted(lines) == sorted(list(row) for row in table.rows)


@given(ROWS, st.text("abeé xyz1", max_size=3))
def test_words_find_just_the_rows_that_have_each_of_them(values, words):
    table = table_of(values, total=(), folded={0, 1})
    found = table_order.shown(table, asked(find=f"places.{words}"))
    having = [
        at
        for at, row in enumerate(table.rows)
        if all(any(word.lower() in cell.lower() for cell in row) for word in words.split())
    ]
    assert sorted([*found.rows, *found.folded]) == having
    assert found.of == len(values)
    if words.strip():
        assert not found.folded, "who looks for a word sees what is folded"


def test_a_sum_is_not_shown_beside_some_of_its_rows():
    values = [("Eyes", 1, None, None), ("Skin", 2, None, None), ("Total", 3, None, None)]
    assert table_order.shown(table_of(values), asked()).rows == (0, 1, 2)
    assert table_order.shown(table_of(values), asked("places.waiting.desc")).rows == (1, 0, 2)
    assert table_order.shown(table_of(values), asked(find="places.eyes")).rows == (0,)
    assert table_order.shown(table_of(values), asked(find="places.total")).rows == ()


def test_worst_first_until_a_reader_says_otherwise():
    values = [("Eyes", 1, None, 4), ("Skin", 2, None, None), ("Ears", 3, None, 5)]
    table = table_of(values, worst=(3, "asc"))
    assert table_order.shown(table, asked()).rows == (0, 2, 1)
    assert table_order.shown(table, asked("places.waiting.desc")).rows == (2, 1, 0)
    assert table_order.shown(table, asked("others.waiting.desc")).rows == (0, 2, 1)
    for nonsense in ("places", "places.waiting", "places.waiting.up", "places.9.asc", "places.none.asc", "."):
        assert table_order.shown(table, asked(nonsense)).rows == (0, 2, 1), nonsense


def test_values_that_are_not_those_of_the_rows_are_refused():
    with pytest.raises(ValueError, match="Places"):
        show.Table("Places", ("Place", "Waiting"), [["Eyes", "1"]], name="places", values=[["Eyes"]])
    with pytest.raises(ValueError, match="Places"):
        show.Table("Places", ("Place",), [["Eyes"], ["Skin"]], name="places", values=[["Eyes"]])


def test_a_suppressed_figure_has_no_place_in_an_order():
    rows = [
        ["Eyes", number_text(1_200)],
        [html.A("Skin", href="?tf=C_330"), "1 to 7"],
        ["Ears", html.Span([number_text(30), " more"])],
    ]
    days = [date(2026, 1, 1), None, date(2025, 1, 1)]
    assert show.values_of(rows) == [["Eyes", 1200], ["Skin", None], ["Ears", 30]]
    assert [row[1] for row in show.values_of(rows, instead={1: days})] == days


def test_headings_without_words_or_twice_the_same_are_named_by_position():
    assert table_order.column_keys(["Place", "% within 18 weeks", "Since", "Since", "", "18"]) == (
        "place",
        "within-18-weeks",
        "2",
        "3",
        "4",
        "5",
    )


def heads_of(node):
    return {served.words(head): head["props"] for head in served.of_type(node, "Th") if "col" in str(head)}


def checks(client, query=""):
    return served.cards(served.drawn(client, "/quality", f"?source=weekly{query}")["page"])["checks"]


def column(card, at):
    return [row[at] for row in served.table_of(card)[1:]]


def test_a_heading_leads_to_its_order_and_says_which_stands(client):
    heads = heads_of(checks(client))
    assert not any("aria-sort" in head for head in heads.values())
    link = served.of_type(heads["Found"]["children"], "A")[0]["props"]["href"]
    assert from_query(link)[0].sort == ("checks.found.desc",)
    card = checks(client, "&sort=checks.found.desc")
    heads = heads_of(card)
    assert {name: head["aria-sort"] for name, head in heads.items() if "aria-sort" in head} == {
        "Found": "descending"
    }
    back = served.of_type(heads["Found"]["children"], "A")[0]["props"]["href"]
    assert from_query(back)[0].sort == ("checks.found.asc",)
    first = served.of_type(heads["Check"]["children"], "A")[0]["props"]["href"]
    assert from_query(first)[0].sort == ("checks.check.asc",), "names go from A to Z at first"
    counts = [int(text.replace(",", "")) for text in column(card, 1) if text.replace(",", "").isdigit()]
    assert counts == sorted(counts, reverse=True)
    assert sorted(column(card, 0)) == sorted(column(checks(client), 0))


def test_a_file_of_a_table_has_its_rows_in_the_order_of_the_page(client):
    for query in (
        "",
        "&sort=checks.check.desc",
        "&find=checks.date",
        "&find=checks.date&sort=checks.check.asc",
    ):
        shown = column(checks(client, query), 0)
        answer = client.get(f"/card.csv?source=weekly{query}&page=/quality&card=checks")
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert [row[0] for row in rows[1 : len(shown) + 1]] == shown
        assert rows[len(shown) + 1] == []


def test_words_that_no_row_has_say_so_and_offer_one_way_on(client):
    card = checks(client, "&find=checks.zebra")
    assert not served.of_type(card, "Table")
    assert "No row of this table has “zebra”." in served.words(card)
    (way,) = [part for part in served.of_type(card, "A") if "Show all" in served.words(part)]
    assert from_query(way["props"]["href"])[0].find == ""
    found = checks(client, "&find=checks.date")
    (told,) = [part for part in served.parts(found) if part["props"].get("role") == "status"]
    count = len(served.table_of(found)) - 1
    every = len(served.table_of(checks(client))) - 1
    assert served.words(told) == f"{count} of {every} rows with “date”"
    assert 0 < count < every


def test_what_a_page_shows_of_a_table_does_not_go_along_to_another(client):
    navigation = served.drawn(client, "/quality", "?source=weekly&sort=checks.found.asc&find=checks.date")[
        "navigation"
    ]
    assert not any(word in str(navigation) for word in ("sort=", "find="))


def test_few_pathways_are_said_in_words_and_rows_that_say_nothing_are_folded():
    table = show.Table(
        "Places",
        ("Place", "Waiting"),
        [["Eyes", "12"], ["Skin", "0"], ["Total", "12"]],
        faint={0},
        folded={1},
        folded_words="where nobody waits",
    )
    text = str(show.table_card("Places", table, name="places").drawn(Filters()))
    assert "under 20 pathways" in text
    assert "Show 1 row where nobody waits" in text
    assert text.index("Total") < text.index("Show 1 row")


def test_sorting_one_table_leaves_the_order_of_another():
    filters = from_query("?sort=places.waiting.asc,others.2.desc")[0]
    table = table_of([("Eyes", 1, None, None), ("Skin", 2, None, None)])
    asked_for = table_order.sort_query(filters, table, 0, "desc")
    assert asked_for == ("others.2.desc", "places.place.desc")
    assert from_query(to_query(filters, sort=asked_for))[0].sort == asked_for


def test_rows_beyond_the_most_stand_behind_a_fold_until_a_reader_sorts():
    rows = [[f"Trust {at}", number] for at, number in enumerate("73518264")]
    values = [[name, float(number)] for name, number in rows]
    table = show.Table(
        "Trusts", ("Trust", "Waiting"), rows, name="t", values=values, worst=(1, "desc"), most=3, chosen={3}
    )
    shown = table_order.shown(table, Filters())
    # 8, 7 and 6 are the worst; the chosen one has 1.
    assert [rows[at][1] for at in shown.rows] == ["8", "7", "6", "1"]
    assert [rows[at][1] for at in shown.folded] == ["5", "4", "3", "2"]
    assert table_order.shown(table, Filters(sort=("t.waiting.asc",))).folded == ()
    assert table_order.shown(table, Filters(find="t.trust 3")).folded == ()
