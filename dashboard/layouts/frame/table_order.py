"""Which rows of a table are shown, and in which order: by its headings, by a word, totals last.

The address says it (`sort=<table>.<column>.<asc|desc>`, `find=<table>.<words>`), the server sorts, and a file
of the table has the same rows in the same order. Nothing here draws.
"""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from dashboard.filters import Filters
from dashboard.layouts.frame.elements import children_of
from dashboard.layouts.frame.phrases import Component, text
from rtt.terms.printed import Printed

Value = float | str | date | None
Direction = Literal["asc", "desc"]
TOTALS = ("All specialties", "Total", "All")


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a box that scrolls; its cells are words, links, or spans of both.

    `name` is its name in the address: with it, and with `values`, headings sort. `values` (see `values_of`)
    are what rows are sorted by: one for each row and column, None where there is no figure, which comes last.
    `worst` is the order until a reader chooses one: a column and a direction.

    The other sets are positions in `rows`: `chosen` by the reader; `total`, the sums of others (else found by
    their names), which stay at the end; `faint`, on too few pathways to read much into, as `few` says; and
    `folded`, which say nothing and stand behind "Show n rows" and `folded_words`. With `most` so do all rows
    but that many and the chosen ones, until a reader sorts: a page shows its answer first.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Component]]
    label: str = ""
    text_columns: int = 1
    chosen: Container[int] = ()
    name: str = ""
    values: Sequence[Sequence[Value]] = ()
    worst: tuple[int, Direction] | None = None
    total: Container[int] | None = None
    faint: Container[int] = ()
    few: str = "under 20 pathways"
    folded: Container[int] = ()
    folded_words: str = "without anything to report"
    most: int | None = None

    def __post_init__(self) -> None:
        """Values that are not those of each row and column would sort a table wrongly without a word."""
        widths = {len(row) for row in self.values}
        if self.values and (len(self.values) != len(self.rows) or widths - {len(self.columns)}):
            raise ValueError(f"{self.caption}: a sort value for each row and each column")

    def is_total(self, at: int) -> bool:
        """Whether a row is the sum of others."""
        return text(self.rows[at][0]) in TOTALS if self.total is None else at in self.total


@dataclass(frozen=True, slots=True)
class Shown:
    """Positions of rows: in the table, behind the fold; of how many, and by which words they were found."""

    rows: tuple[int, ...]
    folded: tuple[int, ...]
    of: int
    words: str
    order: tuple[int, Direction] | None


