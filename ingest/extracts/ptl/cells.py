"""A csv as text cells, every record with the number of its cells, so that short and long rows are seen.

A reader that fills or cuts such rows silently moves values into other columns. Nothing here knows what a
column means, and nothing is converted: a cell is text or missing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ingest.extracts.ptl.swallowed import is_open_at_its_end, refuse_swallowed
from ingest.files.archives import encoding_of
from ingest.files.problems import refuse_whole

SEPARATORS = (",", ";", "\t", "|")
_QUOTE, _NEWLINE = ord('"'), ord("\n")


@dataclass(frozen=True, slots=True)
class Cells:
    """The records under a heading. `frame`: one text column, by position, for each that was asked for."""

    frame: pl.DataFrame  # columns named "0", "1", ... by position in the file
    counts: NDArray[np.int64]  # cells in each record; 0 for a blank line


def as_utf8(data: bytes) -> bytes:
    """The text in UTF-8 with line feeds, whatever its encoding and line ends were."""
    encoding = encoding_of(data)
    if encoding != "utf-8":
        data = data.decode(encoding, errors="replace").removeprefix("\ufeff").encode()
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


@dataclass(frozen=True, slots=True)
class Record:
    """One record at the head of a file: its cells, stripped, and the lines before the next one."""

    cells: list[str]
    separator: str
    start: int
    end: int


def first_records(lines: Sequence[str], *, starts: int) -> list[Record]:
    """What could be a heading: a record from each of the first `starts` lines on, by each separator.

    A cell in quotation marks may hold the separator, or a line break, and is one cell all the same.
    """
    return [
        _record(lines, start, separator)
        for start in range(min(starts, len(lines)))
        for separator in SEPARATORS
    ]


def _record(lines: Sequence[str], start: int, separator: str) -> Record:
    reader = csv.reader((f"{line}\n" for line in lines[start:]), delimiter=separator)
    try:
        cells = [cell.strip() for cell in next(reader, [])]
    except csv.Error:  # a mark in a title that no other closes
        cells = []
    return Record(cells, separator, start, start + reader.line_num)


def read_cells(
    file: str,
    body: bytes,
    *,
    separator: str,
    width: int,
    wanted: list[int],
    first_row: int = 1,
    headings: Mapping[int, str] | None = None,
) -> Cells:
    """The records of `body` (from `as_utf8`, no heading): columns `wanted` of `width` expected.

    Raises `Refused` where a quotation mark swallows rows; `first_row` and `headings`, by position, say where.
    """
    counts = _cells_in_records(body, ord(separator))
    try:
        frame = pl.read_csv(
            body,
            has_header=False,
            separator=separator,
            schema={str(position): pl.String for position in range(width)},
            columns=wanted,
            truncate_ragged_lines=True,
            missing_columns="insert",
        )
        read = frame.height
    except pl.exceptions.PolarsError:
        read = -1
    records = lines = body.count(b"\n") + (bool(body) and not body.endswith(b"\n"))
    # As many records as lines: no cell holds a line end, and only the last line can be open.
    if read != lines or (_QUOTE in body and is_open_at_its_end(body, separator)):
        records = refuse_swallowed(
            file, body, separator=separator, width=width, first_row=first_row, headings=headings or {}
        )
    if read == len(counts) == records:
        return Cells(frame, counts)
    # Quotation marks inside a cell: the readers part ways, so neither of the fast ones can be believed.
    return _read_slowly(file, body, separator=separator, wanted=wanted)


def whole_records(body: bytes, at: Sequence[int], *, separator: str, width: int) -> dict[int, list[str]]:
    """Every cell of the records at these places, wanted or not; a record that is too long is cut."""
    wanted = set(at)
    if not wanted:
        return {}
    try:
        frame = pl.read_csv(
            body,
            has_header=False,
            separator=separator,
            schema={str(position): pl.String for position in range(width)},
            truncate_ragged_lines=True,
            missing_columns="insert",
        )
        if frame.height == len(_cells_in_records(body, ord(separator))):
            rows = frame[sorted(wanted)].fill_null("").rows()
            return {place: list(row) for place, row in zip(sorted(wanted), rows, strict=True)}
    except pl.exceptions.PolarsError:
        pass  # read one by one, as `read_cells` does
    rows_read = csv.reader(io.StringIO(body.decode()), delimiter=separator)
    return {place: row for place, row in enumerate(rows_read) if place in wanted}


def _cells_in_records(body: bytes, separator: int) -> NDArray[np.int64]:
    """How many cells each record has, by counting separators and line ends that no quotes enclose."""
    if not body:
        return np.zeros(0, dtype=np.int64)
    text = np.frombuffer(body if body.endswith(b"\n") else body + b"\n", dtype=np.uint8)
    ends, marks = np.flatnonzero(text == _NEWLINE), np.flatnonzero(text == separator)
    before = np.searchsorted(marks, ends)
    if _QUOTE in body:
        quotes = np.flatnonzero(text == _QUOTE)
        outside = np.searchsorted(quotes, ends) % 2 == 0
        ends, before = ends[outside], before[outside]
        # Few cells are quoted and many marks stand between them: count those inside a pair of quotes and
        # take them off, rather than ask of each mark where it stands.
        opened, closed = quotes[0::2][: len(quotes) // 2], quotes[1::2]
        inside = np.cumsum(np.searchsorted(marks, closed) - np.searchsorted(marks, opened))
        pairs = np.searchsorted(closed, ends)
        before = before - np.where(pairs > 0, np.append(inside, 0)[pairs - 1], 0)
    counts = np.diff(before, prepend=0) + 1
    blank = np.diff(ends, prepend=-1) == 1
    return np.asarray(np.where(blank, 0, counts), dtype=np.int64)


def _read_slowly(file: str, body: bytes, *, separator: str, wanted: list[int]) -> Cells:
    try:
        rows = list(csv.reader(io.StringIO(body.decode()), delimiter=separator))
    except csv.Error:
        raise refuse_whole(
            file, "A quotation mark is opened and never closed. Save the file again."
        ) from None
    columns = {str(at): [row[at] or None if at < len(row) else None for row in rows] for at in wanted}
    frame = pl.DataFrame(columns, schema={str(at): pl.String for at in wanted})
    return Cells(frame, np.array([len(row) for row in rows], dtype=np.int64))
