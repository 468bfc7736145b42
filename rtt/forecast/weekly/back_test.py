"""How good a trust's expectations would have been: its past lists, forecast again, beside the last value.

Each past forecast gets the interval that the record allowed on that day, from outcomes that had come by then.
A back-test of the method, of no forecast that was issued. The whole list is scored alone, its specialties
together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rtt.forecast.monthly.back_test import Row
from rtt.forecast.monthly.history import CELLS, PROVIDERS
from rtt.forecast.monthly.intervals import COVERAGES
from rtt.forecast.score.errors import absolute_error
from rtt.forecast.weekly.dispersion import FEWEST_SCORED, Scored, dispersion, intervals
from rtt.forecast.weekly.expected import MEASURES
from rtt.terms.arrays import Floats

LEVELS = {PROVIDERS.name: slice(-1, None), CELLS.name: slice(None, -1)}
"""The columns of a list's figures that a level scores: the whole list, or every specialty."""


def list_back_test(scored: Sequence[Scored]) -> list[Row]:
    """The score by weeks ahead, measure and level; nothing of fewer than FEWEST_SCORED origins."""
    rows = []
    for horizon in sorted({each.weeks for each in scored}):
        found = list(_judged(scored, horizon))
        if len(found) >= FEWEST_SCORED:
            rows += [
                row
                for at, measure in enumerate(MEASURES)
                for level, columns in LEVELS.items()
                for row in _row(found, at, columns, horizon, measure, level)
            ]
    return rows


def _judged(scored: Sequence[Scored], horizon: int) -> Iterator[tuple[Scored, Floats]]:
    """Past forecasts with the interval of their day; none where the record was too short for one."""
    for each in scored:
        if each.weeks != horizon:
            continue
        then = [other for other in scored if other.expected.horizon <= each.expected.census]
        widening = dispersion(then, weeks=horizon)
        if widening is not None:
            yield each, intervals(each.expected, widening)


def _row(
    found: Sequence[tuple[Scored, Floats]], at: int, columns: slice, horizon: int, measure: str, level: str
) -> Iterator[Row]:
    said, came, last = (
        np.stack([of[at, columns] for of in arrays])
        for arrays in zip(*((each.expected.mean, each.actual, each.last) for each, _ in found), strict=True)
    )
    bounds = np.stack([limits[:, :, at, columns] for _, limits in found])
    known = np.isfinite(said) & np.isfinite(last) & np.isfinite(came)
    if measure == "total":  # an error in per cent of nobody is none
        known &= came > 0
    if not known.any():
        return
    error, error_last = (
        float(absolute_error(measure, figures[known], came[known]).mean()) for figures in (said, last)
    )
    inside = (bounds[:, :, 0] <= came[:, None]) & (came[:, None] <= bounds[:, :, 1])
    held = [float(inside[:, i][known].mean()) for i in range(len(COVERAGES))]
    skill = 1 - error / error_last if error_last > 0 else 0.0
    yield Row(horizon, measure, level, int(known.sum()), error, error_last, skill, *held)
