"""How much of the way to a standard is the list's size, and how much the order of treatment.

Treatment of the first weeks, of those who cannot wait, is kept as it is; after them nobody is treated until
the longest waiters. Two such weeks are always shown: 13 keeps everybody treated within three months, 4 those
within one. The truth lies between them. One queue per specialty is assumed.

Source: docs/planning.md, "Size and order".
"""

from typing import NamedTuple

import numpy as np

from rtt.planning.rates import Rates
from rtt.terms.arrays import Floats
from rtt.terms.waits import within

KEPT_AS_TODAY = (4, 13)
# Bands as far as a list may reach; past the open one with the rates of the band before the pooled ones.
FURTHEST = 420
LAST_OWN = 77
STANDARD = 0.92


class SizeAndOrder(NamedTuple):
    """Shares are fractions, points percentage points; each (...,).

    `wait`: the weeks from which the rest is treated, nan where 420 weeks do not fill today's list: more waits
    than these flows explain. `order` + `size` = 92% less the share now, where that is below 92%.
    """

    wait: Floats
    share: Floats
    largest_list: Floats
    order: Floats
    size: Floats


def size_and_order(bands: Floats, rates: Rates, kept: int, *, share: float = STANDARD) -> SizeAndOrder:
    """`bands` (..., 105) is the list of now; treatment of bands under `kept` stays as it is."""
    fullest = _longest_first(rates, kept)
    total = bands.sum(axis=-1)
    now = _over(within(bands, 18), total, 1.0)
    filled = np.cumsum(fullest, axis=-1)
    inside = np.minimum(filled[..., 17], total)
    enough = filled[..., -1] >= total
    best = np.where(enough, _over(inside, total, 1.0), np.nan)
    order = np.maximum(0.0, np.minimum(best, share) - now)
    order = np.where(enough, order, 0.0)
    return SizeAndOrder(
        np.where(enough, _week_at(filled, total), np.nan),
        best,
        filled[..., 17] / share,
        100 * order,
        100 * (share - now - order),
    )


def _longest_first(rates: Rates, kept: int) -> Floats:
    """The list by week, (..., 420), of those who wait while nobody from band `kept` on is treated."""
    further = np.repeat(rates.removed[..., LAST_OWN : LAST_OWN + 1], FURTHEST - LAST_OWN - 1, axis=-1)
    removed = np.concatenate([rates.removed[..., : LAST_OWN + 1], further], axis=-1)
    stay = 1 - removed
    stay[..., :kept] -= rates.treated[..., :kept]
    # Those who appear without a start are left out here: they would make an untreated list grow with its
    # wait.
    stay = np.clip(stay, 0, 1)
    bands = np.empty(stay.shape)
    bands[..., 0] = rates.starts * stay[..., 0] / (1 - stay[..., 0] / 8)
    bands[..., 1] = 7 / 8 * bands[..., 0] * stay[..., 1]
    bands[..., 2:] = bands[..., 1:2] * np.cumprod(stay[..., 2:], axis=-1)
    return bands


def _week_at(filled: Floats, total: Floats) -> Floats:
    """The week, in part, at which the filled list reaches `total`."""
    at = np.minimum((filled < total[..., None]).sum(axis=-1), filled.shape[-1] - 1)
    below = np.where(at > 0, np.take_along_axis(filled, np.maximum(at - 1, 0)[..., None], -1)[..., 0], 0.0)
    here = np.take_along_axis(filled, at[..., None], -1)[..., 0] - below
    return np.asarray(at + _over(total - below, here, 0.0))


def _over(value: Floats, by: Floats, empty: float) -> Floats:
    return np.asarray(np.divide(value, by, out=np.full(np.shape(by), empty), where=by > 0))
