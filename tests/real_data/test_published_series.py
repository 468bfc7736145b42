"""England since 2007: the published series on pages and in files, equal to workbook and extracts."""

import csv
import io
import math
from datetime import UTC, date, datetime

import pytest
from python_calamine import load_workbook

from dashboard.analysis.facts import series
from dashboard.analysis.findings import figures_of
from dashboard.analysis.published_series import COLUMNS, STATUS, published_series
from dashboard.filters import from_query
from dashboard.scope.scope import resolve
from dashboard.store.cache import reading
from rtt.findings.findings import display
from rtt.terms.calendar import month_end
from tests.dashboard import enquiries
from tests.dashboard import served_pages as served

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

LIST, ADMITTED = "Incomplete RTT pathways", "Completed admitted (unadjusted) RTT pathways"
NON_ADMITTED = "Completed non-admitted RTT pathways"
# Section and heading of the workbook as printed, whose sum each indicator is.
PRINTED = {
    "share_within_18": [(LIST, "% within 18 weeks")],
    "total": [(LIST, "Total waiting (mil)")],
    "over_18": [(LIST, "No. > 18 weeks")],
    "over_52": [(LIST, "No. > 52 weeks")],
    "share_over_52": [(LIST, "% > 52 weeks")],
    "over_65": [(LIST, "No. > 65 weeks")],
    "over_78": [(LIST, "No. > 78 weeks")],
    "over_104": [(LIST, "No. > 104 weeks")],
    "median_weeks": [(LIST, "Median wait (weeks)")],
    "high_percentile_weeks": [(LIST, "92nd percentile (weeks)")],
    "starts": [("New RTT periods", "No. of new RTT periods")],
    "stops": [(ADMITTED, "No. of pathways (all)"), (NON_ADMITTED, "No. of pathways (all)")],
    "stops_admitted": [(ADMITTED, "No. of pathways (all)")],
    "stops_non_admitted": [(NON_ADMITTED, "No. of pathways (all)")],
    "unreported_removals": [("Derived unreported removals", "Total unreported removals")],
}


# What trusts return, or the publisher prints, since 2015 or 2021 only.
LATE = ("over_65", "over_78", "over_104", "starts", "unreported_removals")


@pytest.fixture(scope="module")
def read(twelve_months_engine):
    """Each measure's published findings, and the figures of the extracts that are loaded."""
    with reading(twelve_months_engine) as connection:
        scope = resolve(connection, from_query("level=england")[0], enquiries.by())
        figures = figures_of(scope, series(connection, scope))
        return {key: published_series(connection, scope, key) for key in COLUMNS}, figures


@pytest.fixture(scope="module")
def sheet(published):
    """The workbook read a second way: (section, heading) -> month end -> cell."""
    [path] = (published / "workbooks").glob("RTT-Overview-Timeseries-May26*")
    rows = load_workbook(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    head = next(at for at, row in enumerate(rows) if LIST in row)
    at_month, columns, section = rows[head].index("Month"), {}, ""
    for at, (over, heading) in enumerate(zip(rows[head], rows[head + 1], strict=True)):
        section = str(over).strip() or section
        columns[section, " ".join(str(heading).split())] = at
    months = {}
    for row in rows[head + 2 :]:
        cell = row[at_month]
        if isinstance(cell, str) and cell.startswith("* "):  # "* Feb-24"
            cell = datetime.strptime(cell.removeprefix("* "), "%b-%y").replace(tzinfo=UTC).date()
        if isinstance(cell, date):
            months[month_end(date(cell.year, cell.month, 1))] = row
    return {
        key: {month: row[at] for month, row in months.items() if row[at] not in ("", "-")}
        for key, at in columns.items()
    }


@pytest.mark.parametrize("key", COLUMNS)
def test_it_is_the_workbook_in_every_month(key, read, sheet):
    found = {each.census_date: each for each in read[0][key]}
    cells = [sheet[column] for column in PRINTED[key]]
    months = set.intersection(*(set(each) for each in cells))
    assert set(found) == months
    assert len(months) >= (48 if key in LATE else 212)
    for month, finding in found.items():
        printed = [each[month] for each in cells]
        if any(isinstance(cell, str) for cell in printed):
            assert math.isinf(finding.value)
            assert display(finding) == f"{printed[0]} weeks"
        else:
            assert finding.value == pytest.approx(sum(printed), abs=1e-9)
        assert finding.status == STATUS


@pytest.mark.parametrize("key", COLUMNS)
def test_where_both_stand_it_equals_the_extracts(key, read):
    """The join: the line goes over from one series to the other without a step of its own."""
    published, figures = read
    together = [each for each in published[key] if each.census_date in figures.facts.dates]
    assert len(together) == len(figures.facts.dates) == 12
    for each in together:
        own = figures.find(key, at=each.census_date)
        if own.value is None:
            # What takes the month before: the first extract has none.
            assert key == "unreported_removals"
            assert each.census_date == figures.facts.dates[0]
        else:
            assert own.value == pytest.approx(each.value, abs=1e-6)
            assert display(own) == display(each)


def card_csv(client, path, card, query):
    answer = client.get(f"/card.csv?page={path}&card={card}&{query}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


@pytest.mark.parametrize(("path", "card"), [("/trends", "level"), ("/", "share-trend")])
def test_a_page_and_its_file_have_every_month_once_and_say_which_are_published(
    path, card, twelve_months, tmp_path, read
):
    client = served.client_of(twelve_months, tmp_path, today=date(2025, 6, 1))
    heading, *rows = card_csv(client, path, card, "level=england&since=2007")
    status = heading.index("Status")
    by_day = {row[0]: row for row in rows[: rows.index([])] if not row[status].startswith("projection")}
    own = read[0]["share_within_18"]
    assert len(by_day) == len(own) == 212
    for each in own:
        row = by_day[f"{each.census_date.day} {each.census_date:%b %Y}"]
        assert row[1] == display(each)
        assert (row[status] == STATUS) == (each.census_date < date(2024, 4, 30))
    page = served.drawn(client, path, "?level=england&since=2007")["page"]
    assert "the paler line is NHS England’s published series" in served.words(page)
    figure = served.of_type(served.cards(page)[card], "Graph")[0]["props"]["figure"]
    (paler,) = [trace for trace in figure["data"] if trace.get("name") == "Published series"]
    assert paler["x"][0] == "2007-08-31"
    # It ends at the first month of the extracts, so that the two lines join.
    assert paler["x"][-1] == "2024-04-30"


def test_it_is_offered_for_england_as_a_whole_alone(twelve_months, tmp_path):
    client = served.client_of(twelve_months, tmp_path, today=date(2025, 6, 1))
    for path in ("/", "/trends"):
        assert "since=2007" in str(served.drawn(client, path, "?level=england")["page"])
        for query in ("?level=england&tf=C_110", "?level=region&org=Y58", "?level=provider&org=RBD"):
            page = served.drawn(client, path, query + "&since=2007")["page"]
            assert "Published series" not in str(page)
            assert "Since 2007" not in served.words(page)


def test_who_can_load_it_is_told_on_data_status_where_it_is_missing(twelve_months, tmp_path):
    client = served.client_of(twelve_months, tmp_path, today=date(2025, 6, 1))
    said = "NHS England’s overview time series is not loaded."
    assert said not in served.words(served.drawn(client, "/status")["page"])
    assert "rtt load" not in served.words(served.drawn(client, "/", "?level=england")["page"])
