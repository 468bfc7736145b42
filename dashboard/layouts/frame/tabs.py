"""Tabs of a card: Chart, Table, Download, About. The address says which is open (`tab=<card>.<tab>`).

Every panel is drawn; assets/cards.js shows another one without asking the server, and keeps the address true.
A tab is a link to the address that opens it, so that it can be copied, opened apart, and works by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.filters import Filters, to_query
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.phrases import Component


@dataclass(frozen=True, slots=True)
class Panel:
    """What a tab opens: its name in the address, its words, and what is in it."""

    name: str
    title: str
    children: Sequence[Component]


def open_tab(card: str, names: Sequence[str], filters: Filters) -> str:
    """The tab of a card that the address asks for, else its first."""
    asked = (each.partition(".") for each in filters.tab)
    return next((tab for name, _, tab in asked if name == card and tab in names), names[0])


def tabbed(card: str, heading: Component, panels: Sequence[Panel], filters: Filters) -> list[Component]:
    """A heading with its tabs, and the panels, of which one is on show."""
    opened = open_tab(card, [panel.name for panel in panels], filters)
    links = [_tab(card, panel, panels[0], opened, filters) for panel in panels]
    tabs = html.Div(
        links, role="tablist", className="rtt-card__tabs", **attributes(aria_labelledby=f"{card}-title")
    )
    head = html.Div([heading, tabs], className="rtt-card__head")
    return [head, *(_panel(card, panel, opened) for panel in panels)]


def _tab(card: str, panel: Panel, first: Panel, opened: str, filters: Filters) -> Component:
    is_open = panel.name == opened
    others = tuple(each for each in filters.tab if each.partition(".")[0] != card)
    asked = others if panel is first else (*others, f"{card}.{panel.name}")
    return html.A(
        panel.title,
        id=f"{card}-tab-{panel.name}",
        href=to_query(filters, tab=asked) or "?",
        role="tab",
        tabIndex=0 if is_open else -1,
        className="rtt-card__tab",
        **attributes(
            aria_selected="true" if is_open else "false",
            aria_controls=f"{card}-{panel.name}",
            data_tab="" if panel is first else panel.name,
        ),
    )


def _panel(card: str, panel: Panel, opened: str) -> Component:
    return html.Div(
        list(panel.children),
        id=f"{card}-{panel.name}",
        role="tabpanel",
        hidden=panel.name != opened,
        className=f"rtt-panel rtt-panel--{panel.name}",
        **attributes(aria_labelledby=f"{card}-tab-{panel.name}"),
    )
