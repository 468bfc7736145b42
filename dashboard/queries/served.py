"""Which database a server shows: the real one as soon as it holds an extract, else the demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from ingest.database import make_engine
from ingest.dataset import Dataset, dataset_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from dashboard.settings import Settings


def served_engine(settings: Settings) -> Engine:
    """A migrated engine on the database to show."""
    engine = make_engine(served_url(settings))
    dataset_of(engine)
    return engine


def served_url(settings: Settings) -> str:
    """RTT_DATABASE_URL if it is set; else rtt.db if it holds an extract or no demo exists; else demo.db."""
    real = holding(settings.real_url)
    if settings.database_url or (real and real.extracts) or not holding(settings.demo_url):
        return settings.real_url
    return settings.demo_url


def writable_engine(engine: Engine, settings: Settings) -> Engine:
    """Where a real extract goes: the database that is shown, or, while that is the demo's, the real one."""
    shown = dataset_of(engine)
    if settings.database_url or shown is None or shown.kind == "real":
        return engine
    real = make_engine(settings.real_url)
    dataset_of(real)
    return real


def holding(url: str) -> Dataset | None:
    """What the database at `url` holds, None if nothing. Looking does not make a file."""
    from pathlib import Path

    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        return None
    engine = make_engine(url)
    try:
        return dataset_of(engine)
    finally:
        engine.dispose()
