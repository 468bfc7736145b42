"""One file, one transaction: read and check it first, then put its facts in place and keep the ledger.

The same file again does nothing, also where two loads of it run at once: each looks again when its turn to
write has come. A census that is already held is replaced as a whole, if the new file ranks higher and is not
suspiciously smaller. A refused file leaves a line in the ledger and no fact; so does one whose reading ends
in a way that nobody foresaw, for no file stops another. What a file means is for its format in
`ingest.extracts`; heavy libraries are imported there, so that a file that needs no work costs no import.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from ingest.extracts import Change, Facts, Format, LoadOptions, Parsed
from ingest.files.problems import Problem, Refused
from ingest.loading.folders import listed
from ingest.loading.incoming import (
    IncomingFile,
    LoadResult,
    Progress,
    Report,
    format_named,
    handed,
    opened,
    unpacked,
    unreadable,
)
from ingest.loading.ledger import (
    FROM_LAKE,
    extract_to_replace,
    finish_ledger,
    take_out,
    take_out_sums,
    unchanged,
    write_extract,
    write_ledger,
)
from ingest.loading.reading import parsed_whole, read_whole, rows_whole
from ingest.store import database, schema
from ingest.store.dataset import raise_version
from ingest.store.faults import BUSY, in_words, is_of_the_file

# Processes to read in are for a folder alone, and take a while to import.
if TYPE_CHECKING:
    import polars as pl

    from ingest.loading.ahead import Ahead, Prepared

__all__ = [
    "LoadOptions",
    "LoadResult",
    "OtherDataset",
    "Progress",
    "check_path",
    "load_path",
    "load_rows",
    "remove",
]

log = logging.getLogger("rtt.load")

ROWS_A_BATCH = 5_000
SOON = 1.0  # seconds that a load waits for another before it says so
PATIENCE = 300.0  # seconds that it then waits; a national month takes some twenty


class OtherDataset(Exception):
    """Sample and real never share a database: the file is sound, the place is wrong."""


def _silent(_progress: Progress) -> None:
    return None


def load_path(
    engine: Engine,
    path: Path,
    *,
    options: LoadOptions | None = None,
    report: Report = _silent,
    ahead: Ahead | None = None,
) -> list[LoadResult]:
    """Load a file, or each extract of a folder; a refused file does not stop the others.

    `ahead`: what is being read already, with the same options. Raises `OtherDataset` when the database
    holds data of the other kind, `OSError` for a path that cannot be read.
    """
    options = options or LoadOptions()
    files = _files(engine, path, options)
    return [_logged(_load_file(engine, file, options, report, ahead)) for file in files]


def load_rows(
    engine: Engine, rows: pl.DataFrame, name: str, *, format_name: str, options: LoadOptions
) -> LoadResult:
    """Load rows that are in memory, under the headings of a file of that name and through all its checks.

    Raises as `load_path` does.
    """
    with engine.connect() as connection:
        refuse_other_kind(connection, options)
    file = handed(rows, name)
    try:
        parsed = rows_whole(file, rows, format_name, options)
        return _logged(_kept(engine, file, parsed, options, _silent))
    except Refused as refusal:
        problems = refusal.problems
    with turn(engine, file.name, _silent) as connection:
        write_ledger(connection, file, "refused", problems)
    return file.result("refused", problems)


def check_path(
    engine: Engine,
    path: Path,
    *,
    options: LoadOptions | None = None,
    report: Report = _silent,
    ahead: Ahead | None = None,
) -> list[LoadResult]:
    """Everything that `load_path` does but the writing: nothing is kept, not even in the ledger.

    Each file is held against what is in place, not against the files checked before it; one that is in place
    is checked all the same. Raises as `load_path` does.
    """
    options = options or LoadOptions()
    return [_check_file(engine, file, options, report, ahead) for file in _files(engine, path, options)]


def is_in_place(engine: Engine, path: Path, options: LoadOptions) -> bool:
    """Whether a load would find this very file in place, without a look into it."""
    try:
        return _known(engine, opened(path), options) is not None
    except OSError:
        return False  # whoever loads it says so


def remove(
    engine: Engine,
    source: str,
    census_date: date,
    *,
    provider_code: str | None = None,
    options: LoadOptions | None = None,
) -> int:
    """Take a census out, with its roll-ups; the ledger says so. The number of extracts taken out.

    Where it came from a lake, its sums go too, and the movement into the next list stays: that is counted
    in the lake, where the list still is, and cannot be counted here.
    """
    options = options or LoadOptions()
    extract = schema.extract.c
    chosen = [extract.source == source, extract.census_date == census_date]
    if provider_code is not None:
        chosen.append(extract.provider_code == provider_code)
    with database.writing(engine) as connection:
        format_of = select(schema.extract, schema.load.c.format, schema.load.c.content_name)
        loads = format_of.join(schema.load, schema.load.c.id == extract.load_id)
        rows = connection.execute(loads.where(*chosen)).all()
        for row in rows:
            take_out(connection, row, state="removed")
            if (row.content_name or "").startswith(FROM_LAKE):
                take_out_sums(connection, row.census_date)
                continue
            change = Change(row.source, row.census_date, row.provider_code, row.section, extract_id=None)
            format_named(row.format).changed(connection, change, options)
        if rows:
            raise_version(connection, kind=None)
    return len(rows)


def _files(engine: Engine, path: Path, options: LoadOptions) -> Sequence[Path]:
    with engine.connect() as connection:
        refuse_other_kind(connection, options)
    return listed(path, mapping=options.mapping).taken


def _load_file(
    engine: Engine, path: Path, options: LoadOptions, report: Report, ahead: Ahead | None
) -> LoadResult:
    prepared = ahead.take(path, report) if ahead else None
    file = prepared.file if prepared else opened(path)
    try:
        if known := _known(engine, file, options):
            return known
        return _loaded(engine, file, options, report, prepared)
    except Refused as refusal:
        problems: Sequence[Problem] = refusal.problems
    except BaseException as error:
        if isinstance(error, OtherDataset) or not is_of_the_file(error):
            raise
        problems = [unreadable(file, error)]
    with turn(engine, file.name, report) as connection:
        write_ledger(connection, file, "refused", problems)
    return file.result("refused", problems)


def _loaded(
    engine: Engine, file: IncomingFile, options: LoadOptions, report: Report, prepared: Prepared | None
) -> LoadResult:
    if prepared is None:
        content = unpacked(file, report)
        # The csv of a zip that is already in place, or that zip packed again.
        if known := _known(engine, file, options):
            return known
    parsed = prepared.parsed() if prepared else parsed_whole(file, content, options)
    return _kept(engine, file, parsed, options, report)


def _kept(
    engine: Engine, file: IncomingFile, parsed: Parsed, options: LoadOptions, report: Report
) -> LoadResult:
    result = _written(engine, file, parsed, options, report)
    if schema.pathway.name in parsed.tables:
        database.freshen(engine, schema.pathway.name)
    return result


def _known(engine: Engine, file: IncomingFile, options: LoadOptions) -> LoadResult | None:
    with engine.connect() as connection:
        return unchanged(connection, file, options)


def _logged(result: LoadResult) -> LoadResult:
    what = " ".join(map(str, filter(None, (result.source, result.provider_code, result.census_date))))
    log.info("%s %s: %d rows, %d left out", result.state, what, result.rows_read, result.rows_left_out)
    return result


def _check_file(
    engine: Engine, path: Path, options: LoadOptions, report: Report, ahead: Ahead | None
) -> LoadResult:
    prepared = ahead.take(path, report) if ahead else None
    file = prepared.file if prepared else opened(path)
    try:
        parsed = prepared.parsed() if prepared else read_whole(file, options, report)
        with engine.connect() as connection:
            extract_to_replace(connection, file, parsed, options)
            notes = cast(Format, file.format).foreseen(connection, file.name, parsed)
    except Refused as refusal:
        return file.result("refused", refusal.problems)
    except BaseException as error:
        if not is_of_the_file(error):
            raise
        return file.result("refused", [unreadable(file, error)])
    return file.result("checked", [*parsed.problems, *notes])


def refuse_other_kind(connection: Connection, options: LoadOptions) -> None:
    """Raise `OtherDataset` where sample data would join real extracts, or these those."""
    kind = database.dataset_kind(connection)
    if kind not in (None, options.kind):
        raise OtherDataset(f"this database holds {kind} data; {options.kind} data never joins it")


@contextmanager
def turn(engine: Engine, file_name: str, report: Report) -> Iterator[Connection]:
    """The transaction that writes; a load that has to wait for another says so, and waits long."""
    # SQLite's own wait hears of no Ctrl+C, so it is asked again and again; PostgreSQL's does, by turns.
    until, each = time.monotonic() + PATIENCE, SOON if engine.dialect.name == "sqlite" else PATIENCE
    with ExitStack() as stack:
        connection = _entered(stack, engine, SOON, until)
        if connection is None:
            report(Progress(file_name, "waiting"))
        while connection is None:
            connection = _entered(stack, engine, each, until)
        yield connection


def _entered(stack: ExitStack, engine: Engine, patience: float, until: float) -> Connection | None:
    """The transaction; None while another writes, which is a fault from `until` on."""
    try:
        return stack.enter_context(database.writing(engine, patience=patience))
    except DBAPIError as error:
        if in_words(error) is not BUSY or time.monotonic() >= until:
            raise
        return None


def _written(
    engine: Engine, file: IncomingFile, parsed: Parsed, options: LoadOptions, report: Report
) -> LoadResult:
    notes = list(parsed.problems)
    with turn(engine, file.name, report) as connection:
        # Another process may have marked the database since this one looked.
        refuse_other_kind(connection, options)
        # Another load of this very file may have come first.
        if known := unchanged(connection, file, options):
            return known
        held = extract_to_replace(connection, file, parsed, options)
        if held is not None:
            take_out(connection, held, state="replaced")
        extract_id = write_extract(connection, file, parsed)
        format_ = cast(Format, file.format)
        spared = format_.spared(connection, parsed, options)
        for table, facts in parsed.tables.items():
            if table not in spared:
                write_facts(connection, table, facts, extract_id, file.name, report)
        change = Change(parsed.source, parsed.census_date, parsed.provider_code, parsed.section, extract_id)
        notes += format_.changed(connection, change, options)
        raise_version(connection, kind=options.kind)
        finish_ledger(connection, extract_id, notes, file.seconds())
    return file.result("loaded", notes, replaced=held is not None)


def write_facts(
    connection: Connection, table: str, facts: Facts, extract_id: int, file_name: str, report: Report
) -> None:
    """Write the rows of one table, a few thousand at a time."""
    for start in range(0, len(facts.rows), ROWS_A_BATCH):
        batch = facts.rows[start : start + ROWS_A_BATCH]
        database.insert_rows(connection, table, facts.columns, batch, extract_id=extract_id)
        report(Progress(file_name, "writing", start + len(batch), len(facts.rows)))
