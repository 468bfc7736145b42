"""Errors of England's forecasts, from its long published series: one list with years of history.

Providers are many lists with a short history; England has one, so its errors are taken from each past origin
of the last eight years, the disturbed months of the pandemic left out. Its usual monthly move is that of the
last year or of the last three, whichever is larger: after a quiet year the interval would be too narrow.

Source: methods 10.
"""

from dataclasses import replace
from datetime import date

import numpy as np

from rtt.forecast.monthly.deviations import on_scale
from rtt.forecast.monthly.england_move import DISTURBED, YEARS_OF_SEASON, expected_moves, transformed
from rtt.forecast.monthly.history import EnglandSeries, england_until
from rtt.forecast.monthly.origins import FORECASTS, Candidate
from rtt.forecast.monthly.projected_bands import MEASURES
from rtt.forecast.monthly.skill import Outcome, outcome
from rtt.terms.arrays import Floats

PUBLISHED = ("total", "share_within_18", "over_52", "over_18")
# With 12 months alone the 80 % interval of the list held 48 to 76 % (methods 10).
MONTHS_OF_SCALE = (12, 36)
MONTHS_OF_ENGLAND = 12 * YEARS_OF_SEASON


def on_its_own_scale(made: Candidate, series: EnglandSeries, census_date: date) -> Candidate:
    known = england_until(series, census_date)
    return replace(made, scale={m: scale[-1:] for m, scale in _scales_of_months(known).items()})


def series_outcomes(series: EnglandSeries, months: int) -> dict[str, list[Outcome]]:
    """What England's move got wrong at past origins of the series, by measure.

    Origins are counted as in a history of `months` months that ends with the series: before it, below 0.
    They go back far enough for every origin of that history.
    """
    end = len(series.months)
    found: dict[str, list[Outcome]] = {m: [] for m in PUBLISHED}
    scales = _scales_of_months(series)
    for origin in range(max(12, end - months - MONTHS_OF_ENGLAND), end - 1):
        reach = min(FORECASTS, end - 1 - origin)
        said = _forecast(england_until(series, series.months[origin]), reach)
        scale = {m: scales[m][origin : origin + 1] for m in PUBLISHED}
        for h in range(1, reach + 1):
            if not _disturbed(series, origin - 12, origin + h):
                for measure, values in said.items():
                    truth = _values(series, measure)
                    found[measure].append(
                        outcome(
                            measure,
                            origin - (end - months),
                            h,
                            forecast=values[h - 1 : h],
                            naive=truth[origin : origin + 1],
                            actual=truth[origin + h : origin + h + 1],
                            scale=scale[measure],
                            eligible=np.ones(1, dtype=bool),
                        )
                    )
    return found


def _forecast(series: EnglandSeries, reach: int) -> dict[str, Floats]:
    ahead = {m: transformed(series, m)[-1] + expected_moves(series, m, reach) for m in PUBLISHED[:3]}
    total, share = np.exp(ahead["total"] / 100), np.clip(ahead["share_within_18"], 0, 100)
    over_18 = total * (100 - share) / 100
    return dict(zip(PUBLISHED, (total, share, np.exp(ahead["over_52"] / 100), over_18), strict=True))


def _values(series: EnglandSeries, measure: str) -> Floats:
    if measure == "over_18":
        return series.total * (100 - series.share_within_18) / 100
    return np.asarray(getattr(series, measure))


def _scales_of_months(series: EnglandSeries) -> dict[str, Floats]:
    # There are no other Englands to take a median from: its own moves are its scale. Without one, 1,500 over
    # 52 weeks in 2018 would say how surely 180,000 can be forecast. Moves of the pandemic are left out.
    usual = ~np.array([DISTURBED[0] <= month <= DISTURBED[1] for month in series.months])
    found = {m: np.ones(len(usual)) for m in MEASURES}
    for measure in PUBLISHED:
        moves = np.abs(np.diff(on_scale(measure, _values(series, measure)), prepend=np.nan))
        use = usual & np.isfinite(moves)
        sums, seen = (np.append(0, np.cumsum(each)) for each in (np.where(use, moves, 0.0), use))
        found[measure] = np.full(len(usual), np.nan)
        for window in MONTHS_OF_SCALE:
            first = np.maximum(np.arange(len(usual)) + 1 - window, 0)
            total, number = (each[1:] - each[first] for each in (sums, seen))
            mean = np.divide(total, number, out=np.full(len(usual), np.nan), where=number > 0)
            found[measure] = np.fmax(found[measure], mean)
    return found


def _disturbed(series: EnglandSeries, first: int, last: int) -> bool:
    return series.months[last] >= DISTURBED[0] and series.months[first] <= DISTURBED[1]
