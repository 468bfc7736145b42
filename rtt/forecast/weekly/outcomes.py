"""The actual figures of a PTL, and the naive forecast of them ("no change"), by specialty and in all.

From PTLs by specialty and week band, and from who joined in each week. Forecasts are
`rtt.forecast.weekly.expected`, their errors `rtt.forecast.weekly.dispersion`.
"""

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
    return np.asarray(list_then.sum(axis=(1, 2, 4)))


def joined_in_bands(week: Week, grid: Grid) -> Floats:
    """Who joined in a week, (functions, bands), by their band at its end."""
    return in_bands(grid.counts(week.states, week.counts[:, JOINED]))


def actual_figures(by_band: Floats, joined: Sequence[Floats]) -> Floats:
    """The figures of a PTL, (measures, functions + 1), from the PTL at the horizon and who joined in each
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
    """Who passed a threshold since the forecast, (functions + 1), as `actual_figures` has it."""
    # Told by the wait at the horizon. Who joined in between with an old clock (a transfer) was never in the
    # forecast, so they are taken out, whether or not they left again.
    ahead, threshold = len(joined), THRESHOLDS[measure]
    first, after = max(threshold, ahead), min(threshold + ahead, by_band.shape[1])
    own = by_band[:, first:after].copy()
    for week, left in zip(joined, range(ahead - 1, -1, -1), strict=True):
        own -= week[:, first - left : after - left]
    return _and_all(np.maximum(own, 0.0).sum(axis=1))


def _and_all(counts: Floats) -> Floats:
    return np.append(counts, counts.sum())


def naive_forecast(by_band: Floats, joined_before: Sequence[Floats] | None) -> Floats:
    """No change, (measures, functions + 1): the present figures and, for those who pass a threshold, how many
    passed it over the same time before; nan where that is not known.

    `joined_before`: who joined in each week of that time, None where the weeks are not loaded.
    """
    found = actual_figures(by_band, [])
    found[PASSING] = np.nan if joined_before is None else actual_figures(by_band, joined_before)[PASSING]
    return found


def whole_weeks(weeks: Sequence[Week]) -> bool:
    # Movements of a longer gap cannot be told apart into weeks.
    return all(week.census - week.previous == WEEK for week in weeks)
