"""Projection of every unit of a level: forecasts for six months, scenarios after, each with its intervals.

What is shown is the method where its pooled record beats the last value, else the last value with its own
interval; a list too small to be scored shows the last value too, and one that was not returned shows nothing.
No forecast from monthly returns can know a policy sprint, a new site or a merger. Nothing is stored here.

Source: methods 9.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np

from rtt.deviations import MOVING, off_scale, on_scale
from rtt.england_record import PUBLISHED, on_its_own_scale, series_outcomes
from rtt.flows import Flows, flows
from rtt.history import (
    ENGLAND,
    BoolArray,
    EnglandSeries,
    FloatArray,
    History,
    Level,
    Measures,
    england_until,
    measures,
    measures_until,
    until,
)
from rtt.intervals import COVERAGES, Scores, quantiles, spread_of_changes
from rtt.origins import FIRST_ORIGIN, FORECASTS, MONTHS_OF_RECORD, Candidate, candidates, forecast_months
from rtt.percentiles import FEWEST_PATHWAYS
from rtt.projected_bands import MEASURES, completed
from rtt.record import LAST_VALUE, Decision, Outcome, Record, decision, known_by, outcomes, score_sets

Standing = Literal["forecast", "small list", "short history", "under twenty", "no return"]
FURTHEST = 24
FEWEST_MONTHS = 6
NO_DECISION = Decision(LAST_VALUE, None, 0, None, None)
REASONS: dict[Standing, str] = {
    "forecast": "",
    "small list": "The list is too small for its forecasts to have a record, so the last value is shown.",
    "short history": f"Fewer than {FEWEST_MONTHS} months were known when it was issued, so the last value is "
    "shown.",
    "under twenty": f"Fewer than {FEWEST_PATHWAYS} pathways: no forecast is made.",
    "no return": "There was no return in the newest month: no forecast is made.",
}


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """What is published at one origin. Dictionaries by measure; arrays (units, horizons, ...).

    Values are nan where `standings` allow no forecast or no interval can be given. `intervals` is (units,
    horizons, 3, 2): lower and upper bound of 50, 80 and 95 per cent. `bands` sum to the list.
    """

    level: Level
    origin: date
    months: tuple[date, ...]
    standings: tuple[Standing, ...]
    decisions: dict[str, tuple[Decision, ...]]
    last: dict[str, FloatArray]
    values: dict[str, FloatArray]
    intervals: dict[str, FloatArray]
    bands: FloatArray
    flows: Flows


def project(
    history: History,
    england: EnglandSeries,
    level: Level,
    *,
    horizons: int = FURTHEST,
    fewest_months: int = FEWEST_MONTHS,
) -> Projection:
    """The projection of every unit from the last month of `history`, 6 to 24 `horizons` ahead.

    `england` must hold that month (see `carried_on`). ValueError if it does not, or if the history is empty.
    """
    if not history.months:
        raise ValueError("a projection needs at least one month")
    first = len(history.months) - 1 - MONTHS_OF_RECORD
    now, furthest = measures(history), max(horizons, FORECASTS)
    *_, (made, record) = walked(history, england, level, now=now, first=first, furthest=furthest)
    return published(history, now, level, made, record, fewest_months=fewest_months)


def walked(
    history: History,
    england: EnglandSeries,
    level: Level,
    *,
    now: Measures | None = None,
    first: int = FIRST_ORIGIN,
    furthest: int = FORECASTS,
) -> Iterator[tuple[Candidate, Record]]:
    """Each origin's candidate from `first`, oldest first, with what became of those before it.

    `now` are the measures of `history`, where they are at hand.
    """
    now = measures(history) if now is None else now
    record: Record = {m: [] for m in MEASURES}
    alone = level == ENGLAND
    if alone:
        record |= series_outcomes(england_until(england, history.months[-1]), len(history.months))
    for made in candidates(history, england, level, now=now, first=first, furthest=furthest):
        yield (on_its_own_scale(made, england, history.months[made.origin]) if alone else made), record
        since = made.origin + 1 - MONTHS_OF_RECORD
        for measure, found in outcomes(made, now).items():
            if not (alone and measure in PUBLISHED):
                record[measure] = [o for o in record[measure] if o.origin >= since] + found


def published(
    history: History,
    now: Measures,
    level: Level,
    made: Candidate,
    record: Record,
    *,
    fewest_months: int = FEWEST_MONTHS,
) -> Projection:
    """What is published for the origin of `made`, from the outcomes that were known by then.

    `now` are the measures of `history`; both may go on past the origin, and nothing later is looked at.
    """
    then = until(history, made.origin)
    now = measures_until(now, made.origin)
    past = {m: known_by(record[m], made.origin) for m in MEASURES}
    standings = _standings(then, made, fewest_months)
    decisions = _decisions(level, made, past, short=made.origin + 1 < fewest_months)
    values, bands = _values(then, made, standings, decisions)
    intervals = {
        m: _intervals(m, now, made, values[m], decisions[m], past[m], few=level.few) for m in MEASURES
    }
    for measure in MEASURES:
        values[measure][~np.isfinite(intervals[measure]).all(axis=(2, 3))] = np.nan
    months = forecast_months(then.months[-1], values["total"].shape[1])
    bands[~np.isfinite(values["total"])] = np.nan
    moving = flows(then, months, values["total"])
    return Projection(
        level, then.months[-1], months, standings, decisions, made.last, values, intervals, bands, moving
    )


def is_scenario(horizon: int) -> bool:
    """Whether a horizon in months is past what the record can score, to be labelled a scenario."""
    return horizon > FORECASTS


def method_of(projection: Projection, measure: str, *, unit: int, horizon: int) -> str | None:
    """The method behind one value: None where there is no forecast, the last value for small lists."""
    if not np.isfinite(projection.values[measure][unit, horizon - 1]):
        return None
    if projection.standings[unit] != "forecast":
        return LAST_VALUE
    return projection.decisions[measure][horizon - 1].method


def _standings(then: History, made: Candidate, fewest_months: int) -> tuple[Standing, ...]:
    total = np.nan_to_num(made.last["total"])
    short = made.origin + 1 < fewest_months
    conditions = [~then.reported[:, -1], total < FEWEST_PATHWAYS, ~made.eligible, np.full(len(total), short)]
    names: list[Standing] = ["no return", "under twenty", "small list", "short history"]
    return tuple(np.select(conditions, names, default="forecast").tolist())


def _decisions(
    level: Level, made: Candidate, past: Record, *, short: bool
) -> dict[str, tuple[Decision, ...]]:
    horizons = range(1, made.values["total"].shape[1] + 1)
    if short:
        return {m: tuple(NO_DECISION for _ in horizons) for m in MEASURES}
    found: dict[str, tuple[Decision, ...]] = {}
    for measure in MOVING:
        at = made.weights_from[measure]
        fitted = [at[min(h, len(at)) - 1] for h in horizons]
        found[measure] = tuple(decision(past[measure], h, level, fitted[h - 1]) for h in horizons)
    for measure in set(MEASURES) - set(MOVING):
        own = [decision(past[measure], h, level, None) for h in horizons]
        found[measure] = tuple(_following(d, [found[m][i] for m in MOVING]) for i, d in enumerate(own))
    return {m: found[m] for m in MEASURES}


def _following(own: Decision, moving: list[Decision]) -> Decision:
    # What follows from the bands follows whatever its own record says, or two figures would disagree.
    leading = next((d for d in moving if d.method != LAST_VALUE), NO_DECISION)
    return replace(own, method=leading.method, weights_from=leading.weights_from)


def _values(
    then: History,
    made: Candidate,
    standings: tuple[Standing, ...],
    decisions: dict[str, tuple[Decision, ...]],
) -> tuple[dict[str, FloatArray], FloatArray]:
    forecast = np.array([s == "forecast" for s in standings])[:, None]
    none = np.array([s in ("no return", "under twenty") for s in standings])
    moving, moved = {}, np.zeros(made.values["total"].shape, dtype=bool)
    for measure in MOVING:
        use = forecast & np.array([d.method != LAST_VALUE for d in decisions[measure]])
        moving[measure] = np.where(use, made.values[measure], made.last[measure][:, None])
        moving[measure][none] = np.nan
        moved |= use
    # Where nothing moves the bands do not either, so the last median is the last median.
    shape = np.repeat(then.bands[:, -1, None], made.bands.shape[1], axis=1)
    shape[moved] = made.bands[moved[made.eligible]]
    return completed(moving, shape)


def _intervals(
    measure: str,
    now: Measures,
    made: Candidate,
    values: FloatArray,
    decisions: tuple[Decision, ...],
    past: list[Outcome],
    *,
    few: bool,
) -> FloatArray:
    scale = made.scale[measure]
    # Before any forecast has been scored, what one month's change has been stands in for its error.
    history = on_scale(measure, getattr(now, measure))
    by_group = {
        "method": _record_or(score_sets(past, last_value=False), history, scale, made.eligible),
        LAST_VALUE: _record_or(score_sets(past, last_value=True), history, scale, made.eligible),
        "small": _record_or(score_sets(past, last_value=True, small=True), history, scale, ~made.eligible),
    }
    limits = np.empty((*values.shape, len(COVERAGES), 2))
    for i, decided in enumerate(decisions):
        own = by_group[LAST_VALUE if decided.method == LAST_VALUE else "method"]
        shown, small = (quantiles(record, i + 1, few=few) for record in (own, by_group["small"]))
        at = np.where(made.eligible[:, None, None], shown, small)
        limits[:, i] = on_scale(measure, values[:, i])[:, None, None] + scale[:, None, None] * at
    limits = off_scale(measure, limits)
    # An interval always holds its forecast, also when past errors lay all on one side.
    limits[..., 0] = np.minimum(limits[..., 0], values[..., None])
    limits[..., 1] = np.maximum(limits[..., 1], values[..., None])
    return limits


def _record_or(
    record: dict[int, Scores], history: FloatArray, scale: FloatArray, among: BoolArray
) -> dict[int, Scores]:
    if any(np.isfinite(quantiles(record, h)).all() for h in record):
        return record
    return {1: spread_of_changes(history, scale, among)}
