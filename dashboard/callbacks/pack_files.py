"""/pack.pptx and its like: the pack of an address as a file; /narratives: what is typed beside an exception.

/card.pptx and its like give a single chart in the same way: drawn anew from the page's address, so that file
and page agree. What `rtt pack` records is not recorded here: a file taken is no pack sent out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Engine
from werkzeug.wrappers import Response as AnyResponse

from dashboard import guard, records
from dashboard.callbacks import downloads
from dashboard.callbacks.writing import day_of, kept, known_series, writer
from dashboard.figures.chart import Chart
from dashboard.filters import from_query
from dashboard.packs.card import card_contents
from dashboard.packs.contents import Contents, contents_of
from dashboard.packs.page import FORMATS
from dashboard.queries import pack
from dashboard.queries.choices import settle
from dashboard.queries.memo import reading
from dashboard.queries.pack_state import draft_reasons
from rtt.possible_dates import plan_fault
from rtt.spc_settings import Rules

_KINDS = f"<any({', '.join(FORMATS)}):kind>"


def register(server: Flask, engine: Engine, *, rules: Rules) -> None:
    """Put the addresses on this server; `rules` are those of the process control charts."""

    @server.get(f"/pack.{_KINDS}")
    def pack_file(kind: str) -> Response:
        filters, _ = from_query(request.query_string.decode("utf-8", "replace"))
        here = guard.visit()
        with reading(engine) as connection:
            choice = replace(settle(connection, filters, today=here.today), rules=rules, visit=here)
            found = pack.load(connection, choice, whole=True)
            if found is None:
                return guard.not_found()
            draft = draft_reasons(connection, found.choice, here)
        contents = contents_of(found, draft=draft, moment=here.settings.made_at)
        stem = f"rtt-pack-{found.choice.organisation.code}-{found.choice.census}"
        return _file(contents, kind, stem)

    @server.get(f"/card.{_KINDS}")
    def card_file(kind: str) -> Response:
        here = guard.visit()
        found = downloads.found_card(engine, rules)
        chart = _chart_of(found.card) if found else None
        if found is None or chart is None:
            return guard.not_found()
        # The licence has a place of its own.
        notes = [line[0] for line in downloads.notes(found.page, found.choice, found.card)[:-1]]
        with reading(engine) as connection:
            data_hash = pack.provenance_of(connection, found.choice).data_hash
            draft = draft_reasons(connection, found.choice, here)
        contents = card_contents(
            chart,
            found.choice,
            notes=notes,
            data_hash=data_hash,
            draft=draft,
            moment=here.settings.made_at,
        )
        return _file(contents, kind, downloads.file_stem(found.page, found.name))

    @server.post("/narratives")
    def narrative() -> AnyResponse:
        def keep() -> None:
            reader, series = writer(), known_series(engine)
            records.keep_narrative(
                engine,
                reader,
                series,
                opened_on=day_of("opened_on"),
                why=_field("why"),
                actions=_field("actions"),
                owner=_field("owner"),
                due=day_of("due", plan_fault) if _field("due") else None,
                at=datetime.now(UTC),
            )

        return kept(keep)

    @server.post("/narratives/<int:number>/withdraw")
    def close(number: int) -> AnyResponse:
        reader = guard.visit().reader
        return kept(lambda: records.close_narrative(engine, reader, number, at=datetime.now(UTC)))


def _file(contents: Contents, kind: str, stem: str) -> Response:
    # Office libraries cost a second to load: whoever takes a file waits for them, not every start.
    from dashboard.packs.formats import MIME_TYPES, made
    from dashboard.packs.templates import UnusableTemplate, templates_of

    try:
        own = [path for path in guard.visit().settings.pack_templates if path.suffix.lower() == f".{kind}"]
        found = made(contents, (kind,), templates=templates_of(own))
    except UnusableTemplate as fault:
        return guard.answer(501, "This file cannot be made here", str(fault))
    if kind in found.faults:
        raise found.faults[kind]
    if found.busy:
        return guard.answer(503, "This file cannot be made now", " ".join(found.sentences))
    if kind not in found.files:
        return guard.answer(501, "This file cannot be made here", " ".join(found.sentences))
    answer = Response(found.files[kind], mimetype=MIME_TYPES[kind])
    plain = "".join(letter if letter.isalnum() or letter in "-." else "-" for letter in stem.lower())
    answer.headers["Content-Disposition"] = f'attachment; filename="{plain}.{kind}"'
    return answer


def _chart_of(card: Any) -> Chart | None:
    """The chart of a card as it was drawn: figure, title, sentence, name and table."""
    parts = list(downloads.parts(card))
    graph = next((part for part in parts if downloads.is_kind(part, "Graph")), None)
    if graph is None:
        return None
    head, *rows = downloads.rows(next(part for part in parts if downloads.is_kind(part, "Table")))
    named = next(part for part in parts if downloads.properties(part).get("role") == "img")
    return Chart(
        figure=downloads.properties(graph)["figure"],
        title=downloads.text(next(part for part in parts if downloads.is_kind(part, "H2"))),
        caption=downloads.text(next(part for part in parts if downloads.is_kind(part, "Figcaption"))),
        alt=downloads.properties(named)["aria-label"],
        columns=tuple(head),
        rows=tuple(tuple(row) for row in rows),
    )


def _field(name: str) -> str:
    return request.form.get(name, "")
