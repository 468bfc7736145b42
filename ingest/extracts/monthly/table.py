"""The rows of a monthly extract as typed columns: identifiers as text, counts as whole numbers.

A file as published is read by an explicit schema in one pass. Only one that differs, harmlessly or not, is
read again as text, so that each of its cells can be judged. What the numbers must add up to is in
`ingest.extracts.monthly.checks`.
"""

import csv
import io
from collections.abc import Iterable
from itertools import islice

import polars as pl

from ingest.extracts.monthly.layout import COUNTS, IDENTIFIERS, Layout
from ingest.files.archives import encoding_of
from ingest.files.problems import Problem, Refused, note, refusal, refuse_whole
from ingest.store.columns import number_expected
from ingest.store.schema import pathway_counts
from rtt.terms.parts import COMPLETED, NEW_PERIODS, part_of
from rtt.terms.treatment_functions import as_published
from rtt.terms.wording import plural

_UTF8_BOM = b"\xef\xbb\xbf"
_PROBLEMS_SHOWN = 20


def as_utf8(file: str, data: bytes) -> bytes:
    """The same text in UTF-8 with line feeds, without a byte order mark; copied only if need be."""
    # Zeros are ASCII too, and every other byte of UTF-16 is one.
    if data.isascii() and b"\0" not in data[:200]:
        return data if b"\n" in data else data.replace(b"\r", b"\n")
    encoding = encoding_of(data)
    if encoding == "utf-8":
        return data
    if encoding == "utf-8-sig":
        return data.removeprefix(_UTF8_BOM)
    try:
        return data.decode(encoding).removeprefix("\ufeff").encode()
    except UnicodeDecodeError:
        raise refuse_whole(file, "This file is not text. Load the csv as published, or its zip.") from None


def read_table(file: str, data: bytes, layout: Layout) -> pl.DataFrame:
    """One row for each line: `row` (the file's line), the identifiers as text, the counts as Int32.

    A blank band may be null, which sums as 0; totals are never null.

    Raises `Refused` for a row with too few or too many cells and for a count that is no whole number.
    """
    try:
        table = _read(data, layout, counts=pl.Int32())
        # A row cut short is filled up with nulls, so only a whole last column proves every row whole.
        if table.height and table[table.columns[-1]].null_count() == 0:
            return _filled(_wanted(table, layout))
    except pl.exceptions.PolarsError:
        pass  # some cell or row differs: read it the careful way, which says where
    _refuse_ragged(file, data, layout)
    try:
        texts = _read(data, layout, counts=pl.String())
    except pl.exceptions.PolarsError:
        raise refuse_whole(
            file, "A quotation mark is opened and never closed. Load the csv as published, or its zip."
        ) from None
    return _judged(file, _wanted(texts, layout), layout)


def _read(data: bytes, layout: Layout, *, counts: pl.DataType) -> pl.DataFrame:
    # Every column is read, wanted or not: asked for a few, the parser no longer sees that a row has too many.
    return pl.read_csv(
        data,
        schema={
            name or f"cell {position}": counts if name in layout.counts else pl.String()
            for position, name in enumerate(layout.columns)
        },
        has_header=False,
        separator=layout.separator,
        skip_lines=layout.heading_row,
        missing_columns="insert",
        row_index_name="row",
        row_index_offset=layout.heading_row + 1,
        raise_if_empty=False,
    )


def _wanted(table: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    return table.select("row", *(name for name in layout.columns if name))


def _filled(table: pl.DataFrame) -> pl.DataFrame:
    # Sums skip a null band, and filling a hundred columns would take as long as reading them.
    texts = [name for name, kind in table.schema.items() if kind == pl.String() and table[name].null_count()]
    totals = [name for name in COUNTS if name in table.columns]
    return table.with_columns(pl.col(texts).fill_null(""), pl.col(totals).fill_null(0))


def _refuse_ragged(file: str, data: bytes, layout: Layout) -> None:
    expected = plural(len(layout.columns), "cell")
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="replace", newline="")
    reader = csv.reader(text, delimiter=layout.separator)
    problems = (
        refusal(file, expected=expected, row=reader.line_num, value=plural(len(cells), "cell"))
        for cells in reader
        if reader.line_num > layout.heading_row and cells and len(cells) != len(layout.columns)
    )
    if first := list(islice(problems, _PROBLEMS_SHOWN)):
        raise Refused(first)