def values_of(
    rows: Sequence[Sequence[Component]],
    *,
    text_columns: int = 1,
    instead: Mapping[int, Sequence[Value]] | None = None,
) -> list[list[Value]]:
    """What rows are sorted by, from their cells: the numbers that a column prints, else its words.

    A suppressed figure prints no number, so it has no place in an order that would tell it. `instead` gives
    the values of a column that cells do not tell, dates for example: one for each row.
    """
    given = instead or {}
    width = max((len(row) for row in rows), default=0)
    columns = [
        given[at] if at in given else _column([_cell(row, at) for row in rows], is_text=at < text_columns)
        for at in range(width)
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _cell(row: Sequence[Component], at: int) -> Component:
    return row[at] if at < len(row) else None


def _column(cells: Sequence[Component], *, is_text: bool) -> Sequence[Value]:
    numbers = [None if is_text else _printed(cell) for cell in cells]
    if any(number is not None for number in numbers):
        return numbers
    said = [text(cell) for cell in cells]
    # Words with figures in them would be sorted by their digits, 9 after 10.
    if not is_text and any(re.search(r"\d", words) for words in said):
        return [None] * len(said)
    return [words or None for words in said]


def _printed(cell: Component) -> float | None:
    if isinstance(cell, Printed):
        return cell.value
    if isinstance(cell, list | tuple):
        return next((value for each in cell if (value := _printed(each)) is not None), None)
    return _printed(children_of(cell)) if isinstance(cell, dict) else None


def shown(table: Table, filters: Filters) -> Shown:
    """The rows that the address asks for, sorted as it asks."""
    words = _words(table, filters)
    order = order_of(table, filters)
    positions = _sorted(table, order)
    totals = [at for at in positions if table.is_total(at)]
    others = [at for at in positions if at not in totals] if totals else positions
    found = [at for at in others if _says(table.rows[at], words)] if words else others
    # Who looks for a word sees every row that has it; a sum of rows that are not shown would mislead.
    folded = () if words else _folded(table, found, filters)
    rows = [at for at in found if at not in folded] + ([] if words else totals)
    return Shown(tuple(rows), folded, len(others), words, order)


def _folded(table: Table, found: Sequence[int], filters: Filters) -> tuple[int, ...]:
    """Those behind the fold, in their order; one row alone is not worth a fold."""
    folded = [at for at in found if at in table.folded]
    kept = [at for at in found if at not in folded]
    if table.most is not None and not _asked_order(table, filters):
        further = [at for at in kept[table.most :] if at not in table.chosen]
        folded += further if len(further) > 1 else []
    return tuple(at for at in found if at in folded)


def column_keys(columns: Sequence[str]) -> tuple[str, ...]:
    """The name of each column in the address: its heading, or its position where that is not its own."""
    return _keys(tuple(columns))


@lru_cache(maxsize=1024)  # each heading of a table asks
def _keys(columns: tuple[str, ...]) -> tuple[str, ...]:
    keys = [re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-") for heading in columns]
    own = [key and not key.isdigit() and keys.count(key) == 1 for key in keys]
    return tuple(key if own[at] else str(at) for at, key in enumerate(keys))


def order_of(table: Table, filters: Filters) -> tuple[int, Direction] | None:
    """The column and direction that the address asks for, else those of the table; None as it stands."""
    if not sorts(table):
        return None
    return _asked_order(table, filters) or table.worst


def _asked_order(table: Table, filters: Filters) -> tuple[int, Direction] | None:
    keys = column_keys(table.columns)
    for each in filters.sort:
        name, _, asked = each.partition(".")
        column, _, direction = asked.rpartition(".")
        if name != table.name or direction not in ("asc", "desc"):
            continue
        if column in keys:
            return keys.index(column), "asc" if direction == "asc" else "desc"
        if column.isascii() and column.isdigit() and int(column) < len(keys):
            return int(column), "asc" if direction == "asc" else "desc"
    return None


def next_order(table: Table, at: int, now: tuple[int, Direction] | None) -> Direction:
    """What a press on a heading asks for: the other way round; at first largest figures, or A to Z."""
    if now and now[0] == at:
        return "asc" if now[1] == "desc" else "desc"
    known = (row[at] for row in table.values if row[at] is not None)
    return "asc" if isinstance(next(known, 0.0), str) else "desc"


def sort_query(filters: Filters, table: Table, at: int, direction: Direction) -> tuple[str, ...]:
    """The `sort` of an address in which this table is sorted so, and every other as it is."""
    others = [each for each in filters.sort if each.partition(".")[0] != table.name]
    return (*others, f"{table.name}.{column_keys(table.columns)[at]}.{direction}")


def column_sorts(table: Table, at: int) -> bool:
    """Whether the heading of a column sorts: it needs words, and values that differ."""
    return bool(table.columns[at]) and sorts(table) and len({row[at] for row in table.values}) > 1


def sorts(table: Table) -> bool:
    """Whether its headings sort."""
    return bool(table.name and table.values and len(table.rows) > 1)


def _words(table: Table, filters: Filters) -> str:
    name, dot, words = filters.find.partition(".")
    return words.strip() if table.name and dot and name == table.name else ""


def _says(row: Sequence[Component], words: str) -> bool:
    """Whether a row has each of the words, whatever its capitals."""
    said = " ".join(text(cell) for cell in row).casefold()
    return all(word in said for word in words.casefold().split())


def _sorted(table: Table, order: tuple[int, Direction] | None) -> list[int]:
    positions = list(range(len(table.rows)))
    if order is None:
        return positions
    column, direction = order
    known = [at for at in positions if table.values[at][column] is not None]
    known.sort(key=lambda at: _rank(table.values[at][column]), reverse=direction == "desc")
    return known + [at for at in positions if table.values[at][column] is None]


def _rank(value: Value) -> tuple[int, float | str]:
    if isinstance(value, str):
        return 1, value.casefold()
    return 0, float(value.toordinal()) if isinstance(value, date) else float(value or 0.0)
