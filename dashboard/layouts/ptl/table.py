"""The table of pathways: one line each, headings that sort, and the opened row with its history."""

from collections.abc import Sequence
from typing import Any

from dashboard.analysis.ptl import TABLE, order_of
from dashboard.filters import each_query, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.ptl.columns import BY_COLUMN, Column, On, in_words
from dashboard.scope.scope import Scope
from dashboard.store.pathways import USUAL_WEEKS, Pathway

Component = Any


def seen_on(scope: Scope) -> On:
    """The day of the list and the threshold of the page."""
    assert scope.census is not None
    return On(scope.census, int(scope.filters.threshold or USUAL_WEEKS))


def offered(scope: Scope, keys: Sequence[str]) -> list[str]:
    """Those columns that do not say the same in every row."""
    same = {"specialty"} if len(scope.functions) == 1 else set()
    same |= {"site"} if scope.filters.site or len(scope.sites) < 2 else set()
    return [key for key in keys if key not in same]


def worklist(
    scope: Scope, pathways: Sequence[Pathway], keys: Sequence[str], *, opened: Component = None
) -> Component:
    """The page of the list; `opened` is what stands under the row that the address names."""
    on = seen_on(scope)
    columns = [BY_COLUMN[key] for key in offered(scope, keys)]
    at = int(scope.filters.open or 0) if opened is not None else 0
    numbers = [str(number) for number in range(1, len(pathways) + 1)]
    rows: list[Component] = []
    ways = each_query(scope.filters, "open", numbers)
    for number, (pathway, way) in enumerate(zip(pathways, ways, strict=True), start=1):
        is_open = number == at
        way = to_query(scope.filters, open="") or "?" if is_open else way
        rows.append(
            _row(columns, pathway, on, _opener(pathway, number, way, is_open=is_open), is_open=is_open)
        )
        if is_open:
            rows.append(html.Tr(html.Td(opened, className="rtt-history", colSpan=len(columns))))
    return _table(
        "Pathways", [_heading(scope, column, on) for column in columns], rows, describedby="pathways-title"
    )


def plain_table(caption: str, pathways: Sequence[Pathway], scope: Scope, keys: Sequence[str]) -> Component:
    """Pathways in an order that is not the reader's to choose, numbered where there is a column for it."""
    on = seen_on(scope)
    columns = [BY_COLUMN[key] for key in offered(scope, keys)]
    head = [html.Th("Place", scope="col"), *(html.Th(in_words(c.heading, on), scope="col") for c in columns)]
    rows: list[Component] = []
    for place, pathway in enumerate(pathways, start=1):
        row = _row(columns, pathway, on, pathway.token)
        row["props"]["children"].insert(0, html.Td(str(place)))
        rows.append(row)
    return _table(caption, head, rows)


def _table(caption: str, head: list[Component], rows: list[Component], *, describedby: str = "") -> Component:
    table = html.Table(
        [
            html.Caption(caption, className="nhsuk-u-visually-hidden"),
            html.Thead(html.Tr(head)),
            html.Tbody(rows),
        ],
        className="rtt-worklist",
        **(attributes(aria_describedby=describedby) if describedby else {}),
    )
    return html.Div(show.scrolling(table, label=f"{caption}, table"), className="rtt-pathways")


def _heading(scope: Scope, column: Column, on: On) -> Component:
    words = in_words(column.heading, on)
    if not column.sort:
        return html.Th(words, scope="col")
    order = order_of(scope.filters)
    is_sorted = order.column == column.sort
    down = not order.down if is_sorted else column.falls
    way = f"{TABLE}.{column.sort}.{'desc' if down else 'asc'}"
    link = show.link(
        [words, html.Span(_MARKS[order.down] if is_sorted else "", **attributes(aria_hidden="true"))],
        to_query(scope.filters, sort=(way,), page="", open=""),
        **attributes(data_keep=f"sort-{column.key}", data_replace="yes"),
    )
    said = attributes(aria_sort="descending" if order.down else "ascending") if is_sorted else {}
    return html.Th(link, scope="col", **said)


_MARKS = {False: " ▲", True: " ▼"}


def _row(
    columns: Sequence[Column], pathway: Pathway, on: On, name: Component, *, is_open: bool = False
) -> Component:
    """A line of the list, its token given by `name`."""
    cells = [
        html.Th(name, scope="row") if column.key == "token" else html.Td(column.cell(pathway, on))
        for column in columns
    ]
    return html.Tr(cells, **({"aria-current": "true"} if is_open else {}))


def _opener(pathway: Pathway, number: int, way: str, *, is_open: bool) -> Component:
    """The link that shows the history of a row, or hides it: by its place on the page, never by its token."""
    named = {"data-row": number, "data-keep": f"row-{number}", "className": "nhsuk-link"}
    title = "Hide the history" if is_open else "Show the history"
    return html.A(pathway.token, href=way, title=title, **named)
