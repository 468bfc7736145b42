"""From text cells to dates and codes, a whole column at a time; and the rows left out on the way.

Nothing of a row is ever repeated in a message but the shape of one value: a column that slipped may hold an
NHS number or a name. A date far from any that its column can hold is not kept either: it may be a birth date.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from ingest.extracts.ptl.date_texts import FIRST_YEAR, ISO, dates_of, in_the_century
from ingest.extracts.ptl.fields import FIELDS
from ingest.extracts.ptl.mapping import TrackingList
from ingest.extracts.ptl.table import Table
from ingest.files.problems import THE_ROW, Problem, shape
from rtt.terms.wording import plural

SHOWN_OF_A_FAULT = 20  # enough to find the cause; a column that slipped would fill the screen
_YEAR = 366

# Days before and after the census within which a date of the column can lie. Waits of six years are real;
# a clock that started more than ten years ago is nearly always a birth date or a slip of the keyboard.
_REACH: Mapping[str, tuple[int, int]] = {
    "birth_date": (120 * _YEAR, 0),
    "tci_date": (3 * _YEAR, 3 * _YEAR),
    "next_appointment": (3 * _YEAR, 3 * _YEAR),
}
_OTHERWISE = (10 * _YEAR, _YEAR)


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason to leave a row out: where it shows, what was expected, which rows; the check that counts."""

    field: str | None
    expected: str
    rows: pl.Expr
    check: str = "row_left_out"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The rows left out of a file: what is said of them, and how many by check."""

    problems: list[Problem]
    by_check: Mapping[str, int]

    def total(self) -> int:
        return sum(self.by_check.values())


def typed(table: Table, mapping: TrackingList, census_date: date) -> pl.DataFrame:
    """The rows with codes cleaned and dates as dates; `odd_<field>` marks one that could not be a date."""
    fields = [FIELDS[key] for key in table.frame.columns if key in FIELDS and key != "week_ending"]
    columns = [pl.col("row"), pl.col("cells")]
    for field in fields:
        if field.kind == "date":
            columns += _dated(table.frame, field.key, mapping.date_formats, census_date)
        else:
            columns.append(code(field.key, mapping))
    return table.frame.select(columns)


def code(key: str, mapping: TrackingList) -> pl.Expr:
    """A code without spaces, in capitals, blank as missing, in the national form if the mapping has it."""
    cleaned = pl.col(key).str.strip_chars().str.to_uppercase().str.strip_suffix(".0")
    theirs = mapping.codes.get(key)
    if theirs:
        cleaned = cleaned.replace(dict(theirs))
    return pl.when(cleaned != "").then(cleaned).alias(key)


def dates(cells: pl.Series, formats: Sequence[str], *, born_by: date | None = None) -> pl.Series:
    """Dates of a text column, ISO or by the first format that fits; a time of day is dropped."""
    if cells.dtype == pl.Date:
        return cells
    text = cells.str.strip_chars()
    # A workbook's own dates come as ISO, whatever the trust writes elsewhere.
    found = text.str.to_date(ISO, strict=False)
    # 15-11-26 would be the year 15: not ISO.
    found = pl.select(pl.when(found.dt.year() >= FIRST_YEAR).then(found)).to_series()
    if found.null_count() == text.null_count():
        return found
    # Few dates are many cells: the rest is read once for each different text.
    rest = text.filter(found.is_null() & text.is_not_null()).unique()
    read = dates_of(rest, formats)
    if born_by is not None:
        read = in_the_century(read, rest, born_by)
    return found.fill_null(text.replace_strict(rest, read, default=None, return_dtype=pl.Date))


def is_written(cells: pl.Series) -> pl.Series:
    """Where something stands in a column of texts or dates."""
    return cells.is_not_null() if cells.dtype == pl.Date else cells.str.strip_chars().fill_null("") != ""


def possible_dates(key: str, census_date: date) -> tuple[date, date]:
    """The first and the last day that a field can hold in a list of `census_date`."""
    before, after = _REACH.get(key, _OTHERWISE)
    return census_date - timedelta(before), census_date + timedelta(after)


def _dated(frame: pl.DataFrame, key: str, formats: Sequence[str], census_date: date) -> list[pl.Expr]:
    found = dates(frame[key], formats, born_by=census_date if key == "birth_date" else None)
    kept = pl.select(pl.when(found.is_between(*possible_dates(key, census_date))).then(found)).to_series()
    written = is_written(frame[key])
    return [pl.lit(kept.alias(key)), pl.lit((kept.is_null() & written).alias(f"odd_{key}"))]


def leave_out(frame: pl.DataFrame, faults: Sequence[Fault], table: Table) -> tuple[pl.DataFrame, LeftOut]:
    """The rows without any of the faults, and the others; a row is left out for the first fault it has."""
    which = pl.lit(None, dtype=pl.Int32)
    for number, fault in reversed(list(enumerate(faults))):
        which = pl.when(fault.rows.fill_null(False)).then(number).otherwise(which)
    marked = frame.with_columns(which.alias("fault"))
    gone = marked.filter(pl.col("fault").is_not_null())
    if gone.is_empty():
        return marked.drop("fault"), LeftOut([], Counter())
    problems: list[Problem] = []
    by_check: Counter[str] = Counter()
    for number, fault in enumerate(faults):
        rows = gone.filter(pl.col("fault") == number)
        problems += _said(fault, rows, table)
        by_check[fault.check] += rows.height
    return marked.filter(pl.col("fault").is_null()).drop("fault"), LeftOut(problems, +by_check)


def _said(fault: Fault, rows: pl.DataFrame, table: Table) -> list[Problem]:
    field = fault.field and table.heading_of(fault.field)
    shown = rows.head(SHOWN_OF_A_FAULT)
    problems = [
        Problem(table.file_name, "left out", fault.expected, THE_ROW, row, field, found)
        for row, found in zip(shown["row"], _shapes(fault, shown, table), strict=True)
    ]
    if more := rows.height - shown.height:
        outcome = f"{more:,} more {'row was' if more == 1 else 'rows were'} left out for this reason"
        problems.append(Problem(table.file_name, "left out", fault.expected, outcome, field=field))
    return problems


def _shapes(fault: Fault, rows: pl.DataFrame, table: Table) -> list[str]:
    if fault.field is None:
        return [plural(cells, "cell") for cells in rows["cells"]]
    if not table.has(fault.field):
        return ["no column"] * rows.height
    cells = rows.select("row").join(table.frame.select("row", fault.field), on="row", how="left")
    texts = cells[fault.field].cast(pl.String)
    return [shape((cell or "").strip()) or "a blank cell" for cell in texts]
