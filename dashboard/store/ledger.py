"""The ledger of loads: what came, what was refused and why, and which keys made tokens."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, select

from ingest.store.schema import load, token_key
from rtt.terms.calendar import LONDON


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
    provider_code: str | None = None
    section: str | None = None
    problems: tuple[str, ...] = ()  # as they were printed, the first hundred


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
            c.provider_code,
            c.section,
            c.problems,
        )
        .order_by(c.id.desc())
        .limit(limit)
    )
    return [
        LedgerLine(
            *row[:6],
            started_at=in_utc(row.started_at),
            message=row.message,
            provider_code=row.provider_code,
            section=row.section,
            problems=tuple(json.loads(row.problems)),
        )
        for row in connection.execute(statement)
    ]


def token_keys(connection: Connection) -> list[tuple[str, date]]:
    """Fingerprint of each key that made tokens and its first day in London, oldest first."""
    statement = select(token_key).order_by(token_key.c.first_used_at)
    return [
        (row.fingerprint, in_utc(row.first_used_at).astimezone(LONDON).date())
        for row in connection.execute(statement)
    ]


def in_utc(moment: datetime) -> datetime:
    """A stored time with its zone: SQLite keeps none, and every time in the database is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
