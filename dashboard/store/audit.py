"""The audit trail, newest first: who looked at which pathways, when, how many, and what for."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

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
    c = audit.c
    rows = connection.execute(
        select(c.at, c.reader, c.action, c.scope, c.rows, c.purpose)
        .order_by(c.id.desc())
        .limit(PAGE_SIZE)
        .offset(PAGE_SIZE * (page - 1))
    )
    # SQLite gives the hour back without its zone.
    lines = tuple(AuditLine(at if at.tzinfo else at.replace(tzinfo=UTC), *rest) for at, *rest in rows)
    return AuditPage(lines, total, page, pages)
