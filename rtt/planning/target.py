"""The target of a plan that names none: the next milestone of the level, else the standard.

A provider's milestone is the greater of a share and its own baseline and some points. Where its baseline is
not known, or the source names no month for it, the plan asks for the share, and says "at least".
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rtt.measures.standards import NATIONAL, PROVIDER, milestones, own_target, standard_words
from rtt.terms.wording import date_text, target_text

LEAST_DAYS = 28
"""A plan for a day nearer than this is refused: nothing can be begun and seen by then."""
LAST_DUE = date(2029, 3, 31)
STANDARD = 0.92
MEASURE = "share_within_18"

Baseline = Callable[[date], float | None]
"""The share within 18 weeks, a fraction, that the whole organisation had at a month end."""


@dataclass(frozen=True, slots=True)
class Target:
    """A share within 18 weeks, a fraction, by a month end, and what it is called."""

    share: float
    due: date
    words: str


def usual_target(level: str, census: date, baseline: Baseline) -> Target:
    """What is asked of an organisation of a level after a census, where nobody asks for anything else."""
    kind = PROVIDER if level == "provider" else NATIONAL
    for each in milestones(MEASURE, first=census + timedelta(days=LEAST_DAYS), last=LAST_DUE, level=kind):
        own = own_target(each, baseline)
        if own is not None and own.value is not None:
            return Target(own.value, own.starts, standard_words(own))
        if each.least is not None:
            words = standard_words(replace(each, value=each.least, plus=None, least=None))
            return Target(each.least, each.starts, words.replace("milestone of ", "milestone of at least "))
    return Target(STANDARD, LAST_DUE, f"the {target_text(STANDARD)} standard by {date_text(LAST_DUE)}")
