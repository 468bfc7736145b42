"""Deciles of a measure among peers, month by month, as OpenPrescribing draws them.

A decile is a place among the peers that reported that month: a tenth of them lie at or below the first.
Peers are weighed alike, whatever their size: a decile is a place among organisations, not among patients.

Method: linear interpolation between the two nearest peers (numpy's "linear", Hyndman and Fan's type 7, the
default of R and of Excel's PERCENTILE.INC). Peers without a figure are left out of that month alone. Fewer
than FEWEST_PEERS peers have no tenth, and no deciles.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rtt.benchmark.funnel import FEWEST_PEERS
from rtt.terms.arrays import Floats

DECILES = tuple(range(10, 100, 10))
MEDIAN = DECILES.index(50)


class Deciles(NamedTuple):
    """`values` (9, month), nan where too few peers have a figure; `peers` (month,) how many have one."""

    values: Floats
    peers: npt.NDArray[np.int64]


def deciles(figures: npt.ArrayLike) -> Deciles:
    """Deciles of figures (peer, month); nan where a peer has none, infinity in the open week band."""
    values = np.asarray(figures, dtype=np.float64)
    found = np.full((len(DECILES), values.shape[1]), np.nan)
    known = ~np.isnan(values)
    for month in range(values.shape[1]):
        there = values[known[:, month], month]
        if len(there) >= FEWEST_PEERS:
            found[:, month] = _linear(np.sort(there))
    return Deciles(found, known.sum(axis=0))


def _linear(ordered: Floats) -> Floats:
    """As np.percentile, but that between infinity and infinity lies infinity and not nan."""
    if np.isfinite(ordered[-1]):
        return np.asarray(np.percentile(ordered, DECILES, method="linear"))
    at = np.array(DECILES) / 100 * (len(ordered) - 1)
    low, high = ordered[np.floor(at).astype(int)], ordered[np.ceil(at).astype(int)]
    with np.errstate(invalid="ignore"):
        between = low + (high - low) * (at - np.floor(at))
    return np.asarray(np.where(low == high, low, between))


def place_words(value: float, of_month: Floats) -> str:
    """Where a figure lies among the deciles (9,) of a month: "between the 6th and the 7th decile"; '' where
    either is not known.
    """
    if np.isnan(value) or np.isnan(of_month).any():
        return ""
    below = int((of_month < value).sum())
    if value in of_month:
        return f"at the {_ORDINALS[int(np.flatnonzero(of_month == value)[0])]}"
    if below == 0:
        return f"below the {_ORDINALS[0]}"
    if below == len(DECILES):
        return f"above the {_ORDINALS[-1]}"
    return f"between the {_ORDINALS[below - 1]} and the {_ORDINALS[below]}"


_ORDINALS = (
    "1st decile",
    "2nd decile",
    "3rd decile",
    "4th decile",
    "median",
    "6th decile",
    "7th decile",
    "8th decile",
    "9th decile",
)
