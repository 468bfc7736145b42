"""The state of a waiting pathway: specialty, stage, priority, wait and date as one number, a place in a grid.

Sites are not told apart, nor whether a date lies within 18 weeks: the wait and the distance of the date say
that.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rtt.terms.arrays import AnyInts, Floats
from rtt.terms.waits import BANDS, OPEN_BAND

STAGES = ("non-admitted", "admitted")
NON_ADMITTED, ADMITTED = range(2)
PRIORITIES = ("1", "2", "3", "unknown")
# The date state: no date, a date gone by, or the whole weeks to the date, the last class open.
NO_DATE, DATE_PAST, DUE = 0, 1, 2
FURTHEST = 12
DATE_STATES = DUE + FURTHEST + 1

# Axes of every cube of states.
FUNCTION_AXIS, STAGE_AXIS, PRIORITY_AXIS, BAND_AXIS, DATE_AXIS = range(5)


@dataclass(frozen=True, slots=True)
class Grid:
    """The states of one list; its shape is (functions, stages, priorities, bands, date states)."""

    functions: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, int, int, int, int]:
        return len(self.functions), len(STAGES), len(PRIORITIES), BANDS, DATE_STATES

    @property
    def size(self) -> int:
        return int(np.prod(self.shape))

    def states(
        self, *, function: AnyInts, stage: AnyInts, priority: AnyInts, band: AnyInts, date_state: AnyInts
    ) -> AnyInts:
        """The state of each pathway by its places on the axes; -1 where the wait is not known (band < 0)."""
        known = np.asarray(band) >= 0
        places = (function, stage, priority, np.where(known, band, 0), date_state)
        return np.where(known, np.ravel_multi_index(places, self.shape), -1)

    def counts(self, states: AnyInts, weights: NDArray[Any] | None = None) -> Floats:
        """Pathways (or sums of weights) in each state, in the grid's shape; unknown waits are left out."""
        known = states >= 0
        chosen = None if weights is None else weights[known]
        return np.bincount(states[known], chosen, minlength=self.size).astype(float).reshape(self.shape)


def date_states(*, distance: AnyInts, past: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The date state from the whole weeks to the date (-1: none) and whether its only date has gone by."""
    distance = np.asarray(distance, dtype=np.int64)
    undated = np.where(past, DATE_PAST, NO_DATE)
    return np.where(distance < 0, undated, DUE + np.minimum(distance, FURTHEST))


def a_week_on(cube: Floats) -> Floats:
    """For each state, the value of the cube at the same state one band later; the open band stays."""
    return cube[:, :, :, np.minimum(np.arange(BANDS) + 1, OPEN_BAND)]


def a_week_back(cube: Floats) -> Floats:
    """Counts found in each state, put to the band in which they were a week before.

    The first band is taken to come from itself (a clock of the census day stays in it for a week), the open
    band from the one before it.
    """
    back = np.zeros_like(cube)
    back[:, :, :, :OPEN_BAND] = cube[:, :, :, 1:]
    back[:, :, :, 0] += cube[:, :, :, 0]
    return back
