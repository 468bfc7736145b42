"""Queue arithmetic: what leaves a list, how long it takes to clear, how long it may be, what it must treat.

Elementwise on arrays, nan where it is not known.

Source: NHS England, Recording and reporting RTT waiting times, v5.0, section 9.1 (clearance); Fong et al.
2022, medRxiv 2022.08.23.22279117, and the package NHSRwaitinglist (sizes); the identity of flows was checked
on 128 published months.
"""

import numpy as np
import numpy.typing as npt

from rtt.terms.arrays import Floats


def removals(opening: npt.ArrayLike, starts: npt.ArrayLike, closing: npt.ArrayLike) -> Floats:
    """All pathways that left the list between two censuses: opening + clock starts - closing."""
    return _floats(opening) + _floats(starts) - _floats(closing)


def unreported_removals(
    opening: npt.ArrayLike, starts: npt.ArrayLike, stops: npt.ArrayLike, closing: npt.ArrayLike
) -> Floats:
    """Removals that no clock stop reports: validation, nullified clocks, transfers and revisions together.

    Negative where more pathways appeared on the list than clock starts explain.
    """
    return removals(opening, starts, closing) - _floats(stops)


def weekly_rate(count: npt.ArrayLike, days: npt.ArrayLike) -> Floats:
    """A count over `days` days as a typical week's; nan for no days."""
    period = _floats(days)
    return _floats(count) * 7 / np.where(period > 0, period, np.nan)


def clearance_weeks(waiting: npt.ArrayLike, stops: npt.ArrayLike, days: npt.ArrayLike) -> Floats:
    """Weeks to treat everyone now waiting at the rate of `stops` in `days` days, if nobody joined.

    Unreported removals are left out, so it overstates by about a sixth for England. nan if nothing stopped.
    """
    rate = weekly_rate(stops, days)
    return _floats(waiting) / np.where(rate > 0, rate, np.nan)


def stops_needed(total: npt.ArrayLike, over: npt.ArrayLike, share: float) -> Floats:
    """Further stops of pathways over 18 weeks that would bring the share within 18 weeks to `share`.

    From (over - x) / (total - x) = 1 - share; 0 where the share is met. ValueError unless 0 < share <= 1.
    """
    if not 0 < share <= 1:
        raise ValueError(f"a share to reach lies above 0 and up to 1, got {share}")
    return np.maximum(0.0, (_floats(over) - (1 - share) * _floats(total)) / share)


def sustainable_list_size(
    weekly_removals: npt.ArrayLike, *, share: float = 0.92, weeks: float = 18
) -> Floats:
    """The longest list at which `share` wait within `weeks`, where waits fall off exponentially.

    Rate x weeks / -ln(1 - share): 7.13 weeks of removals for 92% within 18. The rate is all removals,
    reported and not. ValueError unless 0 < share < 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"a share lies between 0 and 1, got {share}")
    # Exponential waits: share within 18 weeks <=> rate -ln(1 - share) / 18 a week.
    return np.asarray(_floats(weekly_removals) * (weeks / -np.log1p(-share)))


def _floats(values: npt.ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)
