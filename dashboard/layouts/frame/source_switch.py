"""Week or month: the two sources, where both are loaded. Which is shown is told; the other is a link."""

from typing import Any

from dashboard.filters import to_query
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.components import link
from dashboard.layouts.frame.of_source import of_source
from dashboard.scope.scope import Scope

Component = Any
NAMES = {"weekly": ("Week", "Weekly PTL"), "monthly": ("Month", "Monthly return")}


def source_switch(scope: Scope) -> Component | None:
    """Two links; None where there is one source."""
    if len(scope.loaded.sources) < 2:
        return None
    items = [html.Li(_link(scope, source)) for source in ("weekly", "monthly")]
    return html.Div(
        html.Ul(items, className="rtt-switch"), role="group", **attributes(aria_label="Week or month")
    )


def _link(scope: Scope, source: str) -> Component:
    short, whole = NAMES[source]
    here = attributes(aria_current="true") if source == scope.source else {}
    query = to_query(of_source(scope, scope.filters, source), source=source)
    return link(short, query, className="", title=whole, **attributes(data_replace="yes"), **here)
