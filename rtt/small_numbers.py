"""Small numbers: which counts of a tracking list could point at a person, and so are not shown to everybody.

Counts of 1 to 7 are "under 8"; a rate on fewer than 20 is not shown; where parts are shown with their total,
a second part is withheld if subtraction would give the first, and of nested counts the one that would tell.
Who may see them, and of which source, is decided elsewhere; published figures are shown as published.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rtt.band_facts import Floats

SMALLEST_SHOWN = 8
FEWEST_FOR_RATE = 20
UNDER = f"under {SMALLEST_SHOWN}"
WITHHELD = "withheld (small numbers)"

Mask = npt.NDArray[np.bool_]


def small(counts: npt.ArrayLike) -> Mask:
    """Counts of 1 to 7. Zero is no one, and nan is not known: neither is small."""
    values = np.asarray(counts, dtype=np.float64)
    return np.asarray((values > 0) & (values < SMALLEST_SHOWN))


def withheld(
    parts: npt.ArrayLike,
    *,
    axis: int = 0,
    known: npt.ArrayLike | None = None,
    also: npt.ArrayLike | None = None,
) -> Mask:
    """Which of the parts along `axis`, shown with their total, are not shown: the small ones, and another.

    The hidden parts' sum is known to whoever subtracts. If it fits the hidden ones in one way only (a single
    one, all of them 1, all of them 7), the next smallest part is withheld too. Parts that the reader knows
    anyway (`known`, a mask along the axis) are shown, and hide nothing for the others. `also`, of the parts'
    shape, are hidden for another reason.
    """
    values = np.moveaxis(np.asarray(parts, dtype=np.float64), axis, 0)
    own = np.zeros(len(values), dtype=bool) if known is None else np.asarray(known, dtype=bool)
    own = own.reshape(-1, *[1] * (values.ndim - 1))
    hidden = small(values) if also is None else small(values) | np.moveaxis(np.asarray(also), axis, 0)
    hidden = hidden & ~own
    number = hidden.sum(axis=0)
    total = np.where(hidden, values, 0.0).sum(axis=0)
    revealed = (number > 0) & ((number == 1) | (total == number) | (total == number * (SMALLEST_SHOWN - 1)))
    others = np.where(~hidden & ~own & (values > 0), values, np.inf)
    if len(values):
        second = others.argmin(axis=0)
        at = np.arange(len(values)).reshape(-1, *[1] * second.ndim) == second
        hidden = hidden | (at & revealed & np.isfinite(others))
    return np.moveaxis(hidden, 0, axis)


def nested_withheld(counts: npt.ArrayLike, *, axis: int = 0) -> Mask:
    """Which counts, each a part of the one before it along `axis`, are not shown: the small ones, and those
    that leave a small number of the last one shown. nan is passed over.
    """
    values = np.moveaxis(np.asarray(counts, dtype=np.float64), axis, 0)
    hidden = small(values)
    last = np.full(values.shape[1:], np.nan)
    for place, count in enumerate(values):
        hidden[place] |= small(last - count)
        last = np.where(hidden[place] | np.isnan(count), last, count)
    return np.moveaxis(hidden, 0, axis)


def tells_unknown(total: npt.ArrayLike, over: npt.ArrayLike, unknown: npt.ArrayLike) -> Mask:
    """Whether the share within, to a tenth of a point as it is shown, tells a small number of unknown clock
    starts to who knows the list's size and how many are over: no other small number gives the same share.
    """
    size, late, few = (np.asarray(each, dtype=np.float64) for each in (total, over, unknown))

    def shown(number: Floats | int) -> Floats:
        known = size - number
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.floor(1000 * (known - late) / known + 0.5))

    alike = sum((shown(number) == shown(few)) & (few != number) for number in range(1, SMALLEST_SHOWN))
    return np.asarray(small(few) & (np.asarray(alike) == 0))


def rate_withheld(numerator: npt.ArrayLike | None, denominator: npt.ArrayLike) -> Mask:
    """Whether a rate is not shown: on fewer than 20, or one whose counted or other part is small."""
    below = np.asarray(denominator, dtype=np.float64)
    hidden = (below > 0) & (below < FEWEST_FOR_RATE)
    if numerator is None:
        return np.asarray(hidden)
    above = np.asarray(numerator, dtype=np.float64)
    return np.asarray(hidden | small(above) | small(below - above))


def without(values: Floats, hidden: Mask) -> Floats:
    """The values with nan, "not known", for those that are not shown."""
    return np.where(hidden, np.nan, values)
