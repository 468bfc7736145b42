"""Tables as they are drawn: headings that sort, a word to find rows by, rows that step back.

Which rows are shown in which order is `frame.table_order`'s; nothing here knows what a figure means.
"""

from collections.abc import Container, Iterable, Sequence
from typing import Any

from dash import dcc

from dashboard.filters import Filters, to_query
from dashboard.layouts.frame import html, ids, table_order
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.phrases import Component, link, text
from dashboard.layouts.frame.table_order import Shown, Table
from rtt.terms.wording import number_text

FEW_ROWS = 8
"""Up to so many rows are seen at a glance: no box to find them by."""
TALL_ROWS = 14
"""A table of more rows scrolls in its own box, under its head."""


def tabled(child: Table | Component, filters: Filters) -> list[Component]:
    """A table as the address asks for it, with what stands round it; anything else as it is."""
    if not isinstance(child, Table):
        return [child]
    shown = table_order.shown(child, filters)
    label = child.label or f"{child.caption}, table"
    drawn = [_finder(child, shown, filters)] if _can_be_searched(child) else []
    if not shown.rows and shown.words:
        return [*drawn, _nothing_found(shown, filters)]
    if shown.rows or not shown.folded:
        tall = len(shown.rows) > TALL_ROWS
        drawn.append(scrolling(_drawn(child, shown.rows, shown, filters), label=label, tall=tall))
    return [*drawn, *_fold(child, shown, filters, label)]


def as_shown(table: Table, filters: Filters) -> list[list[str]]:
    """The rows of a table as text, those behind the fold too, in the order in which they are shown."""
    found = table_order.shown(table, filters)
    totals = [at for at in found.rows if table.is_total(at)]
    others = [at for at in found.rows if at not in totals]
    return [[text(cell) for cell in table.rows[at]] for at in (*others, *found.folded, *totals)]


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
    given = Table(caption, columns, rows, text_columns=text_columns, chosen=chosen)
    return _element_table(given, [_plain_head(given, at) for at in range(len(columns))], range(len(rows)))


def scrolling(child: Component, *, label: str, tall: bool = False) -> Component:
    """A wide table in a box of its own: it scrolls, the page does not, and the keyboard can reach it."""
    look = "rtt-scroll rtt-scroll--tall" if tall else "rtt-scroll"
    return html.Div(child, className=look, role="region", tabIndex=0, **attributes(aria_label=label))


def _drawn(given: Table, rows: Iterable[int], shown: Shown, filters: Filters) -> Component:
    head = [
        _sorting_head(given, at, shown, filters)
        if table_order.column_sorts(given, at)
        else _plain_head(given, at)
        for at in range(len(given.columns))
    ]
    return _element_table(given, head, rows)


def _element_table(given: Table, head: list[Component], rows: Iterable[int]) -> Component:
    looks = ["nhsuk-table__cell", "nhsuk-table__cell nhsuk-table__cell--numeric"]
    sides = [looks[at >= given.text_columns] for at in range(1, len(given.columns))]
    body: Any = [_row(given, at, sides) for at in rows]
    return html.Table(
        [
            html.Caption(given.caption, className="nhsuk-u-visually-hidden"),
            html.Thead(html.Tr(head), className="nhsuk-table__head"),
            html.Tbody(body, className="nhsuk-table__body"),
        ],
        className="nhsuk-table nhsuk-table--compact rtt-table",
    )


def _plain_head(given: Table, at: int) -> Component:
    name = given.columns[at]
    if not name:
        return html.Td()  # a heading without words is none
    return html.Th(name, scope="col", className=_head_look(given, at))


def _sorting_head(given: Table, at: int, shown: Shown, filters: Filters) -> Component:
    """A heading that sorts: a link, its arrow, and the order for those who hear the page."""
    direction = table_order.next_order(given, at, shown.order)
    order = shown.order[1] if shown.order and shown.order[0] == at else ""
    marked = attributes(aria_sort="ascending" if order == "asc" else "descending") if order else {}
    href = to_query(filters, sort=table_order.sort_query(filters, given, at, direction))
    way = html.A(
        given.columns[at],
        href=href,
        className=f"rtt-sort rtt-sort--{order or 'none'}",
        **attributes(data_replace="", data_kept=f"sort {given.name} {at}"),
    )
    return html.Th(way, scope="col", className=_head_look(given, at), **marked)


def _head_look(given: Table, at: int) -> str:
    return "nhsuk-table__header" + (" rtt-number" if at >= given.text_columns else "")


def _row(given: Table, at: int, sides: list[str]) -> Component:
    cells = given.rows[at]
    total = " rtt-row-name--total" if given.is_total(at) else ""
    faint = at in given.faint
    named = [cells[0], html.Span(f" {given.few}", className="rtt-few")] if faint else cells[0]
    name = html.Th(named, scope="row", className="rtt-row-name" + total)
    others = [html.Td(cell, className=side) for cell, side in zip(cells[1:], sides, strict=False)]
    marked = {"aria-current": "true"} if at in given.chosen else {}
    look = "nhsuk-table__row" + (" rtt-faint" if faint else "")
    return html.Tr([name, *others], className=look, **marked)


def _can_be_searched(given: Table) -> bool:
    return bool(given.name) and len(given.rows) > FEW_ROWS


def _finder(given: Table, shown: Shown, filters: Filters) -> Component:
    """The box to find rows by a word, and how many of them are shown."""
    box = html.Label(
        [
            html.Span("Find in this table", className="rtt-label"),
            dcc.Input(
                id=ids.control(f"find.{given.name}"),
                type="search",
                value=shown.words,
                debounce=True,
                maxLength=80,
                autoComplete="off",
            ),
        ],
        className="rtt-filter rtt-rows-found__box",
    )
    # A press takes the focus out of the box, which is what applies it, as Enter does.
    press = html.Button("Find", type="button", className="rtt-button", **attributes(data_find=""))
    clear = [
        link(
            "Show all rows",
            to_query(filters, find="") or "?",
            **attributes(data_replace="", data_kept="find"),
        )
    ]
    found = len(shown.rows) + len(shown.folded)
    told = (
        f"{number_text(found)} of {number_text(shown.of)} rows with “{shown.words}”"
        if shown.words and found
        else ""
    )
    status = html.P(told, role="status", className="rtt-rows-found__told")
    return html.Div(
        [box, press, status, *(clear if shown.words and found else [])], className="rtt-rows-found"
    )


def _nothing_found(shown: Shown, filters: Filters) -> Component:
    everything = link(
        f"Show all {number_text(shown.of)} rows",
        to_query(filters, find="") or "?",
        **attributes(data_replace="", data_kept="find"),
    )
    return html.Div(
        [
            html.P(
                f"No row of this table has “{shown.words}”.", role="status", className="rtt-rows-found__none"
            ),
            html.P(everything),
        ],
        className="nhsuk-inset-text",
    )


def _fold(given: Table, shown: Shown, filters: Filters, label: str) -> list[Component]:
    """The rows that say nothing, behind their number."""
    if not shown.folded:
        return []
    count = len(shown.folded)
    words = f"Show {number_text(count)} {'row' if count == 1 else 'rows'} {given.folded_words}"
    body = scrolling(_drawn(given, shown.folded, shown, filters), label=f"{label}, further rows")
    return [
        html.Details(
            [
                html.Summary(
                    html.Span(words, className="nhsuk-details__summary-text"),
                    className="nhsuk-details__summary",
                ),
                html.Div(body, className="nhsuk-details__text"),
            ],
            className="nhsuk-details",
        )
    ]
