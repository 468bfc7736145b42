"""Every way by which a date comes in with a file is judged by one rule: from 2007 until tomorrow.

Each way writes a file of a day and says nothing else that is wrong, so that a refusal can only be of the day.
"""

import ast
import re
from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import date, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.server.access import Enquiry
from ingest.extracts import LoadOptions
from ingest.loading.load import LoadResult, check_path, load_path
from rtt.terms.calendar import add_months, month_end
from rtt.terms.possible_dates import EARLIEST
from tests import makers
from tests.ingest import workbooks
from tests.tracking_lists import KEY, as_csv, pathway, start, stop

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 14)  # the Saturday before a list
FACTS = {("RAA", "00R", "2", "C_100"): {1: 3}}
Written = tuple[Path, str]  # the file, and the mapping it goes with


def in_its_column(make: Callable[..., dict[str, str]], name: str) -> Callable[[Path, date], Written]:
    def written(folder: Path, day: date) -> Written:
        path = folder / name
        own = {"week_ending": day.isoformat(), "clock_start": (day - timedelta(3)).isoformat()}
        ended = {"clock_stop": day.isoformat()} if make is stop else {}
        path.write_bytes(as_csv([make(**own, **ended)]))
        return path, ""

    return written


def in_the_form(written_as: str) -> Callable[[Path, date], Written]:
    def written(folder: Path, day: date) -> Written:
        path = folder / "open.csv"
        path.write_bytes(as_csv([pathway(week_ending=day.strftime(written_as), clock_start="")]))
        return path, ""

    return written


def without_column(day: date) -> bytes:
    row = pathway(clock_start=(day - timedelta(3)).isoformat())
    return as_csv([{key: cell for key, cell in row.items() if key != "week_ending"}])


def in_its_name(folder: Path, day: date) -> Written:
    path = folder / f"open-{day:%Y%m%d}.csv"
    path.write_bytes(without_column(day))
    return path, ""


def in_the_mapping(folder: Path, day: date) -> Written:
    path = folder / "open.csv"
    path.write_bytes(without_column(day))
    return path, f"[list]\nweek_ending = {day.isoformat()}\n"


def in_a_workbook(folder: Path, day: date) -> Written:
    path = folder / "open.xlsx"
    row = pathway(clock_start="")
    names, cells = as_csv([row]).decode().splitlines()
    with xlsxwriter.Workbook(path) as book:
        sheet, form = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, names.split(","))
        sheet.write_row(1, 0, cells.split(","))
        sheet.write_datetime(1, 0, day, form)
    return path, ""


def in_its_period(folder: Path, day: date) -> Written:
    path = folder / "extract.csv"
    path.write_bytes(makers.as_csv(makers.table(FACTS, census=month_end(day))).encode())
    return path, ""


def in_its_period_and_name(folder: Path, day: date) -> Written:
    path = folder / makers.file_name(month_end(day))
    path.write_bytes(in_its_period(folder, day)[0].read_bytes())
    return path, ""


def in_a_published_series(folder: Path, day: date) -> Written:
    figures = {("Incomplete RTT pathways", "Median wait (weeks)"): 14.0}
    months = {date(2025, 3, 1): figures, day.replace(day=1): figures}
    return workbooks.save(folder / "series.xlsx", months, period="April 2007 to March 2025"), ""


def in_a_published_period(folder: Path, day: date) -> Written:
    figures = {("Incomplete RTT pathways", "Median wait (weeks)"): 14.0}
    period = f"April 2007 to {day:%B %Y}"
    return workbooks.save(folder / "series.xlsx", {date(2025, 3, 1): figures}, period=period), ""


LISTS = {
    "an open list": in_its_column(pathway, "open.csv"),
    "clock stops": in_its_column(stop, "stops.csv"),
    "clock starts": in_its_column(start, "starts.csv"),
    "a British date": in_the_form("%d/%m/%Y"),
    "an Oracle date": in_the_form("%d-%b-%Y"),
    "a compact date": in_the_form("%Y%m%d"),
    "a list's name": in_its_name,
    "a mapping": in_the_mapping,
    "a workbook": in_a_workbook,
}
MONTHS = {
    "a monthly extract": in_its_period,
    "its name": in_its_period_and_name,
    "a published series": in_a_published_series,
    "a published period": in_a_published_period,
}


