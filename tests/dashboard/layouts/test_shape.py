"""The waiting list shape: the table is the bars, the sentence is arithmetic, a bar leads to its band."""

from datetime import date, datetime

import numpy as np
import pytest

from dashboard.application import create_app
from dashboard.settings.settings import Settings
from ingest.loading.load import load_path
from rtt.findings.list_shape import band_words, count_words, nine_in_ten_sentence
from rtt.terms.treatment_functions import ROWS, short_name_of
from tests.dashboard import served_pages as served
from tests.dashboard.drawing import draw, elements, statements, table, words

MARCH, APRIL = date(2025, 3, 31), date(2025, 4, 30)
# 30 at 14 to 17 weeks of 120: a quarter. 108 of 120, nine in ten, wait under 30 weeks.
FACTS = {
    ("RTD", "01A", "2", "C_110"): {0: 60, 14: 20, 17: 5, 29: 12, 60: 8},
    ("RTD", "01A", "2", "C_100"): {3: 6, 15: 5, 104: 4},
    ("RTD", "01A", "2A", "C_110"): {17: 5},
}
BEFORE = {("RTD", "01A", "2", "C_110"): {0: 10, 14: 1}}
HERE = {"Host": "localhost"}


@pytest.fixture
def client(sqlite_engine, make_extract, tmp_path):
    load_path(sqlite_engine, make_extract(BEFORE, census=MARCH))
    load_path(sqlite_engine, make_extract(FACTS, census=APRIL))
    settings = Settings(home=tmp_path)
    return create_app(sqlite_engine, settings, today=lambda: date(2025, 6, 1)).server.test_client()


def page(client, search=""):
    return draw(client, "/list", search, **HERE)["page"]


def test_the_table_is_the_bars_and_the_outline(client):
    drawn = page(client, "?org=RTD")
    (graph, *_) = elements(drawn, "Graph")
    bars, outline = graph["props"]["figure"]["data"]
    head, *rows = table(drawn, "breach 18 weeks")
    assert head == ["Weeks waited", "Pathways, 30 Apr 2025", "Pathways, 31 Mar 2025"]
    assert [float(row[1]) for row in rows] == bars["y"]
    assert [float(row[2]) for row in rows] == outline["y"]
    assert {band: count for band, count in enumerate(bars["y"]) if count} == {
        0: 60, 3: 6, 14: 20, 15: 5, 17: 5, 29: 12, 60: 8, 104: 4,
    }  # fmt: skip
    assert {band: count for band, count in enumerate(outline["y"]) if count} == {0: 10, 14: 1}


def test_every_bar_and_every_row_leads_to_the_same_band(client):
    drawn = page(client, "?org=RTD")
    (graph, *_) = elements(drawn, "Graph")
    links = graph["props"]["figure"]["data"][0]["customdata"]
    assert links[14] == "?level=provider&org=RTD&band=14"
    rows = [each["props"]["href"] for each in elements(drawn, "A") if "band=" in each["props"]["href"]]
    assert rows[:105] == links


def test_the_sentence_says_who_passes_18_weeks_and_how_long_nine_in_ten_wait(client):
    text = words(page(client, "?org=RTD"))
    assert "30 at 14 to 17 weeks: 25.0% of the list breaches 18 weeks within 4 weeks if not treated." in text
    assert "9 in 10 have waited under 30.0 weeks." in text


def test_a_band_shows_its_specialties_largest_number_first(client):
    drawn = page(client, "?org=RTD&band=14")
    assert "20 pathways have waited 14 to 15 weeks: 16.7% of the list." in words(drawn)
    assert table(drawn, "by specialty")[1:] == [
        ["Trauma & orthopaedics", "20", "19.0%", "105"],
        ["General surgery", "0", "0.0%", "15"],
        ["All specialties", "20", "16.7%", "120"],
    ]


def test_a_monthly_list_offers_those_with_a_decision_to_admit_and_says_why_no_more(client):
    drawn = draw(client, "/list", "?org=RTD", **HERE)
    assert "With a decision to admit: 5 waiting" in words(drawn["page"])
    assert "does not split waiting patients into admitted and non-admitted" in words(drawn["breadcrumb"])


def test_an_empty_scope_says_so_instead_of_an_empty_chart(client):
    drawn = page(client, "?org=RTD&tf=C_100&pathway=dta")
    assert "No pathways" in words(drawn)
    assert list(elements(drawn, "Graph")) == []


