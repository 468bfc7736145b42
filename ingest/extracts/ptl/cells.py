"""A csv as text cells, every record with the number of its cells, so that short and long rows are seen.

A reader that fills or cuts such rows silently moves values into other columns. A cell that begins with a
stray quotation mark ends at the next one, which may stand hundreds of rows further down; every reader takes
the rows between for the text of one cell, so such a file is refused. A comment of several lines is no such
cell. Nothing here knows what a column means, and nothing is converted: a cell is text or missing.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ingest.files.archives import encoding_of
from ingest.files.problems import Refused, refuse_whole
from rtt.terms.wording import plural

SEPARATORS = (",", ";", "\t", "|")
_QUOTE, _NEWLINE = ord('"'), ord("\n")
_LIKE_A_ROW = 0.75  # of the separators of the heading, for a line to look like a row
_MOST = 0.75  # of the lines of a record
_AFTER = "end"  # a line of our own after the last: where it is no record, a mark was never closed
_CURE = "Take the mark out, or write it twice inside a cell in marks, and save the file again."


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
        frame = _read(body, separator, width, wanted)
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
        frame = _read(body, separator, width)
        if frame.height == len(_cells_in_records(body, ord(separator))):
            rows = frame[sorted(wanted)].fill_null("").rows()
            return {place: list(row) for place, row in zip(sorted(wanted), rows, strict=True)}
    except pl.exceptions.PolarsError:
        pass  # read one by one, as `read_cells` does
    rows_read = csv.reader(io.StringIO(body.decode()), delimiter=separator)
    return {place: row for place, row in enumerate(rows_read) if place in wanted}


def _read(body: bytes, separator: str, width: int, wanted: list[int] | None = None) -> pl.DataFrame:
    return pl.read_csv(
        body,
        has_header=False,
        separator=separator,
        schema={str(position): pl.String for position in range(width)},
        columns=wanted,
        truncate_ragged_lines=True,
        missing_columns="insert",
    )


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


def refuse_swallowed(
    file: str, body: bytes, *, separator: str, width: int, first_row: int, headings: Mapping[int, str]
) -> int:
    """How many records there are in `body`. Raises `Refused` where rows are swallowed or a mark stays open.

    `headings`: those that may be printed, by position.
    """
    lines = body.decode(errors="replace").removesuffix("\n").split("\n") if body else []
    count = 0
    for first, beyond, cells in _records(file, lines, separator, first_row):
        count += 1
        field = next((headings.get(at) for at, cell in enumerate(cells) if "\n" in cell), None)
        if beyond > len(lines):
            raise _never_closed(file, first + first_row, field)
        if swallows(lines[first:beyond], separator, width):
            raise _swallowed(file, beyond - first - 1, first + first_row, field)
    return count


def is_open_at_its_end(body: bytes, separator: str) -> bool:
    """Whether the last line alone opens a quotation mark and never closes it."""
    last = body.removesuffix(b"\n").rsplit(b"\n", 1)[-1].decode(errors="replace")
    return '"' in last and len(list(csv.reader([f"{last}\n", f"{_AFTER}\n"], delimiter=separator))) == 1


def swallows(lines: Sequence[str], separator: str, width: int) -> bool:
    """Whether the lines of one record are rows: most have about as many separators as the heading."""
    if len(lines) < 2 or width < 2:
        return False
    rows = sum(line.count(separator) >= _LIKE_A_ROW * (width - 1) for line in lines)
    return rows >= max(2, _MOST * len(lines))


def _records(
    file: str, lines: Sequence[str], separator: str, first_row: int
) -> Iterator[tuple[int, int, list[str]]]:
    """The first line of each record, the line after it, and its cells."""
    reader = csv.reader((f"{line}\n" for line in (*lines, _AFTER)), delimiter=separator)
    first = 0
    try:
        for cells in reader:
            if first < len(lines):
                yield first, reader.line_num, cells
            first = reader.line_num
    except csv.Error:  # longer than any cell may be
        raise _never_closed(file, first + first_row, None) from None


def _swallowed(file: str, more: int, row: int, field: str | None) -> Refused:
    follow = "line that looks like a row follows" if more == 1 else "lines that look like rows follow"
    return refuse_whole(
        file,
        f"A quotation mark opens a cell in this row, and {more:,} {follow} before the next mark closes it: "
        f"{plural(more, 'row')} would be lost. {_CURE}",
        row=row,
        field=field,
    )


def _never_closed(file: str, row: int, field: str | None) -> Refused:
    return refuse_whole(
        file,
        f"A quotation mark is opened in this row and never closed: the rows after it would be lost. {_CURE}",
        row=row,
        field=field,
    )
