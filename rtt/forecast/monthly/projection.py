"""Projection of every unit of a level: forecasts for six months, scenarios after, each with its intervals.

Shown is the method where its past errors beat the naive forecast, else the naive forecast with its own
interval; a list too small to be scored shows the naive forecast too, and one not returned shows nothing.
England is the sum of its cells; a provider's share and over 52 weeks are half of it: cells are projected
first. Strikes, extra sessions, new sites and mergers are not predicted.

Source: methods 9.2 and 10.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import numpy as np

from rtt.forecast.monthly.deviations import MOVING
from rtt.forecast.monthly.england_errors import (
    MONTHS_OF_ENGLAND,
    PUBLISHED,
    on_its_own_scale,
    series_outcomes,
)
from rtt.forecast.monthly.flows import Flows, flows
from rtt.forecast.monthly.history import (
    ENGLAND,
    EnglandSeries,
    History,
    Level,
    Measures,
    england_until,
    measures,
    measures_until,
    until,
)
from rtt.forecast.monthly.origins import (
    FIRST_ORIGIN,
    FORECASTS,
    MONTHS_OF_RECORD,
    Candidate,
    candidates,
    forecast_months,
)
from rtt.forecast.monthly.pooled_errors import Known, intervals
from rtt.forecast.monthly.projected_bands import MEASURES, completed, counted
from rtt.forecast.monthly.skill import (
    NO_CHANGE,
    Decision,
    Outcome,
    Past,
    decision,
    known_by,
    method_name,
    outcomes,
)
from rtt.forecast.monthly.sums_of_cells import Sums, summed, with_cells
from rtt.measures.percentiles import FEWEST_PATHWAYS
from rtt.terms.arrays import Bools, Floats

Standing = Literal["forecast", "small list", "short history", "under twenty", "no return"]
FURTHEST = 24
PERCENTILES = {"median", "percentile_92"}
FEWEST_MONTHS = 6
NO_DECISION = Decision(NO_CHANGE, None, 0)
REASONS: dict[Standing, str] = {
    "forecast": "",
    "small list": "The list is too small for its forecasts to be scored, so the naive forecast (no change) "
    "is shown.",
    "short history": f"Fewer than {FEWEST_MONTHS} months were known when it was issued, so the naive "
    "forecast (no change) is shown.",
    "under twenty": f"Fewer than {FEWEST_PATHWAYS} pathways: no forecast is made.",
    "no return": "There was no return in the newest month: no forecast is made.",
}


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """What is published at one origin. Dictionaries by measure; arrays (units, horizons, ...).

    Values are nan where `standings` allow no forecast or no interval can be given. `intervals` is (units,
    horizons, 3, 2): lower and upper bound of 50, 80 and 95 per cent. `bands` sum to the list. `sums`: of
    cells, what the method says that each organisation's come to, from this origin and those of the record.
    """

    level: Level
    origin: date
    months: tuple[date, ...]
    standings: tuple[Standing, ...]
    decisions: dict[str, tuple[Decision, ...]]
    last: dict[str, Floats]
    values: dict[str, Floats]
    intervals: dict[str, Floats]
    bands: Floats
    flows: Flows
    sums: Sums = field(default_factory=dict)


def project(
    history: History,
    england: EnglandSeries,
    level: Level,
    *,
    horizons: int = FURTHEST,
    fewest_months: int = FEWEST_MONTHS,
    sums: Sums | None = None,
) -> Projection:
    """The projection of every unit from the last month of `history`, 6 to 24 `horizons` ahead.

    `england` must hold that month (see `carried_on`). ValueError if it does not, or if the history is empty.
    `sums` are those of the projection of the units' cells, made from the same months and as far ahead; the
    projection of cells has its own.
    """
    if not history.months:
        raise ValueError("a projection needs at least one month")
    first = len(history.months) - 1 - MONTHS_OF_RECORD
    now, furthest = measures(history), max(horizons, FORECASTS)
    of_cells: dict[int, Floats] = {}
    for newest in walked(history, england, level, now=now, first=first, furthest=furthest, sums=sums):
        made = newest[0]
        if level.by_specialty:
            of_cells[made.origin] = summed(made, history.provider)
    said = published(history, now, level, *newest, fewest_months=fewest_months)
    return replace(said, sums=of_cells)


def walked(
    history: History,
    england: EnglandSeries,
    level: Level,
    *,
    now: Measures | None = None,
    first: int = FIRST_ORIGIN,
    furthest: int = FORECASTS,
    sums: Sums | None = None,
) -> Iterator[tuple[Candidate, Past]]:
    """Each origin's candidate from `first`, oldest first, with what became of those before it.

    `now` are the measures of `history`, where they are at hand; `sums` those of the units' cells by origin.
    """
    now = measures(history) if now is None else now
    past: Past = {m: [] for m in MEASURES}
    if level == ENGLAND:
        past |= series_outcomes(england_until(england, history.months[-1]), len(history.months))
    for made in candidates(history, england, level, now=now, first=first, furthest=furthest):
        if level == ENGLAND:
            made = on_its_own_scale(made, england, history.months[made.origin])
        if sums is not None and made.origin in sums:
            made = with_cells(made, level, sums[made.origin])
        yield made, past
        for measure, found in outcomes(made, now).items():
            past[measure] = _kept(past[measure], made, measure, level) + found


def _kept(past: list[Outcome], made: Candidate, measure: str, level: Level) -> list[Outcome]:
    """The outcomes that still count beside those of a new origin."""
    if level == ENGLAND and measure in PUBLISHED:
        # What England's own move got wrong in the years before; where cells are known, their sum stands.
        return [o for o in past if o.origin != made.origin]
    return [o for o in past if o.origin >= made.origin + 1 - MONTHS_OF_RECORD]


def published(
    history: History,
    now: Measures,
    level: Level,
    made: Candidate,
    errors: Past,
    *,
    fewest_months: int = FEWEST_MONTHS,
    measured: Sequence[str] = MEASURES,
) -> Projection:
    """What is published for the origin of `made`, from the outcomes that were known by then.

    `now` are the measures of `history`; both may go on past the origin, and nothing later is looked at.
    Intervals are made of those `measured` alone, and bands where percentiles are among them: else there are
    none, (0, horizons, 105).
    """
    then = until(history, made.origin)
    now = measures_until(now, made.origin)
    past = {m: known_by(errors[m], made.origin) for m in MEASURES}
    if level == ENGLAND:
        since = made.origin + 1 - MONTHS_OF_ENGLAND
        past = {m: [o for o in past[m] if o.origin >= since] for m in MEASURES}
    standings = _standings(then, made, fewest_months)
    decisions = _decisions(level, made, past, short=made.origin + 1 < fewest_months)
    moving, moved = _moving(made, standings, decisions)
    if PERCENTILES.isdisjoint(measured):
        values, bands = counted(moving), made.bands[:0]
    else:
        values, bands = completed(moving, _shape(then, made, moved))
    limits = {}
    for measure in measured:
        known = Known(measure, level, made, getattr(now, measure), past[measure])
        naive = [each.method == NO_CHANGE for each in decisions[measure]]
        limits[measure] = intervals(known, values[measure], then.kind, naive)
    for measure in measured:
        values[measure][~np.isfinite(limits[measure]).all(axis=(2, 3))] = np.nan
    months = forecast_months(then.months[-1], values["total"].shape[1])
    if len(bands):
        bands[~np.isfinite(values["total"])] = np.nan
    passing = flows(then, months, values["total"])
    return Projection(
        level, then.months[-1], months, standings, decisions, made.last, values, limits, bands, passing
    )


def is_scenario(horizon: int) -> bool:
    """Whether no past forecast this many months ahead can be scored: it is labelled a scenario."""
    return horizon > FORECASTS


def _standings(then: History, made: Candidate, fewest_months: int) -> tuple[Standing, ...]:
    total = np.nan_to_num(made.last["total"])
    short = made.origin + 1 < fewest_months
    conditions = [~then.reported[:, -1], total < FEWEST_PATHWAYS, ~made.eligible, np.full(len(total), short)]
    names: list[Standing] = ["no return", "under twenty", "small list", "short history"]
    return tuple(np.select(conditions, names, default="forecast").tolist())


def _decisions(level: Level, made: Candidate, past: Past, *, short: bool) -> dict[str, tuple[Decision, ...]]:
    horizons = range(1, made.values["total"].shape[1] + 1)
    if short:
        return {m: tuple(NO_DECISION for _ in horizons) for m in MEASURES}
    found: dict[str, tuple[Decision, ...]] = {}
    for measure in MOVING:
        at = made.weights_from[measure]
        methods = [
            method_name(
                level, measure, h, fitted=at[min(h, len(at)) - 1] is not None, has_cells=made.has_cells
            )
            for h in horizons
        ]
        found[measure] = tuple(decision(past[measure], h, level, methods[h - 1]) for h in horizons)
    # What follows from the bands follows whatever its own errors say, or two figures would disagree.
    leading = [
        next((found[m][h - 1].method for m in MOVING if found[m][h - 1].method != NO_CHANGE), NO_CHANGE)
        for h in horizons
    ]
    for measure in set(MEASURES) - set(MOVING):
        found[measure] = tuple(
            replace(decision(past[measure], h, level, NO_CHANGE), method=leading[h - 1]) for h in horizons
        )
    return {m: found[m] for m in MEASURES}


def _moving(
    made: Candidate, standings: tuple[Standing, ...], decisions: dict[str, tuple[Decision, ...]]
) -> tuple[dict[str, Floats], Bools]:
    """What is shown of the measures that move by themselves, and where (units, horizons) any of them does."""
    forecast = np.array([s == "forecast" for s in standings])[:, None]
    none = np.array([s in ("no return", "under twenty") for s in standings])
    moving, moved = {}, np.zeros(made.values["total"].shape, dtype=bool)
    for measure in MOVING:
        use = forecast & np.array([d.method != NO_CHANGE for d in decisions[measure]])
        moving[measure] = np.where(use, made.values[measure], made.last[measure][:, None])
        moving[measure][none] = np.nan
        moved |= use
    return moving, moved


def _shape(then: History, made: Candidate, moved: Bools) -> Floats:
    # Where nothing moves the bands do not either, so the last median is the last median.
    shape = np.repeat(then.bands[:, -1, None], made.bands.shape[1], axis=1)
    shape[moved] = made.bands[moved[made.eligible]]
    return shape
