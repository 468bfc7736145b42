"""Forecasts on their page: what was issued, what came of it, and what is said where there is nothing."""

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete

from dashboard.analysis.forecasts import jump_words
from ingest.extracts import LoadOptions
from ingest.forecasts.issue import issue_monthly, score_back_test
from ingest.loading.load import load_path
from ingest.store.schema import forecast_unit, forecast_value
from rtt.terms.calendar import add_months
from tests.dashboard import served_pages as served

FIRST = date(2024, 4, 30)
NOW = datetime(2025, 5, 8, 9, 30, tzinfo=UTC)
RTD = "?level=provider&org=RTD"


def facts(month, *, more=0):
    swing = (month * 7) % 5
    return {
        ("RTD", "01A", "2", "C_110"): {0: 2000, 8: 3500 + 60 * swing + more, 20: 1800, 60: 90 + month},
        ("RTD", "01A", "3", "C_110"): 1500 + 10 * swing,
        ("RVV", "91Q", "2", "C_110"): {0: 2500, 9: 3000 - 50 * swing, 25: 1200, 55: 40},
        ("RVV", "91Q", "3", "C_110"): 2400,
        ("RXN", "00R", "2", "C_502"): {3: 8, 22: 4},
    }


@pytest.fixture
def held(sqlite_engine, make_extract):
    def load(*months, more=0, replace=False):
        for month in months:
            path = make_extract(facts(month, more=more), census=add_months(FIRST, month))
            load_path(sqlite_engine, path, options=LoadOptions(replace=replace))

    return load


@pytest.fixture
def page(sqlite_engine, tmp_path):
    """page(query) -> the words of every tab of /breaches, their charts aside."""

    def draw(query, path="/breaches"):
        client = served.client_of(sqlite_engine, tmp_path, today=NOW.date())
        pages = (
            served.breaches(client, query)
            if path == "/breaches"
            else served.drawn(client, path, query)["page"]
        )
        return served.words(pages)

    return draw


def test_a_newest_census_without_a_forecast_says_so_and_names_the_command_to_analysts_alone(
    held, page, sqlite_engine, tmp_path
):
    held(*range(6))
    words = page(RTD)
    said = "from the newest census, 30 Sep 2024. Whoever loads the data can issue it."
    assert said in words
    assert "For analystsTo do so: rtt forecast" in words
    reader = served.client_of(sqlite_engine, tmp_path, today=NOW.date(), access="none")
    theirs = served.words(served.breaches(reader, RTD))
    assert said in theirs
    assert "rtt forecast" not in theirs


def test_an_older_census_is_never_forecast_in_hindsight(held, page, sqlite_engine):
    held(*range(6))
    issue_monthly(sqlite_engine, now=NOW)
    words = page(f"{RTD}&census=2024-07")
    assert "No forecast was issued from 31 Jul 2024" in words
    assert "never in hindsight" in words


def test_what_is_issued_stands_with_its_intervals_and_what_it_cannot_know(held, page, sqlite_engine):
    held(*range(8))
    issue_monthly(sqlite_engine, now=NOW)
    words = page(RTD)
    assert "Within 18 weeks: forecast from 30 Nov 2024" in words
    assert "in 8 of 10 cases" in words
    assert "Issued on 8 May 2025" in words
    assert "Strikes, extra sessions, new sites, mergers and national schemes are not predicted" in words
    assert "None has been scored yet" in words
    assert "The list grew" not in words


def test_a_forecast_that_came_due_is_scored_against_the_vintage_of_today(held, page, sqlite_engine):
    held(*range(6))
    issue_monthly(sqlite_engine, now=NOW)
    score_back_test(sqlite_engine)
    held(6)
    before = page(f"{RTD}&measure=total")
    assert "1 figure has been scored" in before
    came = sum(facts(6)["RTD", "01A", "2", "C_110"].values())
    assert f"{came:,}" in before
    held(6, more=700, replace=True)
    after = page(f"{RTD}&measure=total")
    assert f"{came + 700:,}" in after
    # What was said stands: only what came, and so the errors, may differ.
    assert len(said_in(before)) == 1
    assert said_in(before) == said_in(after)


def said_in(words):
    """The forecasts in the list of those that came due, as they were issued."""
    return re.findall(r"[\d,]+ \(80%: [\d,]+ to [\d,]+\)", words)


def test_the_back_test_of_the_level_stands_beside_what_was_issued(held, page, sqlite_engine):
    held(*range(8))
    issue_monthly(sqlite_engine, now=NOW)
    score_back_test(sqlite_engine)
    words = page(RTD)
    assert "Back-test: within 18 weeks, all providers" in words
    assert "How often the 80% interval held, 1 month ahead" in words
    assert "Back-test: within 18 weeks, all months of England" in page("")
    assert "Back-test: within 18 weeks, all specialties of providers" in page(f"{RTD}&tf=C_110")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?level=provider&org=RXN", "Fewer than 20 pathways: no forecast is made."),
        ("?tf=C_110", "Forecasts are made for England as a whole, for each provider"),
        (f"{RTD}&pathway=dta", "Forecasts are made for England as a whole, for each provider"),
        (
            "?level=icb&org=QE1&tf=C_110,C_502",
            "Forecasts are made for England as a whole, for each provider",
        ),
        ("?level=commissioner&org=00R", "Fewer than 20 pathways: no forecast is made."),
        ("?level=icb&org=QE1&tf=C_502", "Fewer than 20 pathways: no forecast is made."),
        ("?level=icb&org=QKS&tf=C_502", "does not cover this scope: it had no list in the months before"),
    ],
)
def test_where_no_forecast_can_be_made_the_page_says_why(held, page, sqlite_engine, query, words):
    held(*range(6))
    issue_monthly(sqlite_engine, now=NOW)
    assert words in page(query)


