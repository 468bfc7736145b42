"""A command, folded away, for those alone who run this dashboard: no manager meets one."""

from typing import Any

from dashboard.layouts.frame import html
from dashboard.scope.scope import Scope

Component = Any


def for_analysts(scope: Scope, command: str, what: str = "To do so") -> Component | None:
    """The command behind a heading to open; None for a reader who may change nothing."""
    if not scope.reader.may_write:
        return None
    return html.Details(
        [
            html.Summary(
                html.Span("For analysts", className="nhsuk-details__summary-text"),
                className="nhsuk-details__summary",
            ),
            html.Div(html.P([f"{what}: ", html.Code(command)]), className="nhsuk-details__text"),
        ],
        className="nhsuk-details",
    )
