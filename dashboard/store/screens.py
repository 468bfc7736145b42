"""Wall screens as they are defined, and when each was last heard. Read anew each time; writing is `records`.

The hash of a token is looked up here and given to nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, select

from dashboard.store.ledger import in_utc
from ingest.store.schema import screen

# A screen asks every 15 seconds and is noted once a minute; a load may keep the database for a while.
DARK_AFTER = timedelta(minutes=5)

WITHOUT_DATE = "without_date"
"""The key of the one figure that is no indicator: of those about to breach 18 weeks, who has no date."""

Theme = Literal["light", "night", "time"]
State = Literal["live", "dark", "never seen", "closed"]


@dataclass(frozen=True, slots=True)
class Screen:
    """One wall screen: `pages` are its measures by page, `query` its scope as in the address of a page."""

    id: int
    name: str
    title: str
    query: str
    pages: tuple[tuple[str, ...], ...]
    inches: int
    metres: float
    theme: Theme
    has_token: bool
    seen_at: datetime | None  # UTC
    survives: bool | None  # switched on again without network it would still show something; None: not heard
    author: str

    @classmethod
    def draft(cls, values: Mapping[str, Any]) -> "Screen":
        """A screen that is not kept yet, of the values of `writing.screen_values`."""
        shown = {name: values[name] for name in ("name", "title", "query", "inches", "metres", "theme")}
        return cls(
            id=0,
            pages=_pages(values["measures"]),
            has_token=False,
            seen_at=None,
            survives=None,
            author="",
            **shown,
        )

    def state(self, now: datetime) -> State:
        """Whether it is lit, as far as its heartbeat tells."""
        if not self.has_token:
            return "closed"
        if self.seen_at is None:
            return "never seen"
        return "dark" if now - self.seen_at > DARK_AFTER else "live"


def screens(connection: Connection) -> tuple[Screen, ...]:
    """Every screen by name; one statement."""
    rows = connection.execute(select(screen).where(screen.c.withdrawn_at.is_(None)).order_by(screen.c.name))
    return tuple(map(_screen, rows))


def screen_named(connection: Connection, name: str) -> Screen | None:
    """The screen at /screen/<name>; one statement."""
    c = screen.c
    row = connection.execute(select(screen).where(c.name == name, c.withdrawn_at.is_(None))).first()
    return _screen(row) if row else None


def name_of_token(connection: Connection, token_hash: str) -> str | None:
    """Whose token it is, None for one that opens nothing (any more); one statement."""
    c = screen.c
    found: str | None = connection.execute(
        select(c.name).where(c.token_hash == token_hash, c.withdrawn_at.is_(None))
    ).scalar()
    return found


def _pages(measures: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(page.split(",")) for page in measures.split(";"))


def _screen(row: Any) -> Screen:
    made: dict[str, Any] = {
        "pages": _pages(row.measures),
        "has_token": row.token_hash is not None,
        "seen_at": in_utc(row.seen_at) if row.seen_at else None,
    }
    kept = {name: getattr(row, name) for name in Screen.__dataclass_fields__ if name not in made}
    return Screen(**kept, **made)
