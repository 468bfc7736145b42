"""The ledger of loads: what came, what was refused and why, and which keys made tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, select

from ingest.schema import load, token_key
from rtt.calendar import LONDON


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One attempt to load a file; `started_at` knows its zone."""

    file_name: str
    source: str | None
    census_date: date | None
    state: str  # loaded | replaced | removed | refused
    rows_read: int
    rows_left_out: int
    started_at: datetime
    message: str | None


def recent_loads(connection: Connection, limit: int) -> list[LedgerLine]:
    """The newest loads, newest first."""
    c = load.c
    statement = (
        select(
            c.file_name,
            c.source,
            c.census_date,
            c.state,
            c.rows_read,
            c.rows_left_out,
            c.started_at,
            c.message,
        )
        .order_by(c.id.desc())
        .limit(limit)
    )
    return [
        LedgerLine(*row[:6], started_at=_in_utc(row.started_at), message=row.message)
        for row in connection.execute(statement)
    ]


def token_keys(connection: Connection) -> list[tuple[str, date]]:
    """Fingerprint of each key that made tokens and its first day in London, oldest first."""
    statement = select(token_key).order_by(token_key.c.first_used_at)
    return [
        (row.fingerprint, _in_utc(row.first_used_at).astimezone(LONDON).date())
        for row in connection.execute(statement)
    ]


def _in_utc(moment: datetime) -> datetime:
    # SQLite keeps no zone; every time in the ledger is UTC.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
