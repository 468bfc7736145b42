"""A share of those of known clock start, as far as it does not disclose how many clock starts are unknown.

Whoever knows a list's size and how many are over 18 weeks can work the unknown ones out from the share within
18 weeks. To a tenth of a point it leaves them open on long lists, to a whole point on shorter ones. Of the
shortest it is worked out from the size and who is over, to five points, which discloses nothing beyond those.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rtt.disclosure.seen import Seen
from rtt.disclosure.small_numbers import SMALLEST_SHOWN, Mask, Shown
from rtt.measures.disclosed import Count, Disclosed
from rtt.terms.arrays import Floats

_LIKE_IT = 2  # so many other numbers of unknown clock starts must give the same share


def share_seen(
    disclosed: Disclosed, shares: Floats, seen: Seen, *, total: Floats, over: Floats, unknown: Floats
) -> Shown:
    """Shares of lists of which `total` wait, `over` of them over the limit of the share."""
    first, exactly = disclosed.counts[0], seen.figure(disclosed)
    if first.over != 0:
        return Shown(shares, ~exactly, np.zeros_like(exactly))
    nearly = seen.count(Count("list", first.up_to)) & seen.count(Count("list"))
    rounds = nearly & (not seen.known_in_part)
    tenths = exactly | (rounds & leaves_open(total, over, unknown, steps=1000))
    points = rounds & leaves_open(total, over, unknown, steps=100)
    with np.errstate(divide="ignore", invalid="ignore"):
        roughly = np.round(20 * (total - over) / total) / 20
    value = np.where(tenths, as_printed(shares, 1000), np.where(points, as_printed(shares, 100), roughly))
    # Nobody has no share, neither exactly nor roughly.
    return Shown(value, ~(tenths | nearly), nearly & ~tenths & ~np.isnan(value))


def leaves_open(total: npt.ArrayLike, over: npt.ArrayLike, unknown: npt.ArrayLike, *, steps: int) -> Mask:
    """Whether a share within, rounded to one of `steps`, leaves open how many clock starts are unknown."""
    size, late, few = (np.asarray(each, dtype=np.float64) for each in (total, over, unknown))

    def shown(number: Floats | int) -> Floats:
        known = size - number
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.floor(steps * (known - late) / known + 0.5))

    alike = sum(
        (shown(number) == shown(few)) & (few != number) & (size - number >= late)
        for number in range(2 * SMALLEST_SHOWN)
    )
    return np.asarray(np.asarray(alike) >= _LIKE_IT)


def as_printed(shares: Floats, steps: int) -> Floats:
    """Rounded, halves up. What only rounds to nobody or to everybody stays apart from them."""
    rounded = np.floor(np.round(steps * shares, 6) + 0.5) / steps
    inside = (shares > 0) & (shares < 1)
    return np.where(inside, np.clip(np.round(rounded, 3), 0.4 / 1000, 1 - 0.4 / 1000), shares)
