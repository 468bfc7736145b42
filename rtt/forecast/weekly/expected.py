"""Expected breaches: sums of the probabilities of a PTL's pathways, by specialty and in all.

The variance of a sum is that of pathways that end independently. They share theatres and clinics, so it is
too small: `rtt.forecast.weekly.dispersion` widens it by past errors.

Source: domain 8.3.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rtt.forecast.weekly.hazards import Hazards
from rtt.forecast.weekly.states import BAND_AXIS, Grid
from rtt.forecast.weekly.survival import Chances, chances_open, coming_weeks
from rtt.forecast.weekly.weeks import working_share
from rtt.terms.arrays import AnyInts, Floats
from rtt.terms.waits import BANDS

# Who will have passed 18 or 52 weeks since the census and still wait; all who wait over them; the list with
# those who join; % within 18 weeks of it.
PASSING_18, OVER_18, PASSING_52, OVER_52, TOTAL, SHARE_WITHIN_18 = (
    "passing_18",
    "over_18",
    "passing_52",
    "over_52",
    "total",
    "share_within_18",
)
MEASURES = (PASSING_18, OVER_18, PASSING_52, OVER_52, TOTAL, SHARE_WITHIN_18)
THRESHOLDS = {PASSING_18: 18, OVER_18: 18, PASSING_52: 52, OVER_52: 52}


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """Pathways of one census: their states, days waited, and how many pathways each row stands for."""

    census: date
    states: AnyInts
    days: AnyInts
    counts: NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """Means and variances at a horizon, (measures, functions + 1); the last column is the whole list.

    The share is in points; nan where nobody is expected to wait.
    """

    census: date
    horizon: date
    mean: Floats
    variance: Floats


def listing_of(counts: Floats, grid: Grid, census: date) -> Listing:
    """A list known by state alone, each pathway on the last day of its band: exact at whole weeks ahead."""
    states = np.flatnonzero(counts)
    band = np.unravel_index(states, grid.shape)[BAND_AXIS]
    return Listing(census, states, 7 * band + 7, counts.ravel()[states])


def expected(hazards: Hazards, listing: Listing, horizon: date, chances: Chances | None = None) -> Expected:
    """What to expect of a list at the horizon, a day after its census. States of -1 are left out.

    `chances` of the same hazards, where there is more than one horizon.
    """
    shares, part = coming_weeks(listing.census, horizon)
    steps = (chances or Chances(hazards)).open(shares, part)
    chance = _of_pathways(steps[0], listing.states)
    list_mean, list_variance = _sums(hazards.grid, listing, chance, (horizon - listing.census).days)
    joining = _joining(hazards, listing.census, horizon, shares, steps)
    mean, variance = list_mean + joining, list_variance + joining
    return Expected(listing.census, horizon, *_with_share(mean, variance))


def chance_of_each(hazards: Hazards, listing: Listing, horizon: date) -> Floats:
    """The chance of each row of the list to be open at the horizon; nan where its wait is not known."""
    steps = chances_open(hazards, *coming_weeks(listing.census, horizon))
    return _of_pathways(steps[0], listing.states)


def _of_pathways(chance: Floats, states: AnyInts) -> Floats:
    return np.where(states >= 0, chance.ravel()[np.maximum(states, 0)], np.nan)


def _sums(grid: Grid, listing: Listing, chance: Floats, ahead: int) -> tuple[Floats, Floats]:
    known = listing.states >= 0
    function = listing.states[known] // (grid.size // len(grid.functions))
    p, counts, days = chance[known], listing.counts[known], listing.days[known]
    means, variances = (np.zeros((len(MEASURES) - 1, len(grid.functions))) for _ in range(2))
    for i, measure in enumerate(MEASURES[:-1]):
        meant = _meant(measure, days, ahead)
        for sums, weights in ((means, p * counts), (variances, p * (1 - p) * counts)):
            sums[i] = np.bincount(function[meant], weights[meant], minlength=len(grid.functions))
    return _with_all(means), _with_all(variances)


def _with_all(by_function: Floats) -> Floats:
    return np.concatenate([by_function, by_function.sum(axis=1, keepdims=True)], axis=1)


def _meant(measure: str, days: AnyInts, ahead: int) -> NDArray[np.bool_]:
    """Which pathways with these waits in days a measure counts `ahead` days later, if they still wait."""
    if measure == TOTAL:
        return np.ones(len(days), dtype=bool)
    limit = 7 * THRESHOLDS[measure]
    over = np.asarray(days + ahead > limit)
    return over & (days <= limit) if measure in (PASSING_18, PASSING_52) else over


def _joining(hazards: Hazards, census: date, horizon: date, shares: Floats, steps: list[Floats]) -> Floats:
    """Pathways that join after the census and wait at the horizon: means, (counts, functions + 1).

    Most join with a new clock; those with an old one (transfers) may be over a threshold. None "passes" it:
    that is said of the list in hand.
    """
    by_band = np.zeros((len(hazards.grid.functions), BANDS))
    for week, share in enumerate(shares, start=1):
        waiting = (share * hazards.joined * steps[week]).sum(axis=(1, 2, 4))
        by_band += _later(waiting, len(shares) - week)
    whole = census + timedelta(days=7 * len(shares))
    if horizon > whole:
        by_band += working_share(whole, horizon) * hazards.joined.sum(axis=(1, 2, 4))
    counts = {OVER_18: by_band[:, 18:], OVER_52: by_band[:, 52:], TOTAL: by_band}
    nobody = by_band[:, :0]
    return _with_all(np.stack([counts.get(m, nobody).sum(axis=1) for m in MEASURES[:-1]]))


def _later(by_band: Floats, weeks: int) -> Floats:
    later = np.zeros_like(by_band)
    later[:, weeks:] = by_band[:, : BANDS - weeks]
    later[:, -1] += by_band[:, BANDS - weeks :].sum(axis=1)
    return later


def _with_share(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """The counts' rows with the share's below; its variance by the delta method."""
    over, total = mean[MEASURES.index(OVER_18)], mean[MEASURES.index(TOTAL)]
    var_over = variance[MEASURES.index(OVER_18)]
    var_within = np.maximum(variance[MEASURES.index(TOTAL)] - var_over, 0.0)
    within = total - over
    size = np.where(total > 0, total, np.nan)
    share = 100 * within / size
    spread = 100**2 * (over**2 * var_within + within**2 * var_over) / size**4
    return np.vstack([mean, share]), np.vstack([variance, spread])
