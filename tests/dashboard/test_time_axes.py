"""The ticks of every chart over time: where they stand, and what is written below them."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.census_axis import census_axis
from dashboard.pages import PAGES
from ingest.store.database import make_engine
from tests.dashboard import served_pages as served

STATES = (
    "",
    "?source=monthly",
    "?source=monthly&level=provider&org=R9B",
    "?source=monthly&measure=total&view=level&points=12",
    "?source=weekly&view=level&points=36",
)
MONTHS = {month: calendar.month_abbr[month] for month in range(1, 13)}


@pytest.fixture(scope="module")
def client(demo_template, tmp_path_factory):
    engine = make_engine(f"sqlite:///{demo_template}")
    yield served.client_of(engine, tmp_path_factory.mktemp("home"))
    engine.dispose()


def dated(client, path, query):
    """Every figure with an axis of dates."""
    page = served.drawn(client, path, query)["page"]
    figures = [graph["props"]["figure"] for graph in served.of_type(page, "Graph")]
    return [figure for figure in figures if figure["layout"]["xaxis"].get("type") == "date"]


@pytest.mark.parametrize("query", STATES)
def test_every_tick_of_every_chart_over_time_stands_at_a_census_and_names_its_month(client, query):
    """Fault 8: the point of 30 April stood over "May", because Plotly's own ticks are firsts of months."""
    found = [figure for page in PAGES for figure in dated(client, page.path, query)]
    assert found
    for figure in found:
        axis = figure["layout"]["xaxis"]
        points = {day for trace in figure["data"] for day in trace["x"] if day}
        assert axis["tickmode"] == "array"
        assert 1 <= len(axis["tickvals"]) <= 6
        assert set(axis["tickvals"]) <= points
        for tick, label in zip(axis["tickvals"], axis["ticktext"], strict=True):
            day = date.fromisoformat(tick)
            assert MONTHS[day.month] in label
            assert label.endswith(f"<br>{day.year}")
            monthly = label.split("<br>")[0] == MONTHS[day.month]
            assert monthly or label.startswith(f"{day.day} ")


def test_a_sunday_at_a_months_end_is_labelled_like_the_other_sundays():
    axis = census_axis([date(2025, 8, 24), date(2025, 8, 31)])
    assert axis["ticktext"] == ["24 Aug<br>2025", "31 Aug<br>2025"]


@given(st.dates(date(2008, 1, 1), date(2030, 1, 1)), st.integers(1, 240), st.booleans(), st.data())
def test_of_any_series_the_newest_census_has_a_tick_and_six_are_the_most(start, length, weekly, data):
    days = []
    for at in range(length):
        year, month = divmod(start.year * 12 + start.month - 1 + at, 12)
        last = date(year, month + 1, calendar.monthrange(year, month + 1)[1])
        days.append(start + timedelta(weeks=at) if weekly else last)
    held = [day for day in days[:-1] if data.draw(st.booleans())] if length < 60 else days[:-1]
    axis = census_axis([*held, days[-1]])
    assert axis["tickvals"][-1] == days[-1].isoformat()
    assert len(axis["tickvals"]) <= 6
    assert {date.fromisoformat(each) for each in axis["tickvals"]} <= {*held, days[-1]}
