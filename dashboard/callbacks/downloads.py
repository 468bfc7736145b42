"""/card.csv: the table of one card of a page, drawn anew from the same address, so that file and page agree.

The parameters are those of the page's own address, with `page` and `card` beside them. What the page does not
show to a reader is not in the file either: it is the same drawing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, request
from sqlalchemy import Engine

from dashboard import guard
from dashboard.exports import csv_text
from dashboard.filters import from_query
from dashboard.layouts import shell
from dashboard.layouts.components import CARD
from dashboard.pages import BY_PATH, Page
from dashboard.queries.choices import Choice, scope_words, settle
from dashboard.queries.memo import reading
from rtt.spc_settings import Rules

Component = Any
_OWN = ("page", "card")


def register(server: Flask, engine: Engine, *, rules: Rules) -> None:
    """Put the address on this server; `rules` are those of the process control charts."""

    @server.get("/card.csv")
    def card_csv() -> Response:
        page, name = BY_PATH.get(request.args.get("page", "")), request.args.get("card", "")
        scope = "?" + urlencode([(key, value) for key, value in request.args.items() if key not in _OWN])
        card = None
        if page is not None and not page.audited:
            drawn, choice = _drawn(engine, page, scope, rules)
            card = next((found for found in _parts(drawn) if _named(found) == name), None)
        table = next((found for found in _parts(card) if _is(found, "Table")), None)
        if page is None or table is None:
            return guard.not_found()
        rows = [*_rows(table), [], *notes(page, choice, card)]
        answer = Response(csv_text(rows), mimetype="text/csv")
        file = re.sub(r"[^a-z0-9-]+", "-", f"{page.title} {name}".lower()).strip("-")
        answer.headers["Content-Disposition"] = f'attachment; filename="{file}.csv"'
        return answer


def notes(page: Page, choice: Choice, card: Component) -> list[list[str]]:
    """What the table is, of what scope and which data: under the rows, where no program takes it for one."""
    title = next(_text(found) for found in _parts(card) if _is(found, "H2"))
    status = shell.status_words(choice, today=guard.visit().today)
    return [[f"{page.title}: {title}"], [scope_words(choice)], ["; ".join(status)], [shell.LICENCE]]


def _named(component: Component) -> str:
    return "" if isinstance(component, (list, tuple)) else str(_properties(component).get(CARD, ""))


def _drawn(engine: Engine, page: Page, scope: str, rules: Rules) -> tuple[Component, Choice]:
    filters, _ = from_query(scope)
    with reading(engine) as connection:
        choice = replace(settle(connection, filters), rules=rules, visit=guard.visit())
        return page.draw(choice, page.load(connection, choice)), choice


def _rows(table: Component) -> Iterator[list[str]]:
    for row in _parts(table):
        if _is(row, "Tr"):
            yield [_text(cell) for cell in _children(row)]


def _text(component: Component) -> str:
    if isinstance(component, (str, int)):
        return str(component)
    return "".join(_text(child) for child in _children(component))


def _parts(component: Component) -> Iterator[Component]:
    """A component and all that stands in it, in the order of the page."""
    if component is not None and not isinstance(component, (str, int, float)):
        yield component
        for child in _children(component):
            yield from _parts(child)


def _children(component: Component) -> list[Component]:
    children = component if isinstance(component, (list, tuple)) else _properties(component).get("children")
    if children is None:
        return []
    return list(children) if isinstance(children, (list, tuple)) else [children]


def _properties(component: Component) -> dict[str, Any]:
    # Rows of large tables come as plain dictionaries (`components.table`), everything else as objects.
    if isinstance(component, dict):
        return component.get("props", {})
    return vars(component)


def _is(component: Component, kind: str) -> bool:
    return (component.get("type") if isinstance(component, dict) else type(component).__name__) == kind
