"""NHS England's files as this installation fetches them: whom it asks, the run under way, what is due."""

from __future__ import annotations

from datetime import date, datetime, time

from dashboard import __version__
from dashboard.scope.feeds import due_date
from dashboard.settings.settings import Settings
from ingest.fetch.journal import Run, last_run
from ingest.fetch.publisher import Publisher
from ingest.store.schema import MONTHLY
from rtt.terms.calendar import LONDON

PUBLISHED_AT = time(9, 30)
"""The time of day, in London, at which NHS England publishes."""


def publisher_of(settings: Settings) -> Publisher:
    return Publisher(
        base=settings.fetch_base,
        cache=settings.fetch_cache or settings.home / "fetch",
        hosts=settings.fetch_hosts,
        contact=settings.fetch_contact,
        version=__version__,
        most_bytes=settings.fetch_mb * 1_000_000,
        certificates=settings.fetch_certificates,
        pause=settings.fetch_pause_ms / 1000,
    )


def fetch_run(settings: Settings) -> Run | None:
    """The run of `rtt fetch` under way, or the last one."""
    return last_run(publisher_of(settings).cache)


def due_at(settings: Settings, newest: date) -> datetime:
    """When the month after `newest` is published: the day of the settings, half past nine in London."""
    return datetime.combine(due_date(settings, MONTHLY, newest), PUBLISHED_AT, LONDON)
