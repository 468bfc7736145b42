"""The tabs of Breaches: what each shows and reads, where its bars and bands lead, which files it gives."""

import csv
import io
import re
from datetime import date
from urllib.parse import urlencode

import pytest

from dashboard.filters import from_query
from ingest.store.database import make_engine
from tests.dashboard import served_pages as served
from tests.dashboard.test_pages_all import statements_of

OF_A_RETURN = "?source=monthly&level=provider&org=R9A"
CARDS = {
    "who": {"ladder", "ladder-weeks", "ladder-specialties", "ladder-sites"},
    "expected": {"expected-made", "expected-chart", "expected"},
    "since": {"movement", "movement-specialties"},
    "projection": {"projection"},
    "record": {"record", "list-score", "list-back-test"},
}


@pytest.fixture(scope="module")
def on_the_day(demo_engine, tmp_path_factory):
    """A client while the newest list is fresh enough to book from."""
    return served.client_of(demo_engine, tmp_path_factory.mktemp("home"), today=date(2026, 2, 24))


def page_of(client, query):
    return served.drawn(client, "/breaches", query)["page"]


def tabs_of(page):
    """The tabs by name, and the open one."""
    (bar,) = served.of_type(page, "Nav")
    links = served.of_type(bar, "A")
    (here,) = [served.words(each) for each in links if each["props"].get("aria-current") == "page"]
    return {served.words(each): each["props"]["href"] for each in links}, here


@pytest.mark.parametrize("tab", CARDS)
def test_only_the_open_tab_is_drawn(client, tab):
    page = page_of(client, f"?show={tab}")
    assert set(served.cards(page)) == CARDS[tab]
    assert len(served.of_type(page, "H1")) == 1


def test_each_tab_is_a_link_that_keeps_the_scope_and_marks_the_open_one(client):
    ways, here = tabs_of(page_of(client, "?tf=C_110&horizon=8&show=since"))
    assert here == "Since last week"
    assert list(ways) == ["Who", "Expected", "Since last week", "Projection", "Track record"]
    for name, way in ways.items():
        filters, ignored = from_query(way)
        assert (filters.tf, filters.horizon) == (("C_110",), "8")
        assert ignored == []
        assert tabs_of(page_of(client, way))[1] == name


def test_a_monthly_return_has_three_tabs_and_says_why_another_is_not_there(client):
    page = page_of(client, f"{OF_A_RETURN}&show=since")
    ways, here = tabs_of(page)
    assert (list(ways), here) == (["Who", "Projection", "Track record"], "Who")
    assert "“Since last week” needs a trust’s weekly PTL." in served.words(page)


def test_a_tab_that_does_not_exist_is_said_and_ignored(client):
    drawn = served.drawn(client, "/breaches", "?show=everything")
    assert "“everything” is not a choice of “show” and was ignored." in served.words(drawn["notices"])
    assert tabs_of(drawn["page"])[1] == "Who"


def test_a_tab_does_not_go_along_to_another_page(client):
    drawn = served.drawn(client, "/breaches", "?show=record")
    assert "show=" not in str(drawn["navigation"])


@pytest.mark.parametrize("query", ["", OF_A_RETURN])
def test_a_tab_reads_no_more_than_it_shows(demo_template, tmp_path, query):
    made = {}
    for tab in ("all at once", *CARDS):
        engine = make_engine(f"sqlite:///{demo_template}")
        client = served.client_of(engine, tmp_path)
        statements = statements_of(engine)
        if tab == "all at once":
            client.get(f"/card.csv?{urlencode({'page': '/breaches', 'card': 'ladder-weeks'})}&{query[1:]}")
        else:
            page_of(client, f"{query}{'&' if query else '?'}show={tab}")
        engine.dispose()
        made[tab] = len([text for text in statements if not text.startswith(("PRAGMA", "BEGIN"))])
    every = made.pop("all at once")
    assert made["who"] < every
    assert max(made.values()) <= 10


@pytest.mark.parametrize("query", ["", OF_A_RETURN, "?tf=C_110"])
def test_every_card_of_every_tab_is_a_file_whichever_tab_is_open(client, query):
    taken = 0
    for name, card in served.cards(served.breaches(client, query)).items():
        exports = [each for each in served.parts(card) if each["props"].get("data-export") == "csv"]
        if not exports:
            continue
        asked = {"page": "/breaches", "card": name, "show": "since" if not query else "who"}
        answer = client.get(f"/card.csv?{query[1:]}&{urlencode(asked)}")
        # A spreadsheet would take a cell that begins with a sign for a formula: the file guards it.
        text = re.sub(r"(^|,)'", r"\1", answer.data.decode("utf-8-sig"), flags=re.MULTILINE)
        rows = list(csv.reader(io.StringIO(text)))
        shown = served.table_of(card)
        assert rows[: len(shown)] == shown, name
        taken += 1
    assert taken >= 4


