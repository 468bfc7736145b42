"""What came of a tracking list, and what would have been said of it without a model, by specialty and in all.

From lists by specialty and week band, and from who joined in each week. Lists by state are added up to that
here; forecasts are `rtt.forecast.weekly.expected`, and what they got wrong is told elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rtt.forecast.weekly.expected import MEASURES, OVER_18, OVER_52, PASSING_18, PASSING_52, TOTAL
from rtt.forecast.weekly.states import Grid
from rtt.forecast.weekly.weeks import COUNTED, WEEK, Week
from rtt.terms.arrays import Floats

JOINED = COUNTED.index("joined")
THRESHOLDS = {PASSING_18: 18, PASSING_52: 52}
PASSING = [MEASURES.index(measure) for measure in THRESHOLDS]


def in_bands(list_then: Floats) -> Floats:
    """A list by state as (functions, bands)."""
    return np.asarray(list_then.sum(axis=(1, 2, 4)))


def joined_in_bands(week: Week, grid: Grid) -> Floats:
    """Who joined in a week, (functions, bands), by their band at its end."""
    return in_bands(grid.counts(week.states, week.counts[:, JOINED]))


def actual(list_then: Floats, coming: Sequence[Week], grid: Grid) -> Floats:
    """What came, as `came` has it, from the list at the horizon by state and the weeks up to it."""
    return came(in_bands(list_then), [joined_in_bands(week, grid) for week in coming])


def came(by_band: Floats, joined: Sequence[Floats]) -> Floats:
    """What came of a list, (measures, functions + 1), from the list at the horizon and who joined in each
    week up to it, oldest first; both (functions, bands).
    """
    counts = {
        OVER_18: _and_all(by_band[:, 18:].sum(axis=1)),
        OVER_52: _and_all(by_band[:, 52:].sum(axis=1)),
        TOTAL: _and_all(by_band.sum(axis=1)),
    }
    counts |= {measure: passed(by_band, joined, measure) for measure in THRESHOLDS}
    found = np.array([counts[measure] for measure in MEASURES[:-1]])
    total, over = found[MEASURES.index(TOTAL)], found[MEASURES.index(OVER_18)]
    share = 100 * (1 - over / np.where(total > 0, total, np.nan))
    return np.vstack([found, share])


def passed(by_band: Floats, joined: Sequence[Floats], measure: str) -> Floats:
    """Who passed a threshold, (functions + 1), as `came` has it.

    It is told by the wait at the horizon; those who joined in between with an old clock are taken out,
    whether or not they left again.
    """
    ahead, threshold = len(joined), THRESHOLDS[measure]
    first, after = max(threshold, ahead), min(threshold + ahead, by_band.shape[1])
    own = by_band[:, first:after].copy()
    for week, left in zip(joined, range(ahead - 1, -1, -1), strict=True):
        own -= week[:, first - left : after - left]
    return _and_all(np.maximum(own, 0.0).sum(axis=1))


def _and_all(counts: Floats) -> Floats:
    return np.append(counts, counts.sum())


def last_values(by_band: Floats, joined_before: Sequence[Floats] | None) -> Floats:
    """The figures without a model, (measures, functions + 1): the present ones, and for those who pass a
    threshold how many passed it and waited on over the same time before; nan where that is not known.

    `joined_before`: who joined in each week of that time, None where it does not lie in the record.
    """
    found = came(by_band, [])
    found[PASSING] = np.nan if joined_before is None else came(by_band, joined_before)[PASSING]
    return found


def whole_weeks(weeks: Sequence[Week]) -> bool:
    """Whether each is seven days long: longer ones are not told apart into weeks."""
    return all(week.census - week.previous == WEEK for week in weeks)
