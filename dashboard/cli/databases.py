"""Databases opened for one command and closed after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dashboard.store import cache
from dashboard.store.served import served_url
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
    with opened(served_url(settings)) as engine, cache.reading(engine) as connection:
        yield connection
