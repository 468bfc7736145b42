"""Tile, chart, table, caption, CSV and `rtt figures` say the same of the same scope, whatever the scope."""

import csv
import io
import random

import pytest

from dashboard.analysis.figures_table import figures
from dashboard.filters import from_query
from dashboard.scope.scope import resolve
from dashboard.store.cache import reading
from dashboard.store.figures import FigureScope
from ingest.store.database import make_engine
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.wording import number_text, percent, share_text
from tests.dashboard import enquiries
from tests.dashboard import served_pages as served

MOST = 50


@pytest.fixture(scope="module")
def sample(demo_template):
    engine = make_engine(f"sqlite:///{demo_template}")
    yield engine
    engine.dispose()


def scopes(engine, number):
    """Random scopes that the sample has: source, level, organisation, specialty, census."""
    chance = random.Random(20260301)
    with reading(engine) as connection:
        monthly = resolve(connection, from_query("?source=monthly")[0], enquiries.by())
        weekly = resolve(connection, from_query("?source=weekly")[0], enquiries.by())
    for _ in range(number):
        scope = chance.choice((monthly, monthly, weekly))
        people = [o for o in scope.organisations if o.level in ("region", "icb", "provider", "commissioner")]
        found = [o for o in people if o.code != "NONC"]
        organisation = chance.choice([None, *found]) if scope is monthly else found[0]
        function = chance.choice([TOTAL, TOTAL, *scope.offered_functions])
        census = chance.choice(scope.dates[1:])
        where = f"&level={organisation.level}&org={organisation.code}" if organisation else ""
        what = "" if function == TOTAL else f"&tf={function}"
        level, code = (organisation.level, organisation.code) if organisation else ("england", "ENG")
        found_scopes = FigureScope(
            level=level,
            source=scope.source,
            first=census,
            last=census,
            organisation=code,
            part="2",
            treatment_function=function,
        )
        yield f"?source={scope.source}{where}{what}&census={census.isoformat()}", found_scopes


def figures_row(engine, scope):
    """The scope's row of `rtt figures`, None where nobody waits."""
    with reading(engine) as connection:
        found = figures(connection, scope)
    assert len(found) <= 1
    return None if found.empty else found.iloc[0]


def test_fifty_random_scopes_say_the_same_everywhere(sample, tmp_path, repetitions):
    client = served.client_of(sample, tmp_path)
    compared = 0
    for query, scope in scopes(sample, max(MOST, repetitions(500))):
        truth = figures_row(sample, scope)
        if truth is None or truth["total"] == 0:
            continue
        check_overview(client, query, truth)
        check_files(client, query)
        check_other_pages(client, query, truth)
        compared += 1
    assert compared >= MOST * 0.8


def check_overview(client, query, truth):
    page = served.drawn(client, "/", query)["page"]
    share, total = share_text(truth["share_within_18"]), number_text(truth["total"])
    assert served.tile_number(page, "Within 18 weeks") == share, query
    assert served.tile_number(page, "Waiting list") == total, query
    assert served.tile_number(page, "Over 52 weeks") == number_text(truth["over_52"]), query
    card = served.cards(page)["share-trend"]
    assert served.words(served.of_type(card, "H2")[0]).startswith(share), query
    assert served.words(served.of_type(card, "Figcaption")[0]).startswith(share), query
    heading, newest, *_ = served.table_of(card)
    assert newest[heading.index("Within 18 weeks")] == share, query
    (graph,) = served.of_type(card, "Graph")
    line = next(each for each in graph["props"]["figure"]["data"] if each.get("text"))
    assert line["text"][-1] == share, query
    assert percent(line["y"][-1]) == percent(truth["share_within_18"]), query
    labels = [each["text"] for each in graph["props"]["figure"]["layout"]["annotations"]]
    assert f"<b>{share}</b>" in labels, query
    (frame,) = [part for part in served.parts(card) if part["props"].get("role") == "img"]
    assert share in frame["props"]["aria-label"], query


def check_files(client, query):
    answer = client.get(f"/card.csv{query}&page=/&card=share-trend")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    table = served.table_of(served.cards(served.drawn(client, "/", query)["page"])["share-trend"])
    assert [[cell.removeprefix("'") for cell in row] for row in rows[: len(table)]] == table, query


def check_other_pages(client, query, truth):
    quality = served.drawn(client, "/quality", query)["page"]
    assert served.tile_number(quality, "Within 18 weeks") == share_text(truth["share_within_18"]), query
    shape = served.cards(served.drawn(client, "/list", query)["page"])["shape"]
    assert served.column_sum(shape, 1) == truth["total"] - truth["unknown_clock_start"], query


def test_the_api_and_the_command_give_the_row_that_the_page_is_made_from(sample, tmp_path):
    client = served.client_of(sample, tmp_path)
    answer = client.get(
        "/api/figures.json?source=monthly&level=provider&organisation=R9B&part=2&census=2025-09"
    )
    rows = {row["treatment_function_code"]: row for row in answer.json}
    page = served.drawn(client, "/", "?source=monthly&level=provider&org=R9B&census=2025-09")["page"]
    assert served.tile_number(page, "Waiting list") == number_text(rows[TOTAL]["total"])
    table = served.cards(page)["specialties"]
    shown = {row[0]: row[1] for row in served.whole_table_of(table)[1:]}
    assert shown.pop("All specialties") == number_text(rows.pop(TOTAL)["total"])
    assert sorted(shown.values()) == sorted(
        number_text(row["total"]) for row in rows.values() if row["total"]
    )
