"""The tabs of Breaches: links to addresses of the page, of which one is open.

They are links and not an ARIA tab list: each changes the address, opens in a new window, and can be pasted.
"""

from typing import Any

from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.scope.scope import Scope

Component = Any
WHO, EXPECTED, SINCE, PROJECTION, RECORD = "who", "expected", "since", "projection", "record"
TITLES = {
    WHO: "Who",
    EXPECTED: "Expected",
    SINCE: "Since last week",
    PROJECTION: "Projection",
    RECORD: "Track record",
}
OF_LISTS = (EXPECTED, SINCE)
"""What only a PTL can tell."""


def offered(scope: Scope) -> tuple[str, ...]:
    """The tabs of this scope, in order."""
    return tuple(key for key in TITLES if scope.source == "weekly" or key not in OF_LISTS)


def chosen(scope: Scope) -> str:
    """The open tab: that of the address, the first if this scope has none of that name."""
    return scope.filters.show if scope.filters.show in offered(scope) else WHO


def address(scope: Scope, key: str) -> str:
    """The way to a tab."""
    return to_query(scope.filters, show="" if key == WHO else key) or "?"


def tabs(scope: Scope) -> Component:
    """The row of tabs, and why the one asked for is not there."""
    here, asked = chosen(scope), scope.filters.show
    missing = []
    if asked and asked != here:
        missing = [html.P(f"“{TITLES[asked]}” needs a trust’s weekly PTL.", className="rtt-small")]
    items = [
        html.Li(
            show.link(
                TITLES[key],
                address(scope, key),
                className="rtt-tab",
                **({"aria-current": "page"} if key == here else {}),
            )
        )
        for key in offered(scope)
    ]
    return html.Nav(
        [html.Ul(items, className="rtt-tabs"), *missing], **attributes(aria_label="Parts of this page")
    )
