"""Day counts, week bands and breach dates. The clock start is day 0; only this module knows a band's days.

Source: NHS England, Recording and reporting RTT waiting times, v5.0 (February 2025), section 10.1.7.
"""

from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rtt.terms.bands import BAND_COLUMNS, BANDS, OPEN_BAND

__all__ = ["BANDS", "BAND_COLUMNS", "OPEN_BAND"]

Counts = NDArray[Any]


def days_waited(clock_start: date, on: date) -> int:
    """Whole days from the clock start to `on`: a census date or a clock stop. Negative if `on` is earlier."""
    return (on - clock_start).days


def week_band(days: int) -> int:
    """The band (0 to 104) of a wait in days. Raises ValueError for a negative wait."""
    if days < 0:
        raise ValueError(f"a wait cannot be negative, got {days} days")
    # The first band has eight days, 0 to 7; every other has seven, so 126 days are still "within 18 weeks".
    return 0 if days <= 7 else min((days - 1) // 7, OPEN_BAND)


def week_bands(days: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """`week_band` for an array of waits in days; negative waits give -1, for the caller to leave out."""
    days = np.asarray(days, dtype=np.int64)
    bands = np.minimum(np.where(days <= 7, 0, (days - 1) // 7), OPEN_BAND)
    return np.where(days < 0, -1, bands)


def band_days(band: int) -> tuple[int, int | None]:
    """First and last day of a band, both included; the open band has no last day."""
    if not 0 <= band <= OPEN_BAND:
        raise ValueError(f"bands run from 0 to {OPEN_BAND}, got {band}")
    first = 0 if band == 0 else 7 * band + 1
    return first, None if band == OPEN_BAND else 7 * band + 7


def last_compliant_date(clock_start: date, weeks: int = 18) -> date:
    """The last date on which the wait is still within `weeks` weeks: for 18 weeks, day 126."""
    return clock_start + timedelta(days=7 * weeks)


def breach_date(clock_start: date, weeks: int = 18) -> date:
    """The first date on which the wait is over `weeks` weeks: for 18 weeks, day 127."""
    return last_compliant_date(clock_start, weeks) + timedelta(days=1)


def within(bands: Counts, weeks: int) -> Counts:
    """Pathways within `weeks` weeks; `bands` has shape (..., 105), the result (...)."""
    return np.asarray(np.asarray(bands)[..., :weeks].sum(axis=-1))


def over(bands: Counts, weeks: int) -> Counts:
    """Pathways over `weeks` weeks; `bands` has shape (..., 105), the result (...)."""
    return np.asarray(np.asarray(bands)[..., weeks:].sum(axis=-1))


def over_is_known(weeks: int, open_band: int = OPEN_BAND) -> bool:
    """Whether a census whose open band begins at `open_band` weeks can say how many wait over `weeks`."""
    return weeks <= open_band
