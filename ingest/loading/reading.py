"""One file read as a whole: unpacked, parsed by its format, held against the columns that will keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.extracts import LoadOptions, Parsed
from ingest.files.archives import Content
from ingest.files.problems import refuse, shape
from ingest.loading.incoming import IncomingFile, Report, parsed_by_its_format, rows_parsed, unpacked
from ingest.loading.ledger import ledger_row
from ingest.store import schema
from ingest.store.columns import misfits

if TYPE_CHECKING:
    import polars as pl

VALUE_SHOWN = 40


def read_whole(file: IncomingFile, options: LoadOptions, report: Report) -> Parsed:
    """Raises `Refused`."""
    return parsed_whole(file, unpacked(file, report), options)


def parsed_whole(file: IncomingFile, content: Content, options: LoadOptions) -> Parsed:
    """Raises `Refused`."""
    return _checked(file, parsed_by_its_format(file, content, options))


def rows_whole(file: IncomingFile, rows: pl.DataFrame, format_name: str, options: LoadOptions) -> Parsed:
    """Of rows that are in memory. Raises `Refused`."""
    return _checked(file, rows_parsed(file, rows, format_name, options))


def _checked(file: IncomingFile, parsed: Parsed) -> Parsed:
    _check_columns(file, parsed)
    return parsed


def _check_columns(file: IncomingFile, parsed: Parsed) -> None:
    """Refuse what a column cannot hold and the format's own checks let pass, before anything is written."""
    for table, facts in parsed.tables.items():
        for field, value, expected in misfits(schema.metadata.tables[table], facts.columns, facts.rows):
            # Of a tracking list no value is repeated.
            told = shape(str(value)) if parsed.source == schema.WEEKLY else str(value)[:VALUE_SHOWN]
            raise refuse(file.name, field=field, value=told, expected=expected)
    row = ledger_row(file, "loaded", ())
    for field, value, expected in misfits(schema.load, tuple(row), [tuple(row.values())]):
        raise refuse(file.name, field=field, value=str(value)[:VALUE_SHOWN], expected=expected)
