"""Single pathways of a PTL: which the address asks for, which this reader may see, and a page of them.

Who may call is asked by the caller, and written down before anything is shown; which pathways a service lead
may see is asked here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from dashboard.analysis.will_breach import will_breach_of
from dashboard.filters import LIST_COLUMNS, Filters, from_query, to_query
from dashboard.scope.scope import Scope
from dashboard.store.pathway_order import SORTS, Order
from dashboard.store.pathways import USUAL_WEEKS, Pathway, Wanted, counts_of, some_of, tokens_of
from dashboard.store.selections import Selection, selection_of
from ingest.store.schema import ENGLISH
from rtt.measures.will_breach import WEEK
from rtt.terms.waits import band_days

TABLE = "pathways"
"""The name of the list in `sort` of an address."""
PAGE_SIZE = 25
_UNUSUAL = ("breach52", "start", "dta", "appointment", "tci", "event", "status", "deprivation")
USUAL_COLUMNS = tuple(each for each in LIST_COLUMNS if each not in _UNUSUAL)
KEPT_OF_A_READER = ("columns", "size", "keys")
"""The filters that say how a reader likes the list, and not which pathways."""


@dataclass(frozen=True, slots=True)
class Liking:
    """How the list is shown: by the address, else as its reader keeps it, else as it comes."""

    columns: tuple[str, ...] = USUAL_COLUMNS
    size: int = PAGE_SIZE
    keys: bool = True


@dataclass(frozen=True, slots=True)
class Looked:
    """What became of a selection: how many entries, and the places (from 1) of those that show nothing."""

    entries: int
    no_token: tuple[int, ...] = ()
    not_there: tuple[int, ...] = ()
    tokens: int = 0
    gone: bool = False  # the address names a selection that this reader does not have


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of those that match; `elsewhere` match too, but their commissioners are not English."""

    rows: tuple[Pathway, ...]
    matching: int
    elsewhere: int
    page: int
    pages: int
    size: int
    only: dict[str, int] = field(default_factory=dict)
    looked: Looked | None = None


def order_of(filters: Filters) -> Order:
    """The order that the address asks for: a worklist's, unless it names a column of the list."""
    for asked in filters.sort:
        table, _, rest = asked.partition(".")
        column, _, way = rest.partition(".")
        if table == TABLE and column in SORTS and way in ("asc", "desc"):
            return Order(column, way == "desc")
    return Order()


def liking_of(filters: Filters, kept: str) -> Liking:
    """How to show the list; `kept` is what its reader keeps, as an address says it."""
    own, _ = from_query(kept)
    columns = filters.columns or own.columns or USUAL_COLUMNS
    return Liking(
        # A row without its token could not be found again.
        tuple(each for each in LIST_COLUMNS if each in columns or each == "token"),
        int(filters.size or own.size or PAGE_SIZE),
        (filters.keys or own.keys) != "off",
    )


def kept_query(filters: Filters) -> str:
    """What of an address says how the list is shown."""
    return to_query(Filters(**{name: getattr(filters, name) for name in KEPT_OF_A_READER}))


def wanted(scope: Scope, selection: Selection | None = None) -> Wanted:
    """Everything that the address asks for; of a selection it names, the tokens."""
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
        weeks=int(filters.threshold or USUAL_WEEKS),
        only=filters.only,
        # A selection that is not there shows nothing: never the whole list in its place.
        tokens=(selection.tokens if selection else ()) if filters.selected else None,
    )


def everybody(scope: Scope) -> Wanted:
    """Every pathway of the list that the reader may see."""
    assert scope.census is not None
    areas = None if scope.reader.may_see_pathways else scope.reader.areas
    return Wanted(scope.codes, scope.census, areas)


def _waited(scope: Scope) -> Iterator[tuple[int, int | None]]:
    filters = scope.filters
    if filters.threshold and filters.horizon:
        will_breach = will_breach_of(scope)
        yield will_breach.first_day, will_breach.last_day
    elif filters.threshold:
        yield WEEK * int(filters.threshold) + 1, None
    if filters.band:
        yield band_days(int(filters.band))


def selected(connection: Connection, scope: Scope, at: datetime) -> Selection | None:
    """The selection of the address, if its reader has it; one statement, none where none is named."""
    if not scope.filters.selected:
        return None
    return selection_of(connection, scope.reader, scope.filters.selected, at=at)


def page_of(
    connection: Connection, scope: Scope, *, size: int = PAGE_SIZE, selection: Selection | None = None
) -> ListPage:
    """The page that the address asks for, or the last one: one statement where the counts are known, two more
    to count, and one to look for a selection.
    """
    asked, order = wanted(scope, selection), order_of(scope.filters)
    counts = counts_of(connection, asked)
    pages = max(1, -(-counts.matching // size))
    page = min(int(scope.filters.page or 1), pages)
    rows = some_of(connection, asked, order=order, skipped=size * (page - 1), rows=size, counts=counts)
    looked = _looked(connection, scope, selection) if scope.filters.selected else None
    return ListPage(rows, counts.matching, counts.elsewhere, page, pages, size, dict(counts.only), looked)


def _looked(connection: Connection, scope: Scope, selection: Selection | None) -> Looked:
    """Which entries the reader's own part of the list has, whatever else the address asks for."""
    if selection is None:
        return Looked(0, gone=True)
    there = tokens_of(connection, replace(everybody(scope), tokens=selection.tokens))
    places = list(enumerate(selection.entries, start=1))
    return Looked(
        len(selection.entries),
        tuple(place for place, each in places if each is None),
        tuple(place for place, each in places if each is not None and each not in there),
        len(selection.tokens),
    )
