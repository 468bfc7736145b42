"""Single pathways of a tracking list: who they are for this reader, how many, one page of them, all of them.

Everything is filtered, ordered and cut in SQL, from three indexes that hold every column of a filter
(`ingest.store.schema`). Nothing here is kept but counts: a pathway is read anew each time. Who may call is
asked by the caller, and written down before anything is shown; which pathways a service lead may see is asked
here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, false, func, or_, select, true

from dashboard.analysis.ladder import passing_of
from dashboard.scope.scope import Scope
from dashboard.settings.areas import Area
from dashboard.store.booking import booking_states, decided
from dashboard.store.cache import cached
from ingest.store.schema import ENGLISH, WEEKLY, pathway
from rtt.measures.tip_ins import WEEK
from rtt.terms.booking import APPOINTMENT_IN_TIME, APPOINTMENT_TOO_LATE, IN_TIME, TOO_LATE
from rtt.terms.waits import band_days

PAGE_SIZE = 50
ORDERS = ("", "waited", "newest")
"""Clinical priority, then longest wait; longest wait; shortest wait."""
_USUAL_WEEKS = 18

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
class ListPage:
    """One page of those that match; `elsewhere` match too, but their commissioners are not English."""

    rows: tuple[Pathway, ...]
    matching: int
    elsewhere: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pathways, as values that can be a key: the scope, the filters, and what the reader may see."""

    providers: tuple[str, ...]
    census: date
    areas: tuple[Area, ...] | None  # of a service lead; None: every one
    basis: str = ""  # '' for everybody, whoever commissions the care
    functions: tuple[str, ...] = ()
    site: str = ""
    stage: str = ""
    decided: bool = False
    priority: str = ""
    waited: tuple[tuple[int, int | None], ...] = ()  # ranges of days, both ends included
    booking: str = ""
    weeks: int = _USUAL_WEEKS  # the threshold that "in time" means


def wanted(scope: Scope) -> Wanted:
    """Everything that the address asks for."""
    filters = scope.filters
    return replace(
        everybody(scope),
        basis="" if filters.nonc else ENGLISH,
        functions=scope.functions,
        site=filters.site,
        stage=scope.stage,
        decided=filters.pathway == "dta",
        priority=filters.priority,
        waited=tuple(_waited(scope)),
        booking=filters.booking,
        weeks=int(filters.threshold or _USUAL_WEEKS),
    )


def everybody(scope: Scope) -> Wanted:
    """Every pathway of the list that the reader may see."""
    assert scope.census is not None
    areas = None if scope.reader.may_see_pathways else scope.reader.areas
    return Wanted(scope.codes, scope.census, areas)


def _waited(scope: Scope) -> Iterator[tuple[int, int | None]]:
    filters = scope.filters
    if filters.threshold and filters.horizon:
        passing = passing_of(scope)
        yield passing.first_day, passing.last_day
    elif filters.threshold:
        yield WEEK * int(filters.threshold) + 1, None
    if filters.band:
        yield band_days(int(filters.band))


def page_of(connection: Connection, scope: Scope) -> ListPage:
    """The page that the address asks for, or the last one; two statements, one where the count is known."""
    asked = wanted(scope)
    english, others = counts_of(connection, replace(asked, basis=""))
    matching = english if asked.basis else english + others
    pages = max(1, -(-matching // PAGE_SIZE))
    page = min(int(scope.filters.page or 1), pages)
    return ListPage(
        rows=_page(connection, scope, asked, page, matching),
        matching=matching,
        elsewhere=others,
        page=page,
        pages=pages,
    )


@cached
def counts_of(connection: Connection, asked: Wanted) -> tuple[int, int]:
    """How many pathways there are of English commissioners, and how many of others; one statement."""
    english = func.count(case((_c.basis == ENGLISH, 1)))
    both, own = connection.execute(select(func.count(), english).where(*_conditions(asked))).one()
    return int(own), int(both) - int(own)


def _page(
    connection: Connection, scope: Scope, asked: Wanted, page: int, matching: int
) -> tuple[Pathway, ...]:
    skipped = PAGE_SIZE * (page - 1)
    rows = min(PAGE_SIZE, matching - skipped)
    # The second half is found from the end, so that no page is further away than the one in the middle.
    from_end = skipped > matching // 2
    order = _order(scope.filters.order, backwards=from_end)
    skipped = matching - skipped - rows if from_end else skipped
    chosen = select(_c.provider_code, _c.token).where(*_conditions(asked)).order_by(*order)
    found = _read(connection, scope, chosen.limit(max(rows, 0)).offset(skipped), order)
    return found[::-1] if from_end else found


def all_of(connection: Connection, scope: Scope, asked: Wanted) -> tuple[Pathway, ...]:
    """Every pathway wanted, in the order of the address; one statement."""
    order = _order(scope.filters.order)
    return _read(connection, scope, select(_c.provider_code, _c.token).where(*_conditions(asked)), order)


def _read(
    connection: Connection, scope: Scope, chosen: Select[Any], order: tuple[Any, ...]
) -> tuple[Pathway, ...]:
    # The index names the pathways; only those of the page are looked up.
    few = chosen.subquery()
    extracts = [
        held.id
        for held in scope.loaded.of(WEEKLY)
        if held.census_date == scope.census and held.provider_code in scope.codes
    ]
    columns = [_c[name] for name in Pathway.__dataclass_fields__]
    statement = (
        select(*columns)
        .join(few, and_(_c.token == few.c.token, _c.provider_code == few.c.provider_code))
        .where(_c.extract_id.in_(extracts))
        .order_by(*order)
    )
    return tuple(Pathway(*row) for row in connection.execute(statement))


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
