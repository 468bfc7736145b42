"""Small numbers: which counts of a tracking list could point at a person, and so are not shown to everybody.

Counts of 1 to 7 are "under 8" (primary suppression); a rate on fewer than 20 is not shown. What else must be
suppressed, so that nobody works them out (secondary suppression), the other modules of this room decide. Who
may see them, and of which source, is decided elsewhere; published figures are shown as published.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rtt.terms.arrays import Floats

SMALLEST_SHOWN = 8
FEWEST_FOR_RATE = 20
UNDER = f"under {SMALLEST_SHOWN}"
WITHHELD = "withheld (small numbers)"

Mask = npt.NDArray[np.bool_]


class Shown(NamedTuple):
    """Figures as they may be shown; which are suppressed, and which are shown only roughly."""

    value: Floats
    suppressed: Mask
    about: Mask


def small(counts: npt.ArrayLike) -> Mask:
    """Counts of 1 to 7. Zero is no one, and nan is not known: neither is small."""
    values = np.asarray(counts, dtype=np.float64)
    return np.asarray((values > 0) & (values < SMALLEST_SHOWN))


def is_small(count: int) -> bool:
    """The same of one count."""
    return 0 < count < SMALLEST_SHOWN


def tenths(weeks: Floats) -> Floats:
    """To one decimal, as it is printed, halves away from zero."""
    return np.asarray(np.floor(np.round(10 * weeks, 6) + 0.5) / 10)


def rate_withheld(numerator: npt.ArrayLike | None, denominator: npt.ArrayLike) -> Mask:
    """Whether a rate is not shown: on fewer than 20, or one whose counted or other part is small."""
    below = np.asarray(denominator, dtype=np.float64)
    suppressed = (below > 0) & (below < FEWEST_FOR_RATE)
    if numerator is None:
        return np.asarray(suppressed)
    above = np.asarray(numerator, dtype=np.float64)
    return np.asarray(suppressed | small(above) | small(below - above))


def about_rows(rows: int) -> str:
    """The rows of a file to the next ten: less the list and those left out, they tell what else it holds."""
    return f"about {round(rows, -1):,}" if rows >= FEWEST_FOR_RATE else f"under {FEWEST_FOR_RATE}"


def without(values: Floats, suppressed: Mask) -> Floats:
    """The values with nan, "not known", for those that are suppressed."""
    return np.where(suppressed, np.nan, values)
