"""NHS England's overview time series workbook: the published figures for England, to reconcile with.

It reads one sheet, month by month, as printed: a number, or text such as "52+". Headings are found by name,
since columns come and go between publications. It computes nothing, and keeps the columns "with estimates for
missing data" as measures of their own: they are not what trusts returned.

A workbook's vintage is the last month of its period. Published months are revised, so every vintage is kept
and the newest that prints a month is the one to believe (see `ingest.reconcile.england`).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import isfinite

from ingest.extracts import Facts, Format, LoadOptions, Parsed
from ingest.extracts.published.published_measures import measure_key
from ingest.extracts.published.sheets import Cell, Grid, sheets
from ingest.files.archives import Content
from ingest.files.possible import refuse_impossible
from ingest.files.problems import Problem, note, refuse, refuse_whole
from ingest.files.revisions import revision_of
from ingest.store.schema import PUBLISHED
from rtt.terms import calendar
from rtt.terms.wording import plural

_OFF_THE_SCALE = re.compile(r"\d+\+")
_NONE = ("", "-", "–")


@dataclass(frozen=True, slots=True)
class Printed:
    """One figure as the workbook prints it. `value` is None where it prints `shown` instead of a number."""

    month: date  # month end
    measure: str  # section.measure
    value: float | None
    shown: str = ""


@dataclass(frozen=True, slots=True)
class TimeSeries:
    """A workbook's figures; `vintage` (month end) is its period's last month, printed yet or not."""

    vintage: date
    newest_month: date
    figures: tuple[Printed, ...]
    notes: tuple[Problem, ...]


def recognises(content: Content) -> bool:
    """Whether the workbook names the list by the words of the time series; other workbooks do not."""
    if not content.is_workbook:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content.data)) as archive:
            names = set(archive.namelist())
            # Of Office and of LibreOffice.
            texts = {"xl/sharedStrings.xml", "content.xml"} & names or {
                name for name in names if name.startswith("xl/worksheets/")
            }
            # Looking for the words costs a thousandth of reading the cells of a large tracking list.
            if not any(b"Incomplete RTT pathways" in archive.read(name) for name in texts):
                return False
    except zipfile.BadZipFile:
        pass  # a workbook of the older kind, which has to be opened to see its words
    return any(heading_row(grid) is not None for _, grid in sheets(content))


def read(content: Content, options: LoadOptions) -> Parsed:
    """Every figure of the sheet that is the time series. Raises `Refused` where one is not understood."""
    grid = next((grid for _, grid in sheets(content) if heading_row(grid) is not None), [])
    series = time_series(content.file_name, grid, today=options.today)
    rows = [(figure.month, figure.measure, figure.value, figure.shown) for figure in series.figures]
    months = len({figure.month for figure in series.figures})
    return Parsed(
        source=PUBLISHED,
        census_date=series.newest_month,
        section=f"{series.vintage:%Y-%m}",
        revision=revision_of([content.file_name]) if options.revision is None else options.revision,
        rows_read=months,
        tables={"published": Facts(("month", "measure", "value", "shown"), rows)},
        problems=series.notes,
        days=(series.vintage,),
        message=f"{plural(len(rows), 'published figure')} of {plural(months, 'month')}",
    )


def time_series(file: str, grid: Grid, *, today: date | None = None) -> TimeSeries:
    """Every figure of a sheet given as rows of cells from its first row and column.

    Raises Refused where the sheet is not the time series, a month or figure cannot be understood, or a month
    with figures is after `today`.
    """
    head = heading_row(grid)
    if head is None:
        raise refuse_whole(
            file,
            "No sheet is the overview time series: it would have the headings 'Month' and 'Incomplete RTT "
            "pathways'.",
        )
    month_column = _column_of(grid[head], "month")
    columns, notes = _columns(file, grid, head, first=month_column + 1)
    figures: list[Printed] = []
    seen: dict[date, int] = {}
    for number, row in enumerate(grid[head + 2 :], start=head + 3):
        cells = {column: row[column] for column in columns if _text(row[column]) not in _NONE}
        month = month_end(row[month_column])
        if month is None:
            _refuse_without_month(file, number, row[month_column], cells.values())
            continue
        if month in seen:
            raise refuse(
                file,
                row=number,
                field="Month",
                value=_text(row[month_column]),
                expected=f"each month once (also in row {seen[month]})",
            )
        if cells:  # months to come are printed already, and empty
            refuse_impossible(file, month, today, row=number, field="Month")
        seen[month] = number
        figures += [_printed(file, number, month, columns[column], cell) for column, cell in cells.items()]
    if not figures:
        raise refuse_whole(file, "There are headings and no figures below them. Download the workbook again.")
    newest = max(figure.month for figure in figures)
    return TimeSeries(_vintage(grid[:head], newest), newest, tuple(figures), tuple(notes))


def heading_row(grid: Grid) -> int | None:
    """The index of the row that names the sections, if this is the time series. Later layouts moved it."""
    # Row 11 until 2023, row 12 since December 2025.
    for index, row in enumerate(grid[:30]):
        words = [_text(cell).lower() for cell in row]
        if "month" in words and any(word.startswith("incomplete rtt") for word in words):
            return index
    return None


def month_end(cell: Cell) -> date | None:
    """The last day of the month a cell names: a date, or text such as '* Feb-24'. None if it names none."""
    if isinstance(cell, datetime | date):
        return calendar.month_end(cell.date() if isinstance(cell, datetime) else cell)
    # February 2024 is printed as the text "* Feb-24", with a footnote.
    text = _text(cell).lstrip("* ")
    for pattern in ("%b-%y", "%B-%y", "%b-%Y", "%B-%Y"):
        try:
            found = datetime.strptime(re.sub(r"[\s-]+", "-", text), pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
        return calendar.month_end(found.date())
    return None


def _columns(file: str, grid: Grid, head: int, *, first: int) -> tuple[dict[int, str], list[Problem]]:
    """Column -> measure key. Section names stand over the first of their columns only (merged cells)."""
    columns: dict[int, str] = {}
    notes: list[Problem] = []
    section = ""
    for column, heading in enumerate(grid[head + 1]):
        section = _text(grid[head][column]) or section
        heading = _text(heading)
        if column < first or not heading:
            continue
        key = measure_key(section, heading)
        if key is None:
            name = f"{section}: {heading}"
            notes.append(note(file, "This heading is not known; the column was not read.", field=name))
        elif key in columns.values():
            raise refuse(file, row=head + 2, field=f"{section}: {heading}", expected="each heading once")
        else:
            columns[column] = key
    return columns, notes


def _printed(file: str, row: int, month: date, measure: str, cell: Cell) -> Printed:
    text = _text(cell)
    if _OFF_THE_SCALE.fullmatch(text):
        return Printed(month, measure, None, text)
    try:
        scale = 100 if text.endswith("%") else 1
        number = float(text.removesuffix("%").replace(",", "")) / scale
        if not isfinite(number):  # "nan" and "inf" are numbers to Python, and to one of two databases
            raise ValueError
        return Printed(month, measure, number)
    except ValueError:
        raise refuse(
            file, row=row, field=measure, value=text[:40], expected="a number, '-' or the like of '52+'"
        ) from None


def _refuse_without_month(file: str, row: int, cell: Cell, figures: Iterable[Cell]) -> None:
    # Notes stand below the figures with nothing in the month's column; figures there would be lost silently.
    if any(isinstance(figure, int | float) for figure in figures):
        raise refuse(file, row=row, field="Month", value=_text(cell)[:40], expected="a month beside figures")


def _vintage(front: Grid, newest: date) -> date:
    """The last month of 'Period: April 2007 to May 2026', or else the newest month printed."""
    for row in front:
        words = " ".join(filter(None, map(_text, row)))
        if words.lower().startswith("period"):
            return month_end(words.rpartition(" to ")[2]) or newest
    return newest


def _column_of(row: Sequence[Cell], heading: str) -> int:
    return [_text(cell).lower() for cell in row].index(heading)


def _text(cell: Cell) -> str:
    return repr(cell) if isinstance(cell, float) else str(cell).strip()


FORMAT = Format(
    name="timeseries",
    title="NHS England's overview time series",
    accepted="workbook",
    recognises=recognises,
    read=read,
)
