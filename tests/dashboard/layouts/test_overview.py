"""Overview: six tiles with their history, the share with standard and projection, what to do, places."""

import re
from datetime import date
from urllib.parse import unquote

import pytest

from dashboard.figures.sparkline import HEIGHT, MARGIN
from dashboard.layouts.frame.history import POINTS
from rtt.findings.attention import MOST_ITEMS
from tests.dashboard import served_pages as served
from tests.dashboard.months import database, drawn, kind, months_from, parts_of, prop, text_of

TRUST = "?source=monthly&level=provider&org=R9A"
GENERAL, EYES, EARS = "C_100", "C_130", "C_120"


def page_of(client, query=""):
    return served.drawn(client, "/", query)["page"]


def card(page, name):
    return served.cards(page)[name]


@pytest.mark.parametrize("query", ["", TRUST, "?source=monthly", "?source=monthly&level=icb&org=QE1"])
def test_six_tiles_each_with_a_history_that_ends_at_its_figure(client, query):
    page = page_of(client, query)
    tiles = [each for each in served.of_type(page, "Li") if each["props"].get("className") == "rtt-tile"]
    assert len(tiles) == 6
    for tile in tiles:
        (image,) = served.of_type(tile, "Img")
        words = image["props"]["alt"]
        assert int(words.split()[0]) <= POINTS
        number = served.words(tile["props"]["children"][1])
        if "Starts and stops" in served.words(tile):
            number = re.search(r"([\d,]+) clocks stopped", served.words(tile))[1]
        assert f" to {number} on " in words


def test_a_history_is_what_rtt_figures_gives(client):
    """The words of the image and the height of each of its points, against the figures of machines."""
    asked = "level=provider&organisation=R9A&source=monthly&part=2&treatment_function=C_999"
    figures = client.get(f"/api/figures.json?{asked}")
    assert figures.status_code == 200, figures.text[:300]
    rows = figures.json
    totals = [int(row["total"]) for row in sorted(rows, key=lambda row: row["census_date"])][-POINTS:]
    page = page_of(client, TRUST)
    (tile,) = [
        each
        for each in served.of_type(page, "Li")
        if each["props"].get("className") == "rtt-tile" and "Waiting list" in served.words(each)
    ]
    (image,) = served.of_type(tile, "Img")
    assert f"from {totals[0]:,} on" in image["props"]["alt"]
    assert f"to {totals[-1]:,} on" in image["props"]["alt"]
    assert f"lowest {min(totals):,}, highest {max(totals):,}" in image["props"]["alt"]
    path = re.findall(r"<path d='([^']+)' stroke='#4a86c5' stroke-width='2'", unquote(image["props"]["src"]))[
        0
    ]
    heights = [int(y) for y in re.findall(r"[ML]\d+ (\d+)", path)]
    room = HEIGHT - 2 * MARGIN
    low, high = min(totals), max(totals)
    assert heights == [round(MARGIN + room * (high - value) / (high - low)) for value in totals]


def test_no_small_number_is_read_off_a_history(reader_of_aggregates):
    for query in ("?source=weekly", "?source=weekly&tf=C_502", "?source=weekly&tf=C_110,C_130"):
        for image in served.of_type(page_of(reader_of_aggregates, query), "Img"):
            said = image["props"]["alt"]
            counts = re.findall(r"(?:from|to|lowest|highest) (\d[\d,]*)(?![\d.,]*%| week|[\d.,])", said)
            assert not [count for count in counts if 0 < int(count.replace(",", "")) < 8], said


@pytest.mark.parametrize("query", ["", "?source=monthly", TRUST])
def test_what_to_do_next_begins_with_a_verb_and_leads_to_the_same_number(client, query):
    """Fault 9: "Needs attention" named a specialty and ranked lateness by the length of the list."""
    listed = served.of_type(card(page_of(client, query), "attention"), "Ol")[0]
    items = served.of_type(listed, "Li")
    assert 0 < len(items) <= MOST_ITEMS
    kinds = []
    for item in items:
        (link,) = served.of_type(item, "A")
        action = served.words(link).strip()
        verb = action.split()[0]
        assert verb in ("Book", "Plan", "Find", "Ask")
        kinds.append(verb)
        path, _, rest = link["props"]["href"].partition("?")
        counted = re.match(r"(?:Book|Plan for) ([\d,]+) in ", action)
        if counted and path == "/breaches":
            evidence = served.drawn(client, path, f"?{rest}")["page"]
            assert re.search(rf"(?<!\d){counted[1]} breach ", served.words(evidence)), action
        elif counted:
            assert path == "/ptl"
            evidence = served.drawn(client, path, f"?{rest}")["page"]
            assert re.search(rf"(?<!\d){counted[1]}(?!\d)", served.words(evidence)), action
    assert kinds == sorted(kinds, key=["Book", "Plan", "Find", "Ask"].index)


