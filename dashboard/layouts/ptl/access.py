"""What pages of pathways share: who may look, the line in the audit trail, the age of the list, a pager.

A page of pathways asks `refusal` first, and gives what it found through `recorded`: what could not be written
down is not shown.
"""

import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from dashboard.filters import Filters, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.scope.scope import Scope
from dashboard.store.pathways import are_counts_alone
from dashboard.store.writing import WORDS_OF_PATIENCE, NotRecorded, write_audit
from ingest.store.schema import WEEKLY
from rtt.terms.possible_dates import is_fresh
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.wording import date_text, list_text, plural

Component = Any
log = logging.getLogger("rtt.audit")

NOT_RECORDED = (
    "This view could not be written to the audit trail, so nothing is shown. Try again in a minute. If "
    "it happens again, tell your administrator."
)


BUSY = (
    "Data is being loaded. Each view of pathways is first recorded in the audit trail; this one waited "
    f"{WORDS_OF_PATIENCE} and could not be recorded, so nothing is shown. Try again in a few seconds."
)


def refusal(scope: Scope) -> Component | None:
    """Why this reader sees no pathway here; None for one who may, of a list that has them."""
    if not scope.reader.sees_some_pathways:
        return _no_access(scope)
    if scope.source != WEEKLY:
        return show.empty(
            "The monthly return holds counts only. The weekly PTL has pathways.",
            show.link("Show the PTL", "?source=weekly") if _has_list(scope) else None,
        )
    return None


def counts_alone(connection: Connection, scope: Scope) -> bool:
    """Whether somebody waits on the list and none of its pathways is here: it must not read as empty."""
    assert scope.census is not None
    return are_counts_alone(connection, scope.codes, scope.census)


def no_pathways_here(scope: Scope) -> Component:
    """What stands in place of a list of which only counts are here."""
    assert scope.census is not None
    return show.empty(
        f"Only the counts of the list of {date_text(scope.census)} are here, not its single pathways. Those "
        "are kept of the newest lists, and of a list from a lake where your administrator asked for them.",
        show.link("Figures for this list", f"/{to_query(scope.filters)}"),
    )


def _no_access(scope: Scope) -> Component:
    figures, own = show.link("Figures for this list", f"/{to_query(scope.filters)}"), own_lists(scope)
    if not own:
        return show.empty("You do not have access to pathways. Ask your administrator for access.", figures)
    here = f" of {scope.organisation.name}" if scope.source == WEEKLY else ""
    links = [show.link(f"Patients of {code}", _to_list(scope, code)) for code in own]
    return html.Div(
        [
            html.P(f"You do not have access to the pathways{here}. You see those of {list_text(own)}."),
            html.P([each for link in (*links, figures) for each in (link, " ")], className="rtt-card__links"),
        ],
        className="nhsuk-inset-text",
    )


def _to_list(scope: Scope, code: str) -> str:
    return "/ptl" + to_query(Filters(data=scope.filters.data, source=WEEKLY, level="provider", org=code))


def own_lists(scope: Scope) -> list[str]:
    """The trusts of which a list is loaded that this reader may see pathways of."""
    listed = sorted({each.provider_code for each in scope.loaded.of(WEEKLY)})
    return [code for code in listed if scope.enquiry.reader.at((code,)).sees_some_pathways]


def _has_list(scope: Scope) -> bool:
    return WEEKLY in scope.loaded.sources


def recorded(connection: Connection, scope: Scope, path: str, *, rows: int) -> str:
    """Write down that this reader now sees `rows` pathways of this scope; or say why that could not be."""
    try:
        write_audit(
            connection.engine,
            scope.reader,
            action="viewed",
            scope=scope_of_view(scope, path),
            rows=rows,
            at=datetime.now(UTC),
        )
    except NotRecorded as fault:
        log.error("a view of pathways could not be written down: %s", fault)
        return not_recorded(fault)
    return ""


def not_recorded(fault: NotRecorded) -> str:
    """Why nothing is shown, for the reader."""
    return BUSY if fault.is_busy else NOT_RECORDED


def not_shown(why: str, scope: Scope, path: str) -> Component:
    """In the place of pathways: why they are not shown, and the same page once more."""
    # With a target of its own the link asks the server anew; to the page this address is nothing new.
    again = html.A("Try again", href=path + to_query(scope.filters), target="_self", className="nhsuk-link")
    return html.Div([html.P(why), html.P(again)], className="rtt-error", role="alert")


def scope_of_view(scope: Scope, path: str) -> str:
    """Page and filters in the words of the address, with the list and census it meant on the day."""
    org = scope.filters.org or scope.organisation.code
    return path + to_query(replace(scope.filters, census=scope.census, org=org))


def is_stale(scope: Scope) -> bool:
    """Whether the list is older than one may book from, or dated after today."""
    assert scope.census is not None
    return not is_fresh(scope.census, scope.enquiry.today, most_days=_limit(scope))


def _age(scope: Scope) -> int:
    assert scope.census is not None
    return (scope.enquiry.today - scope.census).days


def _limit(scope: Scope) -> int:
    return scope.enquiry.settings.list_days


def stale_words(scope: Scope) -> str:
    """ "This list is 9 days old: do not book from it."."""
    if _age(scope) < 0:
        assert scope.census is not None
        return (
            f"This list is dated {date_text(scope.census)}, after today: do not book from it. You cannot "
            "download it."
        )
    return (
        f"This list is {plural(_age(scope), 'day')} old: do not book from it. Lists over "
        f"{plural(_limit(scope), 'day')} old cannot be downloaded."
    )


def stale_band(scope: Scope) -> Component | None:
    """The band over a list that is too old to book from."""
    if not is_stale(scope):
        return None
    return html.Div(html.P(html.Strong(stale_words(scope))), className="rtt-error", role="alert")


def who_sees_what(scope: Scope) -> Component:
    """What the reader's role shows, that looking is written down, and how a token becomes a reference."""
    return html.P(
        f"{_role_words(scope)} Every view is logged. No names are held here: your analyst can turn tokens "
        "into local references, on the PC that holds the list.",
        className="rtt-small",
    )


def _role_words(scope: Scope) -> str:
    reader = scope.reader
    if reader.may_see_pathways:
        return "You see every pathway of this list."
    said = []
    for area in reader.areas:
        names = ["all specialties"]
        if area.functions is not None:
            names = [short_name_of(code) for code in sorted(area.functions)]
        sites = f" at {list_text(sorted(area.sites))}" if area.sites is not None else ""
        said.append(list_text(names) + sites)
    return f"You see {'; '.join(said)} only, as a service lead."