def _judged(file: str, table: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    texts = [name for name in table.columns if name not in {"row", *layout.counts}]
    table = table.with_columns(pl.col(texts).fill_null("").str.strip_chars(" \t\u00a0"))
    table = table.filter(pl.any_horizontal(pl.col(texts) != ""))  # lines of separators alone
    numbers = table.select("row", *(_whole_number(name) for name in layout.counts))
    expected = number_expected(pathway_counts.c.total)
    problems = [
        refusal(file, expected=expected, row=row, field=layout.headings[name], value=value)
        for name in layout.counts
        if numbers[name].null_count()
        for row, value in table.filter(numbers[name].is_null()).select("row", name).rows()[:_PROBLEMS_SHOWN]
    ]
    if problems:
        raise Refused(problems[:_PROBLEMS_SHOWN])
    return table.with_columns(numbers[name] for name in layout.counts)


def _whole_number(name: str) -> pl.Expr:
    """Spreadsheets write 12 as 12.0, 1292 as " 1,292 " and 0 as "-" or nothing."""
    text = pl.col(name).fill_null("").str.replace_all(r"[\s\u00a0]", "")
    text = text.str.replace(r"^(-?[\d,]+)\.0*$", "$1")
    has_thousands = text.str.contains(r"^-?\d{1,3}(,\d{3})+$")
    text = pl.when(has_thousands).then(text.str.replace_all(",", "")).otherwise(text)
    blank = text.is_in(["", "-"])
    return pl.when(blank).then(0).otherwise(text.cast(pl.Int32, strict=False)).alias(name)


def typed(table: pl.DataFrame) -> pl.DataFrame:
    """Codes in one spelling, absent columns empty, `part` by its code and as it was written."""
    absent = [name for name in (*IDENTIFIERS, "year") if name not in table.columns]
    table = table.with_columns(pl.lit("").alias(name) for name in absent)
    table = _stripped(table, (*IDENTIFIERS, "part", "period"))
    parts = {text: part_of(text) for text in table["part"].unique().to_list()}
    functions = {text: as_published(text) for text in table["treatment_function"].unique().to_list()}
    return table.with_columns(
        part_text=pl.col("part"),
        part=pl.col("part").replace_strict(parts, return_dtype=pl.String()),
        treatment_function=pl.col("treatment_function").replace_strict(functions),
    )


def _stripped(table: pl.DataFrame, texts: Iterable[str]) -> pl.DataFrame:
    def is_padded(text: pl.Expr) -> pl.Expr:
        return (text.str.starts_with(" ") | text.str.ends_with(" ")).any()

    # Published files have no spaces to strip, and to look is a tenth of the work.
    padded = table.select(is_padded(pl.col(name)) for name in texts).row(0, named=True)
    return table.with_columns(pl.col(name).str.strip_chars() for name, found in padded.items() if found)


def added_up(file: str, table: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, list[Problem]]:
    """The table with a Total All, which a file may lack; new periods left without a number are out."""
    if "total_all" in table.columns:
        return table, []
    bands = pl.sum_horizontal(layout.bands)
    unknown = pl.when(pl.col("part").is_in(COMPLETED)).then(pl.col("unknown_clock_start")).otherwise(0)
    new = pl.col("part") == NEW_PERIODS
    total = pl.when(new).then(pl.col("total")).otherwise(bands + unknown)
    table = table.with_columns(total_all=total.cast(pl.Int32))
    empty = table.filter(new & (pl.col("total_all") == 0)).height
    if empty and not layout.is_old:
        # Since October 2017 every published file has the column: without it this is a damaged copy.
        raise refuse_whole(
            file,
            f"The column Total All is missing, and {plural(empty, 'row')} of new periods (part 3) have no "
            "other number. Load the csv as published, or its zip.",
        )
    said = "There is no column Total All: each row's bands and unknown clock starts were added up instead."
    if empty:
        have = "has no number without it and was" if empty == 1 else "have no number without it and were"
        said += f" {plural(empty, 'row')} of new periods (part 3) {have} left out."
    return table.filter(~(new & (pl.col("total_all") == 0))), [note(file, said)]
