"""What is in the database: which extracts, of which day, and how they arrived."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from dashboard.store.cache import cached, data_kind, reading
from ingest.store.schema import MONTHLY, PUBLISHED, extract, load
from rtt.terms.possible_dates import has_come

NON_ENGLISH = "NONC"
"""The commissioner that stands for all those outside England."""


ABOVE = "above "
"""Begins the level of an ICB or a region that lies above the trust of a PTL, by the newest month."""


@dataclass(frozen=True, slots=True)
class LoadedExtract:
    """One extract now in place, with the load that brought it."""

    id: int
    source: str
    census_date: date
    provider_code: str
    section: str
    revision: int
    open_band: int
    rows: int
    providers: int
    file_name: str
    rows_read: int
    rows_left_out: int
    loaded_at: datetime

    @property
    def vintage(self) -> str:
        """Which version of the census it is."""
        return f"revision {self.revision}" if self.revision else "first"


@dataclass(frozen=True, slots=True)
class LoadedExtracts:
    """Everything held, oldest census first."""

    kind: str | None  # 'real', 'sample', or None: an empty database
    extracts: tuple[LoadedExtract, ...]
    _of: dict[str, tuple[LoadedExtract, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _dates: dict[str, tuple[date, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def ahead(self, today: date) -> tuple[LoadedExtract, ...]:
        """The extracts dated after today: a slip of the year, which older versions took, or of tomorrow."""
        return tuple(held for held in self.extracts if not has_come(held.census_date, today))

    def until(self, today: date) -> LoadedExtracts:
        """What is held, without the extracts dated after today: pages neither open on them nor draw them."""
        if not self.ahead(today):
            return self
        return LoadedExtracts(
            self.kind, tuple(held for held in self.extracts if has_come(held.census_date, today))
        )

    def of(self, source: str) -> tuple[LoadedExtract, ...]:
        """The extracts that make the series of a source: whole months, or open lists."""
        if source not in self._of:  # every finding of a page asks for them
            section = {"monthly": "all", "weekly": "open"}.get(source)
            chosen = (held for held in self.extracts if held.source == source and held.section == section)
            self._of[source] = tuple(chosen)
        return self._of[source]

    def censuses(self, source: str) -> tuple[date, ...]:
        """Census dates of a source, oldest first."""
        if source not in self._dates:
            self._dates[source] = tuple(dict.fromkeys(held.census_date for held in self.of(source)))
        return self._dates[source]

    @property
    def published_months(self) -> tuple[date, ...]:
        """The months of which a workbook by provider or commissioner is loaded, oldest first."""
        if PUBLISHED not in self._dates:
            # The section of a time series is its vintage alone.
            tables = (held for held in self.extracts if held.source == PUBLISHED and " " in held.section)
            self._dates[PUBLISHED] = tuple(dict.fromkeys(held.census_date for held in tables))
        return self._dates[PUBLISHED]

    def ids(self, source: str, dates: Collection[date]) -> list[int]:
        """The extracts of these censuses, every section."""
        return [held.id for held in self.extracts if held.source == source and held.census_date in dates]

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that have at least one census."""
        return tuple(source for source in ("monthly", "weekly") if self.of(source))


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as one census names it."""

    level: str
    code: str
    name: str
    parent_code: str
    parent_name: str
    kind: str


@cached
def loaded_extracts(connection: Connection) -> LoadedExtracts:
    """What the database holds; one statement."""
    e, brought = extract.c, load.c
    columns = [
        e[name] if name in e else brought[name]
        for name in LoadedExtract.__dataclass_fields__
        if name != "loaded_at"
    ]
    statement = (
        select(*columns, brought.started_at)
        .join(load, load.c.id == extract.c.load_id)
        .order_by(extract.c.census_date, extract.c.source, extract.c.section)
    )
    rows: Sequence[Any] = connection.execute(statement).all()
    return LoadedExtracts(data_kind(connection), tuple(LoadedExtract(*row) for row in rows))


def marks_of(engine: Engine) -> frozenset[str]:
    """What every page must say of the data: 'published', if any figure is NHS England's, a month of the
    return that is not made up; 'sample', if all are made up. Nothing without tables.
    """
    try:
        with reading(engine) as connection:
            held = loaded_extracts(connection)
    except SQLAlchemyError:
        return frozenset()
    if held.kind == "sample":
        return frozenset({"sample"})
    published = held.kind == "real" and any(found.source in (MONTHLY, PUBLISHED) for found in held.extracts)
    return frozenset({"published"}) if published else frozenset()
