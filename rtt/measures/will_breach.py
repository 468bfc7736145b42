"""Who passes a waiting-time threshold within a horizon if nothing happens: a count, not a forecast.

From the pathways of a tracking list the count is exact and says who has a date; from published week bands it
is exact for whole weeks, and for part of a week it takes a band's days as evenly filled and gives the bounds.
How many will be treated in time is not judged here: that is `rtt.forecast.weekly.hazards` and
`rtt.forecast.monthly.projection`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rtt.terms.booking import BOOKINGS
from rtt.terms.calendar import add_months, month_end
from rtt.terms.waits import BANDS, OPEN_BAND, band_days, over_is_known

THRESHOLDS = (18, 26, 52, 65, 78)
MOST_WEEKS = 26
WEEK = 7

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class WillBreach:
    """Who waits within `weeks` weeks at `census` and would be over them `days` days later, if still open."""

    weeks: int
    census: date
    days: int

    @property
    def ends(self) -> date:
        """The horizon: the last day looked at."""
        return self.census + timedelta(days=self.days)

    @property
    def first_day(self) -> int:
        """The fewest days waited at the census of those who pass; 0 where everybody within the weeks does."""
        return max(0, self.last_day - self.days + 1)

    @property
    def last_day(self) -> int:
        """The most days waited of those who pass: the last day within the weeks."""
        return WEEK * self.weeks

    @property
    def weeks_ahead(self) -> int:
        """How many weeks after the census somebody breaches in; the horizon may cut the last."""
        return (self.last_day - self.first_day) // WEEK + 1


def days_to_month_end(census: date) -> int:
    """Days from a census to the first month's end after it: 30 from 31 March, 15 from 15 November."""
    end = month_end(census)
    return ((add_months(census, 1) if end == census else end) - census).days


def week_ends(will_breach: WillBreach) -> list[date]:
    """The last day of each of those weeks: seven days after the census first, at last the horizon."""
    weeks = range(1, will_breach.weeks_ahead + 1)
    return [min(will_breach.census + timedelta(weeks=week), will_breach.ends) for week in weeks]


# From pathways


def who_will_breach(days_waited: Ints, will_breach: WillBreach) -> Mask:
    """Which pathways, by days waited at the census, pass within the horizon if they stay open."""
    return np.asarray((days_waited >= will_breach.first_day) & (days_waited <= will_breach.last_day))


def by_week_and_booking(
    *,
    days_waited: Ints,
    counts: Ints,
    places: tuple[Ints, ...],
    sizes: tuple[int, ...],
    will_breach: WillBreach,
) -> NDArray[np.int64]:
    """Those who pass, counted: shape (*sizes, will_breach.weeks_ahead, len(BOOKINGS)).

    Each row is a group of pathways that have waited as long, `counts` (n, len(BOOKINGS)) how many of them are
    booked how; the other arrays have shape (n,). `places` say where the group stands on each axis of `sizes`,
    for example its specialty and site; the week is the one after the census in which it passes.
    """
    chosen = who_will_breach(days_waited, will_breach)
    week = (will_breach.last_day - np.asarray(days_waited)[chosen]) // WEEK
    found = np.zeros((*sizes, will_breach.weeks_ahead, len(BOOKINGS)), dtype=np.int64)
    np.add.at(found, (*(place[chosen] for place in places), week), counts[chosen])
    return found


# From week bands


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """Counts from bands with their bounds, all of one shape; equal where the horizon cuts no band."""

    count: Floats
    lower: Floats
    upper: Floats


def shares_of_bands(will_breach: WillBreach) -> Floats:
    """The share of each band's days that passes in each week: shape (will_breach.weeks_ahead, 105)."""
    shares = np.zeros((will_breach.weeks_ahead, BANDS))
    for week in range(will_breach.weeks_ahead):
        last = will_breach.last_day - WEEK * week
        first = max(will_breach.first_day, last - WEEK + 1)
        for band in range(min(will_breach.weeks, OPEN_BAND)):
            begins, ends = band_days(band)
            assert ends is not None
            both = min(last, ends) - max(first, begins) + 1
            shares[week, band] = max(0, both) / (ends - begins + 1)
    return shares


def from_bands(bands: ArrayLike, will_breach: WillBreach, *, open_band: int = OPEN_BAND) -> Estimate:
    """Those who pass, from bands (..., 105): shape (...); nan where the open band hides the threshold."""
    counts = np.asarray(bands, dtype=np.float64)
    if not over_is_known(will_breach.weeks, open_band):
        counts = np.full_like(counts, np.nan)
    share = shares_of_bands(will_breach).sum(axis=0)
    # Whole bands are told by their days and not by a sum of fractions.
    whole, touched = share > 1 - 1e-9, share > 0
    return Estimate(count=counts @ np.where(whole, 1.0, share), lower=counts @ whole, upper=counts @ touched)


def weeks_from_bands(bands: ArrayLike, will_breach: WillBreach, *, open_band: int = OPEN_BAND) -> Floats:
    """Those who pass in each week after the census: shape (..., will_breach.weeks_ahead)."""
    counts = np.asarray(bands, dtype=np.float64)
    if not over_is_known(will_breach.weeks, open_band):
        counts = np.full_like(counts, np.nan)
    return np.asarray(counts @ shares_of_bands(will_breach).T)


def hides_a_band(hidden: Mask, will_breach: WillBreach) -> Mask:
    """Whether a count from bands takes in hidden ones (..., 105), or cuts one: (..., weeks_ahead)."""
    touched = shares_of_bands(will_breach) > 0
    return np.asarray((touched & hidden[..., None, :]).any(axis=-1))
