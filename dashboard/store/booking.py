"""How a pathway of the tracking list is booked, asked of the columns that the list's indexes hold."""

from sqlalchemy import ColumnElement, and_

from ingest.store.schema import pathway
from rtt.findings.book_next import WITH_DECISION_BELOW
from rtt.terms.booking import bookings


def decided() -> ColumnElement[bool]:
    """Those with a decision to admit: their urgencies are a scale of their own, and in the indexes."""
    return pathway.c.urgency < WITH_DECISION_BELOW


def booking_states(last_day: int) -> tuple[ColumnElement[bool], ...]:
    """A condition for each of `rtt.terms.booking.BOOKINGS`, in time being until the `last_day` of a wait."""
    c = pathway.c
    return bookings(days_waited=c.wait_order, decided=decided(), booked_in=c.booked_in, last_day=last_day)


def tci_without_decision() -> ColumnElement[bool]:
    """Those with an admission date and no decision to admit; an index holds these alone."""
    return and_(pathway.c.tci_date.is_not(None), pathway.c.decision_to_admit.is_(None))
