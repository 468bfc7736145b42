"""A trust's own files into the lake, at its edge: names, numbers, birth dates and the key end here.

Today's reader, checks and tokens, and the rule by which one list replaces another; then rows by token as
Parquet. What is counted from rows that do not leave the trust (data quality, clock stops by specialty, clock
starts) is counted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.extracts import LoadOptions, Parsed
from ingest.extracts.ptl.tokens import fingerprint
from ingest.files.problems import Problem, Refused, refuse_whole
from ingest.lake import entries
from ingest.lake.entries import Entry, Refusal, list_name
from ingest.lake.layout import digest, rows_path
from ingest.lake.parquet import NotOfThisLake
from ingest.lake.tasks import Part
from ingest.loading.incoming import IncomingFile, LoadResult, Report, opened, unreadable
from ingest.loading.ledger import PROBLEMS_KEPT, check_replacement
from ingest.loading.reading import read_whole
from ingest.store.faults import is_of_the_file
from ingest.store.schema import WEEKLY

if TYPE_CHECKING:
    from ingest.extracts.ptl.snapshot import Snapshot
    from ingest.lake.stores import Store

TABLES = {
    "open": ("pathway", "quality", "organisation"),
    "stops": ("clock_stop", "pathway_counts", "organisation"),
    "starts": ("pathway_counts", "organisation"),
}
"""What of a list lies in the lake. The band counts of an open list are for a build to make."""


def add_file(store: Store, path: Path, options: LoadOptions, report: Report) -> LoadResult:
    """Add one file; a refused one leaves its reasons in the lake, and no row.

    Raises `OSError` for a path that cannot be read, and what the store raises.
    """
    file = opened(path)
    try:
        parsed = read_whole(file, options, report)
        if parsed.source != WEEKLY:
            raise refuse_whole(file.name, "A lake holds weekly PTLs; load this file with rtt load.")
        return _added(store, file, parsed, options)
    except Refused as refusal:
        problems: Sequence[Problem] = refusal.problems
    except BaseException as error:
        if not is_of_the_file(error):
            raise
        problems = [unreadable(file, error)]
    _note_refusal(store, file, problems, options)
    return file.result("refused", problems)


def _added(store: Store, file: IncomingFile, parsed: Parsed, options: LoadOptions) -> LoadResult:
    content = file.content
    assert content is not None
    before = entries.history(store, parsed.provider_code, parsed.census_date, parsed.section)
    if before and not options.replace:
        held = _held(store, before[-1], file.name)
        same = held.content_sha256 == content.sha256 and options.revision in (None, held.revision)
        if same:
            return file.result("unchanged", ())
        check_replacement(file, parsed, held, way="To add it anyway, use --replace.")
    key = fingerprint(options.token_key or b"") if parsed.section != "starts" else ""
    if key and (other := entries.other_user_of_key(store, key, parsed.provider_code)):
        raise refuse_whole(
            file.name,
            f"Its tokens would be made with the key of {other}: in a lake each trust has a key of its own. "
            "Add it with the RTT_HOME, or the RTT_TOKEN_KEY, of its trust. If this is its own key, and "
            f"{other} was a mistake or is now part of it, remove keys/{key}/{other} from the lake and add it "
            "again.",
        )
    entry = Entry(
        census_date=parsed.census_date,
        provider_code=parsed.provider_code,
        section=parsed.section,
        revision=parsed.revision,
        rows_read=parsed.rows_read,
        rows_left_out=parsed.rows_left_out,
        message=parsed.message,
        notes=_told(parsed.problems, list_name(parsed.section, parsed.provider_code, parsed.census_date)),
        file_sha256=file.sha256,
        content_sha256=content.sha256,
        key=key,
        parts=tuple(_kept(store, parsed, table) for table in TABLES[parsed.section]),
        added_at=file.started_at,
    )
    entries.put(store, entry)
    entries.settle_refusals(store, entry)
    return file.result("loaded", parsed.problems, replaced=bool(before))


def _held(store: Store, name: str, file_name: str) -> Entry:
    try:
        return entries.entry_at(store, name)
    except NotOfThisLake as fault:
        raise refuse_whole(
            file_name,
            f"What was added of this list before cannot be read: {fault}. To add this file in its place, use "
            "--replace.",
        ) from None


def _kept(store: Store, parsed: Parsed, table: str) -> Part:
    from ingest.lake import parquet

    rows = parquet.frame_of(table, parsed.tables[table])
    data = parquet.written(rows)
    sha256 = digest(data)
    path = rows_path(table, parsed.census_date, parsed.provider_code, sha256)
    store.write(path, data)  # also where it is there: somebody may have changed it under its name
    return Part(table, path, sha256, rows.height)


def _told(problems: Sequence[Problem], name: str) -> tuple[str, ...]:
    """What is said of a file, without the file's own name."""
    return tuple(str(replace(problem, file=name)) for problem in problems[:PROBLEMS_KEPT])


def _note_refusal(
    store: Store, file: IncomingFile, problems: Sequence[Problem], options: LoadOptions
) -> None:
    snapshot = _snapshot(file, options)
    name = "a file whose trust and week are not known"
    if snapshot is not None:
        name = list_name(snapshot.section, snapshot.provider_code, snapshot.census_date)
    refusal = Refusal(
        census_date=snapshot.census_date if snapshot else None,
        provider_code=snapshot.provider_code if snapshot else "",
        section=snapshot.section if snapshot else "",
        file_sha256=file.sha256,
        reasons=_told(problems, name),
        refused_at=datetime.now(UTC),
    )
    entries.put_refusal(store, refusal)


def _snapshot(file: IncomingFile, options: LoadOptions) -> Snapshot | None:
    """Which list a refused file was meant to be, as far as it can be read."""
    from ingest.extracts.ptl.format import snapshot_in

    try:
        return snapshot_in(file.content, options) if file.content else None
    except Refused:
        return None
    except BaseException as error:
        # Whatever nobody foresaw in the file is met here again.
        if not is_of_the_file(error):
            raise
        return None
