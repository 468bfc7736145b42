"""The audit trail, newest first: who looked at which pathways, when, how many, and what for."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from ingest.store.schema import audit

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One view or export."""

    at: datetime
    reader: str
    action: str
    scope: str
    rows: int
    purpose: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of the trail, and how much there is of it."""

    lines: tuple[AuditLine, ...]
    total: int
    page: int
    pages: int


def audit_page(connection: Connection, page: int) -> AuditPage:
    """The page asked for, or the last one; two statements."""
    total = int(connection.execute(select(func.count()).select_from(audit)).scalar_one())
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(page, pages)
    asked = _newest_first().limit(PAGE_SIZE).offset(PAGE_SIZE * (page - 1))
    return AuditPage(_lines(connection, asked), total, page, pages)


def whole_trail(connection: Connection) -> tuple[AuditLine, ...]:
    """Every line, newest first."""
    return _lines(connection, _newest_first())


def _newest_first() -> Select[Any]:
    c = audit.c
    return select(c.at, c.reader, c.action, c.scope, c.rows, c.purpose).order_by(c.id.desc())


def _lines(connection: Connection, asked: Select[Any]) -> tuple[AuditLine, ...]:
    # SQLite gives the hour back without its zone.
    rows = connection.execute(asked)
    return tuple(AuditLine(at if at.tzinfo else at.replace(tzinfo=UTC), *rest) for at, *rest in rows)
