"""The parts pages are made of: tiles, cards, tables, notices. Each is accessible by construction.

Nothing here knows what a figure means. Cards stand in `frame.cards`, tables in `frame.tables`, words in
`frame.phrases`; pages take all of them from here.
"""

from collections.abc import Sequence

from dashboard.layouts.frame import html
from dashboard.layouts.frame.cards import (
    Card,
    Halves,
    Part,
    card,
    cards_of,
    placed,
    section,
    table_card,
)
from dashboard.layouts.frame.in_cells import bar, spark
from dashboard.layouts.frame.phrases import Component, empty, link, notice, paragraph, text
from dashboard.layouts.frame.table_order import Table, values_of
from dashboard.layouts.frame.tables import scrolling, table

__all__ = [
    "Card",
    "Component",
    "Halves",
    "Part",
    "Table",
    "bar",
    "card",
    "cards_of",
    "empty",
    "link",
    "notice",
    "paragraph",
    "placed",
    "scrolling",
    "section",
    "spark",
    "table",
    "table_card",
    "text",
    "tile",
    "tiles",
    "values_of",
]


def tile(
    name: str,
    number: str,
    lines: Sequence[Component],
    *,
    href: str | None = None,
    history: Component = None,
) -> Component:
    """One indicator: its name, its number, its small history, and up to four short lines."""
    title = link(name, href, className="rtt-tile__link") if href else name
    return html.Li(
        [
            html.H3(title, className="rtt-tile__name"),
            html.P(
                number,
                className="rtt-tile__number" + (" rtt-tile__number--words" if len(number) > 12 else ""),
            ),
            # An image has no children, and a component without any counts as nothing.
            *([] if history is None else [history]),
            *(html.P(line, className="rtt-tile__line") for line in lines if line),
        ],
        className="rtt-tile",
    )


def tiles(items: Sequence[Component]) -> Component:
    """The row of tiles, under a heading of its own for those who move by headings."""
    few = " rtt-tiles--few" if len(items) < 6 else ""
    return html.Div(
        [
            html.H2("Key figures", className="nhsuk-u-visually-hidden"),
            html.Ul(list(items), className="rtt-tiles" + few),
        ]
    )
