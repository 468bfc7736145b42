"""The orders a patient list can be read in, each as a few stretches that follow one another.

A stretch is a condition and an order within it. Those that wait and those whose wait is not known, or those
still to breach and those that have, are stretches of their own: an index then serves each, where one
expression that puts them in order would sort the whole list for every page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, true

from ingest.store.schema import pathway
from rtt.findings.book_next import APART_WITH_DECISION, APART_WITHOUT

Term = tuple[ColumnElement[Any], bool]  # what to order by, and whether downwards

_c = pathway.c
_WAIT, _TOKEN = (_c.wait_order, True), (_c.token, False)

SORTS: tuple[str, ...] = (
    "breach",
    "waited",
    "priority",
    "stage",
    "specialty",
    "site",
    "date",
)
"""The columns that a list may be sorted by, all in its indexes: nothing else of an address reaches SQL."""


@dataclass(frozen=True, slots=True)
class Order:
    """A column of SORTS and its direction; "breach" upwards is the order of a worklist."""

    column: str = "breach"
    down: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pathways that stand together in an order."""

    where: ColumnElement[bool]
    terms: tuple[Term, ...]

    def order_by(self, *, backwards: bool = False) -> tuple[ColumnElement[Any], ...]:
        """The order within it, or exactly the other way about."""
        return tuple(each.desc() if down != backwards else each.asc() for each, down in self.terms)


def stretches(order: Order, last_day: int) -> Sequence[Stretch]:
    """The stretches of an order; `last_day` is the last day of a wait within the threshold.

    What is not known comes last in either direction. Ties go by the longest wait, then by the token, which
    means nothing and is the same on every page.
    """
    known, unknown = _c.wait_order >= 0, Stretch(_c.wait_order < 0, (_TOKEN,))
    if order.column == "breach" and not order.down:
        soon, over = _c.wait_order.between(0, last_day), _c.wait_order > last_day
        return Stretch(soon, (_WAIT, _TOKEN)), Stretch(over, (_WAIT, _TOKEN)), unknown
    if order.column in ("breach", "waited"):
        # The shortest wait first is exactly the longest first the other way about, so that one index serves
        # both.
        shortest = order.column == "waited" and not order.down
        by_wait: tuple[Term, ...] = (
            ((_c.wait_order, False), (_c.token, True)) if shortest else (_WAIT, _TOKEN)
        )
        return Stretch(known, by_wait), unknown
    if order.column == "priority":
        # An admission's priority and a referral's are two scales: each keeps its own place and its unknown
        # last.
        terms: tuple[Term, ...] = ((_c.urgency, order.down), _WAIT, _TOKEN)
        if not order.down:
            return (Stretch(true(), terms),)
        apart = _c.urgency.in_((APART_WITH_DECISION, APART_WITHOUT))
        return Stretch(~apart, terms), Stretch(apart, ((_c.urgency, True), _WAIT, _TOKEN))
    return _by_column(order)


def _by_column(order: Order) -> Sequence[Stretch]:
    column, there = {
        "stage": (_c.stage, true()),
        "specialty": (_c.treatment_function, true()),
        "site": (_c.site_code, true()),
        "date": (_c.booked_in, _c.booked_in >= 0),
    }[order.column]
    terms = ((column, order.down), _WAIT, _TOKEN)
    if order.column == "date":
        return Stretch(there, terms), Stretch(~there, (_WAIT, _TOKEN))
    return (Stretch(there, terms),)
