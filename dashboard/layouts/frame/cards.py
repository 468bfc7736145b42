"""Cards: a named part of a page, with a heading, that files can be taken from.

A chart never stands alone: its card gives it a heading, a name with the number in it and one sentence, and
behind tabs the same numbers as a table, its files, and what its measures mean. A card is drawn when the page
is placed, as the address asks for it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dash import dcc

from dashboard.figures.chart import CONFIG, Chart
from dashboard.filters import Filters
from dashboard.layouts.frame import html, ids, tables
from dashboard.layouts.frame.about_measures import about
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.chart_table import of_chart
from dashboard.layouts.frame.phrases import Component
from dashboard.layouts.frame.table_order import Table
from dashboard.layouts.frame.tabs import Panel, tabbed
from dashboard.layouts.frame.take_along import CHART_FILES, take_along


@dataclass(frozen=True, slots=True)
class Card:
    """Its chart, or tables with what stands between them; `as_csv` offers the first table as a file.

    `foot`: what changes the card, under whichever tab is open.
    """

    name: str
    title: str
    chart: Chart | None = None
    height: int = 340
    children: tuple[Table | Component, ...] = ()
    as_csv: bool = False
    measures: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    foot: tuple[Component, ...] = ()

    @property
    def table(self) -> Table | None:
        """The chart as a table, or the first of the tables."""
        if self.chart is not None:
            return of_chart(self.name, self.chart)
        return next((each for each in self.children if isinstance(each, Table)), None)

    def lines(self, filters: Filters) -> list[list[str]]:
        """The table as text, its head first, with the rows that the address asks for in its order."""
        table = self.table
        return [list(table.columns), *tables.as_shown(table, filters)] if table else []

    def drawn(self, filters: Filters) -> Component:
        """The card as the address asks for it."""
        if self.chart is not None:
            return _chart_card(self, self.chart, filters)
        return _table_card(self, filters)


@dataclass(frozen=True, slots=True)
class Halves:
    """Cards side by side."""

    cards: tuple[Card, ...]


Part = Card | Halves | Component


def placed(parts: Iterable[Part], filters: Filters) -> list[Component]:
    """The parts of a page as they are drawn: `filters` say how tables are sorted and which tab is open."""
    return [component for part in parts for component in _drawn(part, filters)]


def _drawn(part: Part, filters: Filters) -> list[Component]:
    if isinstance(part, Halves):
        halves = " rtt-cards--halves" if len(part.cards) > 1 else ""
        return [html.Div([each.drawn(filters) for each in part.cards], className=f"rtt-cards{halves}")]
    return [part.drawn(filters) if isinstance(part, Card) else part]


def cards_of(parts: Iterable[Part]) -> dict[str, Card]:
    """The cards among the parts of a page, by name."""
    each = (one for part in parts for one in (part.cards if isinstance(part, Halves) else (part,)))
    return {card.name: card for card in each if isinstance(card, Card)}


def card(
    name: str,
    chart: Chart,
    *,
    height: int = 340,
    measures: Iterable[str] = (),
    method: Sequence[str] = (),
    foot: Sequence[Component] = (),
) -> Card:
    """A chart with everything that must stand with it: heading, sentence, table, files, definitions.

    `measures` are the keys of the indicators that it draws, `method` paragraphs on what else it needs to be
    understood; its About tells them. `foot` stands at its lower edge.
    """
    return Card(
        name,
        chart.title,
        chart=chart,
        height=height,
        measures=tuple(measures),
        method=tuple(method),
        foot=tuple(foot),
    )


def table_card(
    title: str,
    *children: Table | Component,
    name: str,
    as_csv: bool = False,
    measures: Iterable[str] = (),
    method: Sequence[str] = (),
) -> Card:
    """A section whose first table can be taken; `as_csv` offers it as a file, its definitions beside it."""
    return Card(name, title, children=children, as_csv=as_csv, measures=tuple(measures), method=tuple(method))


def section(title: str, *children: Component, name: str) -> Component:
    """A part of a page under a heading, that no file is taken from."""
    return html.Section(
        [_heading(title, name), *children],
        className="rtt-card",
        **attributes(aria_labelledby=f"{name}-title", data_card=name),
    )


def _chart_card(card: Card, chart: Chart, filters: Filters) -> Component:
    panels = [
        Panel("chart", "Chart", [_figure(card, chart)]),
        Panel("table", "Table", tables.tabled(card.table, filters)),
        Panel("download", "Download", [take_along(card.title, CHART_FILES)]),
        Panel("about", "About", about(card.title, card.measures, card.method)),
    ]
    return _tabbed(card, panels, filters)


def _table_card(card: Card, filters: Filters) -> Component:
    inside = [part for child in card.children for part in tables.tabled(child, filters)]
    if not card.as_csv:
        return section(card.title, *inside, name=card.name)
    panels = [
        Panel("table", "Table", inside),
        Panel("download", "Download", [take_along(card.title, ("csv",))]),
        Panel("about", "About", about(card.title, card.measures, card.method)),
    ]
    return _tabbed(card, panels, filters)


def _tabbed(card: Card, panels: Sequence[Panel], filters: Filters) -> Component:
    return html.Section(
        [*tabbed(card.name, _heading(card.title, card.name), panels, filters), *card.foot],
        className="rtt-card",
        **attributes(aria_labelledby=f"{card.name}-title", data_card=card.name),
    )


def _heading(title: str, name: str) -> Component:
    return html.H2(title, className="nhsuk-heading-m", id=f"{name}-title")


def _figure(card: Card, chart: Chart) -> Component:
    graph = dcc.Graph(
        id=ids.chart(card.name),
        figure=chart.figure,
        config=CONFIG,
        style={"height": f"{card.height}px"},
        responsive=True,
    )
    larger = html.Button(
        "Full screen",
        type="button",
        className="rtt-link-button rtt-larger",
        **attributes(data_larger="", aria_label=f"Full screen: {card.title}"),
    )
    return html.Figure(
        [
            html.Div(graph, role="img", className="rtt-chart", **attributes(aria_label=chart.alt)),
            larger,
            html.Figcaption(chart.caption, id=f"{card.name}-caption", className="rtt-caption"),
        ],
        className="rtt-figure",
    )
