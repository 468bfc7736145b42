"""The pages of a long table."""

from typing import Any

from dashboard.filters import Filters, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from rtt.terms.wording import number_text

Component = Any


def pager(filters: Filters, *, page: int, pages: int, label: str) -> Component:
    """Where one is among the pages, and links to the others; the order and filters stay."""
    ways = []
    for name, to in (("First", 1), ("Previous", page - 1), ("Next", page + 1), ("Last", pages)):
        if 1 <= to <= pages and to != page:
            query = to_query(filters, page=str(to) if to > 1 else "", open="")
            ways.append(html.Li(show.link(f"{name} page", query or "?")))
    return html.Nav(
        [
            html.P(f"Page {number_text(page)} of {number_text(pages)}"),
            *([html.Ul(ways)] if ways else []),
        ],
        className="rtt-pager",
        **attributes(aria_label=label),
    )
