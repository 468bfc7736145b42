"""Back-tests of a trust's PTL forecasts: its past PTLs, forecast again, beside the PTL that followed.

Each past forecast gets the interval that the errors known on that day allowed. A back-test of the method, of
no forecast that was issued. The whole PTL is scored alone, its specialties together.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from rtt.forecast.monthly.history import CELLS, PROVIDERS
from rtt.forecast.score.back_test import Row, row
from rtt.forecast.score.errors import absolute_error
from rtt.forecast.weekly.dispersion import FEWEST_SCORED, Scored, dispersion, intervals
from rtt.forecast.weekly.expected import MEASURES
from rtt.terms.arrays import Floats

# The columns of a PTL's figures that a level scores: the whole PTL, or every specialty.
LEVELS = {PROVIDERS.name: slice(-1, None), CELLS.name: slice(None, -1)}


def list_back_test(scored: Sequence[Scored]) -> list[Row]:
    """The score by weeks ahead, measure and level; nothing of fewer than FEWEST_SCORED origins."""
    rows: list[Row] = []
    for horizon in sorted({each.weeks for each in scored}):
        found = list(_judged(scored, horizon))
        if len(found) >= FEWEST_SCORED:
            for measure in MEASURES:
                for level in LEVELS:
                    rows += _rows(found, horizon, measure, level)
    return rows


def _judged(scored: Sequence[Scored], horizon: int) -> Iterator[tuple[Scored, Floats]]:
    """Past forecasts with the interval of their day; none where too few errors were known for one."""
    for each in scored:
        if each.weeks == horizon:
            then = [other for other in scored if other.expected.horizon <= each.expected.census]
            widening = dispersion(then, weeks=horizon)
            if widening is not None:
                yield each, intervals(each.expected, widening)


def _rows(found: Sequence[tuple[Scored, Floats]], horizon: int, measure: str, level: str) -> Iterator[Row]:
    at = (MEASURES.index(measure), LEVELS[level])
    forecast = np.stack([each.expected.mean[at] for each, _ in found])
    actual, naive = (np.stack([getattr(each, name)[at] for each, _ in found]) for name in ("actual", "naive"))
    known = np.isfinite(forecast) & np.isfinite(naive) & np.isfinite(actual)
    if measure == "total":  # an error in per cent of nobody is none
        known &= actual > 0
    if known.any():
        bounds = np.stack([limits[:, :, *at] for _, limits in found])
        held = (bounds[:, :, 0] <= actual[:, None]) & (actual[:, None] <= bounds[:, :, 1])
        error, error_naive = (absolute_error(measure, of[known], actual[known]) for of in (forecast, naive))
        yield row(horizon, measure, level, error, error_naive, np.moveaxis(held, 1, -1)[known])
