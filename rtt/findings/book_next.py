"""Whom to book next: an order within a stage by clinical priority, then by longest wait. Decision support.

Only what a clinician has already prioritised is ordered: with a decision to admit by the priority of the
procedure, without one by that of the referral. The two scales are never compared with each other, and whoever
has no known place on the scale, or no known clock start, stands apart and is never ordered. Deprivation, age
and the effect on a target play no part in the order; what the choice does to them is counted afterwards.
Nothing is booked here.

Sources: NHS England, clinical prioritisation of waiting lists (P1a to P4); NHS Data Dictionary, PRIORITY
TYPE.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rtt.terms.arrays import Ints

# One scale for admission, one for everything before the decision. P5 and P6 say that a patient postponed, not
# how urgent the procedure is: a person decides.
PROCEDURE_SCALE = {"P1A": 1, "P1B": 2, "P2": 3, "P3": 4, "P4": 5}
REFERRAL_SCALE = {"3": 11, "2": 12, "1": 13}
APART_WITH_DECISION, APART_WITHOUT = 9, 19
WITH_DECISION_BELOW = 10  # urgencies below are of pathways with a decision to admit

STAGES = {"admitted": tuple(PROCEDURE_SCALE.values()), "non-admitted": tuple(REFERRAL_SCALE.values())}
# Both always: saving one threshold at the other's cost must show.
THRESHOLDS = (18, 52)
DEFAULT_SLOTS = 20

_WORDS = {
    1: "P1a, within 24 hours",
    2: "P1b, within 72 hours",
    3: "P2, within 1 month",
    4: "P3, within 3 months",
    5: "P4, over 3 months",
    APART_WITH_DECISION: "Not known",
    11: "Two-week wait",
    12: "Urgent",
    13: "Routine",
    APART_WITHOUT: "Not known",
}


@dataclass(frozen=True, slots=True, eq=False)
class BookNext:
    """Positions of pathways: those with a slot, in order; those after them; those never ordered."""

    chosen: Ints
    after: Ints
    apart: Ints


@dataclass(frozen=True, slots=True)
class Effect:
    """What the slots do at one threshold, by a day: pathways already over it, and those about to pass it."""

    weeks: int
    over_chosen: int
    over_left: int
    passing_chosen: int
    passing_left: int


@dataclass(frozen=True, slots=True)
class GroupEffect:
    """A deprivation group ('' where not known): how many wait, how many have a slot, mean days of each."""

    group: str
    waiting: int
    chosen: int
    days_chosen: float | None
    days_left: float | None


def urgency(*, with_decision: bool, procedure_priority: str, priority: str) -> int:
    """Place on the scale of its kind, the lowest the most urgent; APART_... for a priority not known."""
    if with_decision:
        return PROCEDURE_SCALE.get(procedure_priority.upper(), APART_WITH_DECISION)
    return REFERRAL_SCALE.get(priority, APART_WITHOUT)


def urgency_words(place: int) -> str:
    """ "P2, within 1 month", "Two-week wait", "Not known"."""
    return _WORDS[place]


def book_next(urgencies: ArrayLike, days_waited: ArrayLike, *, stage: str, slots: int) -> BookNext:
    """Whom the slots of a stage ("admitted", "non-admitted") go to; days nan where the start is not known.

    Equal priority and wait keep the order given. In the admitted stage whoever has no decision to admit
    stands apart, in the non-admitted stage whoever has one: their priorities are of the other scale.
    """
    if slots < 0:
        raise ValueError(f"slots cannot be negative, got {slots}")
    places = np.asarray(urgencies, dtype=np.int64)
    days = np.asarray(days_waited, dtype=np.float64)
    ordered = np.isin(places, STAGES[stage]) & ~np.isnan(days)
    among = np.flatnonzero(ordered)
    order = among[np.lexsort((-days[among], places[among]))]
    return BookNext(order[:slots], order[slots:], np.flatnonzero(~ordered))


def effects(days_waited: ArrayLike, chosen: ArrayLike, *, horizon: int) -> tuple[Effect, ...]:
    """The effect at 18 and at 52 weeks, always both: saving one at the other's cost must show.

    `chosen` are positions; `horizon` is in days. "Passing" is within the threshold now and over it after the
    horizon if still waiting. A pathway whose start is not known counts nowhere.
    """
    days = np.asarray(days_waited, dtype=np.float64)
    has_slot = _mask(len(days), chosen)
    found = []
    for weeks in THRESHOLDS:
        over = days > 7 * weeks
        passing = ~over & (days + horizon > 7 * weeks)
        counts = (over & has_slot, over & ~has_slot, passing & has_slot, passing & ~has_slot)
        found.append(Effect(weeks, *(int(each.sum()) for each in counts)))
    return tuple(found)


def effects_by_group(days_waited: ArrayLike, chosen: ArrayLike, groups: Sequence[str]) -> list[GroupEffect]:
    """Who has a slot and how long they waited, by deprivation group; '' (not known) first, then by number."""
    days = np.asarray(days_waited, dtype=np.float64)
    has_slot = _mask(len(days), chosen)
    names = np.asarray(groups, dtype=str)
    found = []
    for group in sorted(set(groups), key=lambda name: (int(name or 0), name)):
        own = names == group
        found.append(
            GroupEffect(
                group,
                int(own.sum()),
                int((own & has_slot).sum()),
                _mean(days[own & has_slot]),
                _mean(days[own & ~has_slot]),
            )
        )
    return found


def _mask(length: int, positions: ArrayLike) -> NDArray[np.bool_]:
    mask = np.zeros(length, dtype=bool)
    mask[np.asarray(positions, dtype=np.int64)] = True
    return mask


def _mean(days: NDArray[Any]) -> float | None:
    known = days[~np.isnan(days)]
    return float(known.mean()) if len(known) else None
