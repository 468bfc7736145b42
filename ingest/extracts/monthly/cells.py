"""The week bands of a month as the cells that are not zero, one in thirteen: added up so, they cost little.

What the cells must add up to is in `ingest.extracts.monthly.checks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtt.terms.arrays import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """`count[i]`, a whole number that is not zero, stands in row `row[i]`, band `band[i]`, of a table of
    `rows` rows and `bands` bands.
    """

    rows: int
    bands: int
    row: Ints
    band: Ints
    count: Floats

    def row_sums(self) -> Floats:
        """(rows,)"""
        return summed(self.row, self.count, self.rows)

    def between(self, edges: Sequence[int]) -> Floats:
        """(rows, edges): from each edge, a week, to before the next one, or to the end."""
        segments = np.searchsorted(edges, np.arange(self.bands), side="right") - 1
        at = self.row * len(edges) + segments[self.band]
        return summed(at, self.count, self.rows * len(edges)).reshape(self.rows, len(edges))

    def of_rows(self, chosen: NDArray[np.bool_]) -> Cells:
        """Those of the chosen rows, which are counted anew."""
        kept, place = chosen[self.row], np.cumsum(chosen) - 1
        return Cells(int(chosen.sum()), self.bands, place[self.row[kept]], self.band[kept], self.count[kept])

    def above(self, other: Cells) -> Cells:
        """Those of one table with the rows of another below its own."""
        row = np.concatenate([self.row, other.row + self.rows])
        band, count = np.concatenate([self.band, other.band]), np.concatenate([self.count, other.count])
        return Cells(self.rows + other.rows, self.bands, row, band, count)

    def grouped(self, group: Ints, groups: int) -> Cells:
        """Of a table of `groups` rows, to which those here are added up: row i to `group[i]`."""
        # Band by band: so, and not row by row, neighbouring cells are added to neighbouring places.
        sums = summed(self.band * groups + group[self.row], self.count, self.bands * groups)
        at = np.flatnonzero(sums)
        band, row = np.divmod(at, groups)
        return Cells(groups, self.bands, row, band, sums[at])

    def dense(self) -> NDArray[np.int32]:
        """(rows, bands)"""
        out = np.zeros((self.rows, self.bands), dtype=np.int32)
        out[self.row, self.band] = self.count
        return out


def summed(group: Ints, counts: Floats, groups: int) -> Floats:
    """(groups,): the counts of each group."""
    return np.asarray(np.bincount(group, counts, groups), dtype=np.float64)


def cells_of(table: pl.DataFrame, bands: Sequence[str]) -> Cells:
    """The cells of a table's bands; a missing count is zero."""
    rows, counts = [], []
    # Filled together, for each call costs more than the work; looked at one by one, for that fits the cache.
    for column in table.select(pl.col(bands).fill_null(0)).iter_columns():
        values = column.to_numpy()
        here = np.flatnonzero(values != 0)
        rows.append(here)
        counts.append(values[here])
    band = np.repeat(np.arange(len(bands)), [len(here) for here in rows])
    count = np.concatenate(counts).astype(np.float64)
    return Cells(table.height, len(bands), np.concatenate(rows), band, count)
