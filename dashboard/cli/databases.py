"""Databases opened for one command and closed after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ingest.store.database import make_engine, migrate

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from dashboard.settings.settings import Settings


@contextmanager
def opened(url: str, *, passing: bool = False) -> Iterator[Engine]:
    """An engine with the newest tables; `passing` as for `make_engine`."""
    engine = make_engine(url, passing=passing)
    try:
        migrate(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def reading(settings: Settings) -> Iterator[Connection]:
    """A connection to the database that the dashboard shows."""
    # A load opens databases too, and needs neither these nor the web server's library that they import.
    from dashboard.store import cache
    from dashboard.store.served import served_url

    with opened(served_url(settings)) as engine, cache.reading(engine) as connection:
        yield connection


def other_dataset(settings: Settings, *, holds: str, file: str, command: str) -> str:
    """Why sample data and real extracts are not loaded into one database, and what to do."""
    if settings.database_url:
        return (
            f"RTT_DATABASE_URL names a database of {holds}. Sample data and real extracts are kept apart. "
            f"To use the database in RTT_HOME: unset RTT_DATABASE_URL; {command}"
        )
    return f"{settings.home / file} holds {holds}. Move it away, then: {command}"
