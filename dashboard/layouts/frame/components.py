"""The parts pages are made of: tiles, cards, tables, notices. Each is accessible by construction.

A chart never stands alone: a card gives it a heading, a name with the number in it, one sentence, and the
same numbers as a table. Nothing here knows what a figure means.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from dash import dcc, html

from dashboard.figures.chart import CONFIG, Chart
from dashboard.layouts.frame import ids
from dashboard.layouts.frame.attributes import attributes
from dashboard.packs.formats.all import FORMATS

Component = Any
CHART_FILES = ("csv", "png", "svg", *(each.name for each in FORMATS.values() if each.of_cards))
CARD = "data-card"
"""The attribute that names a card, for the scripts and addresses that take something from it."""


def heading(text: str, *, level: int = 2, size: str = "m", id: str | None = None) -> Component:
    """A heading; `size` is xl, l, m or s."""
    tag = {1: html.H1, 2: html.H2, 3: html.H3}[level]
    named: dict[str, Any] = {"id": id} if id else {}
    return tag(text, className=f"nhsuk-heading-{size}", **named)


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


def card(name: str, chart: Chart, *, links: Sequence[Component] = (), height: int = 340) -> Component:
    """A chart with everything that must stand with it: heading, sentence, table, links."""
    caption_id = f"{name}-caption"
    return html.Section(
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
            _ways_on(name, chart.title, CHART_FILES, links),
        ],
        className="rtt-card",
        **attributes(aria_labelledby=f"{name}-title", data_card=name),
    )


def _ways_on(name: str, title: str, formats: Sequence[str], links: Sequence[Component] = ()) -> Component:
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
    return html.Div([*files, copy, about, *links], className="rtt-card__links")


def table(
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Component]],
    *,
    text_columns: int = 1,
    visible_caption: bool = False,
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
            html.Caption(
                caption, className="nhsuk-table__caption" if visible_caption else "nhsuk-u-visually-hidden"
            ),
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


def section(
    title: str, *children: Component, name: str, wide: bool = False, as_csv: bool = False
) -> Component:
    """A card without a chart; `as_csv` offers its first table as a file."""
    ways = [_ways_on(name, title, ("csv",))] if as_csv else []
    return html.Section(
        [html.H2(title, className="nhsuk-heading-m", id=f"{name}-title"), *children, *ways],
        className="rtt-card" + (" rtt-card--wide" if wide else ""),
        **attributes(aria_labelledby=f"{name}-title", data_card=name),
    )


def scrolling(child: Component, *, label: str) -> Component:
    """A wide table in a box of its own: it scrolls, the page does not, and the keyboard can reach it."""
    return html.Div(child, className="rtt-scroll", role="region", tabIndex=0, **attributes(aria_label=label))


def notice(*children: Component) -> Component:
    """Something the reader should know before reading on."""
    return html.Div(list(children), className="nhsuk-inset-text rtt-notice")


def empty(sentence: str, way_out: Component | None = None) -> Component:
    """Instead of an empty chart: what is missing, and a way out."""
    return html.Div([html.P(sentence), *([html.P(way_out)] if way_out else [])], className="nhsuk-inset-text")
