"""The words of a pathway's row, for the page and for its file alike: one text for each column."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import html

from dashboard.layouts.frame import components as show
from dashboard.scope.scope import Scope
from dashboard.store.pathways import Pathway
from rtt.findings.book_next import APART_WITH_DECISION, urgency_words
from rtt.measures.data_quality import BY_KEY
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.waits import breach_date
from rtt.terms.wording import NOT_KNOWN, date_text, wait_text

Component = Any

COLUMNS = (
    "Token",
    "Waited",
    "Breaches 18 weeks",
    "Breaches 52 weeks",
    "Clinical priority",
    "Stage",
    "Specialty",
    "Site",
    "Last event",
    "Next appointment",
    "Admission date (TCI)",
    "Flags",
)
NONE = "None"
_SPECIALTY, _SITE = COLUMNS.index("Specialty"), COLUMNS.index("Site")


def pathway_table(
    caption: str, pathways: Sequence[Pathway], scope: Scope, *, numbered: bool = False
) -> Component:
    """The pathways as a table that scrolls by itself; what is the same in every row is left out."""
    assert scope.census is not None
    same = {_SPECIALTY} if len(scope.functions) == 1 else set()
    same |= {_SITE} if scope.filters.site or len(scope.sites) < 2 else set()

    def kept(cells: Sequence[str]) -> list[str]:
        return [cell for place, cell in enumerate(cells) if place not in same]

    rows = [kept(row_of(pathway, scope.census)) for pathway in pathways]
    columns = kept(COLUMNS)
    if numbered:
        columns = ["Place", *columns]
        rows = [[str(place), *row] for place, row in enumerate(rows, start=1)]
    table = show.table(caption, columns, rows, text_columns=len(columns))
    return html.Div(show.scrolling(table, label=f"{caption}, table"), className="rtt-pathways")


def row_of(pathway: Pathway, census: date) -> list[str]:
    """The cells of one pathway, as COLUMNS has them."""
    return [
        pathway.token,
        NOT_KNOWN if pathway.days_waited is None else wait_text(pathway.days_waited),
        *(_passes(pathway.clock_start, weeks, census) for weeks in (18, 52)),
        priority_words(pathway),
        pathway.stage.capitalize(),
        short_name_of(pathway.treatment_function),
        pathway.site_code,
        _event(pathway),
        date_text(pathway.next_appointment) if pathway.next_appointment else NONE,
        _admission(pathway, census),
        flag_words(pathway.flags),
    ]


def priority_words(pathway: Pathway) -> str:
    """ "P2, within 1 month"; "P6, not ordered"; "Not known"."""
    if pathway.urgency == APART_WITH_DECISION and pathway.procedure_priority:
        return f"{pathway.procedure_priority}, not ordered"
    return urgency_words(pathway.urgency)


def flag_words(flags: str) -> str:
    """The checks that a pathway failed, by name; "None" if it passed all."""
    names = [BY_KEY[key].name if key in BY_KEY else key for key in flags.split()]
    return "; ".join(names) or NONE


def _passes(clock_start: date | None, weeks: int, census: date) -> str:
    if clock_start is None:
        return NOT_KNOWN
    day = breach_date(clock_start, weeks)
    return f"{date_text(day)} (breached)" if day <= census else date_text(day)


def _event(pathway: Pathway) -> str:
    if not pathway.last_event:
        return NOT_KNOWN
    day = f", {date_text(pathway.last_event_date)}" if pathway.last_event_date else ""
    return f"{pathway.last_event.capitalize()}{day}"


def _admission(pathway: Pathway, census: date) -> str:
    if pathway.tci_date is None:
        return NONE
    past = " (before this list)" if pathway.tci_date < census else ""
    return f"{date_text(pathway.tci_date)}{past}"
