"""The pathways that a slot could go to: those of one specialty and stage that have no date, everybody's
commissioner's, in an order that means nothing. Who comes first is `rtt.findings.book_next`'s to say.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from dashboard.analysis.ptl import everybody
from dashboard.analysis.will_breach import will_breach_of
from dashboard.scope.scope import Scope
from dashboard.store.pathway_order import Order
from dashboard.store.pathways import Pathway, all_of
from rtt.findings.book_next import (
    DEFAULT_SLOTS,
    BookNext,
    Effect,
    GroupEffect,
    book_next,
    effects,
    effects_by_group,
)

STAGES = {"admitted": "Admission", "non-admitted": "Out-patient appointment"}


@dataclass(frozen=True, slots=True)
class Booking:
    """What the slots would do: the pathways with a slot in order, those never ordered, and the effects."""

    stage: str
    slots: int
    ends: date
    chosen: tuple[Pathway, ...]
    after: int
    apart: tuple[Pathway, ...]
    effects: tuple[Effect, ...]
    groups: tuple[GroupEffect, ...]


def is_asked(scope: Scope) -> bool:
    """Whether the address names one specialty and a stage: nothing is ordered across either."""
    return len(scope.functions) == 1 and scope.filters.pathway in STAGES


def booking_of(connection: Connection, scope: Scope) -> Booking:
    """The slots of the address given out; one statement."""
    stage, slots = scope.filters.pathway, int(scope.filters.slots or DEFAULT_SLOTS)
    asked = replace(
        everybody(scope),
        functions=scope.functions,
        site=scope.filters.site,
        stage=stage,
        booking="none",
    )
    # The order of the address must not decide between equals.
    waiting = all_of(connection, asked, Order("priority"))
    days = np.array([np.nan if each.days_waited is None else each.days_waited for each in waiting])
    found = book_next([each.urgency for each in waiting], days, stage=stage, slots=slots)
    horizon = will_breach_of(scope.asking(threshold=""))
    return Booking(
        stage=stage,
        slots=slots,
        ends=horizon.ends,
        chosen=_those(waiting, found.chosen),
        after=len(found.after),
        apart=_those(waiting, found.apart),
        effects=effects(days, found.chosen, horizon=horizon.days),
        groups=tuple(_groups(waiting, days, found)),
    )


def _groups(waiting: tuple[Pathway, ...], days: NDArray[Any], found: BookNext) -> list[GroupEffect]:
    """By deprivation group, if any is known."""
    groups = [each.deprivation for each in waiting]
    return effects_by_group(days, found.chosen, groups) if any(groups) else []


def _those(waiting: tuple[Pathway, ...], positions: NDArray[Any]) -> tuple[Pathway, ...]:
    return tuple(waiting[at] for at in positions)
