"""The date columns of a list as a whole: what stands for none is blank, a misread column is refused.

A week loaded with a third of its rows because days and months stand the other way round is shown as the whole
list. Values are not repeated, for a column may hold something else than its heading says.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from ingest.extracts.ptl.date_texts import (
    DATE_FORMATS,
    UNUSUAL_FORMATS,
    are_never,
    are_none,
    are_serials,
    dates_of,
    fits,
    in_the_century,
)
from ingest.extracts.ptl.fields import FIELDS
from ingest.extracts.ptl.mapping import TrackingList
from ingest.extracts.ptl.table import Table
from ingest.files.problems import Problem, Refused, note, refused_whole
from rtt.terms.wording import number_text, plural

FEWEST_TO_TELL = 3  # cells of a column in a format, for it to be the one meant
FEWEST_CELLS = 10  # of a column, for "most of them cannot be read" to say anything
_BORN = "birth_date"
_MARKED = r"^\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}"
_ORDER = (
    "No date in the file tells day from month, as 31/03/2026 would: each was read with the day first. If the "
    'month comes first, set date_formats = ["%m/%d/%Y"] under [list] in the mapping.'
)
_NONE = "a date or word that stands for none, such as 9999-12-31: read as blank"
_NUMBER = "Excel's number of a day, such as 46341 for 15 November 2026: read as that day"

Possible = Callable[[str], tuple[date, date]]  # of a field: the first and last day that it can hold


def without_null_dates(table: Table, mapping: TrackingList) -> Table:
    """The table with blanks for what stands for no date, and notes of them and of Excel's numbers."""
    columns: list[pl.Series | pl.Expr] = []
    notes = list(table.notes)
    for field, count in _nevers(table).items():
        columns.append(pl.when(~are_never(pl.col(field), born=field == _BORN)).then(pl.col(field)))
        notes.append(_note(table, field, count, _NONE))
    for field in _as_texts(table):
        texts = table.frame[field]
        each = texts.drop_nulls().unique()
        none = are_none(each, mapping.date_formats, words=mapping.no_date, born=field == _BORN)
        numbers = each.filter(are_serials(each) & ~none)
        gone = texts.is_in(each.filter(none).implode())
        if count := int(gone.sum()):
            columns.append(pl.select(pl.when(~gone).then(texts).alias(field)).to_series())
            notes.append(_note(table, field, count, _NONE))
        if count := int(texts.is_in(numbers.implode()).sum()):
            notes.append(_note(table, field, count, _NUMBER))
    table = replace(table, frame=table.frame.with_columns(columns))
    if mapping.date_formats == DATE_FORMATS and _order_is_open(table):
        notes.append(note(table.file_name, _ORDER))
    return replace(table, notes=tuple(notes))


def _order_is_open(table: Table) -> bool:
    """Whether nothing in the file tells days from months: no number above 12 where either could stand."""
    texts = [table.frame[field].drop_nulls().unique() for field in _as_texts(table)]
    marked = (
        pl.concat([each.filter(each.str.contains(_MARKED)) for each in texts]) if texts else pl.Series([""])
    )
    numbers = pl.concat([marked.str.extract(_MARKED, group).cast(pl.Int32) for group in (1, 2)])
    return len(marked) >= FEWEST_CELLS and bool((numbers <= 12).all())


def refuse_misread(table: Table, mapping: TrackingList, fields: Sequence[str], possible: Possible) -> None:
    """Raise `Refused` for date columns that another format fits, or of which most cells cannot be read.

    Another format fits better where it reads every cell of the column and the formats in use do not.
    """
    problems = [
        problem
        for field in fields
        if table.has(field) and (problem := _misread(table, mapping, field, *possible(field)))
    ]
    if problems:
        raise Refused(problems)


def _misread(table: Table, mapping: TrackingList, field: str, first: date, last: date) -> Problem | None:
    texts = table.frame[field].drop_nulls()
    if texts.dtype == pl.Date:
        failed = len(texts) - int(texts.is_between(first, last).sum())
        return _refusal(table, field, failed, texts, better=None)
    texts = texts.filter(texts.str.strip_chars() != "")
    each = texts.unique()
    days = dates_of(each, mapping.date_formats)
    if field == _BORN:
        days = in_the_century(days, each, last)
    read = days.is_between(first, last).fill_null(False)
    failed = int(texts.is_in(each.filter(~read).implode()).sum())
    if not failed:
        return None
    unread = each.filter(~read)
    better = next(_better(texts, each, unread, mapping.date_formats, first, last), None)
    return _refusal(table, field, failed, texts, better=better)


def _refusal(
    table: Table, field: str, failed: int, texts: pl.Series, *, better: str | None
) -> Problem | None:
    """Of a column of which so many dates were not read, where that says that its format is another."""
    most = failed * 2 > len(texts) and len(texts) >= FEWEST_CELLS
    if better is None and not most:
        return None
    count = f"{number_text(failed)} of {plural(len(texts), 'date')} cannot be read as a date of this column."
    return refused_whole(table.file_name, f"{count} {_advice(better)}", field=table.heading_of(field))


def _better(
    texts: pl.Series, each: pl.Series, unread: pl.Series, used: Sequence[str], first: date, last: date
) -> Iterator[str]:
    """The formats under which every cell is a date, and by which several are: ISO is read beside any."""
    # Most fail on what was not read already, which is few texts.
    for format_ in UNUSUAL_FORMATS:
        if format_ in used:
            continue
        if all(
            dates_of(some, (format_,)).is_between(first, last).fill_null(False).all()
            for some in (unread, each)
        ):
            own = fits(each, format_).is_between(first, last).fill_null(False)
            if texts.is_in(each.filter(own).implode()).sum() >= FEWEST_TO_TELL:
                yield format_


def _advice(better: str | None) -> str:
    if better is None:
        return (
            "Say how dates are written with date_formats under [list] in the mapping, such as "
            'date_formats = ["%d/%m/%Y"]; words that stand for no date with no_date = ["TBC"].'
        )
    setting = f'date_formats = ["{better}"]'
    return f"Every cell fits {UNUSUAL_FORMATS[better]}: set {setting} under [list] in the mapping."


def date_fields(table: Table) -> list[str]:
    return [key for key in table.frame.columns if key in FIELDS and FIELDS[key].kind == "date"]


def _as_texts(table: Table) -> list[str]:
    """Of these the columns that are texts: rows that were in memory may hold dates."""
    return [field for field in date_fields(table) if table.frame.schema[field] != pl.Date]


def _nevers(table: Table) -> dict[str, int]:
    """How many days of each column of dates stand for none."""
    dated = [field for field in date_fields(table) if table.frame.schema[field] == pl.Date]
    counts = table.frame.select(are_never(pl.col(field), born=field == _BORN).sum() for field in dated)
    return {field: count for field, count in counts.row(0, named=True).items() if count} if dated else {}


def _note(table: Table, field: str, count: int, what: str) -> Problem:
    cells = "cell holds" if count == 1 else "cells hold"
    return note(table.file_name, f"{number_text(count)} {cells} {what}.", field=table.heading_of(field))
