"""Forecasts of simulated lists beside the truth, four weeks on: shared by a short run and a long one.

Each seed is a trust of its own, with its weeks of lost capacity. The record that widens the intervals begins
with the eighth list, and nothing is judged before half a year of lists has taught.
"""

from dataclasses import dataclass, replace

import numpy as np

from rtt.forecast.weekly.dispersion import Scored, dispersion, intervals
from rtt.forecast.weekly.expected import MEASURES, PASSING_18, chance_of_each, expected, listing_of
from rtt.forecast.weekly.hazards import hazards
from rtt.forecast.weekly.outcomes import actual_figures, in_bands, joined_in_bands
from rtt.forecast.weekly.states import NO_DATE
from rtt.forecast.weekly.weeks import WEEK, learnt
from tests.rtt.simulated_weeks import GRID, simulated

AHEAD = 4
FIRST_SCORED, FIRST_JUDGED, CENSUSES = 8, 26, 55
COUNT = MEASURES.index(PASSING_18)


@dataclass(frozen=True)
class Trial:
    """One origin: chances and outcomes of its pathways, without and with their dates; the breaches."""

    chance: np.ndarray
    without_dates: np.ndarray
    still_open: np.ndarray
    expected: float
    came: float
    held: np.ndarray  # whether the 50, 80 and 95 % intervals did


def trials(seed):
    """Every fourth origin of one simulated trust."""
    lists = simulated(seed=seed, censuses=CENSUSES)
    cubes = [GRID.counts(each.states) for each in lists.lists]
    blind_cubes = [_blind_cube(cube) for cube in cubes]
    blind_weeks = [replace(week, states=_blind(week.states)) for week in lists.weeks]
    knowing, ignorant = (
        learnt(weeks, known, GRID) for weeks, known in ((lists.weeks, cubes), (blind_weeks, blind_cubes))
    )
    record = []
    for origin, (evidence, blind) in enumerate(zip(knowing, ignorant, strict=True), start=1):
        if origin % 2 or origin < FIRST_SCORED or origin + AHEAD >= CENSUSES:
            continue
        listing = listing_of(cubes[origin], GRID, lists.lists[origin].census)
        horizon = listing.census + AHEAD * WEEK
        found = hazards(evidence)
        made = expected(found, listing, horizon)
        came = actual_figures(
            in_bands(cubes[origin + AHEAD]),
            [joined_in_bands(week, GRID) for week in lists.weeks[origin : origin + AHEAD]],
        )
        if origin >= FIRST_JUDGED and origin % 4 == 2:
            known = [each for each in record if each.expected.horizon <= listing.census]
            bounds = intervals(made, dispersion(known, weeks=AHEAD))[:, :, COUNT, -1]
            pathways = replace(listing, states=lists.lists[origin].states)
            yield Trial(
                chance=chance_of_each(found, pathways, horizon),
                without_dates=chance_of_each(
                    hazards(blind), replace(listing, states=_blind(pathways.states)), horizon
                ),
                still_open=lists.still_open(origin, AHEAD),
                expected=made.mean[COUNT, -1],
                came=came[COUNT, -1],
                held=(bounds[:, 0] <= came[COUNT, -1]) & (came[COUNT, -1] <= bounds[:, 1]),
            )
        record.append(Scored(made, came, AHEAD, came))


def _blind(states):
    """The states with every date forgotten."""
    function, stage, priority, band, date = np.unravel_index(states, GRID.shape)
    return np.ravel_multi_index((function, stage, priority, band, np.full_like(date, NO_DATE)), GRID.shape)


def _blind_cube(cube):
    blind = np.zeros_like(cube)
    blind[..., NO_DATE] = cube.sum(axis=-1)
    return blind


def deciles(found):
    """Rows of (pathways, mean chance, share still open) by tenths of the chance."""
    chance = np.concatenate([each.chance for each in found])
    still_open = np.concatenate([each.still_open for each in found])
    tenth = np.minimum((10 * chance).astype(int), 9)
    for each in range(10):
        here = tenth == each
        if here.any():
            yield int(here.sum()), float(chance[here].mean()), float(still_open[here].mean())


def bias(found):
    """Expected over what came, less one."""
    return sum(each.expected for each in found) / sum(each.came for each in found) - 1


def coverage(found):
    """How often the 50, 80 and 95 % intervals held."""
    return np.mean([each.held for each in found], axis=0)


def skill_of_dates(found):
    """How much smaller the Brier score is than without dates."""
    knowing, ignorant = (
        sum(float(((chance(each) - each.still_open) ** 2).sum()) for each in found)
        for chance in (lambda each: each.chance, lambda each: each.without_dates)
    )
    return 1 - knowing / ignorant
