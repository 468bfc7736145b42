"""England's own record: one list with a long history, where providers are many lists with a short one.

England's forecast is the last value and its expected move alone. A dozen months of extracts say little about
its errors, so they are taken from the published series: each past origin of the last eight years, forecast
from what the series said up to then, the disturbed months of the pandemic left out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from rtt.deviations import on_scale
from rtt.england_move import DISTURBED, YEARS_OF_SEASON, expected_moves, transformed
from rtt.history import EnglandSeries, FloatArray, england_until
from rtt.intervals import scores
from rtt.origins import FORECASTS, Candidate
from rtt.projected_bands import MEASURES
from rtt.record import Outcome, absolute_error

PUBLISHED = ("total", "share_within_18", "over_52", "over_18")


def on_its_own_scale(made: Candidate, series: EnglandSeries, census_date: date) -> Candidate:
    """England's candidate with its usual moves taken from the series."""
    return replace(made, scale=_scales(series, series.months.index(census_date)))


def series_outcomes(series: EnglandSeries, months: int) -> dict[str, list[Outcome]]:
    """What England's move got wrong at past origins of the series, by measure.

    Origins are counted as in a history of `months` months that ends with the series: before it, below 0.
    """
    end = len(series.months)
    found: dict[str, list[Outcome]] = {m: [] for m in PUBLISHED}
    for origin in range(max(12, end - 12 * YEARS_OF_SEASON), end - 1):
        reach = min(FORECASTS, end - 1 - origin)
        said = _forecast(england_until(series, series.months[origin]), reach)
        scale = _scales(series, origin)
        for h in range(1, reach + 1):
            if not _disturbed(series, origin - 12, origin + h):
                for measure, values in said.items():
                    truth = _values(series, measure)
                    ends = values[h - 1], truth[origin], truth[origin + h]
                    at = origin - (end - months)
                    found[measure].append(_outcome(measure, at, h, *ends, scale=scale[measure]))
    return found


def _forecast(series: EnglandSeries, reach: int) -> dict[str, FloatArray]:
    ahead = {m: transformed(series, m)[-1] + expected_moves(series, m, reach) for m in PUBLISHED[:3]}
    total, share = np.exp(ahead["total"] / 100), np.clip(ahead["share_within_18"], 0, 100)
    over_18 = total * (100 - share) / 100
    return dict(zip(PUBLISHED, (total, share, np.exp(ahead["over_52"] / 100), over_18), strict=True))


def _values(series: EnglandSeries, measure: str) -> FloatArray:
    if measure == "over_18":
        return series.total * (100 - series.share_within_18) / 100
    return np.asarray(getattr(series, measure))


def _scales(series: EnglandSeries, origin: int) -> dict[str, FloatArray]:
    # There are no other Englands to take a median from: its own moves of the year are its scale. Without one,
    # 1,500 over 52 weeks in 2018 would say how surely 180,000 can be forecast.
    scale = {m: np.ones(1) for m in MEASURES}
    for measure in PUBLISHED:
        year = on_scale(measure, _values(series, measure)[max(0, origin - 12) : origin + 1])
        moves = np.abs(np.diff(year))
        scale[measure] = np.array([moves.mean() if len(moves) else np.nan])
    return scale


def _disturbed(series: EnglandSeries, first: int, last: int) -> bool:
    return series.months[last] >= DISTURBED[0] and series.months[first] <= DISTURBED[1]


def _outcome(
    measure: str, origin: int, horizon: int, forecast: float, last: float, actual: float, *, scale: FloatArray
) -> Outcome:
    said, before, truth = (np.array([value]) for value in (forecast, last, actual))
    known = np.isfinite(said) & np.isfinite(before) & np.isfinite(truth)
    return Outcome(
        origin=origin,
        horizon=horizon,
        scored=known,
        small=np.zeros(1, dtype=bool),
        error=absolute_error(measure, said, truth),
        error_last=absolute_error(measure, before, truth),
        score=scores(measure, said, truth, scale),
        score_last=scores(measure, before, truth, scale),
    )
