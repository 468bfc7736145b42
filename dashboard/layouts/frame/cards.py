"""Cards: a named part of a page, with a heading, that files can be taken from.

A chart never stands alone: its card gives it a heading, a name with the number in it, one sentence, and the
same numbers as a table. A card is drawn when the page is placed, as the address asks for it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dash import dcc, html

from dashboard.figures.chart import CONFIG, Chart
from dashboard.filters import Filters
from dashboard.layouts.frame import ids, tables
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.phrases import Component, link
from dashboard.layouts.frame.table_order import Table
from dashboard.packs.formats.all import FORMATS

CHART_FILES = ("csv", "png", "svg", *(each.name for each in FORMATS.values() if each.of_cards))


@dataclass(frozen=True, slots=True)
class Card:
    """Its chart, or tables with what stands between them; `as_csv` offers the first table as a file."""

    name: str
    title: str
    chart: Chart | None = None
    height: int = 340
    children: tuple[Table | Component, ...] = ()
    as_csv: bool = False

    @property
    def table(self) -> Table | None:
        """The chart as a table, or the first of the tables."""
        if self.chart is not None:
            rows = tables.linked(self.chart.rows, self.chart.hrefs)
            return Table(self.chart.title, self.chart.columns, rows)
        return next((each for each in self.children if isinstance(each, Table)), None)

    def lines(self, filters: Filters) -> list[list[str]]:
        """The table as text, its head first, with the rows that the address asks for in its order."""
        table = self.table
        return [list(table.columns), *tables.as_shown(table, filters)] if table else []

    def drawn(self, filters: Filters) -> Component:
        """The card as the address asks for it."""
        if self.chart is not None:
            return _chart_card(self, self.chart, filters)
        inside = (part for child in self.children for part in tables.tabled(child, filters))
        links = [_links(self.name, self.title, ("csv",))] if self.as_csv else []
        return section(self.title, *inside, *links, name=self.name)


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


def card(name: str, chart: Chart, *, height: int = 340) -> Card:
    """A chart with everything that must stand with it: heading, sentence, table, files."""
    return Card(name, chart.title, chart=chart, height=height)


def table_card(title: str, *children: Table | Component, name: str, as_csv: bool = False) -> Card:
    """A section whose first table can be taken; `as_csv` offers it as a file."""
    return Card(name, title, children=children, as_csv=as_csv)


def section(title: str, *children: Component, name: str) -> Component:
    """A part of a page under a heading, that no file is taken from."""
    return html.Section(
        [html.H2(title, className="nhsuk-heading-m", id=f"{name}-title"), *children],
        className="rtt-card",
        **attributes(aria_labelledby=f"{name}-title", data_card=name),
    )


def _chart_card(card: Card, chart: Chart, filters: Filters) -> Component:
    graph = dcc.Graph(
        id=ids.chart(card.name),
        figure=chart.figure,
        config=CONFIG,
        style={"height": f"{card.height}px"},
        responsive=True,
    )
    figure = html.Figure(
        [
            html.Div(graph, role="img", className="rtt-chart", **attributes(aria_label=chart.alt)),
            html.Figcaption(chart.caption, id=f"{card.name}-caption", className="rtt-caption"),
        ],
        className="rtt-figure",
    )
    table = html.Details(
        [
            html.Summary(
                html.Span("View as table", className="nhsuk-details__summary-text"),
                className="nhsuk-details__summary",
            ),
            html.Div(tables.tabled(card.table, filters), className="nhsuk-details__text"),
        ],
        className="nhsuk-details",
    )
    return section(card.title, figure, table, _links(card.name, chart.title, CHART_FILES), name=card.name)


def _links(name: str, title: str, formats: Sequence[str]) -> Component:
    """What can be taken from a card: files (assets/downloads.js), its address, and what its figures mean."""
    files = [
        html.Button(
            file.upper(),
            type="button",
            className="rtt-link-button",
            **attributes(data_export=file, aria_label=f"{file.upper()} of {title}"),
        )
        for file in formats
    ]
    copy = html.Button(
        "Copy link", type="button", className="rtt-link-button", **attributes(data_copy="address")
    )
    about = link("About", "/about", **attributes(aria_label="About these figures"))
    return html.Div([*files, copy, about], className="rtt-card__links")
