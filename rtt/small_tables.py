"""Small numbers in a table that shows its totals both ways: no cell may be left to subtraction.

Each row adds up to its last cell and each column to its own. What is small is `rtt.small_numbers`' to say;
who may see it is decided elsewhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rtt.small_numbers import Mask, small, withheld


def withheld_in_table(table: ArrayLike, also: Mask | None = None) -> Mask:
    """Which cells are not shown; `table` (rows, columns) ends with a row and a column of totals.

    `also`, of the table's shape, are cells that must not be shown for another reason.

    A line with a single hidden cell would give it away, so the smallest of its others is hidden too, until no
    line has just one. A hidden total counts as a cell of its line.
    """
    values = np.asarray(table, dtype=np.float64)
    hidden = small(values) if also is None else small(values) | also
    hidden[:, :-1] |= withheld(values[:, :-1], axis=1)
    hidden[:-1] |= withheld(values[:-1], axis=0)
    while (more := _alone(values, hidden) | _alone(values.T, hidden.T).T).any():
        hidden |= more
    return hidden


def withheld_in_columns(columns: ArrayLike) -> Mask:
    """Which cells are not shown of tables of one column; `columns` (rows, tables) end with the totals.

    As `withheld_in_table` has it of each by itself.
    """
    values = np.asarray(columns, dtype=np.float64)
    hidden = small(values)
    hidden[:-1] |= withheld(values[:-1], axis=0)
    while (more := _alone(values.T, hidden.T).T).any():
        hidden |= more
    return hidden


def _alone(values: NDArray[np.float64], hidden: Mask) -> Mask:
    """For each row with one hidden cell, the smallest other that holds anybody."""
    others = np.where(~hidden & (values > 0), values, np.inf)
    second = np.arange(values.shape[1]) == others.argmin(axis=1)[:, None]
    single = hidden.sum(axis=1) == 1
    return np.asarray(second & single[:, None] & np.isfinite(others))
