"""Peers over time: deciles, tables and choices of peers against `rtt figures` and against naive ones."""

import shutil
from datetime import date

import numpy as np
import pytest

from dashboard.analysis.figures_table import figures
from dashboard.application import create_app
from dashboard.settings.settings import Settings
from dashboard.store.cache import reading
from dashboard.store.figures import FigureScope
from ingest.loading.load import load_path
from ingest.store.database import make_engine
from rtt.benchmark.deciles import DECILES
from rtt.terms.wording import share_text, weeks_text
from tests import makers
from tests.dashboard.drawing import draw, elements, table, words
from tests.rtt.benchmark.test_peers import naive_decile, naive_distance

MONTHS = [date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)]
TRUSTS = [f"R{letter}{digit}" for letter in "ABCDEFGH" for digit in "12"]
FUNCTIONS = ("C_110", "C_120", "C_130")
HERE = {"Host": "localhost"}
ABSENT, SMALL = "RB1", "RC1"


def facts(month):
    """Sixteen trusts with mixes of their own; RB1 sent no list in March, RC1 has 12 in ENT then."""
    rng = np.random.default_rng(month.month)
    made = {}
    for at, trust in enumerate(TRUSTS):
        if (trust, month) == (ABSENT, MONTHS[-1]):
            continue
        for place, function in enumerate(FUNCTIONS):
            size = 200 + 37 * at * place + int(rng.integers(0, 60))
            if (trust, function, month) == (SMALL, "C_120", MONTHS[-1]):
                size = 12
            within = int(size * rng.uniform(0.4, 0.8))
            made[trust, "01A", "2", function] = {5: within, 30: size - within}
    return made


