"""The page of predicted breaches: the ladder of a database, the movement of a week, and who sees what."""

import re
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from dashboard.analysis import will_breach as ladders
from dashboard.analysis.movements import movement_of
from dashboard.analysis.will_breach import bands_of, split_of, will_breach_of
from dashboard.filters import Filters, from_query
from dashboard.scope.scope import resolve
from dashboard.server.access import Reader
from dashboard.store.cache import reading
from dashboard.store.pathways import Wanted
from ingest.store.schema import ENGLISH, extract, load, movement, pathway, pathway_counts
from rtt.measures.will_breach import MOST_WEEKS, THRESHOLDS, WillBreach
from rtt.terms.booking import BOOKINGS
from tests.dashboard import enquiries
from tests.dashboard import served_pages as served
from tests.rtt.measures.test_will_breach import PATHWAYS
from tests.rtt.naive_will_breach import naive

CENSUS = date(2026, 11, 15)
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
SITES = ("R9A01", "R9A02", "R9A03")
LEAD = Reader("jo", may_see_pathways=True)
WHOLE = Wanted(("R9A",), CENSUS, basis=ENGLISH)
QUESTIONS = st.builds(
    lambda weeks, days: WillBreach(weeks=weeks, census=CENSUS, days=days),
    st.sampled_from(THRESHOLDS),
    st.integers(1, 7 * MOST_WEEKS),
)


def chosen(connection, reader=LEAD, query=""):
    return resolve(connection, from_query(query)[0], enquiries.by(reader))


# The ladder of a database


def listed(connection, pathways) -> None:
    """An open list of these pathways in the place of whatever is there."""
    connection.execute(delete(extract))
    connection.execute(delete(load))
    nothing = {"": "", 0: 0}
    at = {"id": 1, "state": "loaded", "file_name": "list.csv", "file_sha256": "0", "file_bytes": 1}
    now = {"rows_read": 0, "rows_left_out": 0, "started_at": MONDAY, "seconds": 0.0, "problems": "[]"}
    connection.execute(insert(load).values(**at, **now))
    connection.execute(
        insert(extract).values(
            id=1, load_id=1, source="weekly", census_date=CENSUS, provider_code="R9A", section="open",
            revision=0, open_band=104, rows=len(pathways), providers=1,
        )
    )  # fmt: skip
    blank = {c.name: nothing["" if c.type.python_type is str else 0] for c in pathway.c if not c.nullable}
    if pathways:
        connection.execute(insert(pathway), [blank | _row(i, each) for i, each in enumerate(pathways)])


def _row(number, each):
    def day(ahead):
        return None if ahead is None else CENSUS + timedelta(days=ahead)

    return {
        "extract_id": 1,
        "census_date": CENSUS,
        "provider_code": "R9A",
        "token": f"TOKEN{number:05d}",
        "site_code": SITES[each["place"]],
        "treatment_function": "C_110",
        "basis": "english",
        "clock_start": day(-each["waited"]),
        "days_waited": each["waited"],
        "decision_to_admit": day(-1) if each["decided"] else None,
        "tci_date": day(each["tci"]),
        "next_appointment": day(each["appointment"]),
        "urgency": 1 if each["decided"] else 13,
        "wait_order": each["waited"],
        "booked_in": _booked_in(each),
    }


def _booked_in(each):
    """As ingest has it: days ahead, -1 without a date, -2 for one before the census."""
    ahead = each["tci"] if each["decided"] else each["appointment"]
    return -1 if ahead is None else -2 if ahead < 0 else ahead


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pathways=PATHWAYS, passing=QUESTIONS)
def test_the_ladder_of_a_database_is_a_loop_over_its_pathways(engine, pathways, passing):
    with engine.begin() as connection:
        listed(connection, pathways)
        split = ladders._split(connection, WHOLE, passing)
    assert _by_place(split) == naive(pathways, passing)
    assert (0 if split is None else split.undecided_tci) == sum(
        each["tci"] is not None and not each["decided"] for each in pathways if naive([each], passing)
    )


def _by_place(split):
    if split is None:
        return {}
    return {
        (SITES.index(split.sites[site]), int(week), BOOKINGS[state]): int(split.counts[0, site, week, state])
        for _, site, week, state in np.argwhere(split.counts)
    }


@pytest.mark.parametrize("threshold", THRESHOLDS)
@pytest.mark.parametrize("query", ["", "&tf=C_110,C_130", "&site=R9A01", "&pathway=dta", "&priority=2"])
def test_pathways_and_bands_agree_on_whole_weeks(demo_engine, threshold, query):
    with reading(demo_engine) as connection:
        scope = chosen(connection, query=f"?source=weekly&threshold={threshold}&horizon=9{query}")
        passing = will_breach_of(scope)
        split, bands = split_of(connection, scope, passing), bands_of(connection, scope)
    by_band = dict(zip(bands.functions, bands.estimate(passing).count, strict=True))
    by_pathway = dict(zip(split.functions, split.counts.sum(axis=(1, 2, 3)), strict=True))
    assert {code: count for code, count in by_band.items() if count and code != "C_999"} == by_pathway
    assert by_band["C_999"] == split.counts.sum()


