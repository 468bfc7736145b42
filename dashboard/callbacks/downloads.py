"""/card.csv: the table of one card of a page, drawn anew from the same address, so that file and page agree.

The parameters are those of the page's own address, with `page` and `card` beside them. What the page does not
show to a reader is not in the file either: it is the same drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, request
from sqlalchemy import Engine

from dashboard.callbacks.csv_text import csv_text
from dashboard.filters import from_query
from dashboard.layouts.frame import shell
from dashboard.layouts.frame.components import CARD
from dashboard.layouts.frame.page import Page
from dashboard.packs.contents import audience
from dashboard.pages import BY_PATH
from dashboard.scope.scope import Scope, resolve, scope_words
from dashboard.server import guard
from dashboard.store.cache import reading
from rtt.findings.sentences import LICENCE
from rtt.terms import text_edges

Component = Any
See = Callable[[Scope], Scope]
_OWN = ("page", "card")


def register(server: Flask, engine: Engine) -> None:
    """Put the address on this server."""

    @server.get("/card.csv")
    def card_csv() -> Response:
        found = found_card(engine)
        table = next((part for part in parts(found.card) if is_kind(part, "Table")), None) if found else None
        if found is None or table is None:
            return guard.not_found()
        lines = [*rows(table), [], *notes(found.page, found.scope, found.card), *_warning(found.scope)]
        answer = Response(csv_text(lines), mimetype="text/csv")
        file = file_stem(found.page, found.name)
        answer.headers["Content-Disposition"] = f'attachment; filename="{file}.csv"'
        return answer


@dataclass(frozen=True, slots=True)
class Found:
    """A card with the page that it stands on, as the request's address draws it."""

    page: Page
    name: str
    card: Component
    scope: Scope


def found_card(engine: Engine, *, see: See = lambda scope: scope) -> Found | None:
    """The card that this request names; None where there is none, or none that may be taken.

    `see` may put another reader in the place of the one who asks.
    """
    page, name = BY_PATH.get(request.args.get("page", "")), request.args.get("card", "")
    if page is None or page.audited:
        return None
    query = "?" + urlencode([(key, value) for key, value in request.args.items() if key not in _OWN])
    drawn, scope = _drawn(engine, page, query, see)
    card = next((part for part in parts(drawn) if _named(part) == name), None)
    return Found(page, name, card, scope) if card is not None else None


def file_stem(page: Page, name: str) -> str:
    """The name of a card's file, without its ending."""
    return text_edges.file_stem(page.title, name)


def notes(page: Page, scope: Scope, card: Component) -> list[list[str]]:
    """What the table is, of what scope and which data: under the rows, where no program takes it for one."""
    title = next(text(found) for found in parts(card) if is_kind(found, "H2"))
    status = shell.status_words(scope, today=guard.enquiry().today)
    said = [f"{page.title}: {title}", scope_words(scope), "; ".join(status)]
    if scope.loaded.kind == "sample":
        said.append("Sample data: not a real trust")
    elif scope.source == "monthly":
        said.append(LICENCE)
    return [[line] for line in said]


def _warning(scope: Scope) -> list[list[str]]:
    """That a table holds what its reader may see and others may not."""
    return [[audience.HOLDS_SMALL]] if audience.holds_small_numbers(scope) else []


def _named(component: Component) -> str:
    return "" if isinstance(component, (list, tuple)) else str(properties(component).get(CARD, ""))


def _drawn(engine: Engine, page: Page, query: str, see: See) -> tuple[Component, Scope]:
    filters, _ = from_query(query)
    with reading(engine) as connection:
        scope = see(resolve(connection, filters, guard.enquiry()))
        return page.draw(scope, page.load(connection, scope)), scope


def rows(table: Component) -> Iterator[list[str]]:
    """The rows of a table as text, its head first."""
    for row in parts(table):
        if is_kind(row, "Tr"):
            yield [text(cell) for cell in _children(row)]


def text(component: Component) -> str:
    """The text of a component."""
    if isinstance(component, (str, int)):
        return str(component)
    return "".join(text(child) for child in _children(component))


def parts(component: Component) -> Iterator[Component]:
    """A component and all that stands in it, in the order of the page."""
    if component is not None and not isinstance(component, (str, int, float)):
        yield component
        for child in _children(component):
            yield from parts(child)


def _children(component: Component) -> list[Component]:
    children = component if isinstance(component, (list, tuple)) else properties(component).get("children")
    if children is None:
        return []
    return list(children) if isinstance(children, (list, tuple)) else [children]


def properties(component: Component) -> dict[str, Any]:
    """What a component was made with."""
    # Rows of large tables come as plain dictionaries (`components.table`), everything else as objects.
    if isinstance(component, dict):
        return component.get("props", {})
    return vars(component)


def is_kind(component: Component, kind: str) -> bool:
    """Whether a component is of this type, such as "Table"."""
    return (component.get("type") if isinstance(component, dict) else type(component).__name__) == kind
