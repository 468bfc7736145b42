"""Rows of a month under keys that are numbers, and their sums under fewer keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from ingest.extracts.monthly.cells import Cells, summed
from rtt.terms.arrays import Bools, Floats, Ints
from rtt.terms.treatment_functions import TOTAL

Key = tuple[Ints, int]
"""Of each row a number, and the size that all the numbers are below."""

_KEYS = ("provider", "commissioner", "commissioner_parent", "part", "treatment_function")


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """`keys[k][i]` is the number, below `sizes[k]`, of the k-th key of row i; the counts are whole."""

    keys: tuple[Ints, ...]
    sizes: tuple[int, ...]
    total: Floats
    unknown: Floats
    cells: Cells

    @property
    def sized(self) -> tuple[Key, ...]:
        return tuple(zip(self.keys, self.sizes, strict=True))

    def by(self, *keys: Key) -> Sums:
        """The rows that agree in `keys` added up, in the order of the keys."""
        sizes = tuple(size for _, size in keys)
        found, group = np.unique(combined(keys), return_inverse=True)
        total, unknown = (summed(group, each, len(found)) for each in (self.total, self.unknown))
        own = tuple(each.astype(np.int64) for each in np.unravel_index(found, sizes))
        return Sums(own, sizes, total, unknown, self.cells.grouped(group, len(found)))

    def beside(self, other: Sums) -> Sums:
        """The rows of both, no two of which have the same keys, in the order of the keys; without those that
        count nobody.
        """
        keys = tuple(np.concatenate(pair) for pair in zip(self.keys, other.keys, strict=True))
        total, unknown = (
            np.concatenate(pair) for pair in ((self.total, other.total), (self.unknown, other.unknown))
        )
        both = Sums(keys, self.sizes, total, unknown, self.cells.above(other.cells))
        order = np.argsort(combined(both.sized))
        return both.of_rows(order[total[order] != 0])

    def of_rows(self, chosen: Ints) -> Sums:
        """The chosen rows, in the order of their choice."""
        keys = tuple(each[chosen] for each in self.keys)
        return Sums(keys, self.sizes, self.total[chosen], self.unknown[chosen], self.cells.of_rows(chosen))


def combined(keys: Sequence[Key]) -> Ints:
    """One number for each row: rows that agree in every key have the same."""
    return np.ravel_multi_index([each for each, _ in keys], tuple(size for _, size in keys))


@dataclass(frozen=True, slots=True, eq=False)
class Month:
    """The rows of an extract: `names[k][number]` is what stands for a number of the k-th key, in order.

    The keys are provider, commissioner, its parent, part and treatment function, with `TOTAL` among the last.
    `parts` are the rows without the published totals, which would count every patient twice.
    """

    rows: Sums
    parts: Sums
    names: tuple[list[str], ...]

    @property
    def is_total(self) -> Bools:
        return np.asarray(self.rows.keys[-1] == self.total)

    @property
    def total(self) -> int:
        """The number of `TOTAL`."""
        return self.names[-1].index(TOTAL)

    def of_part(self, part: str) -> Ints:
        """Its rows."""
        return np.flatnonzero(np.array([name == part for name in self.names[-2]])[self.rows.keys[-2]])

    def together(self, function: Key) -> Key:
        """`TOTAL` in the place of every treatment function."""
        return np.full_like(function[0], self.total), function[1]


def month_of(table: pl.DataFrame, cells: Cells) -> Month:
    """`table` has the keys, total_all and unknown_clock_start; `cells` are its bands'."""
    names = [sorted(table[key].unique().to_list()) for key in _KEYS]
    names[-1] = sorted({*names[-1], TOTAL})
    keys = tuple(
        table[key].cast(pl.Enum(of_key)).to_physical().to_numpy().astype(np.int64)
        for key, of_key in zip(_KEYS, names, strict=True)
    )
    total, unknown = (
        table[name].to_numpy().astype(np.float64) for name in ("total_all", "unknown_clock_start")
    )
    rows = Sums(keys, tuple(map(len, names)), total, unknown, cells)
    return Month(rows, rows.of_rows(np.flatnonzero(keys[-1] != names[-1].index(TOTAL))), tuple(names))
