"""Single pathways of a PTL: which the address asks for, which this reader may see, and a page of them.

Who may call is asked by the caller, and written down before anything is shown; which pathways a service lead
may see is asked here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from dashboard.analysis.will_breach import will_breach_of
from dashboard.scope.scope import Scope
from dashboard.store.pathways import USUAL_WEEKS, Pathway, Wanted, counts_of, some_of
from ingest.store.schema import ENGLISH
from rtt.measures.will_breach import WEEK
from rtt.terms.waits import band_days

PAGE_SIZE = 50
ORDERS = ("", "waited", "newest")
"""Clinical priority, then longest wait; longest wait; shortest wait."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of those that match; `elsewhere` match too, but their commissioners are not English."""

    rows: tuple[Pathway, ...]
    matching: int
    elsewhere: int
    page: int
    pages: int


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
        weeks=int(filters.threshold or USUAL_WEEKS),
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


def page_of(connection: Connection, scope: Scope) -> ListPage:
    """The page that the address asks for, or the last one; two statements, one where the count is known."""
    asked = wanted(scope)
    english, others = counts_of(connection, replace(asked, basis=""))
    matching = english if asked.basis else english + others
    pages = max(1, -(-matching // PAGE_SIZE))
    page = min(int(scope.filters.page or 1), pages)
    skipped = PAGE_SIZE * (page - 1)
    rows = some_of(
        connection,
        asked,
        order=scope.filters.order,
        skipped=skipped,
        rows=min(PAGE_SIZE, matching - skipped),
        matching=matching,
    )
    return ListPage(rows, matching, others, page, pages)
