"""The list that today's starts would settle at, and the one at which a standard holds.

Source: docs/planning.md, "The steady list".
"""

from typing import NamedTuple

import numpy as np

from rtt.planning.rates import Rates
from rtt.planning.step import advance
from rtt.terms.arrays import Floats
from rtt.terms.waits import BANDS, OPEN_BAND, within

MOST_INTENSITY = 40.0
BISECTIONS = 60
# Where nobody left the open band, the list would grow for ever; this holds it to a thousand weeks.
LEAST_LEAVING = 0.001


class Steady(NamedTuple):
    """`intensity`: how much more of each band is treated than now; nan where none up to 40 times meets.
    `bands` (..., 105) the list, `stops` (...,) those of a working week that hold it.
    """

    intensity: Floats
    bands: Floats
    stops: Floats


def steady(rates: Rates, intensity: Floats | float = 1.0) -> Steady:
    """The list at which what joins leaves, with every band treated `intensity` times as often as now."""
    times = np.broadcast_to(np.asarray(intensity, dtype=np.float64), rates.starts.shape)
    bands = _settled(rates, times)
    reached = np.minimum(times[..., None] * rates.treated, 1 - np.clip(rates.removed, 0, 1))
    stops = (reached * advance(bands, rates.starts)).sum(axis=-1)
    return Steady(times, bands, stops)


def steady_at(rates: Rates, share: float = 0.92, weeks: int = 18) -> Steady:
    """The largest list in today's order at which `share` wait within `weeks` weeks.

    The share within never falls as the intensity rises, so it is bisected.
    """
    low = np.zeros(rates.starts.shape)
    high = np.full(rates.starts.shape, MOST_INTENSITY)
    met = _share_within(_settled(rates, high), weeks) >= share
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        meets = _share_within(_settled(rates, middle), weeks) >= share
        low, high = np.where(meets, low, middle), np.where(meets, middle, high)
    found = steady(rates, high)
    return Steady(
        *(np.where(met if each.ndim == met.ndim else met[..., None], each, np.nan) for each in found)
    )


def _settled(rates: Rates, times: Floats) -> Floats:
    stay = np.clip(1 - np.minimum(times[..., None] * rates.treated + rates.removed, 1), 0, 1)
    bands = np.empty(stay.shape)
    # An eighth of band 0 is in it a week later.
    bands[..., 0] = rates.starts * stay[..., 0] / (1 - stay[..., 0] / 8)
    bands[..., 1] = 7 / 8 * bands[..., 0] * stay[..., 1]
    bands[..., 2:OPEN_BAND] = bands[..., 1:2] * np.cumprod(stay[..., 2:OPEN_BAND], axis=-1)
    last = np.maximum(1 - stay[..., OPEN_BAND], LEAST_LEAVING)
    bands[..., OPEN_BAND] = bands[..., BANDS - 2] * stay[..., OPEN_BAND] / last
    return bands


def _share_within(bands: Floats, weeks: int) -> Floats:
    total = bands.sum(axis=-1)
    return np.asarray(np.divide(within(bands, weeks), total, out=np.ones_like(total), where=total > 0))
