"""The skill of a method: the errors of its past forecasts beside those of the naive forecast ("no change").

Decides, by measure and horizon over all units of a level, whether the method may be shown. It is never
decided unit by unit: that was measured to cost one to five points of skill (methods 9.1). Where units share
most of their errors a good year proves nothing: the gain must exceed its own uncertainty.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rtt.forecast.monthly.history import ENGLAND, Level, Measures
from rtt.forecast.monthly.intervals import FEWEST_ORIGINS, Scores, scores, student
from rtt.forecast.monthly.origins import FORECASTS, Candidate
from rtt.forecast.monthly.projected_bands import MEASURES
from rtt.forecast.monthly.sums_of_cells import is_halved
from rtt.forecast.score.errors import absolute_error, skill
from rtt.terms.arrays import Bools, Floats

NO_CHANGE, FIXED_BLEND, RIDGE = "last value", "fixed blend", "ridge"
# England is one list: it has no others to differ from.
EXPECTED_MOVE, SUM_OF_CELLS, HALF_OF_CELLS = "expected move", "sum of cells", "half sum of cells"

# A gain is proven in blocks of months, since neighbouring months share their errors: blocks of a quarter, or
# of the horizon where that is longer, over a year of origins at least, so that every season has its say.
# One good year showed skill for regions and ICBs that later months did not bear out (methods 10).
PROVEN = 0.95
SHORTEST_BLOCK, FEWEST_BLOCKS, FEWEST_PROVING = 3, 3, 12
# Student's 95 % quantile of two degrees of freedom, the fewest that three blocks have.
STUDENT_OF_TWO = 2.92


@dataclass(frozen=True, eq=False)
class Outcome:
    """One measure at one horizon from one origin, once its target is known; arrays (units,)."""

    origin: int
    horizon: int
    scored: Bools  # eligible at the origin and reported at both ends
    small: Bools  # not eligible, reported at both ends
    error: Floats
    error_naive: Floats
    score: Floats  # the error in units of the usual monthly move: `intervals.scores`
    score_naive: Floats

    @cached_property
    def errors(self) -> tuple[float, float]:
        """Of what is scored, the errors added up and those of the naive forecast: (0, 0) where nothing is."""
        return float(self.error[self.scored].sum()), float(self.error_naive[self.scored].sum())

    @cached_property
    def any_scored(self) -> bool:
        return bool(self.scored.any())

    @cached_property
    def gain(self) -> float:
        """On the naive forecast, the mean of what is scored."""
        return float((self.error_naive - self.error)[self.scored].mean())


# By measure, the outcomes of past forecasts.
Past = dict[str, list[Outcome]]


@dataclass(frozen=True, slots=True)
class Decision:
    """What is shown for a measure at a horizon, and the pooled skill that decided it.

    `skill` is None where no past forecast could be scored; `origins`: from how many months it comes.
    """

    method: str
    skill: float | None
    origins: int


def outcomes(made: Candidate, now: Measures) -> Past:
    horizons = range(1, min(FORECASTS, now.total.shape[1] - 1 - made.origin) + 1)
    return {
        m: [
            outcome(
                m,
                made.origin,
                h,
                forecast=made.values[m][:, h - 1],
                naive=made.last[m],
                actual=getattr(now, m)[:, made.origin + h],
                scale=made.scale[m],
                eligible=made.eligible,
            )
            for h in horizons
        ]
        for m in MEASURES
    }


def outcome(
    measure: str,
    origin: int,
    horizon: int,
    *,
    forecast: Floats,
    naive: Floats,
    actual: Floats,
    scale: Floats,
    eligible: Bools,
) -> Outcome:
    """The errors of one forecast and of the naive one; all arrays (units,)."""
    known = np.isfinite(actual) & np.isfinite(naive)
    return Outcome(
        origin=origin,
        horizon=horizon,
        scored=known & eligible & np.isfinite(forecast),
        small=known & ~eligible,
        error=absolute_error(measure, forecast, actual),
        error_naive=absolute_error(measure, naive, actual),
        score=scores(measure, forecast, actual, scale),
        score_naive=scores(measure, naive, actual, scale),
    )


def known_by(past: list[Outcome], origin: int) -> list[Outcome]:
    return [o for o in past if o.origin + o.horizon <= origin]


def method_name(level: Level, measure: str, horizon: int, *, fitted: bool, has_cells: bool) -> str:
    """What the method is called; `fitted`: its weights were, at this horizon or a shorter one."""
    if level is ENGLAND:
        return SUM_OF_CELLS if has_cells else EXPECTED_MOVE
    if has_cells and is_halved(level, measure, horizon):
        return HALF_OF_CELLS
    return RIDGE if fitted else FIXED_BLEND


def decision(past: list[Outcome], horizon: int, level: Level, method: str) -> Decision:
    """The method if its past errors at the horizon, or at the longest shorter one with any, show skill.

    A level whose skill is `to_be_proven` is given no change until it is, at this very horizon.
    """
    for shorter in range(horizon, 0, -1):
        scored = [o for o in past if o.horizon == shorter and o.any_scored]
        if len(scored) >= FEWEST_ORIGINS:
            found = _skill(scored)
            shown = (shorter == horizon and is_proven(scored)) if level.to_be_proven else found > 0
            return Decision(method if shown else NO_CHANGE, found, len(scored))
    return Decision(NO_CHANGE if level.to_be_proven else method, None, 0)


def is_proven(scored: list[Outcome]) -> bool:
    """Whether the gain on the naive forecast exceeds its own uncertainty, over outcomes at one horizon."""
    if len(scored) < FEWEST_PROVING:
        return False
    length = max(SHORTEST_BLOCK, scored[0].horizon)
    ordered = sorted(scored, key=lambda o: o.origin)
    gains = np.array([o.gain for o in ordered])
    number = len(gains) // length
    if number < FEWEST_BLOCKS:
        return False
    blocks = gains[len(gains) - number * length :].reshape(number, length).mean(axis=1)
    times = STUDENT_OF_TWO if number == FEWEST_BLOCKS else float(student(PROVEN, np.array(number - 1)))
    return bool(blocks.mean() > times * blocks.std(ddof=1) / np.sqrt(number))


def score_sets(
    past: list[Outcome], *, last_value: bool, small: bool = False, among: Bools | None = None
) -> dict[int, Scores]:
    """Past scores by horizon: of the method or the last value, among the eligible units or the small ones.

    `among` (units,) narrows them.
    """
    sets = {}
    for horizon in sorted({o.horizon for o in past}):
        at = [o for o in past if o.horizon == horizon]
        uses = [o.small if small else o.scored for o in at]
        if among is not None:
            uses = [use & among for use in uses]
        values = np.concatenate(
            [(o.score_naive if last_value else o.score)[use] for o, use in zip(at, uses, strict=True)]
        )
        units = int(np.logical_or.reduce(uses).sum())
        sets[horizon] = Scores(values[np.isfinite(values)], len(at), units)
    return sets


def _skill(past: list[Outcome]) -> float:
    own, naive = (sum(each) for each in zip(*(o.errors for o in past), strict=True))
    return skill(own, naive)
