"""The week bands of a month as the cells that are not zero, one in thirteen: added up so, they cost little.

What the cells must add up to is in `ingest.extracts.monthly.checks`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtt.terms.arrays import Bools, Floats, Ints

_AT_A_TIME = 8

Band = tuple[Ints, Floats]
"""The rows in which a band is not zero, each once, and the counts that stand there, which are whole."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of a table of `rows` rows, band by band: each step then works on what a processor holds."""

    rows: int
    bands: Sequence[Band]

    def row_sums(self) -> Floats:
        """(rows,)"""
        return self.between((0,))[:, 0]

    def between(self, edges: Sequence[int]) -> Floats:
        """(rows, edges): from each edge, a week, to before the next one, or to the end."""
        sums = np.zeros((len(edges), self.rows))
        for own, (first, after) in zip(sums, pairwise((*edges, len(self.bands))), strict=True):
            for row, count in self.bands[first:after]:
                own[row] += count
        return sums.T

    def of_rows(self, chosen: Ints) -> Cells:
        """Those of the chosen rows, which are numbered anew in the order of their choice."""
        place = np.full(self.rows, -1, dtype=np.int64)
        place[chosen] = np.arange(len(chosen))
        bands = []
        for row, count in self.bands:
            own = place[row]
            kept = own >= 0
            bands.append((own[kept], count[kept]))
        return Cells(len(chosen), bands)

    def of_first(self, bands: int) -> Cells:
        return Cells(self.rows, self.bands[:bands])

    def above(self, other: Cells) -> Cells:
        """Those of a table with the rows of another below its own."""
        both = (
            (np.concatenate([row, below + self.rows]), np.concatenate([count, its]))
            for (row, count), (below, its) in zip(self.bands, other.bands, strict=True)
        )
        return Cells(self.rows + other.rows, list(both))

    def grouped(self, group: Ints, groups: int) -> Cells:
        """Those of a table of `groups` rows, to which these are added up: row i to `group[i]`."""
        return Cells(groups, list(self._grouped(group, groups)))

    def _grouped(self, group: Ints, groups: int) -> Iterator[Band]:
        for row, count in self.bands:
            sums = summed(group[row], count, groups)
            found = np.flatnonzero(sums)
            yield found, sums[found]

    def times(self, factor: Ints) -> Cells:
        """With the counts of each row times a number of it."""
        return Cells(self.rows, [(row, count * factor[row]) for row, count in self.bands])

    def stand_in(self, rows: Bools) -> bool:
        """Whether any stands in one of these rows."""
        return any(rows[row].any() for row, _ in self.bands)

    def lowest(self) -> float:
        """The lowest count, or 0."""
        return min((float(count.min()) for _, count in self.bands if len(count)), default=0.0)

    def total(self) -> float:
        return sum(float(count.sum()) for _, count in self.bands)

    def dense(self) -> NDArray[np.int32]:
        """(rows, bands)"""
        out = np.zeros((self.rows, len(self.bands)), dtype=np.int32)
        for band, (row, count) in enumerate(self.bands):
            out[row, band] = count
        return out


def summed(group: Ints, counts: Floats, groups: int) -> Floats:
    """(groups,): the counts of each group."""
    return np.asarray(np.bincount(group, counts, groups), dtype=np.float64)


def cells_of(table: pl.DataFrame, bands: Sequence[str]) -> Cells:
    """The cells of a table's bands; a missing count is zero."""
    found = []
    # A few bands at a time: to copy all of them would cost more than to look for what is not zero.
    for first in range(0, len(bands), _AT_A_TIME):
        for column in table.select(pl.col(bands[first : first + _AT_A_TIME]).fill_null(0)).iter_columns():
            values = column.to_numpy()
            row = np.flatnonzero(values != 0)
            found.append((row, values[row].astype(np.float64)))
    return Cells(table.height, found)
