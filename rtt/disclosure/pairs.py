"""Which sizes may be seen where two filters meet, such as a specialty at a site.

The cells that are not shown fill a grid: some rows by some columns, the small cells all within. Each row and
each column of the grid holds at least 8, so that whatever takes in a whole row or column of it is not small;
and everything else that is small changes where a pathway moves from one corner to another and one back.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from rtt.disclosure.limits import together
from rtt.disclosure.small_numbers import SMALLEST_SHOWN, Mask, small

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Of each date the rows and columns that show nothing (tiny), and those of the grid not shown."""

    tiny_rows: Mask
    tiny_columns: Mask
    rows: Mask
    columns: Mask
    # Pages ask for the same cells of a table again and again.
    _seen: dict[tuple[bytes, int], Mask] = field(default_factory=dict, init=False, repr=False)

    def seen(self, rows: Mask, column: int) -> Mask:
        """Whether the size of some rows together in a column may be seen, (dates). Not to be written to."""
        asked = rows.tobytes(), column
        if asked not in self._seen:
            self._seen[asked] = self._seen_of(rows, column)
        return self._seen[asked]

    def _seen_of(self, rows: Mask, column: int) -> Mask:
        return np.asarray(
            ~_cuts(self.tiny_rows, rows)
            & ~self.tiny_columns[:, column]
            & ~(_cuts(self.rows, rows) & self.columns[:, column])
        )


def _cuts(members: Mask, chosen: Mask) -> Mask:
    return np.asarray((members & chosen).any(axis=1) & (members & ~chosen).any(axis=1))


def pairs_of(sizes: npt.ArrayLike, also: Mask | None = None) -> Pairs:
    """The cells of tables (dates, rows, columns) that may be seen beside their totals both ways.

    `also` (dates, rows): rows of which no cell may be seen for another reason.
    """
    table = np.nan_to_num(np.asarray(sizes, dtype=np.float64))
    tiny_rows, tiny_columns = together(table.sum(axis=2)), together(table.sum(axis=1))
    merged = _merged(_merged(table, tiny_rows).swapaxes(1, 2), tiny_columns).swapaxes(1, 2)
    rows, columns = (
        np.zeros(merged.shape[:2], dtype=bool),
        np.zeros((len(table), merged.shape[2]), dtype=bool),
    )
    forced = np.zeros(rows.shape, dtype=bool)
    if also is not None:
        forced[:, :-1], forced[:, -1] = also & ~tiny_rows, (also & tiny_rows).any(axis=1)
    for day in np.nonzero(small(merged).any(axis=(1, 2)) | forced.any(axis=1))[0]:
        rows[day], columns[day] = _grid(merged[day], forced[day])
    return Pairs(
        tiny_rows,
        tiny_columns,
        rows[:, :-1] | (tiny_rows & rows[:, -1:]),
        columns[:, :-1] | (tiny_columns & columns[:, -1:]),
    )


def _merged(table: Floats, tiny: Mask) -> Floats:
    """With the tiny rows as one, which is the last."""
    whole = np.where(tiny[..., None], table, 0.0).sum(axis=1, keepdims=True)
    return np.concatenate([np.where(tiny[..., None], 0.0, table), whole], axis=1)


def _grid(table: Floats, forced: Mask) -> tuple[Mask, Mask]:
    few = small(table)
    rows, columns = np.asarray(few.any(axis=1) | forced), np.asarray(few.any(axis=0))
    if forced.any():
        columns = np.asarray(table.any(axis=0))
        rows = np.asarray(rows | _smallest(table, rows)) if rows.sum() == 1 else rows
    while True:
        more_rows = _more(table[:, columns], rows)
        rows = np.asarray(rows | more_rows)
        more_columns = _more(np.asarray(table[rows].T), columns)
        columns = np.asarray(columns | more_columns)
        if not more_rows.any() and not more_columns.any():
            return rows, columns


def _more(table: Floats, members: Mask) -> Mask:
    """The smallest further row, where a column of the members holds too few; nothing if they are enough."""
    short = table[members].sum(axis=0) < SMALLEST_SHOWN
    more = np.zeros(len(table), dtype=bool)
    return _smallest(table, members | ~table[:, short].any(axis=1)) if short.any() else more


def _smallest(table: Floats, members: Mask) -> Mask:
    """The smallest row that is no member and holds anybody, in each column if there is one; else none."""
    more = np.zeros(len(table), dtype=bool)
    for fit in (table.all(axis=1), table.any(axis=1)):
        wanted = np.where(~members & fit, table.sum(axis=1), np.inf)
        if np.isfinite(wanted).any():
            more[wanted.argmin()] = True
            return more
    return more
