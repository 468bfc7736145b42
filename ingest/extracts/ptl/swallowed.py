"""Rows that a stray quotation mark swallows: every reader takes them for the text of one cell.

A cell that begins with a mark ends at the next one, which may stand hundreds of rows further down. What is
between them is lost without a word, so such a file is refused. A comment of several lines is no such cell.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.files.problems import Refused, refuse_whole
from rtt.terms.wording import plural

_LIKE_A_ROW = 0.75  # of the separators of the heading, for a line to look like a row
_MOST = 0.75  # of the lines of a record
_AFTER = "end"  # a line of our own after the last: where it is no record, a mark was never closed
_CURE = "Take the mark out, or write it twice inside a cell in marks, and save the file again."


@dataclass(frozen=True, slots=True)
class _Record:
    first: int  # of `lines`
    beyond: int
    cells: list[str]


def refuse_swallowed(
    file: str, body: bytes, *, separator: str, width: int, first_row: int, headings: Mapping[int, str]
) -> int:
    """How many records there are in `body`. Raises `Refused` where rows are swallowed or a mark stays open.

    `headings`: those that may be printed, by position.
    """
    lines = body.decode(errors="replace").removesuffix("\n").split("\n") if body else []
    count = 0
    for record in _records(file, lines, separator, first_row):
        count += 1
        if record.beyond > len(lines):
            raise _never_closed(file, record.first + first_row, _field(record.cells, headings))
        if swallows(lines[record.first : record.beyond], separator, width):
            raise _refused(file, record, record.first + first_row, _field(record.cells, headings))
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


def _records(file: str, lines: Sequence[str], separator: str, first_row: int) -> Iterator[_Record]:
    reader = csv.reader((f"{line}\n" for line in (*lines, _AFTER)), delimiter=separator)
    first = 0
    try:
        for cells in reader:
            if first < len(lines):
                yield _Record(first, reader.line_num, cells)
            first = reader.line_num
    except csv.Error:  # longer than any cell may be
        raise _never_closed(file, first + first_row, None) from None


def _field(cells: Sequence[str], headings: Mapping[int, str]) -> str | None:
    at = next((at for at, cell in enumerate(cells) if "\n" in cell), None)
    return None if at is None else headings.get(at)


def _refused(file: str, record: _Record, row: int, field: str | None) -> Refused:
    more = record.beyond - record.first - 1
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
