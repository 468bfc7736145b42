"""The forms of the patient list: pathways as a file, columns, tokens to find, and saved views. Plain posts.

A file of pathways needs access, a list that is not too old, a purpose, and its line in the audit trail; in
that order, and without any one of them there is no file.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask, Response, redirect, request
from sqlalchemy import Connection, Engine
from werkzeug.wrappers import Response as AnyResponse

from dashboard.analysis.book_next import booking_of, is_asked
from dashboard.analysis.planning.slots_week import is_week_asked, week_of_slots
from dashboard.analysis.ptl import KEPT_OF_A_READER, kept_query, liking_of, order_of, selected, wanted
from dashboard.callbacks.csv_text import csv_text
from dashboard.callbacks.pasted_tokens import entries_of, fault_of
from dashboard.callbacks.pathways_xlsx import XLSX, pathways_xlsx
from dashboard.callbacks.writing import add_withdrawal, field, kept, link_back
from dashboard.filters import LIST_COLUMNS, Filters, from_query, to_query
from dashboard.layouts.ptl import access, book_next, slots_week
from dashboard.layouts.ptl import draw as ptl
from dashboard.layouts.ptl.columns import file_rows
from dashboard.layouts.ptl.table import seen_on
from dashboard.scope.scope import Scope, resolve
from dashboard.server import guard
from dashboard.server.access import check_sees_pathways
from dashboard.store import selections, writing
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
            columns = _columns(connection, scope, kind)
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
        return _file(scope, kind, rows, columns)

    @server.post("/ptl/find")
    def find_pathways() -> AnyResponse:
        who = guard.enquiry().reader
        check_sees_pathways(who)
        filters, _ = from_query(field("query"))
        # Every filter that could hide what is looked for is left behind.
        shown = {
            name: getattr(filters, name) for name in (*KEPT_OF_A_READER, "source", "level", "org", "census")
        }
        back = ptl.PATH + to_query(Filters(**shown))
        entries = entries_of(field("tokens"))
        why_not = fault_of(entries)
        if why_not:
            return guard.answer(400, "Nothing was looked for", why_not, link=back)
        key = selections.keep_selection(engine, who, entries, at=datetime.now(UTC))
        return _to(ptl.PATH + to_query(Filters(**shown), selected=key))

    @server.post("/ptl/columns")
    def choose_columns() -> AnyResponse:
        who = guard.enquiry().reader
        check_sees_pathways(who)
        filters, _ = from_query(field("query"))
        chosen = {*request.form.getlist("columns"), "token"}
        filters = replace(
            filters,
            columns=tuple(each for each in LIST_COLUMNS if each in chosen),
            size=field("size") if field("size") in ("25", "50", "100") else "",
            page="",
            open="",
        )
        if field("as") == "keep":
            selections.keep_setting(engine, who, kept_query(filters), at=datetime.now(UTC))
        return _to(ptl.PATH + to_query(filters))

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

    add_withdrawal(server, engine, "/ptl/views", writing.withdraw_view)


def _to(address: str) -> AnyResponse:
    answer = redirect(address, 303)
    assert isinstance(answer, Response)
    return answer


def _why_not(scope: Scope, kind: str, purpose: str) -> str:
    """Why there is no file; '' if there may be one."""
    if kind not in KINDS or scope.census is None or access.refusal(scope) is not None:
        return "There is no list of pathways to export."
    if kind == "book-next" and not (is_asked(scope) or is_week_asked(scope)):
        return "Choose one specialty and one stage."
    if access.is_stale(scope):
        return access.stale_words(scope)
    return "" if is_visible(purpose) else "Enter what the file is for."


def _rows(connection: Connection, scope: Scope, kind: str) -> Sequence[Pathway]:
    if kind == "book-next" and is_week_asked(scope):
        return week_of_slots(connection, scope).pathways
    if kind == "book-next":
        return booking_of(connection, scope).chosen
    asked = wanted(scope, selected(connection, scope, datetime.now(UTC)))
    return all_of(connection, asked, order_of(scope.filters))


def _file(scope: Scope, kind: str, rows: Sequence[Pathway], columns: Sequence[str]) -> Response:
    census = scope.census
    assert census is not None
    table = file_rows(rows, columns, seen_on(scope))
    notes = [f"PTL of {census.isoformat()}, unvalidated"]
    notes = ([book_next.SUPPORT] if kind == "book-next" else []) + notes
    notes = ([slots_week.RULE] if kind == "book-next" and is_week_asked(scope) else []) + notes
    notes = (["Sample data: not a real trust"] if scope.loaded.kind == "sample" else []) + notes
    name = f"{'tracking-list' if kind == 'list' else kind}-{census.isoformat()}"
    if field("as") == "xlsx":
        answer = Response(pathways_xlsx(table, notes), mimetype=XLSX)
        name += ".xlsx"
    else:
        words = [["" if cell is None else str(cell) for cell in row] for row in table]
        answer = Response(csv_text([*words, [], *([note] for note in notes)]), mimetype="text/csv")
        name += ".csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _columns(connection: Connection, scope: Scope, kind: str) -> tuple[str, ...]:
    """All of them, or those that the page shows its reader; what is one for all rows is in the file too."""
    if field("columns") == "all":
        return LIST_COLUMNS
    if kind == "book-next":
        shown = slots_week.COLUMNS if is_week_asked(scope) else (*book_next.COLUMNS, "stage")
        return (*shown, "specialty")
    return liking_of(scope.filters, selections.setting_of(connection, scope.reader)).columns
