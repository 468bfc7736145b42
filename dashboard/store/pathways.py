"""Single pathways of a PTL: how many match, some of them, and how those who will breach are booked.

Everything is filtered, ordered and cut in SQL, from three indexes that hold every column of a filter
(`ingest.store.schema`). Nothing here is kept but counts: a pathway is read anew each time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, false, func, or_, select, true

from dashboard.settings.areas import Area
from dashboard.store.booking import booking_states, decided, tci_without_decision
from dashboard.store.cache import cached
from dashboard.store.loaded_extracts import loaded_extracts
from ingest.store.schema import ENGLISH, WEEKLY, pathway
from rtt.measures.will_breach import WEEK
from rtt.terms.booking import APPOINTMENT_IN_TIME, APPOINTMENT_TOO_LATE, IN_TIME, TOO_LATE

USUAL_WEEKS = 18

_c = pathway.c


@dataclass(frozen=True, slots=True)
class Pathway:
    """One waiting pathway, as the database has it; a date of None is not known, or not there."""

    token: str
    site_code: str
    treatment_function: str
    stage: str
    priority: str
    procedure_priority: str
    clock_start: date | None
    days_waited: int | None
    decision_to_admit: date | None
    tci_date: date | None
    next_appointment: date | None
    last_event: str
    last_event_date: date | None
    deprivation: str
    flags: str
    urgency: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pathways, as values that can be a key: the scope, the filters, and what the reader may see."""

    providers: tuple[str, ...]
    census: date
    areas: tuple[Area, ...] | None = None  # of a service lead; None: every one
    basis: str = ""  # '' for everybody, whoever commissions the care
    functions: tuple[str, ...] = ()
    site: str = ""
    stage: str = ""
    decided: bool = False
    priority: str = ""
    waited: tuple[tuple[int, int | None], ...] = ()  # ranges of days, both ends included
    booking: str = ""
    weeks: int = USUAL_WEEKS  # the threshold that "in time" means


@cached
def counts_of(connection: Connection, asked: Wanted) -> tuple[int, int]:
    """How many pathways there are of English commissioners, and how many of others; one statement."""
    english = func.count(case((_c.basis == ENGLISH, 1)))
    both, own = connection.execute(select(func.count(), english).where(*_conditions(asked))).one()
    return int(own), int(both) - int(own)


def some_of(
    connection: Connection, asked: Wanted, *, order: str, skipped: int, rows: int, matching: int
) -> tuple[Pathway, ...]:
    """`rows` of the `matching` pathways after those `skipped`; one statement."""
    # The second half is found from the end, so that no page is further away than the one in the middle.
    from_end = skipped > matching // 2
    terms = _order(order, backwards=from_end)
    skipped = matching - skipped - rows if from_end else skipped
    found = _read(
        connection, asked, _chosen(asked).order_by(*terms).limit(max(rows, 0)).offset(skipped), terms
    )
    return found[::-1] if from_end else found


def all_of(connection: Connection, asked: Wanted, order: str) -> tuple[Pathway, ...]:
    """Every pathway wanted, in an order; one statement."""
    return _read(connection, asked, _chosen(asked), _order(order))


def _chosen(asked: Wanted) -> Select[Any]:
    return select(_c.provider_code, _c.token).where(*_conditions(asked))


def _read(
    connection: Connection, asked: Wanted, chosen: Select[Any], order: tuple[Any, ...]
) -> tuple[Pathway, ...]:
    # The index names the pathways; only those of the page are looked up.
    few = chosen.subquery()
    extracts = [
        each.id
        for each in loaded_extracts(connection).of(WEEKLY)
        if each.census_date == asked.census and each.provider_code in asked.providers
    ]
    columns = [_c[name] for name in Pathway.__dataclass_fields__]
    statement = (
        select(*columns)
        .join(few, and_(_c.token == few.c.token, _c.provider_code == few.c.provider_code))
        .where(_c.extract_id.in_(extracts))
        .order_by(*order)
    )
    return tuple(Pathway(*row) for row in connection.execute(statement))


def by_booking(connection: Connection, asked: Wanted, last_day: int) -> Sequence[tuple[Any, ...]]:
    """Specialty, site, days waited, how many have a TCI without a decision (of all), and how many are in each
    of BOOKINGS, in time being until the `last_day` of a wait; one statement.

    Grouped as an index has them, so that nothing is sorted: pathway by pathway it took four times as long.
    """
    here = [*_conditions(asked)]
    undecided = select(func.count()).where(*here, tci_without_decision()).scalar_subquery()
    states = (func.sum(case((state, 1), else_=0)) for state in booking_states(last_day))
    chosen = (
        select(_c.treatment_function, _c.site_code, _c.wait_order, undecided, *states)
        .where(*here)
        .group_by(_c.treatment_function, _c.site_code, _c.wait_order)
    )
    found = connection.execute(chosen).cursor
    assert found is not None
    return found.fetchall()  # as the driver gives them: row objects would take longer than all the rest


def are_held(connection: Connection, providers: tuple[str, ...], census: date) -> bool:
    """Whether the database holds any pathway of these lists."""
    here = (_c.provider_code.in_(providers), _c.census_date == census)
    return connection.execute(select(1).where(*here).limit(1)).first() is not None


def _order(name: str, *, backwards: bool = False) -> tuple[ColumnElement[Any], ...]:
    """Ties are broken by the token, which means nothing and is the same on every page."""
    terms = {
        "": ((_c.urgency, False), (_c.wait_order, True), (_c.token, False)),
        "waited": ((_c.wait_order, True), (_c.token, False)),
        # Exactly the other way about, so that one index serves both.
        "newest": ((_c.wait_order, False), (_c.token, True)),
    }[name]
    return tuple(column.desc() if down != backwards else column.asc() for column, down in terms)


def _conditions(asked: Wanted) -> Iterator[ColumnElement[bool]]:
    yield _c.provider_code.in_(asked.providers)
    yield _c.census_date == asked.census
    if asked.areas is not None:
        yield or_(false(), *(_within(area) for area in asked.areas))
    if asked.functions:
        yield _c.treatment_function.in_(asked.functions)
    for column, value in (
        (_c.basis, asked.basis),
        (_c.site_code, asked.site),
        (_c.stage, asked.stage),
        (_c.priority, asked.priority),
    ):
        if value:
            yield column == value
    if asked.decided:
        yield decided()
    for first, last in asked.waited:
        yield _c.wait_order >= first
        if last is not None:
            yield _c.wait_order <= last
    if asked.booking:
        yield _booked(asked)


def _within(area: Area) -> ColumnElement[bool]:
    functions = true() if area.functions is None else _c.treatment_function.in_(sorted(area.functions))
    sites = true() if area.sites is None else _c.site_code.in_(sorted(area.sites))
    return and_(functions, sites)


def _booked(asked: Wanted) -> ColumnElement[bool]:
    if asked.booking == "none":
        return _c.booked_in < 0
    states = booking_states(WEEK * asked.weeks)
    if asked.booking == "appointment":
        return or_(states[APPOINTMENT_IN_TIME], states[APPOINTMENT_TOO_LATE])
    # A wait that is not known is -1 in the order, and ends neither in time nor too late.
    return and_(_c.wait_order >= 0, states[IN_TIME if asked.booking == "in-time" else TOO_LATE])