@pytest.fixture(scope="module")
def engine(sqlite_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("peers")
    shutil.copy(sqlite_template, folder / "rtt.db")
    engine = make_engine(f"sqlite:///{folder / 'rtt.db'}")
    for month in MONTHS:
        path = folder / makers.file_name(month)
        path.write_bytes(makers.as_csv(makers.table(facts(month), census=month)).encode())
        load_path(engine, path)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def client(engine, tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("home"), access="single-user")
    return create_app(engine, settings, today=lambda: date(2025, 6, 1)).server.test_client()


@pytest.fixture(scope="module")
def told(engine):
    """`rtt figures` of every provider, by trust, census and treatment function."""
    with reading(engine) as connection:
        frame = figures(connection, FigureScope(level="provider", part="2"))
    return {
        (row.organisation_code, row.census_date, row.treatment_function_code): row
        for row in frame.itertuples()
    }


def page(client, search):
    return draw(client, "/specialties", search, **HERE)["page"]


def by_card(drawn, name):
    section = next(each for each in elements(drawn, "Section") if each["props"].get("data-card") == name)
    tables = list(elements(section, "Table"))
    # A table that is folded has its further rows in a second one of the same caption.
    caption = words(next(elements(tables[0], "Caption")))
    rows = [
        [words(cell) for cell in row["props"]["children"] if cell["type"] in ("Th", "Td")]
        for found in tables
        if words(next(elements(found, "Caption"))) == caption
        for row in elements(found, "Tr")
    ]
    return rows[0], [row for row in rows if row != rows[0]]


@pytest.mark.parametrize(
    ("measure", "column", "written"),
    [
        ("share_within_18", "share_within_18", share_text),
        ("median_weeks", "median_weeks", weeks_text),
    ],
)
def test_deciles_are_those_of_rtt_figures_without_the_absent_and_the_few(
    client, told, measure, column, written
):
    drawn = page(client, f"?org=RA1&tf=C_120&measure={measure}")
    head, rows = by_card(drawn, "peers")
    assert head[2:] == [
        *(f"{place} decile" for place in ("1st", "2nd", "3rd", "4th")),
        "Median",
        *(f"{place} decile" for place in ("6th", "7th", "8th", "9th")),
        "Peers",
        "No such list",
        "Under 20 pathways",
    ]
    for month, row in zip(reversed(MONTHS), rows, strict=True):
        peers = [told[code, month, "C_120"] for code in TRUSTS[1:] if (code, month, "C_120") in told]
        values = [getattr(each, column) for each in peers if each.total >= 20]
        assert row[2:11] == [written(naive_decile(values, percent)) for percent in DECILES]
        last = month == MONTHS[-1]
        assert row[11:] == [str(len(values)), *(["1", "1"] if last else ["0", "0"])]
        assert row[1] == written(getattr(told["RA1", month, "C_120"], column))
    assert "Left out on 31 Mar 2025: 1 sent no such list and 1 has fewer than 20 pathways." in words(drawn)


def test_the_table_of_peers_has_the_figures_of_rtt_figures_worst_first_and_marks_the_own_row(client, told):
    drawn = page(client, "?org=RA1&tf=C_120")
    _, rows = by_card(drawn, "peer-table")
    march = {code: told[code, MONTHS[-1], "C_120"] for code in TRUSTS if code != ABSENT}
    # A share of twelve is no worse than any other: it stands last, grey.
    steady = sorted((code for code in march if code != SMALL), key=lambda code: march[code].share_within_18)
    # Eight, and the own one wherever it stands, are before the fold.
    order = [*steady, SMALL]
    first = [code for code in order if code in order[:8] or code == "RA1"]
    shown = [*first, *(code for code in order if code not in first)]
    assert [row[0].rpartition("(")[2].partition(")")[0] for row in rows] == shown
    for row in rows:
        own = march[row[0].rpartition("(")[2].partition(")")[0]]
        assert row[1] == share_text(own.share_within_18)
        assert row[3] == str(own.total)
    assert "under 20 pathways" in rows[-1][0]
    marked = [words(row) for row in elements(drawn, "Tr") if row["props"].get("aria-current")]
    assert any("(RA1)" in each for each in marked)


def lists_of(told, month):
    return {
        code: [told[code, month, function].total for function in FUNCTIONS]
        for code in TRUSTS
        if (code, month, "C_110") in told
    }


def test_the_nearest_ten_are_those_of_a_naive_distance(client, told):
    _, rows = by_card(page(client, "?org=RA1&among=mix"), "peer-table")
    lists = lists_of(told, MONTHS[-1])
    own = lists.pop("RA1")
    naive = {code: naive_distance(own, other) for code, other in lists.items()}
    nearest = sorted(naive, key=lambda code: (naive[code], code))[:10]
    shown = {row[0].rpartition("(")[2].partition(")")[0]: row[-1] for row in rows}
    assert set(shown) == {*nearest, "RA1"}
    assert {code: shown[code] for code in nearest} == {code: share_text(naive[code]) for code in nearest}


def test_similar_size_is_from_half_to_twice_the_list(client, told):
    _, rows = by_card(page(client, "?org=RA1&among=size"), "peer-table")
    sizes = {code: sum(each) for code, each in lists_of(told, MONTHS[-1]).items()}
    shown = {row[0].rpartition("(")[2].partition(")")[0] for row in rows}
    assert shown == {code for code, size in sizes.items() if 0.5 <= size / sizes["RA1"] <= 2}


def test_a_saved_group_is_a_choice_of_peers_each_with_a_line_of_its_own(client):
    members = "RA2, RB1, RB2"
    answer = client.post(
        "/groups",
        data={"kind": "trusts", "name": "Neighbours", "members": members, "back": "/specialties?org=RA1"},
        headers={"Origin": "http://localhost"},
    )
    assert answer.status_code in (302, 303), answer.text[:300]
    drawn = page(client, "?org=RA1")
    options = next(
        each["props"]["options"]
        for each in elements(drawn, "Select")
        if each["props"]["id"].get("name") == "among"
    )
    key = next(each["value"] for each in options if each["label"] == "Neighbours")
    drawn = page(client, f"?org=RA1&among={key}")
    head, _ = by_card(drawn, "peers")
    assert len(head) == 5
    assert "2 peers with a figure: too few for deciles, so each has a line of its own." in words(drawn)
    _, rows = by_card(drawn, "peer-table")
    assert {row[0].rpartition("(")[2].partition(")")[0] for row in rows} == {"RA1", "RA2", "RB2"}


def test_england_stands_among_the_trusts(client, told):
    drawn = page(client, "?tf=C_120")
    _, rows = by_card(drawn, "peers")
    march = [told[code, MONTHS[-1], "C_120"] for code in TRUSTS if code != ABSENT]
    values = [each.share_within_18 for each in march if each.total >= 20]
    assert rows[0][6] == share_text(naive_decile(values, 50))


def test_a_chosen_specialty_has_its_figures_and_no_dead_end(client, told):
    drawn = page(client, "?org=RA1&tf=C_120")
    own = told["RA1", MONTHS[-1], "C_120"]
    numbers = [words(each) for each in elements(drawn, "Li")]
    assert any(share_text(own.share_within_18) in each for each in numbers)
    hrefs = [each["props"]["href"] for each in elements(drawn, "A")]
    for path in ("/list?", "/breaches?", "/trends?"):
        assert any(path in href and "tf=C_120" in href and "org=RA1" in href for href in hrefs), path
    assert table(drawn, "outside the 99.8% limits")[0][0] == "Provider"


def beside_of(drawn, card):
    """Census -> the cells of the places beside, as the table of a chart has them."""
    head, rows = by_card(drawn, card)
    return head, {row[0]: row for row in rows}


@pytest.mark.parametrize(
    ("path", "card", "search"),
    [
        ("/", "share-trend", "?org=RA1&tf=C_120"),
        ("/trends", "level", "?org=RA1&tf=C_120"),
        ("/specialties", "peers", "?org=RA1&tf=C_120"),
    ],
)
def test_each_place_beside_has_the_figures_of_its_own_page_and_of_rtt_figures(
    client, told, path, card, search
):
    drawn = draw(client, path, f"{search}&beside=RD1,RE2", **HERE)["page"]
    head, rows = beside_of(drawn, card)
    assert head[2:4] == ["RD1", "RE2"]
    for at, code in ((2, "RD1"), (3, "RE2")):
        alone = beside_of(draw(client, path, search.replace("RA1", code), **HERE)["page"], card)[1]
        for month in MONTHS:
            day = f"{month.day} {month:%b %Y}"
            assert rows[day][at] == share_text(told[code, month, "C_120"].share_within_18)
            assert rows[day][at] == alone[day][1]


def test_places_differ_by_dash_and_mark_and_each_has_its_name_at_its_line(client):
    drawn = draw(client, "/", "?org=RA1&beside=RD1,RE2,ENG", **HERE)["page"]
    figure = next(
        each["props"]["figure"]
        for each in elements(drawn, "Graph")
        if each["props"]["id"].get("name") == "share-trend"
    )
    lines = {
        trace["name"]: trace for trace in figure["data"] if trace.get("name") in ("RD1", "RE2", "England")
    }
    lines |= {trace["name"]: trace for trace in figure["data"] if trace.get("name") == "Part of England"}
    assert len(lines) == 3
    assert len({(line["line"]["dash"], line["marker"]["symbol"]) for line in lines.values()}) == 3
    labels = {label["text"] for label in figure["layout"]["annotations"]}
    assert set(lines) <= labels


def test_a_place_is_added_by_name_or_code_removed_by_a_link_and_what_is_unclear_is_said(client):
    def asked(search):
        answer = draw(client, "/", search, **HERE)
        chips = [
            (words(each), each["props"]["href"])
            for each in elements(answer["page"], "A")
            if each["props"].get("className") == "rtt-chip"
            and "beside" in each["props"].get("aria-label", "")
        ]
        return chips, words(answer["notices"])

    chips, _ = asked("?org=RA1&beside=RD1&add=re2")
    assert [name.split()[0] for name, _ in chips] == ["RD1", "RE2"]
    assert "beside=RE2" in chips[0][1]
    assert "add=" not in chips[0][1]
    chips, said = asked("?org=RA1&add=hospitals")
    assert chips == []
    assert "fits 15 places" in said or "fits 16 places" in said
    chips, said = asked("?org=RA1&add=nowhere")
    assert "There is no place “nowhere” in this census" in said
    chips, said = asked("?org=RA1&beside=RD1,RE1,RE2,RF1")
    assert len(chips) == 3
    assert "At most 3 places" in said


def test_a_place_beside_is_marked_in_the_funnel(client):
    drawn = page(client, "?org=RA1&tf=C_120&beside=RD1")
    figure = next(
        each["props"]["figure"]
        for each in elements(drawn, "Graph")
        if each["props"]["id"].get("name") == "funnel"
    )
    (marked,) = (trace for trace in figure["data"] if trace.get("name") == "Placed beside")
    assert marked["marker"]["symbol"] == "square-open"
    assert len(marked["x"]) == 1
