"""One file, one transaction: read and check it first, then put its facts in place and keep the ledger.

The same file again does nothing. A census that is already held is replaced as a whole, if the new file ranks
higher and is not suspiciously smaller. A refused file leaves a line in the ledger and no fact. What a file
means is for its format in `ingest.extracts`; heavy libraries are imported there, so that a file that needs no
work costs no import.
"""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Engine, select

from ingest import database, schema
from ingest.extracts import Change, Facts, Format, LoadOptions, Parsed
from ingest.folders import listed
from ingest.incoming import (
    IncomingFile,
    LoadResult,
    Progress,
    Report,
    format_named,
    opened,
    parsed_by_its_format,
    unpacked,
)
from ingest.ledger import (
    extract_to_replace,
    finish_ledger,
    raise_version,
    take_out,
    unchanged,
    write_extract,
    write_ledger,
)
from ingest.problems import Problem, Refused

__all__ = ["LoadOptions", "LoadResult", "OtherDataset", "Progress", "check_path", "load_path", "remove"]

log = logging.getLogger("rtt.load")

ROWS_A_BATCH = 5_000


class OtherDataset(Exception):
    """Sample and real never share a database: the file is sound, the place is wrong."""


def _silent(_progress: Progress) -> None:
    return None


def load_path(
    engine: Engine, path: Path, *, options: LoadOptions | None = None, report: Report = _silent
) -> list[LoadResult]:
    """Load a file, or each extract of a folder; a refused file does not stop the others.

    Raises `OtherDataset` when the database holds data of the other kind, `OSError` for a path that cannot be
    read.
    """
    options = options or LoadOptions()
    _refuse_other_kind(engine, options)
    return [
        _logged(_load_file(engine, file, options, report))
        for file in listed(path, mapping=options.mapping).taken
    ]


def check_path(
    engine: Engine, path: Path, *, options: LoadOptions | None = None, report: Report = _silent
) -> list[LoadResult]:
    """Everything that `load_path` does but the writing: nothing is kept, not even in the ledger.

    Each file is held against what is in place, not against the files checked before it; one that is in place
    is checked all the same. Raises as `load_path` does.
    """
    options = options or LoadOptions()
    _refuse_other_kind(engine, options)
    return [
        _check_file(engine, file, options, report) for file in listed(path, mapping=options.mapping).taken
    ]


def remove(
    engine: Engine,
    source: str,
    census_date: date,
    *,
    provider_code: str | None = None,
    options: LoadOptions | None = None,
) -> int:
    """Take a census out, with its roll-ups; the ledger says so. The number of extracts taken out."""
    options = options or LoadOptions()
    extract = schema.extract.c
    chosen = [extract.source == source, extract.census_date == census_date]
    if provider_code is not None:
        chosen.append(extract.provider_code == provider_code)
    with database.writing(engine) as connection:
        rows = connection.execute(select(schema.extract).where(*chosen)).all()
        for row in rows:
            name = connection.execute(
                select(schema.load.c.format).where(schema.load.c.id == row.load_id)
            ).scalar_one()
            take_out(connection, row, state="removed")
            change = Change(row.source, row.census_date, row.provider_code, row.section, extract_id=None)
            format_named(name).changed(connection, change, options)
        if rows:
            raise_version(connection, kind=None)
    return len(rows)


def _load_file(engine: Engine, path: Path, options: LoadOptions, report: Report) -> LoadResult:
    file = opened(path)
    load = schema.load.c
    if known := unchanged(engine, file, options, load.file_sha256 == file.sha256):
        return known
    try:
        content = unpacked(file, report)
        # The csv of a zip that is already in place, or that zip packed again.
        if known := unchanged(engine, file, options, load.content_sha256 == content.sha256):
            return known
        parsed = parsed_by_its_format(file, content, options)
        notes, replaced = _write(engine, file, parsed, options, report)
        if schema.pathway.name in parsed.tables:
            database.freshen(engine, schema.pathway.name)
    except Refused as refusal:
        with database.writing(engine) as connection:
            write_ledger(connection, file, "refused", refusal.problems)
        return file.result("refused", refusal.problems)
    return file.result("loaded", notes, replaced=replaced)


def _logged(result: LoadResult) -> LoadResult:
    what = " ".join(map(str, filter(None, (result.source, result.provider_code, result.census_date))))
    log.info("%s %s: %d rows, %d left out", result.state, what, result.rows_read, result.rows_left_out)
    return result


def _check_file(engine: Engine, path: Path, options: LoadOptions, report: Report) -> LoadResult:
    file = opened(path)
    try:
        parsed = parsed_by_its_format(file, unpacked(file, report), options)
        with engine.connect() as connection:
            extract_to_replace(connection, file, parsed, options)
            notes = cast(Format, file.format).foreseen(connection, file.name, parsed)
    except Refused as refusal:
        return file.result("refused", refusal.problems)
    return file.result("checked", [*parsed.problems, *notes])


def _refuse_other_kind(engine: Engine, options: LoadOptions) -> None:
    with engine.connect() as connection:
        kind = database.dataset_kind(connection)
    if kind not in (None, options.kind):
        raise OtherDataset(f"this database holds {kind} data; {options.kind} data never joins it")


def _write(
    engine: Engine, file: IncomingFile, parsed: Parsed, options: LoadOptions, report: Report
) -> tuple[list[Problem], bool]:
    notes = list(parsed.problems)
    with database.writing(engine) as connection:
        _refuse_other_kind_inside(connection, options)
        held = extract_to_replace(connection, file, parsed, options)
        if held is not None:
            take_out(connection, held, state="replaced")
        extract_id = write_extract(connection, file, parsed)
        for table, facts in parsed.tables.items():
            _write_facts(connection, table, facts, extract_id, file.name, report)
        change = Change(parsed.source, parsed.census_date, parsed.provider_code, parsed.section, extract_id)
        format_ = cast(Format, file.format)
        notes += format_.changed(connection, change, options)
        raise_version(connection, kind=options.kind)
        finish_ledger(connection, extract_id, notes, file.seconds())
    return notes, held is not None


def _refuse_other_kind_inside(connection: Connection, options: LoadOptions) -> None:
    # Another process may have marked the database since this one looked.
    kind = database.dataset_kind(connection)
    if kind not in (None, options.kind):
        raise OtherDataset(f"this database holds {kind} data; {options.kind} data never joins it")


def _write_facts(
    connection: Connection, table: str, facts: Facts, extract_id: int, file_name: str, report: Report
) -> None:
    for start in range(0, len(facts.rows), ROWS_A_BATCH):
        batch = facts.rows[start : start + ROWS_A_BATCH]
        database.insert_rows(connection, table, facts.columns, batch, extract_id=extract_id)
        report(Progress(file_name, "writing", start + len(batch), len(facts.rows)))
