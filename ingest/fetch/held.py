"""What is loaded of the files that the publisher offers, to say which of them bring something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from ingest.store import schema


@dataclass(frozen=True, slots=True)
class Loaded:
    """A month that is loaded: which publication of it, and the hash of its csv."""

    revision: int
    content: str


def loaded_months(connection: Connection) -> dict[date, Loaded]:
    """Each month of the monthly return that is loaded."""
    extract, load = schema.extract, schema.load
    found = (
        select(extract.c.census_date, extract.c.revision, load.c.content_sha256)
        .join(load, load.c.id == extract.c.load_id)
        .where(extract.c.source == schema.MONTHLY)
    )
    return {month: Loaded(revision, content or "") for month, revision, content in connection.execute(found)}


def is_loaded(connection: Connection, content: str) -> bool:
    """Whether a file of these very contents is in place, whatever it is."""
    extract, load = schema.extract, schema.load
    found = (
        select(load.c.id)
        .join(extract, extract.c.load_id == load.c.id)
        .where(load.c.content_sha256 == content)
        .limit(1)
    )
    return connection.execute(found).first() is not None