SCOPES = [
    ("level=region&org=Y62", "regions"),
    ("level=icb&org=QE1", "ICBs"),
    ("level=commissioner&org=01A", "commissioners"),
]


@pytest.mark.parametrize(("scope", "many"), SCOPES)
def test_a_region_an_icb_and_a_commissioner_are_forecast_too(held, page, sqlite_engine, scope, many):
    held(*range(8))
    issue_monthly(sqlite_engine, now=NOW)
    score_back_test(sqlite_engine)
    words = page(f"?{scope}")
    assert "Within 18 weeks: forecast from 30 Nov 2024" in words
    assert "in 8 of 10 cases" in words
    assert "Issued on 8 May 2025" in words
    assert f"Back-test: within 18 weeks, all {many}" in words
    assert "rtt forecast --backtest --commissioners" in words
    one = page(f"?{scope}&tf=C_110")
    assert "Within 18 weeks: forecast from 30 Nov 2024" in one
    assert f"Back-test: within 18 weeks, all specialties of {many}" in one


def test_an_icb_that_will_miss_the_milestone_of_england_needs_attention(make_extract, page, sqlite_engine):
    for month in range(9):
        slow = {("RTD", "01A", "2", "C_110"): {0: 2000, 8: 1500 + 9 * month, 20: 3000 + month % 3, 60: 90}}
        load_path(sqlite_engine, make_extract(slow, census=add_months(FIRST, month)))
    issue_monthly(sqlite_engine, now=NOW)
    words = page("?level=icb&org=QE1", path="/")
    assert "Plan how to reach the milestone of 65% within 18 weeks" in words
    assert "is projected, 80% interval" in words
    assert "The milestone of 65% for 31 Mar 2026 lies above the 95% interval" in page("?level=icb&org=QE1")


@pytest.mark.parametrize(("scope", "many"), SCOPES)
def test_a_forecast_of_a_region_that_came_due_is_scored_on_its_own_list(
    held, page, sqlite_engine, scope, many
):
    held(*range(6))
    issue_monthly(sqlite_engine, now=NOW)
    held(6)
    listed = [bands for key, bands in facts(6).items() if key[1:3] == ("01A", "2")]
    listed += [
        bands for key, bands in facts(6).items() if key[1:3] == ("00R", "2") and many != "commissioners"
    ]
    assert f"{sum(sum(bands.values()) for bands in listed):,}" in page(f"?{scope}&measure=total")


@pytest.mark.parametrize(("scope", "many"), SCOPES)
def test_a_forecast_that_was_frozen_without_them_says_when_theirs_begin(
    held, page, sqlite_engine, scope, many
):
    held(*range(6))
    issue_monthly(sqlite_engine, now=NOW)
    level = scope.partition("&")[0].removeprefix("level=")
    with sqlite_engine.begin() as connection:  # as a version before them left it
        for table in (forecast_unit, forecast_value):
            connection.execute(delete(table).where(table.c.level == level))
    assert not issue_monthly(sqlite_engine, now=NOW).new
    words = page(f"?{scope}")
    assert f"was made without {many}, and is never rewritten: theirs begin with the next census" in words
    assert "Within 18 weeks: forecast from 30 Sep 2024" in page(RTD)
    held(6)
    assert issue_monthly(sqlite_engine, now=NOW).new
    assert "Within 18 weeks: forecast from 31 Oct 2024" in page(f"?{scope}")


def test_a_forecast_made_after_a_jump_of_the_list_says_so(held, page, sqlite_engine):
    """Fault 15: the few forecasts with most of the error are known on the day they are made."""
    held(*range(7))
    held(7, more=4000)
    issue_monthly(sqlite_engine, now=NOW)
    words = page(RTD)
    assert re.search(r"The list grew by 5\d\.\d% in the month to 30 Nov 2024", words)
    assert "Forecasts made in such a month are often far off." in words
    assert "in the month to 30 Nov 2024" not in page("?level=provider&org=RVV")


def test_a_month_without_a_return_before_it_is_no_smaller_a_jump():
    lists = {FIRST: 900.0, add_months(FIRST, 2): 1000.0, add_months(FIRST, 3): 1200.0}
    jumps = [jump_words({"total": lists}, add_months(FIRST, month)) for month in range(5)]
    assert [bool(words) for words in jumps] == [False, False, True, True, False]
    assert "no return in the month before 30 Jun 2024" in jumps[2]
    assert "The list grew by 20.0%" in jumps[3]


def test_a_region_is_told_that_no_skill_is_proven(held, page, sqlite_engine):
    """Fault 17: a few months of record are no proof, and the page says what is shown instead."""
    held(*range(9))
    issue_monthly(sqlite_engine, now=NOW)
    score_back_test(sqlite_engine)
    words = page("?level=region&org=Y56")
    assert "the naive forecast (no change) is shown, with the interval of its own past errors" in words
    assert "Includes periods when the forecast did worse than no change." in words


def test_under_six_months_the_last_value_is_shown_and_why(held, page, sqlite_engine):
    held(*range(4))
    issue_monthly(sqlite_engine, now=NOW)
    words = page(RTD)
    assert "Fewer than 6 months were known when it was issued, so the naive" in words
    assert "forecast (no change) is shown." in words


def test_overview_ranks_what_needs_attention_and_says_how_many_false_alarms_to_expect(held, page):
    held(*range(4))
    words = page(RTD, path="/")
    assert "Do next" in words
    assert "Ask for the next monthly return: it was due on" in words
    assert "Signals need 13 consecutive changes" in words
