"""Words on a page: paragraphs, links, notices, and what a cell of a table says."""

from typing import Any

from dashboard.layouts.frame import html
from dashboard.layouts.frame.elements import children_of

Component = Any


def text(cell: Component) -> str:
    """The words of a cell: those of a link, or of several parts together."""
    if cell is None or isinstance(cell, str | int):
        return "" if cell is None else str(cell)
    if isinstance(cell, list | tuple):
        return "".join(text(each) for each in cell)
    return text(children_of(cell))


def paragraph(*children: Component, small: bool = False) -> Component:
    """A paragraph of body text."""
    return html.P(list(children), className="rtt-small" if small else "nhsuk-body")


def link(text: Component, href: str, **properties: Any) -> Component:
    """A link inside the product: no reload, and it adds a step to the history (assets/url.js)."""
    return html.A(text, href=href, className=properties.pop("className", "nhsuk-link"), **properties)


def notice(*children: Component) -> Component:
    """Something the reader should know before reading on."""
    return html.Div(list(children), className="nhsuk-inset-text rtt-notice")


def empty(sentence: str, way_out: Component | None = None) -> Component:
    """Instead of an empty chart: what is missing, and a way out."""
    return html.Div([html.P(sentence), *([html.P(way_out)] if way_out else [])], className="nhsuk-inset-text")