def test_the_tile_the_title_and_the_table_say_one_number(client):
    tile = served.tile_number(
        served.drawn(client, "/", "?source=weekly")["page"], "Will breach 18 weeks within 4 weeks"
    )
    page = served.drawn(client, "/breaches", "?source=weekly")["page"]
    cards = served.cards(page)
    assert served.words(served.of_type(page, "H2")[0]).split()[0] == tile
    head, *rows = served.table_of(cards["ladder-specialties"])
    assert rows[-1][:2] == ["All specialties", tile]
    whole = np.array([[int(cell.replace(",", "")) for cell in row[1:]] for row in rows])
    assert (whole[:-1].sum(axis=0) == whole[-1]).all()
    assert (whole[:, 1:].sum(axis=1) == whole[:, 0]).all()
    assert head[-1] == "Not booked"


def test_the_monthly_return_says_its_bounds_and_what_it_cannot_know(client):
    page = served.breaches(client, "?source=monthly&horizon=month")
    card = served.words(served.cards(page)["ladder"])
    assert "at least" in card
    assert "weekly PTL" in card
    assert not {"ladder-sites", "movement"} & set(served.cards(page))


def test_an_old_list_without_pathways_keeps_its_count(client):
    page = served.drawn(client, "/breaches", "?source=weekly&census=2025-06-01")["page"]
    assert "only its counts are kept" in served.words(served.cards(page)["ladder"])


# Since last week


def test_the_movement_adds_up_to_the_list_of_every_specialty_and_week(demo_engine):
    with reading(demo_engine) as connection:
        weeks = connection.execute(select(movement.c.census_date).distinct()).scalars().all()
        assert len(weeks) > 90
        for week in weeks:
            scope = chosen(connection, query=f"?source=weekly&census={week}")
            found = movement_of(connection, scope)
            lists = [_list(connection, day, scope.codes) for day in (found.previous, found.census)]
            for row, code in enumerate(found.functions):
                assert found.column("at_risk")[row] == lists[0].pop(code, 0), (week, code)
                assert found.now[row] == lists[1].pop(code, 0), (week, code)
            assert lists == [{}, {}], "a specialty has a list and no movement"


def _list(connection, day, codes):
    c = pathway_counts.c
    rows = connection.execute(
        select(c.treatment_function, c.total).where(
            c.source == "weekly",
            c.level == "provider",
            c.organisation_code.in_(codes),
            c.census_date == day,
            c.part == "2",
            c.treatment_function != "C_999",
            c.basis == "english",
            *(column == "" for column in (c.site_code, c.stage, c.priority)),
        )
    )
    return dict(map(tuple, rows))


@pytest.mark.parametrize("query", ["", "?tf=C_110", "?site=R9A01", "?pathway=admitted"])
def test_the_bridge_adds_up(client, query):
    page = served.breaches(client, query)
    _, (_, before), *steps, (_, now) = served.table_of(served.cards(page)["movement"])
    numbers = [int(text.replace(",", "").replace("−", "-").lstrip("+")) for _, text in steps]
    assert int(before.replace(",", "")) + sum(numbers) == int(now.replace(",", ""))


# Who sees what


@pytest.mark.parametrize(
    "query", ["", "?tf=C_110", "?threshold=52", "?threshold=26&horizon=9", "?horizon=month"]
)
def test_whoever_may_not_see_pathways_finds_no_small_number(reader_of_aggregates, query):
    page = served.breaches(reader_of_aggregates, query)
    for name in ("ladder-specialties", "ladder-sites", "movement-specialties", "ladder", "ladder-weeks"):
        card = served.cards(page).get(name)
        for _, *cells in [] if card is None or not served.of_type(card, "Table") else served.table_of(card):
            assert not [cell for cell in cells if re.fullmatch("[−+]?[1-7]", cell)], name
    drawn = [
        abs(value)
        for graph in served.of_type(page, "Graph")
        for trace in graph["props"]["figure"]["data"]
        if trace["type"] == "bar"
        for value in (*trace["x"], *trace["y"])
        if value is not None and value not in range(30)  # the places of the bars are whole numbers from 0
    ]
    assert not [value for value in drawn if 0 < value < 8]


def test_whoever_may_not_see_pathways_is_led_to_none_and_told_who_has_a_date_at_four_weeks_alone(
    reader_of_aggregates,
):
    for query, split in (("", True), ("?horizon=5", False), ("?horizon=month&threshold=52", False)):
        page = served.breaches(reader_of_aggregates, query)
        assert "/ptl" not in str(page)
        assert ("Booked in time" in served.words(page)) is split


def test_whoever_may_see_pathways_is_led_from_the_unbooked_to_the_list(client):
    page = served.drawn(client, "/breaches", "?tf=C_110")["page"]
    ways = [part["props"]["href"] for part in served.of_type(page, "A")]
    assert [way for way in ways if way.startswith("/ptl?") and "booking=none" in way and "tf=C_110" in way]


def test_a_threshold_or_horizon_that_does_not_exist_is_said_and_ignored(client):
    drawn = served.drawn(client, "/breaches", "?threshold=19&horizon=27")
    assert {"19", "27"} <= served.numbers(served.words(drawn["notices"]))
    assert "breach 18 weeks" in served.words(served.of_type(drawn["page"], "H2")[0])


def test_threshold_and_horizon_stay_on_their_page(client):
    drawn = served.drawn(client, "/breaches", "?threshold=52&horizon=8&tf=C_110")
    ways = [part["props"]["href"] for part in served.of_type(drawn["navigation"], "A")]
    assert all("tf=C_110" in way and "threshold" not in way and "horizon" not in way for way in ways)


def test_filters_know_the_question():
    filters, notices = from_query("?threshold=65&horizon=month")
    assert (filters, notices) == (Filters(threshold="65", horizon="month"), [])
