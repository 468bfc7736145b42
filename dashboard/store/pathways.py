"""Single pathways of a PTL: how many match, some of them, and how those who will breach are booked.

Everything is filtered, ordered and cut in SQL, from three indexes that hold every column of a filter
(`ingest.store.schema`). Nothing here is kept but counts: a pathway is read anew each time.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from dashboard.filters import LIST_ONLY
from dashboard.settings.areas import Area
from dashboard.store.booking import booking_states, decided
from dashboard.store.cache import cached
from dashboard.store.loaded_extracts import loaded_extracts
from dashboard.store.pathway_order import Order, stretches
from ingest.store.schema import NONC, WEEKLY, pathway
from rtt.measures.data_quality import BY_KEY
from rtt.measures.will_breach import WEEK
from rtt.terms.booking import APPOINTMENT_IN_TIME, APPOINTMENT_TOO_LATE, IN_TIME, TOO_LATE

USUAL_WEEKS = 18
FLAGS = tuple(key for key in LIST_ONLY if key in BY_KEY)
"""The checks of data quality that a list can be narrowed to."""

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
    rtt_status: str
    deprivation: str
    flags: str
    urgency: int
    wait_order: int
    booked_in: int


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
    only: tuple[str, ...] = ()  # each of `dashboard.filters.LIST_ONLY`
    tokens: tuple[str, ...] | None = None  # of a reader's selection; None: whatever the token

    @property
    def last_day(self) -> int:
        """The last day of a wait within the threshold."""
        return WEEK * self.weeks


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pathways are wanted, and of them how many each of `dashboard.filters.LIST_ONLY` would leave.

    `elsewhere` match too, but their commissioners are not English; `over` have waited beyond the threshold.
    """

    matching: int
    elsewhere: int
    over: int
    only: Mapping[str, int]


def counts_of(connection: Connection, asked: Wanted) -> Counts:
    """The counts of a list, whatever its order; two statements, none where they are remembered."""
    # A selection is its reader's own: nothing that names its tokens is kept in memory.
    return _remembered(connection, asked) if asked.tokens is None else _count(connection, asked)


@cached
def _remembered(connection: Connection, asked: Wanted) -> Counts:
    return _count(connection, asked)


def _count(connection: Connection, asked: Wanted) -> Counts:
    here = [*conditions(connection, asked)]
    elsewhere = (
        select(func.count()).where(*conditions(connection, replace(asked, basis=NONC))).scalar_subquery()
    )
    narrowed = without_flags(asked.last_day)
    counted: dict[str, ColumnElement[Any]] = {}
    for key, condition in {"over": _c.wait_order > asked.last_day, **narrowed}.items():
        # A range of waits is counted in the index alone; what else is counted shares one scan of the list.
        in_range = select(func.count()).where(*here, condition).scalar_subquery()
        counted[key] = in_range if key in _RANGES else func.count(case((condition, 1)))
    found = connection.execute(select(func.count(), elsewhere, *counted.values()).where(*here)).one()
    matching, others, over, *only = map(int, found)
    return Counts(
        matching, others, over, dict(zip(narrowed, only, strict=True)) | _flagged(connection, asked)
    )


_RANGES = ("over", "passed-52", "no-start")


def _sizes(connection: Connection, asked: Wanted, order: Order, counts: Counts) -> tuple[int, ...]:
    """How many pathways each stretch of an order has; one statement where the counts do not say it."""
    parts = stretches(order, asked.last_day)
    unknown = counts.only["no-start"]
    if len(parts) == 1:
        return (counts.matching,)
    if len(parts) == 3:
        return counts.matching - counts.over - unknown, counts.over, unknown
    last = {"breach": unknown, "waited": unknown, "date": counts.only["no-date"]}.get(order.column)
    if last is None:
        here = (*conditions(connection, asked), parts[-1].where)
        last = int(connection.execute(select(func.count()).where(*here)).scalar_one())
    return counts.matching - last, last


def _flagged(connection: Connection, asked: Wanted) -> dict[str, int]:
    """How many fail each check, from the index of those that fail any."""
    flagged = (*conditions(connection, asked), _c.flags != "")
    found: Counter[str] = Counter()
    for flags, count in connection.execute(
        select(_c.flags, func.count()).where(*flagged).group_by(_c.flags)
    ).all():
        found.update(dict.fromkeys(flags.split(), int(count)))
    return {key: found[key] for key in FLAGS}


def some_of(
    connection: Connection, asked: Wanted, *, order: Order, skipped: int, rows: int, counts: Counts
) -> tuple[Pathway, ...]:
    """`rows` pathways after those `skipped`; one statement, two where unknown priorities must be counted."""
    few: dict[int, Select[Any]] = {}
    before = 0
    for place, many in enumerate(_sizes(connection, asked, order, counts)):
        first, end = max(skipped - before, 0), min(skipped + rows - before, many)
        before += many
        if first < end:
            few[place] = _cut(connection, asked, order, place, first=first, end=end, many=many)
    return _read(connection, asked, few, order) if few else ()


