"""Pathways of a PTL counted in groups that are alike: by specialty, wait and date, in one statement each.

Grouped as an index has them, so that nothing is sorted: pathway by pathway it took four times as long.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, case, exists, func, null, select, union_all

from dashboard.store.booking import booking_states, decided, tci_without_decision
from dashboard.store.pathways import Wanted, conditions, of_lists
from ingest.store.schema import pathway

_c = pathway.c


def by_booking(connection: Connection, asked: Wanted, last_day: int) -> Sequence[tuple[Any, ...]] | None:
    """Specialty, site, days waited, how many have a TCI without a decision (of all), and how many are in each
    of BOOKINGS, in time being until the `last_day` of a wait; None where the database holds no pathway of
    these lists. One statement.
    """
    here = [*conditions(connection, asked)]
    undecided = select(func.count()).where(*here, tci_without_decision()).scalar_subquery()
    states = (func.sum(case((state, 1), else_=0)) for state in booking_states(last_day))
    chosen = (
        select(_c.treatment_function, _c.site_code, _c.wait_order, undecided, *states)
        .where(*here)
        .group_by(_c.treatment_function, _c.site_code, _c.wait_order)
    )
    return _unless_not_held(connection, asked, chosen)


def by_date(connection: Connection, asked: Wanted) -> Sequence[tuple[Any, ...]] | None:
    """Specialty, days waited (-1: not known), whether there is a decision to admit, days to the date that
    counts, how many; None where the database holds no pathway of these lists. One statement.
    """
    groups = (_c.treatment_function, _c.site_code, _c.wait_order, _c.urgency, _c.booked_in)
    has_decision = case((decided(), 1), else_=0)
    chosen = (
        select(_c.treatment_function, _c.wait_order, has_decision, _c.booked_in, func.count())
        .where(*conditions(connection, asked))
        .group_by(*groups)
    )
    return _unless_not_held(connection, asked, chosen)


def _unless_not_held(
    connection: Connection, asked: Wanted, chosen: Select[Any]
) -> Sequence[tuple[Any, ...]] | None:
    """The rows of a statement; None where the database holds no pathway of these lists."""
    any_held = exists().where(of_lists(connection, asked.providers, asked.census))
    held = select(*(null() for _ in chosen.selected_columns)).where(any_held)
    cursor = connection.execute(union_all(chosen, held)).cursor
    assert cursor is not None
    rows = cursor.fetchall()  # as the driver gives them: row objects would take longer than all the rest
    found = [row for row in rows if row[0] is not None]
    return found if len(found) < len(rows) else None
