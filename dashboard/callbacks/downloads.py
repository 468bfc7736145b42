"""/card.csv: the table of one card of a page, made anew from the same address, so that file and page agree.

The parameters are those of the page's own address, with `page` and `card` beside them. What the page does not
show to a reader is not in the file either: it is the same card.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask, Response, request
from sqlalchemy import Engine

from dashboard.analysis.through_time import history_words
from dashboard.callbacks.csv_text import csv_text
from dashboard.filters import from_query
from dashboard.layouts.frame import status_line
from dashboard.layouts.frame.components import Card
from dashboard.layouts.frame.page import Page
from dashboard.packs.contents import audience
from dashboard.pages import BY_PATH
from dashboard.scope.scope import Scope, resolve
from dashboard.scope.start import with_source
from dashboard.server import guard
from dashboard.store.cache import reading
from rtt.findings.sentences import LICENCE
from rtt.terms import text_edges

See = Callable[[Scope], Scope]
_OWN = ("page", "card")


def register(server: Flask, engine: Engine) -> None:
    """Put the address on this server."""

    @server.get("/card.csv")
    def card_csv() -> Response:
        found = found_card(engine)
        table = found.card.lines(found.scope.filters) if found else []
        if found is None or not table:
            return guard.not_found()
        warning = [[audience.HOLDS_SMALL]] if audience.holds_small_numbers(found.scope) else []
        answer = Response(csv_text([*table, [], *notes(found), *warning]), mimetype="text/csv")
        answer.headers["Content-Disposition"] = f'attachment; filename="{file_stem(found)}.csv"'
        return answer


@dataclass(frozen=True, slots=True)
class Found:
    """A card with the page that it stands on, as the request's address makes it."""

    page: Page
    card: Card
    scope: Scope


def found_card(engine: Engine, *, see: See = lambda scope: scope) -> Found | None:
    """The card that this request names; None where there is none, or none that may be taken.

    `see` may put another reader in the place of the one who asks.
    """
    page, name = BY_PATH.get(request.args.get("page", "")), request.args.get("card", "")
    if page is None or page.audited:
        return None
    query = "?" + urlencode([(key, value) for key, value in request.args.items() if key not in _OWN])
    with reading(engine) as connection:
        asked = with_source(connection, from_query(query)[0], page.source)
        scope = see(resolve(connection, asked, guard.enquiry()))
        card = page.every_card(connection, scope).get(name)
    return Found(page, card, scope) if card else None


def file_stem(found: Found) -> str:
    """The name of a card's file, without its ending."""
    return text_edges.file_stem(found.page.title, found.card.name)


def notes(found: Found) -> list[list[str]]:
    """What the table is, of what scope and which data: under the rows, where no program takes it for one."""
    scope = found.scope
    status = status_line.status_words(scope, today=guard.enquiry().today)
    said = [f"{found.page.title}: {found.card.title}", found.page.scope_words(scope), "; ".join(status)]
    if words := history_words(scope):
        said.append(words)
    if scope.loaded.kind == "sample":
        said.append("Sample data: not a real trust")
    elif scope.source == "monthly":
        said.append(LICENCE)
    return [[line] for line in said]


def _warning(scope: Scope) -> list[list[str]]:
    """That a table holds what its reader may see and others may not."""
    return [[audience.HOLDS_SMALL]] if audience.holds_small_numbers(scope) else []
