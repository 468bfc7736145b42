"""The published time series is read by its headings, month by month, exactly as printed."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from ingest.extracts.published.published_measures import measure_key
from ingest.extracts.published.timeseries import month_end, time_series
from ingest.files.problems import Refused
from ingest.loading.load import load_path
from ingest.store.schema import extract, published
from tests.ingest import workbooks
from tests.ingest.workbooks import (
    ADMITTED,
    ALL,
    ESTIMATES,
    INCOMPLETE,
    MEDIAN,
    NEW,
    NON_ADMITTED,
    P92,
    P95,
    REMOVALS,
    SHARE,
    WAITING,
    WITHIN,
)

MARCH = {(INCOMPLETE, MEDIAN): 13.25, (INCOMPLETE, WAITING): 7_000_000, (ADMITTED, P95): "52+"}


def figures_of(grid, file="series.xlsx"):
    return {
        (figure.month, figure.measure): figure.shown or figure.value
        for figure in time_series(file, grid).figures
    }


@pytest.mark.parametrize(
    ("section", "heading", "key"),
    [
        (INCOMPLETE, MEDIAN, "incomplete.median_weeks"),
        (INCOMPLETE, P92, "incomplete.p92_weeks"),
        (INCOMPLETE, WITHIN, "incomplete.within_18"),
        (INCOMPLETE, SHARE, "incomplete.share_within_18"),
        (INCOMPLETE, SHARE + ESTIMATES, "incomplete.share_within_18_with_estimates"),
        (INCOMPLETE, "No. > 18 weeks", "incomplete.over_18"),
        (INCOMPLETE, "No. > 104 weeks" + ESTIMATES, "incomplete.over_104_with_estimates"),
        (INCOMPLETE, "% > 52 weeks", "incomplete.share_over_52"),
        (INCOMPLETE, WAITING, "incomplete.total"),
        (INCOMPLETE, WAITING + ESTIMATES, "incomplete.total_with_estimates"),
        ("Unique Patients\n", "Estimated number of unique patients (mil)", "unique_patients.total"),
        (ADMITTED, P95, "admitted.p95_weeks"),
        ("Admitted (unadjusted) RTT pathways", ALL, "admitted.total"),
        ("Admitted (adjusted) RTT pathways", ALL, "admitted_adjusted.total"),
        ("Completed admitted (adjusted) RTT pathways", MEDIAN, "admitted_adjusted.median_weeks"),
        (NON_ADMITTED, ALL, "non_admitted.total"),
        ("Non-Admitted RTT pathways", ALL, "non_admitted.total"),
        (NEW, "No. of new RTT periods", "new_periods.total"),
        ("Total completed pathways", "Total completed pathways", "completed.total"),
        (REMOVALS, "Total unreported removals", "unreported_removals.total"),
        ("Total removals", "Total removals", "removals.total"),
        (
            "Derived unreported removals as a % of total removals",
            "Derived unreported removals as a % of total removals, with estimates",
            "unreported_removals_share.share_with_estimates",
        ),
        (INCOMPLETE, "Longest wait", None),
        ("Something new", MEDIAN, None),
    ],
)  # fmt: skip
def test_a_heading_is_known_by_its_words(section, heading, key):
    assert measure_key(section, heading) == key


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (date(2024, 2, 1), date(2024, 2, 29)),
        (datetime(2023, 12, 1, tzinfo=UTC), date(2023, 12, 31)),
        ("* Feb-24", date(2024, 2, 29)),
        ("*Feb-24", date(2024, 2, 29)),
        ("April 2007", date(2007, 4, 30)),
        ("Sept", None),
        ("", None),
    ],
)
def test_a_month_is_a_date_or_a_text(cell, day):
    assert month_end(cell) == day


@pytest.mark.parametrize(
    "layout",
    [{"front_rows": 9, "title_in_two_cells": True}, {"front_rows": 9}, {"front_rows": 10}],
    ids=["October 2022", "August 2023", "May 2026"],
)
def test_every_layout_gives_the_same_figures(layout):
    series = time_series("series.xlsx", workbooks.grid({date(2025, 3, 1): MARCH}, **layout))
    assert series.vintage == series.newest_month == date(2025, 3, 31)
    assert {(f.measure, f.shown or f.value) for f in series.figures} == {
        ("incomplete.median_weeks", 13.25),
        ("incomplete.total", 7_000_000),
        ("admitted.p95_weeks", "52+"),
    }


def test_months_to_come_are_empty_and_the_vintage_is_the_end_of_the_period():
    months = {date(2025, 3, 1): MARCH, date(2025, 4, 1): {}, date(2025, 5, 1): {(INCOMPLETE, MEDIAN): ""}}
    series = time_series("series.xlsx", workbooks.grid(months, period="April 2007 to May 2025"))
    assert series.newest_month == date(2025, 3, 31)
    assert series.vintage == date(2025, 5, 31)


def test_a_dash_is_no_figure():
    months = {date(2025, 3, 1): MARCH | {(NEW, ALL): "-"}}
    assert (date(2025, 3, 31), "new_periods.total") not in figures_of(workbooks.grid(months))


def test_a_heading_that_is_not_known_is_a_note_and_the_rest_is_read():
    months = {date(2025, 3, 1): MARCH | {(INCOMPLETE, "Longest wait"): 200}}
    series = time_series("series.xlsx", workbooks.grid(months))
    assert [note.field for note in series.notes] == [f"{INCOMPLETE}: Longest wait"]
    assert len(series.figures) == 3


@pytest.mark.parametrize(
    ("months", "words"),
    [
        ({date(2025, 3, 1): MARCH, "* Mar-25": MARCH}, "each month once (also in row 13)"),
        ({date(2025, 3, 1): {(INCOMPLETE, MEDIAN): "about 13"}}, "found 'about 13'"),
        ({"Quarter 1": MARCH}, "row 13, Month: found 'Quarter 1'"),
        ({date(2025, 3, 1): {(INCOMPLETE, MEDIAN): "-"}}, "no figures below"),
        ({date(2025, 3, 1): MARCH | {(INCOMPLETE, "Median (weeks)"): 1}}, "each heading once"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_place(months, words):
    with pytest.raises(Refused) as refusal:
        time_series("series.xlsx", workbooks.grid({date(2025, 2, 1): {}, **months}, front_rows=9))
    assert words in str(refusal.value)


def test_vintages_stand_beside_each_other_and_a_revised_one_takes_the_place_of_its_own(engine, tmp_path):
    first = {date(2025, 3, 1): MARCH}
    later = {date(2025, 3, 1): MARCH | {(INCOMPLETE, MEDIAN): 14.0}, date(2025, 4, 1): MARCH}
    for name, months, period in [
        ("Mar25.xlsx", first, "April 2007 to March 2025"),
        ("Apr25.xlsx", later, "April 2007 to April 2025"),
        ("Apr25-revised.xlsx", {**later, date(2025, 2, 1): MARCH}, "April 2007 to April 2025"),
    ]:
        (result,) = load_path(engine, workbooks.save(tmp_path / name, months, period=period))
        assert result.state == "loaded", result.problems
    with engine.connect() as connection:
        vintages = connection.execute(select(extract.c.section).order_by(extract.c.section)).scalars().all()
        months = connection.execute(
            select(published.c.month)
            .join(extract, extract.c.id == published.c.extract_id)
            .where(extract.c.section == "2025-04", published.c.measure == "incomplete.median_weeks")
            .order_by(published.c.month)
        ).scalars()
        assert list(months) == [date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 30)]
    assert vintages == ["2025-03", "2025-04"]


def test_a_workbook_of_something_else_is_refused(sqlite_engine, tmp_path):
    path = workbooks.save(tmp_path / "other.xlsx", {date(2025, 3, 1): {("Outpatients", MEDIAN): 3}})
    (result,) = load_path(sqlite_engine, path)
    assert result.state == "refused"
