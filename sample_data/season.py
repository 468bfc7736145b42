"""What the weeks bring: working days, demand, weeks of lost capacity, the slow trend and its turn.

Everything depends on the calendar week and the seed alone, so a history does not change when a later one is
asked for. Days are whole days since 1970-01-01, weeks whole weeks since Monday 5 January 1970.
"""

from datetime import date, timedelta
from functools import lru_cache

import holidays
import numpy as np
from numpy.typing import NDArray

_EPOCH = date(1970, 1, 1)
_FIRST_MONDAY = 4
# Referrals on Monday to Sunday of an ordinary week.
_WEEKDAYS = np.array([0.21, 0.20, 0.20, 0.19, 0.16, 0.025, 0.015])
# Referrals by calendar month, the mean being 1.
_MONTHS = np.array([1.03, 1.00, 1.05, 0.97, 1.01, 1.02, 1.02, 0.95, 1.00, 1.06, 1.04, 0.85])
# A week in which the list is shortest. The trend improves for 130 weeks before such a week and worsens for 70
# after it, again and again.
_TURN, _PERIOD, _IMPROVING = 2938, 200, 130
_LEVEL, _SWING = 1.09, 0.09


def day_number(day: date) -> int:
    return (day - _EPOCH).days


def as_date(day: int) -> date:
    return _EPOCH + timedelta(days=int(day))


def week_of(day: int) -> int:
    return (day - _FIRST_MONDAY) // 7


def monday(week: int) -> int:
    return _FIRST_MONDAY + 7 * week


def sunday(week: int) -> int:
    return monday(week) + 6


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


@lru_cache(maxsize=2048)
def working_days(week: int) -> tuple[int, ...]:
    """The days of the week on which clinics and theatres run."""
    days = (monday(week) + i for i in range(5))
    return tuple(d for d in days if as_date(d) not in _bank_holidays(as_date(d).year))


def next_working_day(first: int, last: int) -> NDArray[np.int32]:
    """For each day from `first` to `last`: itself where clinics run, else the next day on which they do."""
    weeks = range(week_of(first), week_of(last) + 3)
    running = np.array([d for w in weeks for d in working_days(w)], dtype=np.int32)
    return running[np.searchsorted(running, np.arange(first, last + 1))]


def referral_days(week: int) -> NDArray[np.float64]:
    """Referrals expected on Monday to Sunday, as multiples of an ordinary week's total."""
    share = _WEEKDAYS * _MONTHS[as_date(monday(week) + 3).month - 1]
    running = working_days(week)
    closed = [i for i in range(5) if monday(week) + i not in running]
    share[closed] *= 0.1
    return np.asarray(share)


def running(week: int) -> float:
    """The share of an ordinary week's clinics and theatre lists that the calendar leaves."""
    share = len(working_days(week)) / 5
    # Between Christmas and the new year few lists run even on working days.
    if as_date(monday(week) + 3).timetuple().tm_yday in {*range(1, 4), *range(357, 367)}:
        share *= 0.75
    return share


def lost_capacity(week: int, *, seed: int) -> float:
    """The share of a week's capacity that industrial action or the like takes: 0 in most weeks."""
    block, place = divmod(week, 13)
    rng = np.random.default_rng([seed, 7, block])
    happens, first, length = rng.random() < 0.55, rng.integers(0, 12), rng.integers(1, 3)
    loss = rng.uniform(0.25, 0.55)
    return float(loss) if happens and first <= place < first + length else 0.0


def trend(week: int) -> float:
    """The list that trusts steer to, as a multiple of their usual size: a slow improvement, then a turn."""
    since = (week - _TURN) % _PERIOD
    worsening = _PERIOD - _IMPROVING
    height = since / worsening if since < worsening else (_PERIOD - since) / _IMPROVING
    return _LEVEL - _SWING + 2 * _SWING * height
