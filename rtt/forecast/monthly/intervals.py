"""How wide a forecast's interval must be, from the past errors of the same method.

A unit's scale is how much it usually moves in a month; an error divided by it is a score; quantiles of past
scores times today's scale are today's interval. Errors are of forecasts made at past origins, never of fits
to the same months. All units share the errors of a month, so coverage swings by month whatever the width.

Source: methods 9.2 e.
"""

from functools import cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from rtt.forecast.monthly.deviations import centred, on_scale
from rtt.forecast.monthly.history import Level
from rtt.terms.arrays import Bools, Floats, Ints

COVERAGES = (50, 80, 95)
TAILS = np.array([[50 - c / 2, 50 + c / 2] for c in COVERAGES]) / 100
# A unit's own record counts as much as the pooled one after this many months.
PRIOR_MONTHS = 6
LARGEST_OWN_CHANGE = 4
FEWEST_ORIGINS = 2
# Errors grow a little slower than the horizon; where past changes show by how much, as they do.
GROWTH = 0.75
SLOWEST_GROWTH, FASTEST_GROWTH = 0.25, 1.0
FURTHEST_SCORED = 6


class Scores(NamedTuple):
    """Scores of past forecasts at one horizon, from how many origins they come and of how many units.

    `units` is None where they are so many that it does not matter.
    """

    values: Floats
    origins: int
    units: int | None = None


def size_class(total: Floats, level: Level) -> Ints:
    """The index of the size class of each list; nan counts as the smallest."""
    return np.searchsorted(np.array(level.size_classes), np.nan_to_num(total), side="right") - 1


def scales(values: Floats, classes: Ints, among: Bools) -> Floats:
    """How much each unit usually moves in a month, (units,), on the scale of `values` (units, months).

    Changes are taken less the month's median over the units `among`, so the country's move is no noise.
    """
    changes = np.diff(values, axis=1)
    known = np.isfinite(changes)
    # One list among small ones has no others to take a median from: its own moves are its scale.
    apart = centred(changes, among) if among.sum() > 1 else changes
    size = np.where(known, np.abs(apart), 0.0)
    pooled = _pooled(size.sum(axis=1), known.sum(axis=1), classes)
    own = np.minimum(size, LARGEST_OWN_CHANGE * pooled[:, None]).sum(axis=1)
    return np.asarray((own + PRIOR_MONTHS * pooled) / (known.sum(axis=1) + PRIOR_MONTHS))


def quantiles(
    by_horizon: dict[int, Scores], horizons: int, *, few: bool = False, growth: float = GROWTH
) -> Floats:
    """Lower and upper score of each coverage at 1 to `horizons` months, (horizons, 3, 2).

    Nan where no past forecast was ever scored.

    With fewer than two origins at the horizon the longest shorter one that has two is widened by the power
    `growth` of their ratio; a scenario, which can never be scored, by `GROWTH`. Of a `few` units, which share
    most of a month's error, there are no more independent scores than stretches of the horizon's length among
    the origins, for neighbours overlap; where units err by themselves, no more than units, for one unit errs
    alike at each origin. Quantiles are widened as Student's are for so many.
    """
    enough = {h: s for h, s in by_horizon.items() if s.origins >= FEWEST_ORIGINS and len(s.values)}
    at = {h: _tails(s.values) * _widening(s, h, few=few) for h, s in enough.items()}
    found = np.full((horizons, len(COVERAGES), 2), np.nan)
    for horizon in range(1, horizons + 1):
        nearest = max((h for h in enough if h <= horizon), default=None)
        if nearest is not None:
            within = min(horizon, max(FURTHEST_SCORED, nearest))
            grown = (within / nearest) ** growth * (horizon / within) ** GROWTH
            found[horizon - 1] = grown * at[nearest]
    return found


def _tails(values: Floats) -> Floats:
    """`np.quantile(values, TAILS)` of values without nan, quicker: a back-test asks for 26,000 of them."""
    ordered, at = np.sort(values), (len(values) - 1) * TAILS
    below = at.astype(np.int64)
    low, high = ordered[below], ordered[np.minimum(below + 1, len(values) - 1)]
    part, apart = at - below, high - low
    return np.where(part >= 0.5, high - apart * (1 - part), low + apart * part)


def _widening(scores: Scores, horizon: int, *, few: bool) -> Floats:
    """What the quantiles of so few independent scores must be multiplied by, (3, 1)."""
    origins = max(scores.origins / horizon, 1.0) if few else scores.origins
    independent = origins if few else scores.units
    wider = np.ones((len(COVERAGES), 1))
    if independent is not None:
        wider = np.array(_students(independent))[:, None]
    # The mean of few origins is itself uncertain.
    return np.asarray(wider * np.sqrt(1 + 1 / origins))


@cache
def _students(independent: float) -> tuple[float, ...]:
    """How many times wider than the normal quantiles Student's are for so many scores, by coverage."""
    upper = [0.5 + coverage / 200 for coverage in COVERAGES]
    return tuple(float(student(p, np.array(independent - 1)) / NormalDist().inv_cdf(p)) for p in upper)


def student(probability: float, degrees: Floats | Ints) -> Floats:
    """Student's quantile, by the usual expansion about the normal one; good to 1 % from three degrees up."""
    z, n = NormalDist().inv_cdf(probability), np.maximum(degrees, 3.0)
    first = (z**3 + z) / (4 * n)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
    return np.asarray(z + first + second + third)


def growth_of_changes(values: Floats, among: Bools) -> float:
    """The power of the horizon by which changes of the units `among` grew, from `values` (units, months).

    Changes over one month are compared with those over the longest time, up to six months, that two origins
    or more of the history have; `GROWTH` where only one month's are known.
    """
    longest = min(FURTHEST_SCORED, values.shape[1] - FEWEST_ORIGINS)
    if longest < FEWEST_ORIGINS:
        return GROWTH
    short, long = (_mean_change(values[among], months) for months in (1, longest))
    if not (short > 0 and long > 0):
        return GROWTH
    return float(np.clip(np.log(long / short) / np.log(longest), SLOWEST_GROWTH, FASTEST_GROWTH))


def spread_of_changes(values: Floats, scale: Floats, among: Bools) -> Scores:
    # For want of a scored forecast: each past month is forecast by the one before it.
    changes = np.diff(values, axis=1)[among] / np.where(scale > 0, scale, np.nan)[among, None]
    known = np.isfinite(changes)
    return Scores(changes[known], changes.shape[1], int(known.any(axis=1).sum()))


def scores(measure: str, forecast: Floats, actual: Floats, scale: Floats) -> Floats:
    """Errors of a forecast in units of each unit's scale: (units,), nan without an outcome or a scale."""
    error = on_scale(measure, actual) - on_scale(measure, forecast)
    return error / np.where(scale > 0, scale, np.nan)


def _mean_change(values: Floats, months: int) -> float:
    change = np.abs(values[:, months:] - values[:, :-months])
    known = np.isfinite(change)
    return float(change[known].mean()) if known.any() else 0.0


def _pooled(sums: Floats, counts: Ints, classes: Ints) -> Floats:
    n = int(classes.max(initial=0)) + 1
    total = np.bincount(classes, weights=sums, minlength=n)
    seen = np.bincount(classes, weights=counts, minlength=n)
    everyone = sums.sum() / max(counts.sum(), 1)
    return np.where(seen > 0, total / np.maximum(seen, 1), everyone)[classes]
