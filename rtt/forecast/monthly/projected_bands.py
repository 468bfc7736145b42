"""Projected lists by week band, and the figures that follow from them.

The cohort gives the shape and the forecasts the sums: the bands within 18 weeks, from 18 to 52 and over 52
are scaled so that list, share and over 52 are as forecast. Over 18 weeks, the median and the 92nd percentile
follow from the bands, so no two figures of a projection can disagree.
"""

import numpy as np

from rtt.forecast.monthly.history import weeks_at
from rtt.terms.arrays import Floats
from rtt.terms.waits import BANDS

MEASURES = ("total", "share_within_18", "over_52", "over_18", "median", "percentile_92")
SEGMENTS = ((0, 18), (18, 52), (52, BANDS))


def completed(moving: dict[str, Floats], shape: Floats) -> tuple[dict[str, Floats], Floats]:
    """Every measure and the bands that give it, from the three that move by themselves.

    `moving` holds "total", "share_within_18" and "over_52", each (units, horizons); `shape` is the cohort,
    (units, horizons, 105). The list becomes a whole number, and over 52 weeks no more than over 18.
    """
    values = counted(moving)
    total, over_18, over_52 = (values[each] for each in ("total", "over_18", "over_52"))
    bands = scaled(shape, np.stack([total - over_18, over_18 - over_52, over_52], axis=-1))
    median, high = weeks_at(bands)
    return values | {"median": median, "percentile_92": high}, bands


def counted(moving: dict[str, Floats]) -> dict[str, Floats]:
    """The measures that need no bands, from those that move by themselves: see `completed`."""
    total, share = np.rint(moving["total"]), moving["share_within_18"]
    over_18 = total * (100 - share) / 100
    over_52 = np.minimum(moving["over_52"], over_18)
    return {"total": total, "share_within_18": share, "over_52": over_52, "over_18": over_18}


def scaled(shape: Floats, sums: Floats) -> Floats:
    """`shape` (..., 105) with its three segments scaled to `sums` (..., 3); nan sums give nan bands.

    A segment that is empty in the shape is spread evenly, the longest waits into their first band.
    """
    bands = np.empty(shape.shape)
    for i, (first, last) in enumerate(SEGMENTS):
        part, into = shape[..., first:last], bands[..., first:last]
        waiting = part.sum(axis=-1)
        empty = ~(waiting > 0)
        np.multiply(part, (sums[..., i] / np.where(empty, 1, waiting))[..., None], out=into)
        spread = last - first if last < BANDS else 1
        into[empty] = 0
        into[empty, :spread] = sums[empty, i, None] / spread
    return bands
