"""How far apart the specialty mixes of two lists are, and which lists are nearest to one in mix or in size.

Distance: half the sum, over specialties, of the absolute differences of their shares of the list. It is the
share of one list that would have to be in another specialty for the two to have the same mix: 0 for the same
mix, 1 for lists that share no specialty. Chosen for that reading, which needs no statistics to follow; it
weighs a specialty by its patients, so that small specialties do not decide who is alike, as they would if
each were standardised.

Source: the index of dissimilarity (Duncan and Duncan, 1955), with specialties in place of districts.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from rtt.terms.arrays import Floats

NEAREST = 10
SIMILAR = 2.0
"""Lists of similar size: from half to twice as long."""


def mix_distances(pathways: npt.ArrayLike, own: npt.ArrayLike) -> Floats:
    """(unit,) the distance of each list (unit, specialty) from `own` (specialty,); nan without a pathway.

    The specialties must not overlap: leave out C_999, which holds them all.
    """
    lists, mine = np.asarray(pathways, dtype=np.float64), np.asarray(own, dtype=np.float64)
    sizes = lists.sum(axis=1, keepdims=True)
    if mine.sum() == 0:
        return np.full(len(lists), np.nan)
    shares = np.divide(lists, sizes, out=np.full_like(lists, np.nan), where=sizes > 0)
    return np.asarray(np.abs(shares - mine / mine.sum()).sum(axis=1) / 2)


def nearest(units: Sequence[str], distances: Floats, *, most: int = NEAREST) -> list[int]:
    """The rows of the nearest units, nearest first; by code where two are equally near."""
    there = [row for row in range(len(units)) if not np.isnan(distances[row])]
    # Sums of the same shares in another order differ in their last digits.
    return sorted(there, key=lambda row: (round(float(distances[row]), 12), units[row]))[:most]


def similar_sizes(sizes: npt.ArrayLike, own: float) -> list[int]:
    """The rows of the lists from half to twice as long as `own`, the nearest in size first."""
    lists = np.asarray(sizes, dtype=np.float64)
    there = [row for row, size in enumerate(lists) if size and own / SIMILAR <= size <= own * SIMILAR]
    return sorted(there, key=lambda row: (abs(np.log(lists[row] / own)), row))