def _cut(
    connection: Connection, asked: Wanted, order: Order, place: int, *, first: int, end: int, many: int
) -> Select[Any]:
    """The pathways of a stretch from `first` to before `end`, of its `many`."""
    # The second half is found from the end, so that no page is further away than the one in the middle.
    from_end = first > many // 2
    terms = stretches(order, asked.last_day)[place].order_by(backwards=from_end)
    cut = _stretch(connection, asked, order, place).order_by(*terms).limit(end - first)
    return select(cut.offset(many - end if from_end else first).subquery())


def all_of(connection: Connection, asked: Wanted, order: Order) -> tuple[Pathway, ...]:
    """Every pathway wanted, in an order; one statement."""
    places = range(len(stretches(order, asked.last_day)))
    return _read(
        connection, asked, {place: _stretch(connection, asked, order, place) for place in places}, order
    )


def _stretch(connection: Connection, asked: Wanted, order: Order, place: int) -> Select[Any]:
    chosen = select(_c.extract_id, _c.token, literal(place).label("place"))
    return chosen.where(*conditions(connection, asked), stretches(order, asked.last_day)[place].where)


def _read(
    connection: Connection, asked: Wanted, chosen: Mapping[int, Select[Any]], order: Order
) -> tuple[Pathway, ...]:
    """The pathways chosen in each stretch, by its place in the order."""
    # The index names the pathways; only those of the page are looked up.
    one, *more = chosen.values()
    few = (union_all(one, *more) if more else one).subquery()
    parts = stretches(order, asked.last_day)
    # Each stretch has an order of its own; where there are several, a term is NULL in the rows of the others.
    terms = [
        (case((few.c.place == place, column)) if more else column, down)
        for place in chosen
        for column, down in parts[place].terms
    ]
    columns = [_c[name] for name in Pathway.__dataclass_fields__]
    statement = (
        select(*columns)
        .join(few, and_(_c.extract_id == few.c.extract_id, _c.token == few.c.token))
        .order_by(few.c.place, *(each.desc() if down else each.asc() for each, down in terms))
    )
    return tuple(Pathway(*row) for row in connection.execute(statement))


def tokens_of(connection: Connection, asked: Wanted) -> frozenset[str]:
    """The tokens of those wanted; one statement."""
    return frozenset(connection.execute(select(_c.token).where(*conditions(connection, asked))).scalars())


def without_flags(last_day: int) -> dict[str, ColumnElement[bool]]:
    """What a list can be narrowed to that no flag says, `last_day` being the last of a wait in time."""
    ends = _c.wait_order + _c.booked_in
    return {
        "no-date": _c.booked_in < 0,
        "passed-52": _c.wait_order > WEEK * 52,
        "date-late": and_(_c.booked_in >= 0, ends > last_day, _c.wait_order >= 0),
        "no-start": _c.wait_order < 0,
    }


def _narrowed(key: str, last_day: int) -> ColumnElement[bool]:
    if key in FLAGS:
        # Said twice so that the index of those with any flag is found.
        return and_(_c.flags != "", (" " + _c.flags + " ").contains(f" {key} ", autoescape=True))
    return without_flags(last_day)[key]


def of_lists(connection: Connection, providers: Collection[str], census: date) -> ColumnElement[bool]:
    """Whether a pathway is on one of the lists of a day, by which every index begins."""
    held = loaded_extracts(connection).of(WEEKLY)
    lists = [each.id for each in held if each.census_date == census and each.provider_code in providers]
    return _c.extract_id.in_(lists)


@cached
def are_counts_alone(connection: Connection, providers: tuple[str, ...], census: date) -> bool:
    """Whether the lists of a day have rows of which none is here: an older list, or one from a lake. At most
    one statement.
    """
    held = loaded_extracts(connection).of(WEEKLY)
    lists = [each for each in held if each.census_date == census and each.provider_code in providers]
    if not any(each.rows for each in lists):
        return False
    here = select(_c.token).where(of_lists(connection, providers, census)).limit(1)
    return connection.execute(here).first() is None


def conditions(connection: Connection, asked: Wanted) -> Iterator[ColumnElement[bool]]:
    """What a statement asks of a pathway that is wanted."""
    yield of_lists(connection, asked.providers, asked.census)
    yield from reader_may_see(asked)
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
    for key in asked.only:
        yield _narrowed(key, asked.last_day)
    if asked.tokens is not None:
        yield _c.token.in_(asked.tokens)


def reader_may_see(asked: Wanted) -> Iterator[ColumnElement[bool]]:
    """Of a service lead the services, of everybody else no condition."""
    if asked.areas is not None:
        yield or_(false(), *(_within(area) for area in asked.areas))


def _within(area: Area) -> ColumnElement[bool]:
    # Which trusts an area is of is decided before a list is asked for (`Reader.at`).
    if area.trusts is not None:
        return false()
    functions = true() if area.functions is None else _c.treatment_function.in_(sorted(area.functions))
    sites = true() if area.sites is None else _c.site_code.in_(sorted(area.sites))
    return and_(functions, sites)


def _booked(asked: Wanted) -> ColumnElement[bool]:
    if asked.booking == "none":
        return _c.booked_in < 0
    states = booking_states(asked.last_day)
    if asked.booking == "appointment":
        return or_(states[APPOINTMENT_IN_TIME], states[APPOINTMENT_TOO_LATE])
    # A wait that is not known is -1 in the order, and ends neither in time nor too late.
    return and_(_c.wait_order >= 0, states[IN_TIME if asked.booking == "in-time" else TOO_LATE])
