"""How a page of a pack goes on slides: what fits below its sentences, and what goes on to the next.

Heights are estimates from the number of letters, in inches; type is 14 points for sentences, 11 for tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil

from dashboard.packs.page import Page, Table, widths

SENTENCE_LINE, SENTENCE_LETTERS = 0.27, 10.5
ROW_LINE, ROW_LETTERS, ROW_EDGE, CELL_EDGES = 0.18, 12.5, 0.06, 0.12
SIZES = (36.0, 32.0, 28.0, 26.0, 24.0, 22.0, 20.0, 18.0, 16.0, 14.0)
LETTER = 0.56
"""The width of a letter in heights of its type."""
FEWEST = 4
"""Rows below sentences; fewer would be torn off their table."""


def sentences_height(words: Sequence[str], width: float) -> float:
    """Of paragraphs of this width, in inches."""
    lines = (ceil(len(each) / (width * SENTENCE_LETTERS)) for each in words)
    return sum(SENTENCE_LINE * each + 0.1 for each in lines) + 0.1 if words else 0.0


def row_heights(table: Table, width: float) -> list[float]:
    """Of the head and every row, in inches."""
    letters = [max(1.0, (share * width - CELL_EDGES) * ROW_LETTERS) for share in widths(table)]
    return [
        ROW_EDGE + ROW_LINE * max(ceil(len(cell) / room) for cell, room in zip(row, letters, strict=True))
        for row in (table.columns, *table.rows)
    ]


def title_size(title: str, *, width: float, height: float, own: float) -> float:
    """Points in which a title fits its place: its own, or the largest that does."""
    for size in (own, *(each for each in SIZES if each < own)):
        lines = ceil(len(title) * size * LETTER / 72 / width)
        if lines * size * 1.2 / 72 <= height:
            return size
    return SIZES[-1]


def slides_of(
    page: Page, tables: Sequence[Table], *, charted: bool, width: float, height: float
) -> Iterator[tuple[Page, tuple[Table, ...]]]:
    """A page as the slides that hold it: sentences with chart or first rows, then the rest of the tables."""
    left = list(tables)
    first: tuple[Table, ...] = ()
    if left and not charted and not page.boxes:
        room = height - sentences_height(page.paragraphs, width)
        fitting = _fitting(left[0], width, room)
        if fitting >= min(FEWEST, len(left[0].rows)):
            first = (_part(left[0], 0, fitting),)
            left[0] = _part(left[0], fitting, len(left[0].rows))
    yield page, first
    pieces = [piece for table in left if table.rows for piece in _pieces(table, width, height)]
    for number, piece in enumerate(pieces, 2):
        # Titles are told apart: a screen reader lists slides by them.
        yield Page(page.name, f"{page.title} ({number})"), (piece,)


def _fitting(table: Table, width: float, room: float) -> int:
    """Rows that fit below the head."""
    used, fitting = 0.0, -1
    for row in row_heights(table, width):
        used += row
        if used > room:
            break
        fitting += 1
    return max(fitting, 0)


def _pieces(table: Table, width: float, height: float) -> Iterator[Table]:
    """The table in parts of one length, each as long as a slide allows."""
    head, *rows = row_heights(table, width)
    number = ceil(sum(rows) / max(height - head, 1.0))
    each = ceil(len(rows) / number)
    for first in range(0, len(rows), each):
        yield _part(table, first, first + each)


def _part(table: Table, first: int, last: int) -> Table:
    return replace(table, rows=table.rows[first:last])
