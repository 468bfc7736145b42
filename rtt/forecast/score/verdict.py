"""Whether the forecasts of the last half year can be relied on: their error beside that of no change.

Of what was issued; where too little of that has come due, of the back-test, and it says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite

from rtt.forecast.score.issued import Scored
from rtt.forecast.score.words import error_text, skill_text
from rtt.terms.wording import plural

RECENT = timedelta(days=183)
FEWEST = 4
"""Scored figures below which better or worse would be chance."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Mean errors of `n` figures, in the unit of `error_text`; `back_test`: made afterwards, not issued."""

    n: int
    error: float
    error_naive: float
    back_test: bool = False

    @property
    def skill(self) -> float | None:
        """1 - error / naive error; None where no change never erred."""
        return 1 - self.error / self.error_naive if self.error_naive > 0 else None


def recent_verdict(issued: Iterable[Scored], *, until: date) -> Verdict | None:
    """Of the figures that came due in the half year to `until`; None where they are fewer than FEWEST."""
    pairs = [
        (each.error, each.error_naive)
        for each in issued
        if until - RECENT < each.forecast.target <= until and isfinite(each.error_naive)
    ]
    if len(pairs) < FEWEST:
        return None
    return Verdict(len(pairs), *(sum(side) / len(pairs) for side in zip(*pairs, strict=True)))


def verdict_sentence(found: Verdict | None) -> str:
    """ "Worse than no change in the last six months: do not rely on it."; its opposite."""
    if found is None:
        return "Too few forecasts have come due to say how good they are: plan with the count."
    where = "in the back-test" if found.back_test else "in the last six months"
    if "better" in skill_text(found.skill) and "no better" not in skill_text(found.skill):
        return f"Better than no change {where}: you can plan with it, and with its interval."
    worse = "Worse" if "worse" in skill_text(found.skill) else "No better"
    return f"{worse} than no change {where}: do not rely on it."


def evidence_sentence(found: Verdict, measure: str, *, what: str, places: int = 0) -> str:
    """From what the verdict follows: `what` names the figures, "figures 4 weeks ahead"."""
    own, naive = (error_text(measure, each, places=places) for each in (found.error, found.error_naive))
    made, why = "as issued", ""
    if found.back_test:
        made, why = "made afterwards from past data", " Too few issued forecasts have come due."
    return (
        f"{plural(found.n, 'figure')} {what}, {made}: the mean error was {own}. The figure of the day of the "
        f"forecast, carried on, was {naive} off.{why}"
    )
