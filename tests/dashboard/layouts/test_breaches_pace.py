"""The pace of the last weeks, from the loaded lists to the page and the pack: said beside the forecast."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Integer, cast, update

from dashboard.packs.contents.breaches import NAMES
from ingest.store.schema import dataset, extract, pathway_counts
from rtt.forecast.weekly.weeks import WEEK
from rtt.terms.calendar import sunday_on_or_before
from rtt.terms.parts import COMPLETED, NEW_PERIODS
from tests.dashboard import served_pages as served
from tests.dashboard.packs import making
from tests.sample import UNTIL

CENSUS = sunday_on_or_before(UNTIL - timedelta(1))
RECENT = [CENSUS - back * WEEK for back in range(3)]
WEEKLY = "?source=weekly"
STOPS = re.compile(r"The last 3 weeks(?: in [^,]+)?, to [^,]+, ran at (\d+)% of usual clock stops")
LARGE = "X02"


def _times(engine, share, parts, *, function=None):
    """The last three weeks' flows, of all or of one specialty, multiplied."""
    c = pathway_counts.c
    at = [c.source == "weekly", c.part.in_(parts), c.census_date.in_(RECENT)]
    if function:
        at.append(c.treatment_function == function)
    with engine.begin() as connection:
        connection.execute(update(dataset).values(version=dataset.c.version + 1))  # as every load does
        connection.execute(update(pathway_counts).where(*at).values(total=cast(c.total * share, Integer)))


@pytest.fixture
def words(demo, tmp_path):
    """words(query, access): the text of the expectation's card."""

    def drawn(query="", access="pathways"):
        how = {} if access == "pathways" else {"access": access}
        client = served.client_of(demo, tmp_path / f"home-{access}", **how)
        page = served.drawn(client, "/breaches", f"{WEEKLY}&show=expected{query}")["page"]
        return served.words(served.cards(page)["expected-made"])

    return drawn


def test_a_strike_is_said_beside_the_forecast_and_in_the_pack(demo, words) -> None:
    """Fault 18: nothing could say that the last weeks ran at x % of usual clock stops."""
    before = words()
    _times(demo, 0.35, COMPLETED)
    said = STOPS.search(words())
    assert 25 <= int(said.group(1)) <= 50
    assert "more patients will be waiting than the estimate says" in words()
    assert said.group(0) in words(access="none")
    assert said.group(0) not in before
    (page,) = [each for each in making.contents(demo, WEEKLY).pages if each.name == NAMES[1]]
    assert said.group(0) in " ".join(page.paragraphs)


def test_a_specialty_that_stopped_is_named_without_a_figure_for_who_may_not_see_pathways(demo, words) -> None:
    _times(demo, 0, COMPLETED, function=LARGE)
    assert re.search(r"Outside their own usual clock stops [^.]*Other medical \(0% of usual\)", words())
    theirs = words(access="none")
    assert re.search(r"Outside their own usual clock stops [^.]*Other medical \(below usual\)", theirs)
    assert "0% of usual" not in theirs


def test_a_specialty_chosen_is_told_alone(demo, words) -> None:
    _times(demo, 0, COMPLETED, function=LARGE)
    own = words(f"&tf={LARGE}")
    assert STOPS.search(own).group(1) == "0"
    assert "Outside their own" not in own
    theirs = words(f"&tf={LARGE}", access="none")
    assert "ran well below usual clock stops" in theirs
    assert not STOPS.search(theirs)


def test_referrals_that_rose_are_said(demo, words) -> None:
    _times(demo, 2, (NEW_PERIODS,))
    assert re.search(r"brought (1[6-9]\d|2[0-4]\d)% of usual clock starts", words())


def test_a_week_whose_stops_were_not_loaded_has_no_pace(demo, words) -> None:
    _times(demo, 0.35, COMPLETED)
    with demo.begin() as connection:
        chosen = (extract.c.source == "weekly", extract.c.section == "stops", extract.c.census_date == CENSUS)
        connection.execute(update(extract).where(*chosen).values(section="set aside"))
    assert "usual clock stops" not in words()
