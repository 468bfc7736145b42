"""Who looked at which pathways, when, how many and what for: the audit trail, for those in its group."""

from typing import Any

from sqlalchemy import Connection

from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.page import Page
from dashboard.layouts.frame.pager import pager
from dashboard.scope.scope import Scope
from dashboard.server.access import Reader
from dashboard.store.audit import AuditLine, AuditPage, audit_page
from rtt.terms.calendar import moment_text
from rtt.terms.wording import number_text, plural

Component = Any
_COLUMNS = ("When", "Who", "What", "Scope", "Purpose", "Rows")


def may_see(reader: Reader) -> bool:
    """Whether this reader may look at the trail."""
    return reader.may_audit


def load(connection: Connection, scope: Scope) -> AuditPage | None:
    """None for who may not look; two statements."""
    return audit_page(connection, int(scope.filters.page or 1)) if may_see(scope.reader) else None


def draw(scope: Scope, found: AuditPage | None) -> Component:
    """The page."""
    body = (
        show.empty("Only auditors can see the audit trail. Ask your administrator for access.")
        if found is None
        else _trail(scope, found)
    )
    question = html.P("Who looked at which pathways, when and why?", className="rtt-question")
    return html.Div([html.H1("Audit trail"), question, body])


def _trail(scope: Scope, found: AuditPage) -> Component:
    if not found.total:
        return show.empty("Nobody has viewed a pathway yet.")
    return html.Section(
        [
            html.H2(f"{plural(found.total, 'line')}, newest first", className="nhsuk-heading-m", id="trail"),
            show.scrolling(
                show.table("Audit trail", _COLUMNS, [_row(line) for line in found.lines], text_columns=5),
                label="Audit trail, table",
            ),
            html.P(show.link("Save the whole trail as CSV", "/audit.csv", download="")),
            pager(scope.filters, page=found.page, pages=found.pages, label="Pages of the trail"),
        ],
        className="rtt-card",
        **attributes(aria_labelledby="trail"),
    )


def _row(line: AuditLine) -> list[Component]:
    return [
        moment_text(line.at),
        line.reader,
        line.action,
        html.Span(line.scope, className="rtt-reason"),
        line.purpose,
        number_text(line.rows),
    ]


PAGE = Page("/audit", "Audit trail", load, draw, in_navigation=may_see, audited=True, menu="Data")
