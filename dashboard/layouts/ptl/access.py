"""What pages of pathways share: who may look, the line in the audit trail, the age of the list, a pager.

A page of pathways asks `refusal` first, and gives what it found through `recorded`: what could not be written
down is not shown.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from dash import html
from sqlalchemy import Connection

from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.scope.scope import Choice
from dashboard.store.writing import WORDS_OF_PATIENCE, NotRecorded, write_audit
from ingest.store.schema import WEEKLY
from rtt.terms.possible_dates import is_fresh
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.wording import date_text, list_text, plural

Component = Any
log = logging.getLogger("rtt.audit")

NOT_RECORDED = (
    "This view could not be written to the audit trail, so nothing is shown. Try again in a minute; if it "
    "stays so, tell whoever runs this dashboard."
)


BUSY = (
    "Something is being loaded at the moment, and a view of pathways is written to the audit trail first. "
    f"This one waited {WORDS_OF_PATIENCE} and could not be, so nothing is shown. Try again in a few seconds."
)


def refusal(choice: Choice) -> Component | None:
    """Why this reader sees no pathway here; None for one who may, of a list that has them."""
    if not choice.reader.sees_some_pathways:
        return show.empty(
            "Pathways are shown only to those who were given access to them: the person at this machine "
            "(RTT_ACCESS=single-user), or people whose groups the settings name (RTT_ACCESS=proxy).",
            show.link("The figures of this list", f"/{to_query(choice.filters)}"),
        )
    if choice.source != WEEKLY:
        return show.empty(
            "A monthly return holds counts and no pathways. A weekly tracking list has them.",
            show.link("Show the tracking list", "?source=weekly") if _has_list(choice) else None,
        )
    return None


def _has_list(choice: Choice) -> bool:
    return WEEKLY in choice.holdings.sources


def recorded(connection: Connection, choice: Choice, path: str, *, rows: int) -> str:
    """Write down that this reader now sees `rows` pathways of this scope; or say why that could not be."""
    try:
        write_audit(
            connection.engine,
            choice.reader,
            action="viewed",
            scope=scope_of_view(choice, path),
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


def not_shown(why: str, choice: Choice, path: str) -> Component:
    """In the place of pathways: why they are not shown, and the same page once more."""
    # With a target of its own the link asks the server anew; to the page this address is nothing new.
    again = html.A("Try again", href=path + to_query(choice.filters), target="_self", className="nhsuk-link")
    return html.Div([html.P(why), html.P(again)], className="rtt-error", role="alert")


def scope_of_view(choice: Choice, path: str) -> str:
    """Page and filters in the words of the address, with the list and census it meant on the day."""
    org = choice.filters.org or choice.organisation.code
    return path + to_query(replace(choice.filters, census=choice.census, org=org))


def is_stale(choice: Choice) -> bool:
    """Whether the list is older than one may book from, or dated after today."""
    assert choice.census is not None
    assert choice.visit is not None
    return not is_fresh(choice.census, choice.visit.today, most_days=_limit(choice))


def _age(choice: Choice) -> int:
    assert choice.census is not None
    assert choice.visit is not None
    return (choice.visit.today - choice.census).days


def _limit(choice: Choice) -> int:
    assert choice.visit is not None
    return choice.visit.settings.list_days


def stale_words(choice: Choice) -> str:
    """ "This list is 9 days old: do not book from it."."""
    if _age(choice) < 0:
        assert choice.census is not None
        return (
            f"This list is dated {date_text(choice.census)}, after today: do not book from it. It cannot be "
            "taken out of this page."
        )
    return (
        f"This list is {plural(_age(choice), 'day')} old: do not book from it. Lists over "
        f"{plural(_limit(choice), 'day')} old cannot be taken out of this page."
    )


def stale_band(choice: Choice) -> Component | None:
    """The band over a list that is too old to book from."""
    if not is_stale(choice):
        return None
    return html.Div(html.P(html.Strong(stale_words(choice))), className="rtt-error", role="alert")


def who_sees_what(choice: Choice) -> Component:
    """What the reader's role shows, that looking is written down, and how a token becomes a reference."""
    return html.P(
        [
            f"{_role_words(choice)} Every view is logged. There are no names here: ",
            "on the PC that holds the list, ",
            html.Code("rtt tokens"),
            " turns tokens into local references.",
        ],
        className="rtt-small",
    )


def _role_words(choice: Choice) -> str:
    reader = choice.reader
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