def test_who_may_not_see_pathways_is_sent_to_none(reader_of_aggregates):
    page = page_of(reader_of_aggregates)
    assert "/ptl" not in str(card(page, "attention"))
    assert "Book " not in served.words(card(page, "attention"))


def test_places_stand_by_value_with_england_and_independents_apart(client):
    page = page_of(client, "?source=monthly")
    figure = served.of_type(card(page, "next-region"), "Graph")[0]["props"]["figure"]
    bars = next(trace for trace in figure["data"] if trace["type"] == "bar")
    values = [value for value in bars["x"] if value is not None]
    assert values == sorted(values)
    england = served.tile_number(page, "Within 18 weeks")
    (name,) = {trace["name"] for trace in figure["data"] if str(trace.get("name", "")).endswith(england)}
    assert england in name
    assert f"the line is {name.removesuffix(f' {england}')}, {england}." in served.words(page)


def month(at: int) -> dict:
    """Three specialties, one of them with a handful of pathways."""
    return {
        GENERAL: ({3: 400 + at, 30: 100}, 50, 100, 200),
        EYES: ({3: 300, 60: 10}, 20, 40, 60),
        EARS: ({3: 5, 20: 1}, 0, 1, 1),
    }


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    engine = database(
        tmp_path_factory.mktemp("held"),
        {d: month(i) for i, d in enumerate(months_from(date(2024, 4, 30), 12))},
    )
    yield engine
    engine.dispose()


def test_the_chart_has_the_standard_as_a_line_and_says_that_its_axis_is_cut(held):
    """Fault 7: no standard on the 18-week chart, and a cut axis without a word."""
    _, found, page = drawn(held, "/?level=provider&org=RTD")
    figure = next(prop(each, "figure") for each in parts_of(page) if kind(each) == "Graph")
    (line,) = [trace for trace in figure["data"] if trace.get("name") == "Standard 92%"]
    assert line["y"] == [0.92, 0.92]
    low, high = figure["layout"]["yaxis"]["range"]
    assert low < 0.92 < high
    labels = [note["text"] for note in figure["layout"]["annotations"]]
    assert f"Axis starts at {100 * low:.0f}%, not 0" in labels
    assert "Standard 92%" in labels
    assert low > 0
    # Nothing is drawn outside of it.
    levels = found.charts["share_within_18"].levels
    assert low <= levels.min() <= levels.max() <= high


def test_the_worst_specialty_is_first_the_total_last_and_a_handful_is_faint(held):
    _, _, page = drawn(held, "/?level=provider&org=RTD")
    table = next(
        each
        for each in parts_of(page)
        if kind(each) == "Table" and "Specialties of this scope" in text_of(each)
    )
    body = next(each for each in prop(table, "children") if kind(each) == "Tbody")
    rows = prop(body, "children")
    assert [text_of(prop(row, "children")[0]) for row in rows] == [
        "General surgery",
        "Ear, nose & throat  under 20 pathways",
        "Ophthalmology",
        "All specialties",
    ]
    assert ["rtt-faint" in prop(row, "className") for row in rows] == [False, True, False, False]


def test_every_figure_of_the_seven_tiles_is_still_on_the_page(client):
    words = served.words(page_of(client, TRUST))
    for name in ("Clearance time", "Unreported removals", "of the list", "92 in 100 under"):
        assert name in words


@pytest.mark.parametrize(("access", "told"), [("single-user", True), ("none", False)])
def test_without_the_published_series_nothing_is_offered_and_analysts_are_told_on_data_status(
    access, told, held, tmp_path
):
    client = served.client_of(held, tmp_path, today=date(2025, 6, 1), access=access)
    for path in ("/", "/trends"):
        page = served.drawn(client, path, "?level=england&since=2007")["page"]
        assert "2007" not in served.words(page)
    words = served.words(served.drawn(client, "/status")["page"])
    assert ("NHS England’s overview time series is not loaded." in words) == told
