"""/pack.pptx and its like: the pack of an address as a file; /narratives: the commentary typed on its page.

/card.pptx and its like give a single chart in the same way: drawn anew from the page's address. Both are for
the public unless the address says `audience=internal`; what then holds small numbers of a tracking list is
written into the audit trail before it is given. What `rtt pack` records is not recorded here: a file taken is
no pack sent out.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask, Response, request
from sqlalchemy import Engine
from werkzeug.wrappers import Response as AnyResponse

from dashboard.analysis import pack
from dashboard.analysis.pack_state import draft_reasons
from dashboard.callbacks import downloads
from dashboard.callbacks.writing import day_of, kept, known_series, writer
from dashboard.filters import from_query
from dashboard.layouts.ptl.access import NOT_RECORDED, scope_of_view
from dashboard.packs.contents.audience import audience_name, for_audience, holds_small_numbers
from dashboard.packs.contents.card import card_contents
from dashboard.packs.contents.pack import Contents, contents_of, stem_of
from dashboard.packs.formats.all import FORMATS
from dashboard.packs.formats.made import made
from dashboard.packs.office.templates import UnusableTemplate, templates_of
from dashboard.scope.scope import Scope, resolve
from dashboard.server import guard
from dashboard.store import writing
from dashboard.store.cache import reading
from dashboard.store.packs import provenance_of
from dashboard.store.series import BOARD_ASK, LINE_BREAK
from rtt.terms.possible_dates import plan_fault
from rtt.terms.text_edges import file_stem

LONGEST_NUMBER = 18
AUDITED = "exported small numbers"
NOT_PUBLIC = "It holds small numbers alone. On its page choose “Internal” under “Files for”, or"
_KINDS = f"<any({', '.join(FORMATS)}):kind>"


def register(server: Flask, engine: Engine) -> None:
    """Put the addresses on this server."""

    @server.get(f"/pack.{_KINDS}")
    def pack_file(kind: str) -> Response:
        filters, _ = from_query(request.query_string.decode("utf-8", "replace"))
        here = guard.enquiry()
        with reading(engine) as connection:
            scope = for_audience(resolve(connection, filters, here))
            found = pack.load(connection, scope, whole=True)
            if found is None:
                return guard.not_found()
            draft = draft_reasons(connection, found.scope)
        contents = contents_of(found, draft=draft, moment=here.settings.made_at)
        return _given(engine, found.scope, "/pack", lambda: _file(contents, kind, stem_of(found)))

    @server.get(f"/card.{_KINDS}")
    def card_file(kind: str) -> Response:
        here = guard.enquiry()
        found = downloads.found_card(engine, see=for_audience)
        if found is None or found.card.chart is None:
            own = downloads.found_card(engine)
            if own is None or own.card.chart is None:
                return guard.not_found()
            return guard.answer(404, "This chart is not public", NOT_PUBLIC)
        # The licence has a place of its own.
        notes = [line[0] for line in downloads.notes(found)[:-1]]
        with reading(engine) as connection:
            assert found.scope.census is not None
            data_hash = provenance_of(connection, found.scope.source, found.scope.census).data_hash
            draft = draft_reasons(connection, found.scope)
        contents = card_contents(
            found.card.chart,
            found.scope,
            notes=notes,
            data_hash=data_hash,
            draft=draft,
            moment=here.settings.made_at,
        )
        stem = f"{downloads.file_stem(found)}-{audience_name(found.scope)}"
        return _given(engine, found.scope, found.page.path, lambda: _file(contents, kind, stem))

    @server.post("/narratives")
    def narrative() -> AnyResponse:
        def keep() -> None:
            reader, series, written = writer(), known_series(engine), _written()
            if not written:
                raise writing.Unacceptable("The form holds no commentary.")
            writing.keep_commentary(
                engine, reader, series, written, opened_on=day_of("opened_on"), at=datetime.now(UTC)
            )

        return kept(keep)


def _written() -> dict[str, writing.Written]:
    """What the form says, by measure: its fields are "why.over_52" and the like."""
    found = {}
    for name in request.form:
        part, _, measure = name.partition(".")
        if part == "why":
            due, shown = f"due.{measure}", _field(f"shown.{measure}")
            found[measure] = writing.Written(
                why=_lines(_field(name)) if measure == BOARD_ASK else _field(name),
                actions=_field(f"actions.{measure}"),
                owner=_field(f"owner.{measure}"),
                due=day_of(due, plan_fault) if _field(due) else None,
                shown=int(shown) if shown.isdecimal() and len(shown) < LONGEST_NUMBER else None,
            )
    return found


def _lines(words: str) -> str:
    """What the board is asked to do, a line for each, as one line is kept."""
    return LINE_BREAK.join(line for each in words.splitlines() if (line := each.strip(f" -{LINE_BREAK}")))


def _given(engine: Engine, scope: Scope, path: str, make: Callable[[], Response]) -> Response:
    """The file; one that may hold small numbers only once the audit trail says who took it."""
    answer = make()
    if not holds_small_numbers(scope) or answer.status_code != 200:
        return answer
    try:
        writing.write_audit(
            engine,
            guard.enquiry().reader,
            action=AUDITED,
            scope=scope_of_view(scope, path),
            rows=0,  # of pathways: there is none in it
            purpose=f"internal, {request.path.removeprefix('/')}",
            at=datetime.now(UTC),
        )
    except writing.NotRecorded:
        return guard.answer(503, "Nothing was exported", NOT_RECORDED)
    return answer


def _file(contents: Contents, kind: str, stem: str) -> Response:
    try:
        own = [path for path in guard.enquiry().settings.pack_templates if path.suffix.lower() == f".{kind}"]
        found = made(contents, (kind,), templates=templates_of(own))
    except UnusableTemplate as fault:
        return guard.answer(501, "This file cannot be made here", str(fault))
    if kind in found.faults:
        raise found.faults[kind]
    if kind not in found.files:
        return guard.answer(501, "This file cannot be made here", " ".join(found.sentences))
    answer = Response(found.files[kind], mimetype=FORMATS[kind].mime_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_stem(stem)}.{kind}"'
    return answer


def _field(name: str) -> str:
    return request.form.get(name, "")