def test_each_week_leads_to_its_own_patients(on_the_day):
    card = served.cards(page_of(on_the_day, "?source=weekly&horizon=month"))["ladder-weeks"]
    rows = served.table_of(card)[1:]
    ways = [each["props"]["href"] for each in served.of_type(card, "A") if "/ptl" in each["props"]["href"]]
    assert len(ways) == len(rows) > 0
    for (_, count, *_), way in zip(rows, ways, strict=True):
        path, _, query = way.partition("?")
        words = served.words(served.drawn(on_the_day, path, f"?{query}")["page"])
        assert re.search(rf"\b{count} (pathway|of)", words), (way, count)


def test_each_count_of_a_specialty_leads_to_its_patients(on_the_day):
    card = served.cards(page_of(on_the_day, "?source=weekly"))["ladder-specialties"]
    links = [each["props"] for each in served.of_type(card, "A") if "see the patients" in str(each["props"])]
    assert len(links) == len(served.table_of(card)) - 1
    for link in links[::6]:
        path, _, query = link["href"].partition("?")
        words = served.words(served.drawn(on_the_day, path, f"?{query}")["page"])
        count = link["aria-label"].partition(",")[0]
        assert re.search(rf"\b{count} (pathway|of)", words), link


@pytest.mark.parametrize("query", ["?source=weekly", OF_A_RETURN])
def test_who_sees_no_patients_is_led_to_the_list_week_by_week(reader_of_aggregates, query):
    cards = served.cards(page_of(reader_of_aggregates, query))
    weeks = [each["props"]["href"] for each in served.of_type(cards["ladder-weeks"], "A")]
    bands = [from_query(way.partition("?")[2])[0].band for way in weeks if way.startswith("/list?")]
    assert bands == ["17", "16", "15", "14"]
    specialties = served.of_type(cards["ladder-specialties"], "A")
    shapes = [each["props"]["href"] for each in specialties if each["props"]["href"].startswith("/list?")]
    assert len(shapes) == len(served.table_of(cards["ladder-specialties"])) - 1
    page = served.drawn(reader_of_aggregates, *shapes[0].partition("?")[::2])
    assert served.of_type(page["page"], "H1")


def test_a_bar_is_as_long_as_its_count_and_none_stands_for_a_hidden_one(client, reader_of_aggregates):
    for reader in (client, reader_of_aggregates):
        card = served.cards(page_of(reader, "?source=weekly"))["ladder-specialties"]
        found = []
        for row in served.of_type(card, "Tr")[1:-1]:
            bars = [
                each["props"]["style"]["width"]
                for each in served.of_type(row, "Span")
                if each["props"].get("className") == "rtt-bar__part"
            ]
            count = served.words(served.as_list(row)[1])
            assert bool(bars) == count.replace(",", "").isdigit(), count
            found += [(int(count.replace(",", "")), int(bars[0].removesuffix("%")))] if bars else []
        largest = max(count for count, _ in found)
        assert all(abs(bar - 100 * count / largest) <= 0.5 for count, bar in found)


def test_nobody_but_an_analyst_meets_a_command(client, reader_of_aggregates):
    for query in ("", OF_A_RETURN):
        for page in served.breaches(reader_of_aggregates, query):
            assert not re.search(r"\brtt [a-z]+\b|RTT_", served.words(page))
        for page in served.breaches(client, query):
            folded = served.words(served.of_type(page, "Details"))
            for command in re.findall(r"rtt forecast", served.words(page)):
                assert command in folded


def test_the_track_record_says_first_whether_to_rely_on_the_forecast(client):
    for query in ("?source=weekly", OF_A_RETURN):
        page = page_of(client, f"{query}&show=record")
        first, *_ = [each for each in served.of_type(page, "Section") if "data-card" in each["props"]]
        sentence = served.words(served.of_type(first, "Strong"))
        assert re.fullmatch(
            r"(Worse|No better) than no change in the .+: do not rely on it\."
            r"|Better than no change in the .+: you can plan with it, and with its interval\."
            r"|Too few forecasts .+",
            sentence,
        )
        rows = served.table_of(served.cards(page)["list-back-test" if "weekly" in query else "back-test"])
        ahead = "4 weeks" if "weekly" in query else "1 month"
        (row,) = [row for row in rows if row[0] == ahead]
        if "back-test" in sentence:
            assert sentence.startswith("Better") == ("better" in row[4] and row[4] != "no better")
            assert row[2] in served.words(first)
            assert row[3] in served.words(first)