@pytest.mark.parametrize("search", ["", "?org=RTD&band=14", "?level=icb&org=QE1&tf=C_110", "?band=104"])
def test_the_page_asks_the_database_at_most_ten_times(sqlite_engine, client, search):
    with statements(sqlite_engine) as sent:
        page(client, search)
    assert 0 < len(sent) <= 10


def test_a_tracking_list_is_shown_in_parts_that_make_the_whole(demo, tmp_path):
    settings = Settings(home=tmp_path, access="single-user")
    client = create_app(demo, settings, today=lambda: date(2026, 3, 2)).server.test_client()
    drawn = page(client, "?source=weekly")
    whole, admitted, non_admitted = (
        np.array(graph["props"]["figure"]["data"][0]["y"]) for graph in elements(drawn, "Graph")
    )
    assert (admitted + non_admitted == whole).all()


def test_who_may_not_see_pathways_reads_no_small_bar(demo, tmp_path):
    settings = Settings(home=tmp_path)
    client = create_app(demo, settings, today=lambda: date(2026, 3, 2)).server.test_client()
    graphs = list(elements(page(client, "?source=weekly"), "Graph"))
    assert graphs
    for graph in graphs:
        for trace in graph["props"]["figure"]["data"]:
            shown = [count for count in trace["y"] if count is not None]
            assert len(shown) > 60  # of 105 bands
            assert all(count == 0 or count >= 8 for count in shown)


def test_of_a_part_of_the_list_they_read_why_no_single_bands_are_shown(demo, tmp_path):
    settings = Settings(home=tmp_path)
    client = create_app(demo, settings, today=lambda: date(2026, 3, 2)).server.test_client()
    drawn = page(client, "?source=weekly&priority=3&band=20")
    assert not list(elements(drawn, "Graph"))
    assert "single week bands are shown for the whole list only" in words(drawn)


@pytest.mark.parametrize(
    ("band", "said"),
    [(0, "0 to 1 week"), (1, "1 to 2 weeks"), (17, "17 to 18 weeks"), (104, "104 weeks and over")],
)
def test_a_band_is_named_by_its_weeks(band, said):
    assert band_words(band) == said


def test_nine_in_ten_beyond_the_last_band_and_too_few_to_say():
    bands = np.zeros(105)
    assert nine_in_ten_sentence(bands) == ""
    bands[104] = 30
    assert nine_in_ten_sentence(bands) == "More than 1 in 10 have waited over 104 weeks."
    assert (count_words(3), count_words(3, hidden=True)) == ("3", "under 8")


def test_the_menu_names_the_census_that_is_drawn_as_outline(demo, tmp_path):
    settings = Settings(home=tmp_path, access="single-user")
    client = create_app(demo, settings, today=lambda: date(2026, 3, 2)).server.test_client()
    drawn = draw(client, "/list", "?source=weekly", **HERE)
    _, now, then = table(drawn["page"], "breach 18 weeks")[0]
    shown, outline = (datetime.strptime(f"{head} +0000", "Pathways, %d %b %Y %z") for head in (now, then))
    assert (shown - outline).days == 84  # a tracking list is compared with the one 12 weeks before
    (compare,) = (
        menu["props"]
        for menu in elements(drawn["filters"], "Select")
        if menu["props"]["id"]["name"] == "compare"
    )
    chosen = {"label": then.removeprefix("Pathways, "), "value": compare["value"]}
    assert chosen in compare["options"]


def test_who_is_in_a_band_is_ranked_by_what_is_shown_alone(demo, tmp_path):
    """Fault 9: a place among the shown ones told the size of a number that was kept back."""
    client = served.client_of(demo, tmp_path, access="none")
    kept_back = 0
    for band in (1, 10, 20, 30, 40):
        page = served.drawn(client, "/list", f"?source=weekly&band={band}")["page"]
        _, *rows = served.table_of(served.cards(page)["band"])
        cells = [row[1] for row in rows if row[0] not in ("All specialties", "Total")]
        known = [int(cell.replace(",", "")) for cell in cells if cell.replace(",", "").isdigit()]
        assert known == sorted(known, reverse=True)
        assert all(cell.replace(",", "").isdigit() for cell in cells[: len(known)]), (
            "those kept back stand last"
        )
        hidden = [row[0] for row in rows[len(known) : len(cells)]]
        order = [short_name_of(code) for code in ROWS]
        assert hidden == sorted(hidden, key=order.index)
        kept_back += len(hidden)
    assert kept_back
