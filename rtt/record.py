"""The record of a method: what its past forecasts got wrong, beside what the last value got wrong.

Decides, by measure and horizon over all units of a level, whether the method may be shown. It is never
decided unit by unit: that was measured to cost one to five points of skill (methods 9.1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rtt.history import ENGLAND, BoolArray, FloatArray, Level, Measures
from rtt.intervals import FEWEST_ORIGINS, Scores, scores
from rtt.origins import FORECASTS, Candidate
from rtt.projected_bands import MEASURES

LAST_VALUE, FIXED_BLEND, RIDGE = "last value", "fixed blend", "ridge"
# England is one list: it has no others to differ from.
EXPECTED_MOVE = "expected move"


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """One measure at one horizon from one origin, once its target is known; arrays (units,)."""

    origin: int
    horizon: int
    scored: BoolArray  # eligible at the origin and reported at both ends
    small: BoolArray  # not eligible, reported at both ends
    error: FloatArray
    error_last: FloatArray
    score: FloatArray
    score_last: FloatArray


Record = dict[str, list[Outcome]]


@dataclass(frozen=True, slots=True)
class Decision:
    """What is shown for a measure at a horizon, and the pooled skill that decided it.

    `skill` is None where no past forecast could be scored; `record_horizon` is the horizon whose record was
    used, `weights_from` the one whose weights were.
    """

    method: str
    skill: float | None
    origins: int
    record_horizon: int | None
    weights_from: int | None


def absolute_error(measure: str, forecast: FloatArray, actual: FloatArray) -> FloatArray:
    """The size of an error as it is reported: per cent of the actual list for the list, else as it is."""
    error = np.abs(forecast - actual)
    return 100 * error / actual if measure == "total" else error


def outcomes(made: Candidate, now: Measures) -> Record:
    """Every forecast from one origin whose target month is in `now`, by measure."""
    months = now.total.shape[1]
    horizons = [h for h in range(1, FORECASTS + 1) if made.origin + h < months]
    return {
        m: [_outcome(m, made, h, getattr(now, m)[:, made.origin + h]) for h in horizons] for m in MEASURES
    }


def known_by(past: list[Outcome], origin: int) -> list[Outcome]:
    """The outcomes that were known at month index `origin`."""
    return [o for o in past if o.origin + o.horizon <= origin]


def method_name(level: Level, weights_from: int | None) -> str:
    """What the method is called when its weights were fitted at a horizon, or (None) not at all."""
    if level is ENGLAND:
        return EXPECTED_MOVE
    return FIXED_BLEND if weights_from is None else RIDGE


def decision(past: list[Outcome], horizon: int, level: Level, weights_from: int | None) -> Decision:
    """The method if its record at the horizon, or at the longest shorter one with a record, shows skill."""
    method = method_name(level, weights_from)
    for shorter in range(horizon, 0, -1):
        scored = [o for o in past if o.horizon == shorter and o.scored.any()]
        if len(scored) >= FEWEST_ORIGINS:
            skill = _skill(scored)
            return Decision(method if skill > 0 else LAST_VALUE, skill, len(scored), shorter, weights_from)
    return Decision(method, None, 0, None, weights_from)


def score_sets(past: list[Outcome], *, last_value: bool, small: bool = False) -> dict[int, Scores]:
    """Past scores by horizon: of the method or the last value, among the eligible units or the small ones."""
    sets = {}
    for horizon in sorted({o.horizon for o in past}):
        at = [o for o in past if o.horizon == horizon]
        values = [(o.score_last if last_value else o.score)[o.small if small else o.scored] for o in at]
        sets[horizon] = Scores(_finite(np.concatenate(values)), len(at))
    return sets


def _outcome(measure: str, made: Candidate, horizon: int, actual: FloatArray) -> Outcome:
    forecast, last, scale = made.values[measure][:, horizon - 1], made.last[measure], made.scale[measure]
    known = np.isfinite(actual) & np.isfinite(last)
    return Outcome(
        origin=made.origin,
        horizon=horizon,
        scored=known & made.eligible & np.isfinite(forecast),
        small=known & ~made.eligible,
        error=absolute_error(measure, forecast, actual),
        error_last=absolute_error(measure, last, actual),
        score=scores(measure, forecast, actual, scale),
        score_last=scores(measure, last, actual, scale),
    )


def _skill(past: list[Outcome]) -> float:
    lost = sum(float(o.error[o.scored].sum()) for o in past)
    lost_by_last = sum(float(o.error_last[o.scored].sum()) for o in past)
    return 1 - lost / lost_by_last if lost_by_last > 0 else 0.0


def _finite(values: FloatArray) -> FloatArray:
    return values[np.isfinite(values)]
