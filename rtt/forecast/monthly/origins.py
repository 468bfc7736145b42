"""The method's forecast at each origin month, fitted on what was known by then.

`candidates` goes forward month by month. At each origin it sees `until(history, origin)` and nothing else,
fits its weights on earlier origins whose targets are known by then, and forecasts every unit. `projection`
decides whether the method or the naive forecast is shown.

Source: methods 9.2 d.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from rtt.forecast.monthly.cohort import rolled_forward
from rtt.forecast.monthly.deviations import (
    MOVING,
    PRIOR,
    Rows,
    centred,
    features,
    off_scale,
    on_scale,
    ridge,
    sums_ahead,
)
from rtt.forecast.monthly.england_move import expected_moves
from rtt.forecast.monthly.history import (
    EnglandSeries,
    History,
    Level,
    Measures,
    england_until,
    jumps,
    measures,
    measures_until,
    until,
)
from rtt.forecast.monthly.intervals import FEWEST_ORIGINS, scales, size_class
from rtt.forecast.monthly.projected_bands import MEASURES, completed
from rtt.terms.arrays import Bools, Floats
from rtt.terms.calendar import add_months

# The method's trends look back three months.
FIRST_ORIGIN = 3
# Months that are forecast; later ones are scenarios, which carry a unit's deviation no further.
FORECASTS = 6
# Of a long history only the newest origins are fitted and scored: hazards and policy move.
MONTHS_OF_RECORD = 24


# By horizon, the horizon that the weights were fitted at; None for the fixed blend.
Fitted = tuple[int | None, ...]
# By measure and horizon, the rows of each past origin whose target is known.
Lessons = dict[tuple[str, int], list[Rows]]


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """The method at one origin. Dictionaries by measure; arrays (units, ...); `horizons` counts from 1."""

    origin: int
    eligible: Bools  # large enough to be fitted and scored; values of the others are nan
    base: dict[str, Floats]  # (units, horizons) last value + England's move, on scale
    features: dict[str, Floats]  # (units, horizons, k), centred and clipped
    scale: dict[str, Floats]  # (units,) usual monthly move, on scale
    last: dict[str, Floats]  # (units,)
    values: dict[str, Floats]  # (units, horizons)
    weights_from: dict[str, Fitted]
    bands: Floats  # (eligible units, horizons, 105), summing to their values
    has_cells: bool = False  # whether the values are, in part or whole, the sums of the units' cells


def candidates(
    history: History,
    england: EnglandSeries,
    level: Level,
    *,
    now: Measures | None = None,
    first: int = FIRST_ORIGIN,
    furthest: int = FORECASTS,
) -> Iterator[Candidate]:
    """The method's forecasts at every origin from `first`, oldest first, each from its own past alone.

    The newest origin goes on to `furthest` months: past the forecasts, as a scenario. A history shorter than
    the method's trends gives its newest month alone, of which only the last value is fit to show. `now` are
    the measures of `history`, where they are at hand.
    """
    lessons: Lessons = {}
    recent: list[Candidate] = []
    now = measures(history) if now is None else now
    last = len(history.months) - 1
    for origin in range(min(last, max(first, FIRST_ORIGIN)), last + 1):
        known = measures_until(now, origin)
        for past in recent:
            _learn(lessons, past, known)
        reach = furthest if origin == last else FORECASTS
        made = _candidate(until(history, origin), known, england, level, lessons, reach)
        yield made
        recent = [*recent[1 - FORECASTS :], replace(made, bands=made.bands[:0])]


def forecast_months(origin: date, horizons: int) -> tuple[date, ...]:
    return tuple(add_months(origin, h) for h in range(1, horizons + 1))


def _candidate(
    history: History,
    now: Measures,
    england: EnglandSeries,
    level: Level,
    lessons: Lessons,
    reach: int,
) -> Candidate:
    eligible = np.nan_to_num(now.total[:, -1]) >= level.smallest
    months = forecast_months(history.months[-1], reach)
    rolled = rolled_forward(history, months, eligible, by_specialty=level.by_specialty)
    ahead = _spread_out(sums_ahead(rolled[:, :FORECASTS]), eligible)
    deviations = {m: centred(raw, eligible) for m, raw in features(history, now, ahead).items()}
    base = _base(now, england_until(england, history.months[-1]), reach)
    moving, weights_from = _moving(base, deviations, lessons, level.penalty)
    values, bands = completed({m: moving[m][eligible] for m in MOVING}, rolled)
    return Candidate(
        origin=len(history.months) - 1,
        eligible=eligible,
        base=base,
        features=deviations,
        scale=_scales(now, level, eligible),
        last={m: getattr(now, m)[:, -1] for m in MEASURES},
        values={m: _spread_out(values[m], eligible) for m in MEASURES},
        weights_from=weights_from,
        bands=bands,
    )


def _spread_out(values: Floats, eligible: Bools) -> Floats:
    # From the eligible units to all units: nothing is said of the others.
    out = np.full((len(eligible), *values.shape[1:]), np.nan)
    out[eligible] = values
    return out


def _moving(
    base: dict[str, Floats],
    deviations: dict[str, Floats],
    lessons: Lessons,
    penalty: float,
) -> tuple[dict[str, Floats], dict[str, Fitted]]:
    values, weights_from = {}, {}
    for measure in MOVING:
        horizons, furthest = deviations[measure].shape[1], base[measure].shape[1]
        fitted = [_weights(measure, h, lessons, penalty) for h in range(1, horizons + 1)]
        moved = np.einsum("uhk,hk->uh", deviations[measure], np.array([w for w, _ in fitted]))
        moved = np.pad(moved, ((0, 0), (0, furthest - horizons)), mode="edge")
        values[measure] = off_scale(measure, base[measure] + moved)
        weights_from[measure] = tuple(h for _, h in fitted)
    return values, weights_from


def _scales(now: Measures, level: Level, eligible: Bools) -> dict[str, Floats]:
    classes = size_class(now.total[:, -1], level)
    # Where no list is large enough the small ones have only each other to be compared with.
    among = eligible if eligible.any() else np.isfinite(now.total[:, -1])
    return {m: scales(on_scale(m, getattr(now, m)), classes, among) for m in MEASURES}


def _base(now: Measures, england: EnglandSeries, horizons: int) -> dict[str, Floats]:
    base = {}
    for measure in MOVING:
        moves = expected_moves(england, measure, horizons)
        last = getattr(now, measure)[:, -1, None]
        # Counts over 52 weeks move in proportion, so England's move must act before the root.
        proportional = measure == "over_52"
        base[measure] = (
            on_scale(measure, last * np.exp(moves / 100)) if proportional else on_scale(measure, last) + moves
        )
    return base


def _weights(measure: str, horizon: int, lessons: Lessons, penalty: float) -> tuple[Floats, int | None]:
    """Weights for a horizon, and the horizon they were fitted at: the longest with enough origins."""
    for shorter in range(horizon, 0, -1):
        rows = lessons.get((measure, shorter), [])
        if len(rows) >= FEWEST_ORIGINS:
            return ridge(rows, PRIOR[measure], penalty), shorter
    return PRIOR[measure], None


def _learn(lessons: Lessons, past: Candidate, now: Measures) -> None:
    """Add what the newest month of `now` teaches about the forecast of it that `past` made."""
    horizon = now.total.shape[1] - 1 - past.origin
    jumped = jumps(now.total[:, past.origin :]).any(axis=1)
    for measure in MOVING:
        outcome = on_scale(measure, getattr(now, measure)[:, -1])
        use = past.eligible & np.isfinite(outcome) & ~jumped
        if use.any():
            moved = centred(outcome - past.base[measure][:, horizon - 1], use)
            rows = Rows(past.features[measure][use, horizon - 1], moved[use])
            taught = lessons.setdefault((measure, horizon), [])
            taught.append(rows)
            del taught[:-MONTHS_OF_RECORD]
