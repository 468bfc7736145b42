"""At what pace the last weeks ran: clock stops, starts or removals as a share of what is usual.

Usual is the median of half a year of weeks, per working day: a strike among them does not move it. The same
weeks a year before give the season, where they are loaded. A pace is told when it lies outside how much three
weeks together usually vary.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from rtt.terms.arrays import Floats
from rtt.terms.calendar import working_days_each

RECENT = 3  # weeks
NORM = 26  # weeks before them
FEWEST = 8
WEEK = timedelta(days=7)
# Of rates on fewer it is chance alone that speaks.
FEWEST_USUAL = 40.0
# About one in a hundred sums of three ordinary weeks lies further away than this many of their deviations.
DEVIATIONS = 2.5
# Twenty specialties are judged at once: one in fifty lists would name one that only chance moved.
DEVIATIONS_OF_MANY = 4.0
LEAST = 0.1  # of usual: less is never worth a sentence
_MAD = 1.4826  # to one standard deviation of a normal spread
_YEAR, _AROUND, _HALF = 52, 2, 13  # weeks
_SEASON = (0.85, 1.15)


@dataclass(frozen=True, slots=True)
class Pace:
    """The last weeks as a `share` of usual, between what `low` and `high` allow; `ends`: of the last one."""

    ends: date
    share: float
    low: float
    high: float

    @property
    def outside(self) -> bool:
        return not self.low <= self.share <= self.high

    def apart_from(self, share: float) -> bool:
        """Whether it lies outside usual variation beside others that all ran at `share` of usual."""
        return share <= 0 or not self.low <= self.share / share <= self.high


def pace(
    flow: Floats, ends: Sequence[date], season: Floats, *, deviations: float = DEVIATIONS
) -> Pace | None:
    """The pace of the last RECENT weeks of a flow (weeks,), oldest first; nan where it is not known.

    `ends`: the Sunday of each week. `season` (RECENT,): as `season_of` has it. `deviations`: how many of
    them still count as usual variation. None where the weeks do not follow each other, where too few tell
    what is usual, or too little is usual.
    """
    ends = tuple(ends)
    recent = slice(len(ends) - RECENT, len(ends))
    if len(ends) < RECENT + FEWEST or ends[-1] - ends[-RECENT] != (RECENT - 1) * WEEK:
        return None
    before = slice(max(recent.start - NORM, 0), recent.start)
    days = _days(ends)
    ordinary = np.isfinite(flow) & ~festive(ends)
    rates = (flow / np.maximum(days, 1.0))[before][ordinary[before]]
    if len(rates) < FEWEST:
        return None
    norm = float(np.median(rates))
    usual = float((norm * days[recent] * season).sum())
    if not (np.isfinite(flow[recent]).all() and usual >= FEWEST_USUAL):
        return None
    spread = _usual_spread(flow[before], days[before] * norm, ordinary[before], usual)
    half = max(deviations * spread, LEAST)
    return Pace(ends[-1], float(flow[recent].sum()) / usual, max(1.0 - half, 0.0), 1.0 + half)


def season_of(flow: Floats, ends: Sequence[date]) -> Floats:
    """(RECENT,) What the last weeks of a flow usually are beside those around them, by a year before.

    1 where the record does not reach back. Weeks of Christmas and the new year have it from the last ones,
    and are nan where those are not held: their pace is not known.
    """
    ends = tuple(ends)
    ordinary = np.isfinite(flow) & ~festive(ends)
    rates = flow / np.maximum(_days(ends), 1.0)
    at = {end: i for i, end in enumerate(ends)}
    beside = cache(lambda week: _beside(week, rates, ordinary))

    def season(end: date) -> float:
        if _is_festive(end):
            return next((beside(at[each]) for each in _last_festive(end) if each in at), np.nan)
        year_ago = [at.get(end - (_YEAR + step) * WEEK) for step in range(-_AROUND, _AROUND + 1)]
        known = [beside(week) for week in year_ago if week is not None and ordinary[week]]
        known = [each for each in known if np.isfinite(each)]
        return float(np.clip(np.median(known), *_SEASON)) if len(known) > _AROUND else 1.0

    return np.array([season(end) for end in ends[-RECENT:]])


def festive(ends: Sequence[date]) -> NDArray[np.bool_]:
    """Which of the weeks that end on these Sundays hold Christmas or the new year. Not to be written to."""
    return _festive(tuple(ends))


@lru_cache(maxsize=256)
def _festive(ends: tuple[date, ...]) -> NDArray[np.bool_]:
    # Few clinics run in these weeks, even on their working days.
    return np.array([_is_festive(end) for end in ends], dtype=bool)


def _is_festive(end: date) -> bool:
    return _christmas(end) is not None or _new_year(end) is not None


def _christmas(end: date) -> date | None:
    day = date(end.year if (end.month, end.day) >= (12, 25) else end.year - 1, 12, 25)
    return day if day > end - WEEK else None


def _new_year(end: date) -> date | None:
    day = date(end.year, 1, 1)
    return day if day > end - WEEK else None


def _last_festive(end: date) -> list[date]:
    """The Sunday of the week that held the same feast a year before."""
    feast = _christmas(end) or _new_year(end)
    if feast is None:
        return []
    before = feast.replace(year=feast.year - 1)
    return [before + timedelta(days=6 - before.weekday())]


def _beside(week: int, rates: Floats, ordinary: NDArray[np.bool_]) -> float:
    """The rate of a week beside the ordinary ones of the half year around it; nan where few are known."""
    around = slice(max(week - _HALF, 0), week + _HALF + 1)
    known = rates[around][ordinary[around]]
    norm = float(np.median(known)) if len(known) > _HALF else np.nan
    return float(rates[week] / norm) if norm > 0 else float("nan")


def _usual_spread(flow: Floats, usual: Floats, ordinary: NDArray[np.bool_], sum_now: float) -> float:
    """One deviation of sums of RECENT ordinary weeks, as a share of what is usual; never less than chance."""
    runs = _run_sums(ordinary.astype(np.float64)) == RECENT
    by_chance = 1.0 / sqrt(sum_now)
    if runs.sum() < RECENT:
        return by_chance
    ratios = _run_sums(flow)[runs] / _run_sums(usual)[runs]
    return float(max(_MAD * np.median(np.abs(ratios - np.median(ratios))), by_chance))


def _run_sums(weeks: Floats) -> Floats:
    """The sum of each run of RECENT weeks."""
    runs = len(weeks) - RECENT + 1
    return np.asarray(sum(weeks[first : first + runs] for first in range(RECENT)))


@lru_cache(maxsize=256)
def _days(ends: tuple[date, ...]) -> Floats:
    """Working days of each week. Not to be written to."""
    firsts = [end - WEEK + timedelta(days=1) for end in ends]
    return np.asarray(working_days_each(firsts, list(ends)), dtype=np.float64)
