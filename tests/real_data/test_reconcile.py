"""Twelve published months and the published time series: our figures are the publisher's."""

import csv
from datetime import date

import pytest

from ingest.extracts import LoadOptions
from ingest.extracts.published.timeseries import read
from ingest.files.archives import unpack
from ingest.reconcile.england import reconcile, summary
from rtt.terms.calendar import month_end, month_ends

pytestmark = pytest.mark.real_data

MONTHS = month_ends(date(2024, 4, 30), date(2025, 3, 31))
SECTIONS = {"incomplete", "admitted", "non-admitted", "new periods", "unreported removals"}

# The names that the flat table of the same workbook gives to sections and measures.
FLAT_SECTIONS = {
    "incomplete": "incomplete",
    "admitted": "admitted",
    "nonadmitted": "non_admitted",
    "new": "new_periods",
}
FLAT_MEASURES = {
    "median": "median_weeks",
    "p92": "p92_weeks",
    "p95": "p95_weeks",
    "within18": "within_18",
    "pct18": "share_within_18",
    "pct52": "share_over_52",
    "over18": "over_18",
    "over52": "over_52",
    "over65": "over_65",
    "over78": "over_78",
    "over104": "over_104",
    "total": "total",
    "total_all": "total",
    "new_periods": "total",
}


def workbook(published, vintage):
    (path,) = (published / "workbooks").glob(f"RTT-Overview-Timeseries-{vintage}*.xlsx")
    return path


def figures(path):
    parsed = read(unpack(path.name, path.read_bytes()), LoadOptions())
    rows = parsed.tables["published"].rows
    return parsed, {(month, measure): shown or value for month, measure, value, shown in rows}


@pytest.mark.slow
def test_all_twelve_months_equal_the_published_figures(twelve_months):
    with twelve_months.connect() as connection:
        comparisons = reconcile(connection)
    told = summary(comparisons)
    assert told.differing == ()
    assert list(told.equal) == MONTHS
    assert told.sentence == "Equals the published figure for 12 of 12 months"
    # April's removals need the list of March 2024, which is not held: the one thing left out.
    left_out = {(each.month, each.section) for each in comparisons if each.state != "equal"}
    assert left_out == {(MONTHS[0], "unreported removals")}
    assert {each.section for each in comparisons if each.month == MONTHS[1]} == SECTIONS
    # As many figures as the workbook prints in these sections for each of the months.
    assert len(comparisons) == 12 * 36


@pytest.mark.parametrize(
    ("vintage", "newest", "census", "measure", "value"),
    [
        ("October22", date(2022, 10, 31), date(2022, 10, 31), "incomplete.total", 6_953_647),
        ("October22", date(2022, 10, 31), date(2007, 8, 31), "incomplete.p92_weeks", "52+"),
        # The next vintage revised October 2022.
        ("Aug23", date(2023, 8, 31), date(2022, 10, 31), "incomplete.total", 6_955_458),
        ("Aug23", date(2023, 8, 31), date(2023, 8, 31), "new_periods.total", 1_730_170),
        ("May26", date(2025, 3, 31), date(2024, 2, 29), "incomplete.total", 7_536_907),
        ("May26", date(2025, 3, 31), date(2025, 3, 31), "unreported_removals.total", 245_442),
    ],
)  # fmt: skip
def test_every_layout_is_read_as_printed(published, vintage, newest, census, measure, value):
    parsed, printed = figures(workbook(published, vintage))
    assert (parsed.census_date, parsed.problems) == (newest, ())
    assert printed[census, measure] == value


def test_the_workbook_equals_its_flat_table(published):
    _, printed = figures(workbook(published, "May26"))
    (path,) = (published / "reference").glob("england_timeseries_vintage_2026-05*.csv")
    with path.open(newline="") as file:
        expected = {
            (month_end(date.fromisoformat(f"{row['month']}-01")), key_of(name)): cell
            for row in csv.DictReader(file)
            for name, cell in row.items()
            if key_of(name)
        }
    assert len(expected) > 7_000
    for key, cell in expected.items():
        figure = printed.get(key, "")
        assert figure == cell if cell in ("", "52+") else figure == pytest.approx(float(cell)), key


def key_of(name):
    """'nonadmitted.total_all_est' -> 'non_admitted.total_with_estimates'; None for what the table adds."""
    section, _, measure = name.partition(".")
    plain, estimates, _ = measure.partition("_est")
    if section not in FLAT_SECTIONS or plain not in FLAT_MEASURES:
        return None
    return f"{FLAT_SECTIONS[section]}.{FLAT_MEASURES[plain]}{'_with_estimates' if estimates else ''}"
