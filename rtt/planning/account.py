"""The exact account of a month: who was there, who joined, who was treated, who left without a stop.

All by week band. What the return does not report - validation, transfers, deaths, revisions - is what is left
over, and it may be negative where pathways appeared without a clock start. It is never clipped: an account
that does not balance would move pathways from one month to the next.

Source: docs/planning.md, "The account of a month", worked on twelve published months.
"""

from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import numpy as np

from rtt.forecast.monthly.cohort import shifted
from rtt.terms.arrays import Floats
from rtt.terms.calendar import working_days_each
from rtt.terms.waits import BANDS, OPEN_BAND


class Month(NamedTuple):
    """One month of units, each (..., 105) pathways by week band.

    `inflow`: those of the opening list and the clock starts, by the band they would be in at the month's end
    had nobody left. `stopped` and `removed`: by the band at the stop and at the removal.
    """

    inflow: Floats
    stopped: Floats
    removed: Floats


def account(opening: Floats, starts: Floats, stopped: Floats, closing: Floats, month_end: date) -> Month:
    """The account of the month that ends on `month_end`.

    `opening`, `closing` and `stopped`, the lists at both ends and the clock stops by band, are (..., 105);
    `starts` (...,) are the clock starts of the month.
    """
    days = month_end.day
    joined = starts[..., None] * start_bands(month_end)
    inflow = shifted(opening, days) + joined
    left = inflow - stopped @ _aged_to_the_end(days) - closing
    return Month(inflow, stopped, left @ _band_when_removed(days))


def with_unknown(bands: Floats, total: Floats) -> Floats:
    """`bands` (units, months, 105) raised to `total` (units, months).

    Stops of an unknown clock start are spread as the others of their month; in a month with no others, as the
    unit's other months.
    """
    known = bands.sum(axis=-1)
    like = np.where((known > 0)[..., None], bands, bands.sum(axis=1, keepdims=True))
    sums = like.sum(axis=-1)
    return np.asarray(like * np.divide(total, sums, out=np.zeros_like(sums), where=sums > 0)[..., None])


@cache
def start_bands(month_end: date) -> Floats:
    """(105,) the share of the month's working days whose starters are in each band at its end."""
    first = month_end.replace(day=1)
    days = [first + timedelta(days=day) for day in range(month_end.day)]
    working = working_days_each(days, days)
    waited = np.array([(month_end - day).days for day in days])
    bands = np.where(waited <= 7, 0, (waited - 1) // 7)
    return np.asarray(np.bincount(bands, working, BANDS) / working.sum())


@cache
def _aged_to_the_end(days: int) -> Floats:
    """(105, 105) who stopped at a band, to the band of the month's end: the stops lie evenly in the month."""
    ages = np.arange(days) + 0.5
    return np.asarray(np.mean([shifted(np.eye(BANDS), age) for age in ages], axis=0))


@cache
def _band_when_removed(days: int) -> Floats:
    """(105, 105) who would be in a band at the month's end, to the band they were removed in.

    Evenly over the days before the end that a pathway of that band has been waiting; the open band stays.
    """
    spread = np.zeros((BANDS, BANDS))
    for band in range(OPEN_BAND):
        before = np.arange(min(days, 7 * band + 4)) + 0.5
        before = before[before < min(days, 7 * band + 4)]
        at = np.maximum(0, np.floor((7 * band + 3.5 - before) / 7)).astype(np.int64)
        np.add.at(spread[band], at, 1 / len(at))
    spread[OPEN_BAND, OPEN_BAND] = 1
    return spread


@cache
def aged_in_a_week() -> Floats:
    """(105, 105) who leaves in a week by the band when leaving, to the band at the week's end."""
    return _aged_to_the_end(7)
