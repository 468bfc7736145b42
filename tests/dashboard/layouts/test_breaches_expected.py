"""Expected breaches from the database to the page: an expectation with its interval, or why there is none."""

import re
from datetime import UTC, date, datetime, timedelta
from math import ceil, floor

import pytest
from sqlalchemy import delete, func, select, update

from ingest.forecasts.weekly import SCORED_WEEKS, horizons, issue_lists
from ingest.forecasts.weekly_inputs import list_inputs
from ingest.store.database import make_engine
from ingest.store.schema import back_test, forecast, forecast_expectation, movement, pathway
from rtt.forecast.weekly import expected_words
from rtt.forecast.weekly.dispersion import FEWEST_LISTS
from rtt.forecast.weekly.expected import MEASURES, PASSING_18, PASSING_52
from rtt.forecast.weekly.expected import TOTAL as LIST_SIZE
from rtt.forecast.weekly.weeks import WEEK
from rtt.terms.calendar import sunday_on_or_before
from rtt.terms.treatment_functions import TOTAL, short_name_of
from rtt.terms.wording import date_text
from tests.dashboard import served_pages as served
from tests.sample import UNTIL

CENSUS = sunday_on_or_before(UNTIL - timedelta(1))
NOW = datetime(2026, 11, 16, 7, tzinfo=UTC)
WEEKLY = "?source=weekly"