def judged(engine, folder: Path, way: Callable[[Path, date], Written], day: date) -> LoadResult:
    folder.mkdir(exist_ok=True)
    path, said = way(folder, day)
    mapping = folder / "mapping.toml"
    mapping.write_text(said)
    options = LoadOptions(token_key=KEY, today=TODAY, mapping=mapping, replace=True)
    (checked,) = check_path(engine, path, options=options)
    (loaded,) = load_path(engine, path, options=options)
    assert (checked.state == "refused") == (loaded.state == "refused")
    assert list(map(str, checked.problems)) == list(map(str, loaded.problems))
    return loaded


def of_the_day(result: LoadResult) -> bool:
    return bool(re.search("is after today|is before 2007", str(result.problems)))


@pytest.mark.parametrize("way", LISTS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(weeks=st.integers(-1200, 2600) | st.integers(-3, 4))
def test_a_list_of_any_week_is_taken_if_its_day_can_be_true(sqlite_engine, tmp_path, way, weeks):
    """Fault 2: whichever way the week of a list comes in, one after tomorrow is refused."""
    day = TODAY + timedelta(1 + 7 * weeks)  # a Sunday
    result = judged(sqlite_engine, tmp_path / "files", LISTS[way], day)
    if EARLIEST <= day <= TODAY + timedelta(1):
        assert result.state == "loaded", result.problems
        assert result.census_date == day
    else:
        assert result.state == "refused", day


@pytest.mark.parametrize("way", MONTHS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(months=st.integers(-237, 900) | st.integers(-2, 3))
def test_a_month_is_taken_if_it_has_ended(sqlite_engine, tmp_path, way, months):
    """Fault 2: nor is a monthly extract or a published series of a month to come."""
    day = add_months(month_end(TODAY), months)
    result = judged(sqlite_engine, tmp_path / "files", MONTHS[way], day)
    if day <= TODAY + timedelta(1):
        assert result.state == "loaded", (day, result.problems)
    else:
        assert result.state == "refused", day
        assert of_the_day(result), result.problems


@pytest.mark.parametrize("way", [*LISTS, *MONTHS])
def test_a_day_of_next_year_is_refused_by_its_day(sqlite_engine, tmp_path, way):
    """Fault 2: "-358 days ago", and the wall said LIVE."""
    day = date(2027, 11, 14)
    result = judged(sqlite_engine, tmp_path / "files", (LISTS | MONTHS)[way], day)
    assert result.state == "refused"
    (problem,) = result.problems
    assert "2027 is after today, 14 November 2026" in str(problem)


@pytest.mark.parametrize("way", LISTS)
def test_the_list_of_a_sunday_may_be_made_on_the_saturday_night(sqlite_engine, tmp_path, way):
    result = judged(sqlite_engine, tmp_path / "files", LISTS[way], TODAY + timedelta(1))
    assert result.state == "loaded"
    assert "pages show it from 15 Nov 2026 on" in str(result.problems[0])


@pytest.mark.parametrize("written", ["0001-01-07", "1900-01-07", "2006-12-31", "9999-12-26"])
def test_an_absurd_week_is_refused(sqlite_engine, tmp_path, written):
    path = tmp_path / "open.csv"
    path.write_bytes(as_csv([pathway(week_ending=written)]))
    (result,) = load_path(sqlite_engine, path, options=LoadOptions(token_key=KEY, today=TODAY))
    assert result.state == "refused"


def test_every_caller_of_the_product_says_which_day_it_is():
    """Fault 2: whoever loads or checks, and whoever draws a page, passes today; rules ask no clock."""
    without = []
    for path in sorted((ROOT / "dashboard").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            called = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            says = called == "LoadOptions" and "today" in {word.arg for word in node.keywords}
            # An enquiry says who asks, and on which day.
            says |= called == "resolve" and len(node.args) == 3
            if called in ("LoadOptions", "resolve") and not says and path.name != "watching.py":
                without.append(f"{path.name}:{node.lineno}")
    assert without == []
    assert {"reader", "today"} <= {each.name for each in fields(Enquiry) if each.default is MISSING}
    clocks = re.compile(r"datetime\.now|date\.today|time\.time\(\)")
    rules = [ROOT / "rtt", ROOT / "ingest" / "extracts"]
    assert [
        path for folder in rules for path in folder.rglob("*.py") if clocks.search(path.read_text())
    ] == []
