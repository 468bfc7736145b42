"""Views of the tracking list that people saved under a name. Read anew each time, never from the memo."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from dashboard.store.cache import witnessed
from ingest.store.schema import saved_view


@dataclass(frozen=True, slots=True)
class SavedView:
    """Filters under a name; `query` is what the address says."""

    id: int
    name: str
    query: str
    author: str


@witnessed
def saved_views(connection: Connection) -> tuple[SavedView, ...]:
    """Every view, by name. One statement."""
    c = saved_view.c
    rows = connection.execute(
        select(c.id, c.name, c.query, c.author).where(c.withdrawn_at.is_(None)).order_by(c.name, c.id)
    )
    return tuple(SavedView(*row) for row in rows)
