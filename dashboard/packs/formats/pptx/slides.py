"""How a page of a pack goes on slides: what fits below its title, and what goes on to the next.

Everything is measured (`packs.letters`), in inches: sentences beside a chart are set smaller until they fit,
and those that do not at 10 points go on to a slide of their own; rows of tables go on too. Only what no slide
holds alone is cut, with an ellipsis.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

from dashboard.packs.contents.page import Page, Table, widths
from dashboard.packs.office import letters
from dashboard.packs.office.letters import INSET, LINE, WIDER, Said
from rtt.terms.text_edges import ELLIPSIS

SENTENCES, CELLS = 14.0, 11.0
BESIDE_A_CHART = (16.0, 14.0, 12.0, 11.0, 10.0)
TITLES = (36.0, 32.0, 28.0, 26.0, 24.0, 22.0, 20.0, 18.0, 16.0, 14.0)
ROW_EDGE, CELL_EDGES = 0.06, 0.12
CHART_ENDS, WORDS_BEGIN = 0.62, 0.64
"""Shares of the width below a title, where there is a chart."""
FEWEST = 4
"""Rows below sentences; fewer would be torn off their table."""
MOST_OF_HEAD = 3
"""Lines of a heading of a column."""


@dataclass(frozen=True, slots=True)
class Slide:
    """What stands on one slide. `number` from 2 on: it continues a page, and its title says so."""

    title: str
    number: int
    said: tuple[tuple[str, str], ...]
    points: float
    tables: tuple[Table, ...] = ()
    charted: bool = False


def fitted_title(title: str, number: int, *, width: float, height: float, own: float) -> tuple[str, float]:
    """A title and its points: its own, or the largest that fit its place; cut where 14 are too large."""
    # Titles are told apart: a screen reader lists slides by them.
    end = f" ({number})" if number > 1 else ""
    inside, high = width - 2 * INSET[0], height - 2 * INSET[1]
    for size in (own, *(each for each in TITLES if each < own)):
        lines = len(letters.lines_of(title + end, size * WIDER, inside))
        if lines * size * LINE / 72 <= high:
            return title + end, size
    size = min(own, TITLES[-1])
    most = max(1, int(high / (size * LINE / 72)))
    cut = letters.cut(title, size * WIDER, inside, lines=most)
    while end and len(letters.lines_of(cut + end, size * WIDER, inside)) > most:
        cut = cut[: -len(ELLIPSIS) - 1].rstrip() + ELLIPSIS
    return cut + end, size


def sentences_height(said: Said, width: float) -> float:
    """Of paragraphs of this width, in inches."""
    return letters.height_of(said, SENTENCES, width) if said else 0.0


def row_heights(table: Table, width: float) -> list[float]:
    """Of the head and every row, in inches."""
    rooms = [max(0.1, share * width - CELL_EDGES) for share in widths(table)]
    line = CELLS * LINE / 72
    return [
        ROW_EDGE
        + line
        * max(len(letters.lines_of(cell, CELLS * WIDER, room)) for cell, room in zip(row, rooms, strict=True))
        for row in (table.columns, *table.rows)
    ]


def slides_of(
    page: Page, tables: Sequence[Table], *, charted: bool, width: float, height: float
) -> Iterator[Slide]:
    """A page as the slides that hold it: sentences with chart or first rows, then the rest of each."""
    left = [_cut(table, width, height) for table in tables]
    said = [*(("", words) for words in page.paragraphs), *((box.heading, box.text) for box in page.boxes)]
    number = 1
    if charted:
        beside = width * (1 - WORDS_BEGIN)
        points = letters.largest(said, BESIDE_A_CHART, width=beside, height=height)
        fit = letters.fitting(said, points, width=beside, height=height)
        yield Slide(page.title, 1, tuple(said[:fit]), points, charted=True)
        said, number = said[fit:], 2
    while said:
        fit = letters.fitting(said, SENTENCES, width=width, height=height)
        here = said[:fit] or [letters.cut_to_fit(said[0], SENTENCES, width=width, height=height)]
        said = said[max(fit, 1) :]
        first: tuple[Table, ...] = ()
        if left and not said and not page.boxes:
            first, left = _first_rows(left, width, height - sentences_height(here, width))
        yield Slide(page.title, number, tuple(here), SENTENCES, first)
        number += 1
    for piece in (piece for table in left if table.rows for piece in _pieces(table, width, height)):
        yield Slide(page.title, number, (), SENTENCES, (piece,))
        number += 1
    if number == 1:
        yield Slide(page.title, 1, (), SENTENCES)


def _first_rows(tables: list[Table], width: float, room: float) -> tuple[tuple[Table, ...], list[Table]]:
    """The rows that stand below the sentences, and the tables without them."""
    whole, *others = tables
    fit = _fitting(whole, width, room)
    if fit < min(FEWEST, len(whole.rows)):
        return (), tables
    return (_part(whole, 0, fit),), [_part(whole, fit, len(whole.rows)), *others]


def _cut(table: Table, width: float, height: float) -> Table:
    """The table with no cell longer than a slide."""
    rooms = [max(0.1, share * width - CELL_EDGES) for share in widths(table)]
    line = CELLS * LINE / 72
    most = max(1, int((height - 2 * ROW_EDGE) / line) - MOST_OF_HEAD)

    def short(row: Sequence[str], lines: int) -> tuple[str, ...]:
        return tuple(
            letters.cut(cell, CELLS * WIDER, room, lines=lines) for cell, room in zip(row, rooms, strict=True)
        )

    rows = tuple(short(row, most) for row in table.rows)
    return replace(table, columns=short(table.columns, MOST_OF_HEAD), rows=rows)


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
    """The table in parts that each fit a slide, about as long as one another."""
    head, *rows = row_heights(table, width)
    room = height - head
    fewest = ceil(sum(rows) / max(room, 0.1))
    even = sum(rows) / fewest
    first, used = 0, 0.0
    for at, row in enumerate(rows):
        if at > first and (used + row > room or used >= even):
            yield _part(table, first, at)
            first, used = at, 0.0
        used += row
    yield _part(table, first, len(rows))


def _part(table: Table, first: int, last: int) -> Table:
    return replace(table, rows=table.rows[first:last])
