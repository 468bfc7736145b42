"""Rows added up by the group that they belong to, in their order, as quickly as numpy can.

`numpy.add.at` does the same one number after the other, at ten times the cost.
"""

import numpy as np

from rtt.terms.arrays import AnyInts, Floats, Ints

MOST_GROUPED = 64
"""Rows of one group: of more, group after group is quicker than row after row of all groups."""


def added_up(values: Floats | AnyInts, by: Ints, groups: int) -> Floats:
    """Values (rows, ...) added up by `by` (rows,), the group of each: (groups, ...).

    Each group is added from its first row to its last, so the last digit is that of a loop over the rows.
    """
    if values.ndim == 1:
        return np.asarray(np.bincount(by, values, groups), dtype=np.float64)
    sums = np.zeros((groups, *values.shape[1:]))
    order = np.argsort(by, kind="stable")
    counts = np.bincount(by, minlength=groups)
    first = np.cumsum(counts) - counts
    most = int(counts.max(initial=0))
    if most > MOST_GROUPED:
        for group in np.flatnonzero(counts):
            for row in order[first[group] : first[group] + counts[group]]:
                sums[group] += values[row]
        return sums
    for at in range(most):
        among = counts > at
        sums[among] += values[order[first[among] + at]]
    return sums
