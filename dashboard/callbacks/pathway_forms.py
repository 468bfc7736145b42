"""The forms of the tracking list: pathways as a file, and views saved under a name. Plain posts.

A file of pathways needs access, a list that is not too old, a purpose, and its line in the audit trail; in
that order, and without any one of them there is no file.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Flask, Response
from sqlalchemy import Connection, Engine
from werkzeug.wrappers import Response as AnyResponse

from dashboard.analysis.book_next import booking_of, is_asked
from dashboard.analysis.ptl import wanted
from dashboard.callbacks.csv_text import csv_text
from dashboard.callbacks.writing import field, kept, link_back
from dashboard.filters import from_query
from dashboard.layouts.ptl import access, book_next
from dashboard.layouts.ptl import draw as ptl
from dashboard.layouts.ptl.columns import COLUMNS, row_of
from dashboard.scope.scope import Scope, resolve
from dashboard.server import guard
from dashboard.server.access import check_sees_pathways
from dashboard.store import writing
from dashboard.store.cache import reading
from dashboard.store.pathways import Pathway, all_of
from rtt.terms.text_edges import is_visible, one_line

KINDS = {"list": ptl.PATH, "book-next": book_next.PATH}


def register(server: Flask, engine: Engine) -> None:
    @server.post("/ptl/export")
    def export_pathways() -> AnyResponse:
        check_sees_pathways(guard.enquiry().reader)
        kind, purpose = field("kind"), one_line(field("purpose"))
        back = link_back(field("back"))
        filters, _ = from_query(field("query"))
        with reading(engine) as connection:
            scope = resolve(connection, filters, guard.enquiry())
            why_not = _why_not(scope, kind, purpose)
            if why_not:
                return guard.answer(400, "Nothing was exported", why_not, link=back)
            rows = _rows(connection, scope, kind)
        try:
            writing.write_audit(
                engine,
                scope.reader,
                action="exported",
                scope=access.scope_of_view(scope, KINDS[kind]),
                rows=len(rows),
                purpose=purpose,
                at=datetime.now(UTC),
            )
        except writing.NotRecorded as fault:
            return guard.try_again("Nothing was exported", access.not_recorded(fault), link=back)
        return _file(scope, kind, rows)

    @server.post("/ptl/views")
    def save_view() -> AnyResponse:
        return kept(
            lambda: writing.save_view(
                engine,
                guard.enquiry().reader,
                name=field("name"),
                query=field("query"),
                at=datetime.now(UTC),
            )
        )

    @server.post("/ptl/views/<row:number>/withdraw")
    def withdraw_view(number: int) -> AnyResponse:
        return kept(
            lambda: writing.withdraw_view(engine, guard.enquiry().reader, number, at=datetime.now(UTC))
        )


def _why_not(scope: Scope, kind: str, purpose: str) -> str:
    """Why there is no file; '' if there may be one."""
    if kind not in KINDS or scope.census is None or access.refusal(scope) is not None:
        return "There is no list of pathways to export."
    if kind == "book-next" and not is_asked(scope):
        return "Choose one specialty and one stage."
    if access.is_stale(scope):
        return access.stale_words(scope)
    return "" if is_visible(purpose) else "Enter what the file is for."


def _rows(connection: Connection, scope: Scope, kind: str) -> Sequence[Pathway]:
    if kind == "book-next":
        return booking_of(connection, scope).chosen
    return all_of(connection, wanted(scope), scope.filters.order)


def _file(scope: Scope, kind: str, rows: Sequence[Pathway]) -> Response:
    census = scope.census
    assert census is not None
    sample = [["Sample data: not a real trust"]] if scope.loaded.kind == "sample" else []
    support = [[book_next.SUPPORT]] if kind == "book-next" else []
    table = [list(COLUMNS), *(row_of(pathway, census) for pathway in rows)]
    notes = [[], *sample, *support, [f"PTL of {census.isoformat()}, unvalidated"]]
    answer = Response(csv_text([*table, *notes]), mimetype="text/csv")
    name = "tracking-list" if kind == "list" else kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{census.isoformat()}.csv"'
    return answer