@pytest.fixture(scope="module")
def engine_of_demo(demo_template):
    engine = make_engine(f"sqlite:///{demo_template}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def client(engine_of_demo, tmp_path_factory):
    return served.client_of(engine_of_demo, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def reader_of_aggregates(engine_of_demo, tmp_path_factory):
    return served.client_of(engine_of_demo, tmp_path_factory.mktemp("home"), access="none")


def _card(client, query=""):
    """How the estimate is made and, where there is one, the folded table."""
    cards = _cards(client, query)
    return [cards[name] for name in ("expected-made", "expected") if name in cards]


def _cards(client, query=""):
    return served.cards(served.breaches(client, WEEKLY + query))


def _kept(engine, *conditions):
    c = forecast_expectation.c
    with engine.connect() as connection:
        return connection.execute(select(c.value, c.low_80, c.high_80, c.naive).where(*conditions)).all()


# What is read


def test_the_newest_list_and_its_weeks_are_those_of_the_tables(engine_of_demo) -> None:
    with engine_of_demo.connect() as connection:
        inputs = list_inputs(connection, "R9A")
        c = pathway.c
        newest = (c.census_date == CENSUS, c.basis == "english")
        listed = connection.execute(select(func.count()).where(*newest)).scalar_one()
        known = connection.execute(select(func.count()).where(*newest, c.week_band.is_not(None))).scalar_one()
        last = connection.execute(
            select(func.sum(movement.c.at_risk)).where(movement.c.census_date == CENSUS)
        ).scalar_one()
    assert len(inputs.listing.states) == listed
    assert (inputs.listing.states >= 0).sum() == known
    assert inputs.weeks[-1].counts[:, 0].sum() == last
    assert [week.census for week in inputs.weeks] == [
        CENSUS - back * WEEK for back in range(len(inputs.weeks) - 1, -1, -1)
    ]


def test_every_week_of_half_a_year_and_the_month_ends_are_forecast() -> None:
    days = horizons(date(2026, 11, 15))
    assert days[:3] == [date(2026, 11, 22), date(2026, 11, 29), date(2026, 11, 30)]
    assert {date(2026, 12, 31), date(2027, 1, 31), date(2027, 5, 16)} <= set(days)
    assert len(days) == 26 + 2  # the 31st of January 2027 is a Sunday


# What is issued


def test_the_newest_list_is_forecast_once(demo) -> None:
    """The demo has its forecast; a second run changes nothing."""
    before = _kept(demo)
    again = issue_lists(demo, now=NOW)
    assert [(each.provider_code, each.census_date, each.new) for each in again] == [("R9A", CENSUS, False)]
    assert _kept(demo) == before


def test_a_short_record_is_forecast_by_nobody(demo) -> None:
    with demo.begin() as connection:
        for table in (forecast_expectation, forecast):
            source = table.c.forecast_id if table is forecast_expectation else table.c.id
            weekly = select(forecast.c.id).where(forecast.c.source == "weekly")
            connection.execute(delete(table).where(source.in_(weekly)))
        early = movement.c.census_date <= CENSUS - (FEWEST_LISTS - 2) * WEEK
        connection.execute(delete(movement).where(early))
    assert issue_lists(demo, now=NOW) == []


def test_every_figure_lies_within_its_interval(engine_of_demo) -> None:
    c = forecast_expectation.c
    found = _kept(engine_of_demo, c.treatment_function == TOTAL)
    assert len(found) == len(horizons(CENSUS)) * len(MEASURES)
    for value, low, high, _ in found:
        assert 0 <= low <= value <= high


# What is shown


def test_title_table_and_record_say_one_number(client, engine_of_demo) -> None:
    c = forecast_expectation.c
    at = (c.treatment_function == TOTAL, c.measure == PASSING_18, c.target_date == CENSUS + timedelta(28))
    ((value, low, high, _),) = _kept(engine_of_demo, *at)
    said = f"{round(value):,}"
    card = _card(client)
    title = served.words(served.of_type(card, "H2")[0])
    assert title.startswith(f"About {said} (")
    low_said, high_said = re.search(r"\((\S+) to (\S+)\)", title).groups()
    assert int(low_said.replace(",", "")) == ceil(low)
    assert int(high_said.replace(",", "")) == floor(high)
    *_, last = served.table_of(card)
    assert last[1].startswith(f"{said} (")


def test_the_expectation_is_no_larger_than_the_count_beside_it(client) -> None:
    for horizon in ("1", "4", "13", "month"):
        pages = served.breaches(client, f"{WEEKLY}&horizon={horizon}")
        cards = served.cards(pages)
        counted = int(served.words(served.of_type(pages, "H2")[0]).split()[0].replace(",", ""))
        expected = int(
            re.search(r"About (\S+)", served.words(served.of_type(cards["expected-made"], "H2")[0]))
            .group(1)
            .replace(",", "")
        )
        assert 0.3 * counted < expected < counted
        assert expected_words.NOT_A_COUNT in served.words(cards["expected-made"])


def test_one_specialty_is_told_alone(client) -> None:
    rows = served.table_of(_card(client, "&tf=C_110"))
    assert [row[0] for row in rows[1:]] == ["Trauma & orthopaedics"]


def test_the_threshold_asked_for_is_that_of_the_title(client, engine_of_demo) -> None:
    c = forecast_expectation.c
    at = (c.treatment_function == TOTAL, c.measure == PASSING_52, c.target_date == CENSUS + timedelta(28))
    ((value, *_),) = _kept(engine_of_demo, *at)
    card = _card(client, "&threshold=52")
    title = served.words(served.of_type(card, "H2")[0])
    assert title.startswith(f"About {round(value):,} (")
    assert "breach 52 weeks by" in title
    assert "would then wait over 52 weeks" in served.words(card)
    other = served.words(_card(client, "&threshold=26"))
    assert "Estimates are made for 18 and 52 weeks, not for 26." in other
    assert "not for" not in served.words(card)


def test_a_specialty_of_fewer_than_twenty_has_no_estimate(client, engine_of_demo) -> None:
    c = forecast_expectation.c
    with engine_of_demo.connect() as connection:
        chosen = (c.measure == LIST_SIZE, c.target_date == CENSUS + timedelta(28))
        expected = dict(connection.execute(select(c.treatment_function, c.value).where(*chosen)).all())
    few = [code for code, value in expected.items() if value < 20]
    assert few
    rows = {row[0]: row[1:] for row in served.table_of(_card(client))[1:]}
    for code, value in expected.items():
        if code != TOTAL:
            assert (set(rows[short_name_of(code)]) == {expected_words.TOO_FEW}) == (value < 20)
    alone = served.words(_card(client, f"&tf={few[0]}"))
    assert expected_words.NONE_OF_SO_FEW in alone
    assert "can be expected to breach" not in alone


def test_a_narrower_list_has_no_expectation_and_says_so(client) -> None:
    assert expected_words.NOT_NARROWED in served.words(_card(client, "&site=R9A01"))
    assert expected_words.NOT_NARROWED in served.words(_card(client, "&priority=2"))


def test_a_list_that_was_not_forecast_says_who_can_and_gives_the_command_to_analysts_alone(
    client, reader_of_aggregates
) -> None:
    query = f"&census={CENSUS - 4 * WEEK}"
    card = _card(client, query)
    assert "Whoever loads the data can make one" in served.words(card)
    assert "rtt forecast" in served.words(served.of_type(card, "Details"))
    theirs = served.words(_card(reader_of_aggregates, query))
    assert "Whoever loads the data can make one" in theirs
    assert "rtt forecast" not in theirs


def test_the_monthly_return_has_no_such_section(client) -> None:
    assert "expected" not in served.cards(served.breaches(client, "?source=monthly"))


def test_small_numbers_are_kept_from_who_may_not_see_pathways(client, reader_of_aggregates) -> None:
    open_rows, rows = (served.table_of(_card(each))[1:] for each in (client, reader_of_aggregates))
    smallest = [
        (row[0], column)
        for row in open_rows
        for column in range(1, 5)
        if row[column] != expected_words.TOO_FEW and 0 < int(row[column].split()[0].replace(",", "")) < 7
    ]
    assert smallest
    shown = {row[0]: row for row in rows}
    for name, column in smallest:
        assert "under 8" in shown[name][column] or "withheld" in shown[name][column]


def test_a_back_test_is_called_one(demo, tmp_path) -> None:
    with demo.begin() as connection:
        connection.execute(update(forecast).values(kind="back-test"))
    card = _card(served.client_of(demo, tmp_path / "home"))
    assert "A back-test" in served.words(card)


# The chart


def _chart(client, query=""):
    """The rows of the chart's table, and its two traces: what is counted, what is expected."""
    card = _cards(client, query)["expected-chart"]
    counts, expected = served.of_type(card, "Graph")[0]["props"]["figure"]["data"]
    return served.table_of(card)[1:], counts, expected


@pytest.mark.parametrize("query", ["", "&threshold=52&horizon=8", "&horizon=month", "&tf=C_110"])
def test_the_chart_draws_the_frozen_figures_beside_the_count_of_the_ladder(client, engine_of_demo, query):
    cards = _cards(client, query)
    counted = {row[0]: row[1] for row in served.table_of(cards["ladder-specialties"])[1:]}
    column = 3 if "52" in query else 1
    said = {row[0]: row[column] for row in served.table_of(cards["expected"])[1:]}
    rows, counts, expected = _chart(client, query)
    assert rows
    for at, (name, value, interval, count) in enumerate(rows):
        assert said[name] == f"{value} ({interval})"
        assert counted.get(name, "0") == count == f"{counts['x'][at]:,.0f}"
        low, high = (
            expected["x"][at] + step
            for step in (-expected["error_x"]["arrayminus"][at], expected["error_x"]["array"][at])
        )
        assert low <= expected["x"][at] <= high
        # The whole numbers within the interval, and the figure itself.
        figure = int(value.replace(",", ""))
        bounds = [int(bound.replace(",", "")) for bound in interval.split(" to ")]
        assert bounds == [min(ceil(low - 1e-6), figure), max(floor(high + 1e-6), figure)]
        assert value == f"{expected['x'][at]:,.0f}"
    assert list(expected["x"]) == sorted(expected["x"], reverse=True)


def test_a_threshold_that_nothing_is_said_about_has_no_chart(client) -> None:
    cards = _cards(client, "&threshold=26")
    assert "expected-chart" not in cards


def test_the_chart_draws_no_small_number_for_who_may_not_see_pathways(client, reader_of_aggregates) -> None:
    hidden = 0
    for query in ("&threshold=52&horizon=8", "&threshold=52&horizon=13", "&horizon=1"):
        rows, counts, expected = _chart(reader_of_aggregates, query)
        values = [*counts["x"], *expected["x"]]
        hidden += values.count(None)
        assert all(value >= 8 for value in values if value)
        for at, (_, value, interval, count) in enumerate(rows):
            assert (expected["x"][at] is None) == (not interval) == ("under" in value or "withheld" in value)
            assert (counts["x"][at] is None) == ("under" in count or "withheld" in count)
    assert hidden


def test_a_chart_of_nothing_but_small_numbers_is_not_drawn(client, reader_of_aggregates) -> None:
    own, theirs = (_cards(each, "&threshold=52&horizon=1") for each in (client, reader_of_aggregates))
    assert "expected-chart" in own
    assert "expected-chart" not in theirs


def test_the_back_test_of_the_lists_is_kept_with_the_forecast(engine_of_demo) -> None:
    c = back_test.c
    with engine_of_demo.connect() as connection:
        kept = connection.execute(select(c.provider_code, c.census_date).where(c.source == "weekly")).all()
        horizons_kept = set(connection.execute(select(c.horizon).where(c.source == "weekly")).scalars())
    assert set(kept) == {("R9A", CENSUS)}
    assert horizons_kept == set(SCORED_WEEKS)


def test_nothing_has_come_due_of_a_first_forecast(client) -> None:
    cards = _cards(client)
    assert f"can be scored with the PTL of {date_text(CENSUS + WEEK)}" in served.words(cards["list-score"])
    assert "4 weeks" in served.words(cards["list-back-test"])
