"""What is in place and what happened to it: the rank of a file beside the one it replaces, and the ledger.

A refused, replaced or removed file keeps its line for ever. Facts themselves are written in
`ingest.loading.load`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Protocol, cast

from sqlalchemy import Connection, delete, insert, or_, select, update

from ingest.extracts import LoadOptions, Parsed
from ingest.files.archives import Content
from ingest.files.problems import Problem, refuse_whole
from ingest.loading.incoming import IncomingFile, LoadResult
from ingest.store import schema
from ingest.store.columns import fitted
from rtt.terms.wording import plural

FEWEST_KEPT = 0.9  # of the providers and rows that a file would replace
PROBLEMS_KEPT = 100
FROM_LAKE = "lake:"
"""Begins the name of the content of what came from a lake."""
_KEY = ("source", "census_date", "provider_code", "section")
_REPLACE = "To load it anyway, use --replace or tick it on the status page."


def unchanged(connection: Connection, file: IncomingFile, options: LoadOptions) -> LoadResult | None:
    """The result for a file that is in place as it is; None if there is work to do.

    It is known by its bytes; once it is unpacked also by what is in it: the csv of a zip that is in place, or
    that zip packed again.
    """
    if options.replace:
        return None
    load = schema.load.c
    same = load.file_sha256 == file.sha256
    if file.content is not None:
        same = or_(same, load.content_sha256 == file.content.sha256)
    statement = select(schema.load).where(same, load.state == "loaded")
    row = connection.execute(statement.order_by(load.id.desc())).first()
    if row is None or options.revision not in (None, row.revision):
        return None
    return LoadResult(
        file.name,
        "unchanged",
        row.source,
        row.census_date,
        row.provider_code,
        row.section,
        seconds=file.seconds(),
    )


def extract_to_replace(
    connection: Connection, file: IncomingFile, parsed: Parsed, options: LoadOptions, *, way: str = _REPLACE
) -> Any | None:
    """The extract that this file will replace, or None. Raises `Refused` if it should not replace it; `way`:
    how to have it do so.
    """
    extract = schema.extract.c
    held = connection.execute(
        select(schema.extract, schema.load.c.content_sha256, schema.load.c.file_name)
        .join(schema.load, schema.load.c.id == extract.load_id)
        .where(*(extract[name] == getattr(parsed, name) for name in _KEY))
    ).first()
    if held is not None and not options.replace:
        check_replacement(file, parsed, held, way=way)
    return held


class Held(Protocol):
    """What is in place of a census: that of the database, or of a lake."""

    @property
    def revision(self) -> int: ...
    @property
    def content_sha256(self) -> str: ...
    @property
    def file_name(self) -> str: ...
    @property
    def rows(self) -> int: ...
    @property
    def providers(self) -> int: ...


def check_replacement(file: IncomingFile, parsed: Parsed, held: Held, *, way: str = _REPLACE) -> None:
    """Raise `Refused` where a file should not replace what is in place; `way`: how to have it do so."""
    content = cast(Content, file.content)
    if parsed.revision < held.revision:
        raise refuse_whole(
            file.name,
            f"This is revision {parsed.revision}, and revision {held.revision} is loaded "
            f"({held.file_name}). {way}",
        )
    if parsed.revision == held.revision and content.sha256 != held.content_sha256:
        raise refuse_whole(
            file.name,
            f"Another file of this census and revision is loaded ({held.file_name}), with other content. If "
            f"this one is newer, say --revision {held.revision + 1}. {way}",
        )
    _check_completeness(file, parsed, held, way)


def _check_completeness(file: IncomingFile, parsed: Parsed, held: Held, way: str) -> None:
    rows = parsed.rows_read - parsed.rows_left_out
    for what, now, before in (("provider", parsed.providers, held.providers), ("row", rows, held.rows)):
        if now < FEWEST_KEPT * before:
            raise refuse_whole(
                file.name,
                f"It has {plural(now, what)}, fewer than 90 % of the {before:,} that it would replace: a "
                f"part seems to be missing. {way}",
            )


def write_extract(connection: Connection, file: IncomingFile, parsed: Parsed) -> int:
    load_id = write_ledger(connection, file, "loaded", ())
    inserted = connection.execute(
        insert(schema.extract)
        .values(
            **{name: getattr(parsed, name) for name in (*_KEY, "revision", "open_band", "providers")},
            load_id=load_id,
            rows=parsed.rows_read - parsed.rows_left_out,
        )
        .returning(schema.extract.c.id)
    )
    return cast(int, inserted.scalar_one())


def write_ledger(
    connection: Connection, file: IncomingFile, state: str, problems: Sequence[Problem | str]
) -> int:
    row = ledger_row(file, state, problems)
    # A line that says why a file was refused may hold what the file was refused for.
    kept = fitted(schema.load, row) if state == "refused" else row
    inserted = connection.execute(insert(schema.load).values(**kept).returning(schema.load.c.id))
    return cast(int, inserted.scalar_one())


def ledger_row(file: IncomingFile, state: str, problems: Sequence[Problem | str]) -> dict[str, Any]:
    """The line of the ledger, by column."""
    parsed, content = file.parsed, file.content
    return {
        **{name: getattr(parsed, name, None) for name in (*_KEY, "revision")},
        "format": file.format and file.format.name,
        "state": state,
        "file_name": file.name,
        "file_sha256": file.sha256,
        "content_name": content and content.name,
        "content_sha256": content and content.sha256,
        "file_bytes": file.size,
        "rows_read": parsed.rows_read if parsed else 0,
        "rows_left_out": parsed.rows_left_out if parsed else 0,
        "started_at": file.started_at,
        "seconds": file.seconds(),
        "message": str(problems[0]) if problems else parsed and parsed.message,
        "problems": _as_json(problems),
    }


def finish_ledger(
    connection: Connection, extract_id: int, notes: Sequence[Problem | str], seconds: float
) -> None:
    load_id = select(schema.extract.c.load_id).where(schema.extract.c.id == extract_id).scalar_subquery()
    connection.execute(
        update(schema.load)
        .where(schema.load.c.id == load_id)
        .values(problems=_as_json(notes), seconds=seconds)
    )


def take_out(connection: Connection, extract: Any, *, state: str) -> None:
    connection.execute(delete(schema.extract).where(schema.extract.c.id == extract.id))
    connection.execute(
        update(schema.load)
        .where(schema.load.c.id == extract.load_id)
        .values(state=state, ended_at=datetime.now(UTC))
    )


def take_out_sums(connection: Connection, census: date) -> None:
    """Take the sums of a weekly census out: a trust that they count has gone."""
    extract = schema.extract.c
    of_census = (extract.source == schema.WEEKLY, extract.census_date == census)
    sums = connection.execute(
        select(schema.extract).where(*of_census, extract.section == schema.SUMS)
    ).first()
    if sums is not None:
        take_out(connection, sums, state="removed")


def _as_json(problems: Sequence[Problem | str]) -> str:
    return json.dumps([str(problem) for problem in problems[:PROBLEMS_KEPT]], ensure_ascii=False)
