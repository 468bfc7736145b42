"""How much room a table takes, and its parts where it is longer than a page or slide.

In inches, measured by `letters`; every part has the caption and the head again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from math import ceil

from dashboard.packs.contents.page import Table, widths
from dashboard.packs.office import letters
from dashboard.packs.office.letters import LINE, WIDER

ROW_EDGE, CELL_EDGES = 0.045, 0.16
CAPTION, CAPTION_POINTS = 0.32, 12.0
USUAL = 11.0
FEWEST = 4
"""Rows below sentences; fewer would be torn off their table."""
MOST_OF_HEAD = 3
"""Lines of a heading of a column."""
ROOMY = 1.5
"""A table of few words is this much wider than they need, and not as wide as the page."""
CONTINUED = ", continued"


@lru_cache(maxsize=200)
def table_width(table: Table, width: float) -> float:
    """How wide a table is: as wide as the slide, or less where its words need less than half of it."""
    needed = sum(
        max(letters.width_of(cell, USUAL * WIDER) for cell in cells) + CELL_EDGES
        for cells in zip(table.columns, *table.rows, strict=True)
    )
    return max(width / 3, needed * ROOMY) if needed * ROOMY < width * 0.6 else width


@lru_cache(maxsize=200)
def row_heights(table: Table, width: float, points: float = USUAL) -> tuple[float, ...]:
    """Of the head and every row, in inches."""
    rooms = [max(0.1, share * table_width(table, width) - CELL_EDGES) for share in widths(table)]
    line = points * LINE / 72
    return tuple(
        ROW_EDGE
        + line
        * max(
            len(letters.lines_of(cell, points * WIDER, room)) for cell, room in zip(row, rooms, strict=True)
        )
        for row in (table.columns, *table.rows)
    )


def cut(
    table: Table, width: float, height: float, points: float = USUAL, *, head: int = MOST_OF_HEAD
) -> Table:
    """The table with no cell longer than a page."""
    rooms = [max(0.1, share * table_width(table, width) - CELL_EDGES) for share in widths(table)]
    line = points * LINE / 72
    most = max(1, int((height - CAPTION - 2 * ROW_EDGE) / line) - head)

    def short(row: Sequence[str], lines: int) -> tuple[str, ...]:
        return tuple(
            letters.cut(cell, points * WIDER, room, lines=lines)
            for cell, room in zip(row, rooms, strict=True)
        )

    rows = tuple(short(row, most) for row in table.rows)
    return replace(table, columns=short(table.columns, head), rows=rows)


def fitting(table: Table, width: float, room: float, points: float = USUAL) -> int:
    """How many rows fit below the head."""
    used, fitting = 0.0, -1
    for row in row_heights(table, width, points):
        used += row
        if used > room:
            break
        fitting += 1
    return max(fitting, 0)


def pieces(table: Table, width: float, height: float, points: float) -> Iterator[Table]:
    """The table in parts that each fit a page, about as long as one another."""
    head, *rows = row_heights(table, width, points)
    room = height - head
    fewest = ceil(sum(rows) / max(room, 0.1) - 1e-9)
    even = sum(rows) / fewest
    first, used = 0, 0.0
    for at, row in enumerate(rows):
        if at > first and (used + row > room or used >= even):
            yield part(table, first, at)
            first, used = at, 0.0
        used += row
    yield part(table, first, len(rows))


def part(table: Table, first: int, last: int) -> Table:
    """Some rows of a table, which say that they continue it."""
    again = table.caption.endswith(CONTINUED) or first == 0
    return replace(
        table, caption=table.caption if again else table.caption + CONTINUED, rows=table.rows[first:last]
    )
