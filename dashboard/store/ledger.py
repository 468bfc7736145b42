"""The ledger of loads: what came, what was refused and why, and which keys made tokens."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, func, select

from ingest.store.schema import WEEKLY, load, token_key
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
    names = LedgerLine.__dataclass_fields__
    rows = connection.execute(
        select(*(load.c[name] for name in names)).order_by(load.c.id.desc()).limit(limit)
    )
    return [
        LedgerLine(
            **row | {"started_at": in_utc(row["started_at"]), "problems": tuple(json.loads(row["problems"]))}
        )
        for row in map(dict, rows.mappings())
    ]


def refused_lists(connection: Connection) -> dict[tuple[str, date], datetime]:
    """Trust and census -> when an open list of it was last refused, where the file said whose it is."""
    c = load.c
    refused = (c.state == "refused", c.source == WEEKLY, c.section == "open", c.census_date.is_not(None))
    rows = connection.execute(
        select(c.provider_code, c.census_date, func.max(c.started_at).label("at"))
        .where(*refused)
        .group_by(c.provider_code, c.census_date)
    )
    return {(row.provider_code, row.census_date): in_utc(row.at) for row in rows}


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
