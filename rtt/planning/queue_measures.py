"""Rules of thumb of queues: load, pressure and the list that a standard could be kept at.

All per *calendar* week, in one unit throughout, of the last six months. Waits are taken to fall off
exponentially, and a page says so.

Source: docs/planning.md, "Rules of thumb"; Fong et al. 2022, medRxiv 2022.08.23.22279117, and the package
NHSRwaitinglist, whose code gives the mean wait in days against weeks in its pressure: that is not copied, and
neither is its optional correction for few referrals.
"""

from typing import NamedTuple

import numpy as np

from rtt.measures.queueing import sustainable_list_size, weekly_rate
from rtt.terms.arrays import Floats

WEEKS = 18
# Mean waits within the standard at which 1.8% would be over it.
FACTOR = 4
WEEKS_TO_CLEAR = 26


class QueueMeasures(NamedTuple):
    """Each (...,), nan where a rate is not known or 0. `load` is of all departures, `load_reported` of clock
    stops alone: never show the second by itself, up to two in five departures are not reported.
    """

    starts: Floats
    stops: Floats
    departures: Floats
    load: Floats
    load_reported: Floats
    mean_weeks: Floats
    pressure: Floats
    target_list_factor_4: Floats
    target_list: Floats
    list_over_target: Floats
    departures_needed: Floats


def queue_measures(
    bands: Floats, starts: Floats, stops: Floats, departures: Floats, days: int, *, share: float = 0.92
) -> QueueMeasures:
    """`bands` (..., 105) is the list of now; the flows (...,) are those of the last `days` days."""
    joined, stopped, left = (weekly_rate(each, days) for each in (starts, stops, departures))
    mean = mean_weeks(bands)
    target = sustainable_list_size(joined, share=share)
    total = bands.sum(axis=-1)
    return QueueMeasures(
        joined,
        stopped,
        left,
        _over(joined, left),
        _over(joined, stopped),
        mean,
        pressure(mean),
        joined * WEEKS / FACTOR,
        target,
        _over(total, target),
        joined + (total - target) / WEEKS_TO_CLEAR,
    )


def mean_weeks(bands: Floats) -> Floats:
    """The mean wait of those on the list, each in the middle of its band; nan for an empty list."""
    middle = np.arange(bands.shape[-1]) + 0.5
    return _over((bands * middle).sum(axis=-1), bands.sum(axis=-1))


def pressure(mean: Floats | float, weeks: float = WEEKS) -> Floats:
    """Twice the mean wait by the standard: 1 where a steady queue would just keep it."""
    return np.asarray(2 * np.asarray(mean) / weeks)


def _over(value: Floats, by: Floats) -> Floats:
    value, by = np.broadcast_arrays(value, by)
    return np.asarray(np.divide(value, by, out=np.full(by.shape, np.nan), where=by > 0))
