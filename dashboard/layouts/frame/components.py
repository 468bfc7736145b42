"""The parts pages are made of: tiles, cards, tables, notices. Each is accessible by construction.

A chart never stands alone: a card gives it a heading, a name with the number in it, one sentence, and the
same numbers as a table. Nothing here knows what a figure means.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from dashboard.figures.chart import CONFIG, Chart
from dashboard.layouts.frame import ids
from dashboard.layouts.frame.attributes import attributes
from dashboard.packs.formats.all import FORMATS

Component = Any
CHART_FILES = ("csv", "png", "svg", *(each.name for each in FORMATS.values() if each.of_cards))
CARD = "data-card"
"""The attribute that names a card, for the script that takes files from it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a box that scrolls; its cells are words, links, or spans of both."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Component]]
    label: str = ""
    text_columns: int = 1
    chosen: Container[int] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A named part of a page that files can be taken from: its chart, or the first of its tables."""

    name: str
    title: str
    drawn: Component
    chart: Chart | None = None
    table: Table | None = None

    def lines(self) -> list[list[str]]:
        """The table as text, its head first."""
        of = self.chart or self.table
        return [list(of.columns), *([text(cell) for cell in row] for row in of.rows)] if of else []


@dataclass(frozen=True, slots=True)
class Halves:
    """Cards side by side."""

    cards: tuple[Card, ...]


Part = Card | Halves | Component


def placed(parts: Iterable[Part]) -> list[Component]:
    """The parts of a page as they are drawn."""
    return [component for part in parts for component in _drawn(part)]


def _drawn(part: Part) -> list[Component]:
    if isinstance(part, Halves):
        halves = " rtt-cards--halves" if len(part.cards) > 1 else ""
        return [html.Div([each.drawn for each in part.cards], className=f"rtt-cards{halves}")]
    return [part.drawn if isinstance(part, Card) else part]


def cards_of(parts: Iterable[Part]) -> dict[str, Card]:
    """The cards among the parts of a page, by name."""
    each = (one for part in parts for one in (part.cards if isinstance(part, Halves) else (part,)))
    return {card.name: card for card in each if isinstance(card, Card)}


def text(cell: Component) -> str:
    """The words of a cell: those of a link, or of several parts together."""
    if cell is None or isinstance(cell, str | int):
        return "" if cell is None else str(cell)
    if isinstance(cell, list | tuple):
        return "".join(text(each) for each in cell)
    return text(getattr(cell, "children", None))


def paragraph(*children: Component, small: bool = False) -> Component:
    """A paragraph of body text."""
    return html.P(list(children), className="rtt-small" if small else "nhsuk-body")


def link(text: Component, href: str, **properties: Any) -> Component:
    """A link inside the product: no reload, and it adds a step to the history (assets/url.js)."""
    return html.A(text, href=href, className=properties.pop("className", "nhsuk-link"), **properties)


def tile(name: str, number: str, lines: Sequence[Component], *, href: str | None = None) -> Component:
    """One indicator: its name, its number, and up to four short lines."""
    title = link(name, href, className="rtt-tile__link") if href else name
    return html.Li(
        [
            html.H3(title, className="rtt-tile__name"),
            html.P(
                number,
                className="rtt-tile__number" + (" rtt-tile__number--words" if len(number) > 12 else ""),
            ),
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


def card(name: str, chart: Chart, *, height: int = 340) -> Card:
    """A chart with everything that must stand with it: heading, sentence, table, files."""
    caption_id = f"{name}-caption"
    drawn = html.Section(
        [
            html.H2(chart.title, className="nhsuk-heading-m", id=f"{name}-title"),
            html.Figure(
                [
                    html.Div(
                        dcc.Graph(
                            id=ids.chart(name),
                            figure=chart.figure,
                            config=CONFIG,
                            style={"height": f"{height}px"},
                            responsive=True,
                        ),
                        role="img",
                        className="rtt-chart",
                        **attributes(aria_label=chart.alt),
                    ),
                    html.Figcaption(chart.caption, id=caption_id, className="rtt-caption"),
                ],
                className="rtt-figure",
            ),
            html.Details(
                [
                    html.Summary(
                        html.Span("View as table", className="nhsuk-details__summary-text"),
                        className="nhsuk-details__summary",
                    ),
                    html.Div(
                        scrolling(
                            table(chart.title, chart.columns, _linked(chart)),
                            label=f"{chart.title}, table",
                        ),
                        className="nhsuk-details__text",
                    ),
                ],
                className="nhsuk-details",
            ),
            _links(name, chart.title, CHART_FILES),
        ],
        className="rtt-card",
        **attributes(aria_labelledby=f"{name}-title", data_card=name),
    )
    return Card(name, chart.title, drawn, chart=chart)


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


def table(
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Component]],
    *,
    text_columns: int = 1,
    chosen: Container[int] = (),
) -> Component:
    """A table whose first column names the row; every column after `text_columns` is right-aligned.

    `chosen` are the positions of the rows that the reader has chosen.
    """

    def side(position: int) -> str:
        return "" if position < text_columns else " nhsuk-table__cell--numeric"

    head = [
        html.Th(
            name,
            scope="col",
            className="nhsuk-table__header" + (" rtt-number" if position >= text_columns else ""),
        )
        if name
        else html.Td()  # a heading without words is none
        for position, name in enumerate(columns)
    ]
    sides = ["nhsuk-table__cell" + side(position) for position in range(len(columns))]
    body: Any = [_row(row, sides, chosen=at in chosen) for at, row in enumerate(rows)]
    return html.Table(
        [
            html.Caption(caption, className="nhsuk-u-visually-hidden"),
            html.Thead(html.Tr(head), className="nhsuk-table__head"),
            html.Tbody(body, className="nhsuk-table__body"),
        ],
        className="nhsuk-table nhsuk-table--compact rtt-table",
    )


def _row(cells: Sequence[Component], sides: Sequence[str], *, chosen: bool) -> dict[str, Any]:
    name = _element("Th", cells[0], scope="row", className="rtt-row-name" + _total_class(cells[0]))
    others = [_element("Td", cell, className=side) for cell, side in zip(cells[1:], sides[1:], strict=False)]
    marked = {"aria-current": "true"} if chosen else {}
    return _element("Tr", [name, *others], className="nhsuk-table__row", **marked)


def _element(kind: str, children: Component, **properties: Any) -> dict[str, Any]:
    """A component as it is sent: a table of a thousand cells made of objects costs more than its page."""
    properties["children"] = children
    return {"namespace": "dash_html_components", "type": kind, "props": properties}


def _linked(chart: Chart) -> Sequence[Sequence[Component]]:
    """The rows of a chart; the name of a row that leads somewhere is a link."""
    if not chart.hrefs:
        return chart.rows
    return [
        [_element("A", row[0], href=href, className="nhsuk-link") if href else row[0], *row[1:]]
        for row, href in zip(chart.rows, chart.hrefs, strict=True)
    ]


def _total_class(name: Component) -> str:
    # A row whose name is no link is the sum of the linked ones.
    return " rtt-row-name--total" if name in ("All specialties", "Total") else ""


def section(title: str, *children: Component, name: str) -> Component:
    """A part of a page under a heading, that no file is taken from."""
    return html.Section(
        [html.H2(title, className="nhsuk-heading-m", id=f"{name}-title"), *children],
        className="rtt-card",
        **attributes(aria_labelledby=f"{name}-title", data_card=name),
    )


def table_card(title: str, *children: Table | Component, name: str, as_csv: bool = False) -> Card:
    """A section whose first table can be taken; `as_csv` offers it as a file."""
    links = [_links(name, title, ("csv",))] if as_csv else []
    drawn = section(title, *(_tabled(child) for child in children), *links, name=name)
    return Card(name, title, drawn, table=next((each for each in children if isinstance(each, Table)), None))


def _tabled(child: Table | Component) -> Component:
    if not isinstance(child, Table):
        return child
    drawn = table(
        child.caption, child.columns, child.rows, text_columns=child.text_columns, chosen=child.chosen
    )
    return scrolling(drawn, label=child.label or f"{child.caption}, table")


def scrolling(child: Component, *, label: str) -> Component:
    """A wide table in a box of its own: it scrolls, the page does not, and the keyboard can reach it."""
    return html.Div(child, className="rtt-scroll", role="region", tabIndex=0, **attributes(aria_label=label))


def notice(*children: Component) -> Component:
    """Something the reader should know before reading on."""
    return html.Div(list(children), className="nhsuk-inset-text rtt-notice")


def empty(sentence: str, way_out: Component | None = None) -> Component:
    """Instead of an empty chart: what is missing, and a way out."""
    return html.Div([html.P(sentence), *([html.P(way_out)] if way_out else [])], className="nhsuk-inset-text")
