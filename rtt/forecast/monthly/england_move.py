"""England's expected move: its seasonal trend and drift, from the long published series alone.

A change of policy shows only after it has happened. Values are per cent or points of change from the origin.

Source: methods 9.2 a.
"""

from datetime import date

import numpy as np

from rtt.forecast.monthly.history import EnglandSeries
from rtt.terms.arrays import Bools, Floats

YEARS_OF_SEASON = 8
# The months of the pandemic, whose changes are no season: a slope that touches them is left out.
DISTURBED = (date(2020, 2, 1), date(2021, 9, 30))
# Other weights, a bias correction and a year-ago feature gained to March 2025 and lost later (methods 10).
YEARLY_DRIFT, QUARTERLY_DRIFT = 0.4, 0.2
# How far a measure's season is believed. Over 52 weeks has none.
SEASON_WEIGHT = {"total": 0.5, "share_within_18": 0.75, "over_52": 0.0}


def transformed(series: EnglandSeries, measure: str) -> Floats:
    """The series on the scale of its moves: 100 ln for counts, points for the share."""
    if measure == "share_within_18":
        return series.share_within_18
    counts = series.total if measure == "total" else series.over_52
    return 100 * np.log(np.where(counts > 0, counts, np.nan))


def expected_moves(series: EnglandSeries, measure: str, horizons: int) -> Floats:
    """The expected change from the last month of `series` to each of the next `horizons`, (horizons,).

    Drift is 0 where the months that it needs are not known.
    """
    z = transformed(series, measure)
    factors = SEASON_WEIGHT[measure] * month_factors(series.months, z)
    number = series.months[-1].month
    ahead = factors[(number + np.arange(horizons)) % 12]
    recent = factors[(number - 1 - np.arange(3)) % 12].sum()
    yearly = _change(z, 12) / 12
    quarterly = (_change(z, 3) - recent) / 3
    drift = YEARLY_DRIFT * yearly + QUARTERLY_DRIFT * quarterly
    return np.cumsum(ahead) + np.arange(1, horizons + 1) * (drift if np.isfinite(drift) else 0.0)


def month_factors(months: tuple[date, ...], z: Floats) -> Floats:
    """How much more than its slope the series moves in January ... December; centred on 0, shape (12,)."""
    deviation, disturbed = _deviations(months, z)
    recent = np.arange(len(z)) >= len(z) - 12 * YEARS_OF_SEASON
    use = recent & ~disturbed & np.isfinite(deviation)
    number = np.array([month.month - 1 for month in months])
    sums = np.bincount(number[use], weights=deviation[use], minlength=12)
    seen = np.bincount(number[use], minlength=12)
    factors = np.where(seen > 0, sums / np.maximum(seen, 1), 0.0)
    return np.asarray(factors - factors.mean())


def _deviations(months: tuple[date, ...], z: Floats) -> tuple[Floats, Bools]:
    # The slope is taken round the month where six later months are known, else over the year before it.
    n = len(z)
    deviation = np.full(n, np.nan)
    disturbed = np.ones(n, dtype=bool)
    for s in range(12, n):
        first, last = (s - 6, s + 6) if s + 6 < n and np.isfinite(z[s + 6]) else (s - 12, s)
        deviation[s] = z[s] - z[s - 1] - (z[last] - z[first]) / 12
        disturbed[s] = months[last] >= DISTURBED[0] and months[first] <= DISTURBED[1]
    return deviation, disturbed


def _change(z: Floats, months: int) -> float:
    return float(z[-1] - z[-1 - months]) if len(z) > months else float("nan")
