"""What is in the database: which extracts, of which day, how they arrived, and who is in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from dashboard.queries.memo import remembered
from ingest.schema import dataset, extract, load, organisation


@dataclass(frozen=True, slots=True)
class Held:
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


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything held, oldest census first."""

    kind: str | None  # 'real', 'sample', or None: an empty database
    extracts: tuple[Held, ...]

    def of(self, source: str) -> tuple[Held, ...]:
        """The extracts that make the series of a source: whole months, or open lists."""
        section = {"monthly": "all", "weekly": "open"}.get(source)
        return tuple(held for held in self.extracts if held.source == source and held.section == section)

    def censuses(self, source: str) -> tuple[date, ...]:
        """Census dates of a source, oldest first."""
        return tuple(dict.fromkeys(held.census_date for held in self.of(source)))

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


@remembered
def holdings(connection: Connection) -> Holdings:
    """What the database holds; two statements."""
    kind = connection.execute(select(dataset.c.kind)).scalar()
    columns = (
        extract.c.id,
        extract.c.source,
        extract.c.census_date,
        extract.c.provider_code,
        extract.c.section,
        extract.c.revision,
        extract.c.open_band,
        extract.c.rows,
        extract.c.providers,
        load.c.file_name,
        load.c.rows_read,
        load.c.rows_left_out,
        load.c.started_at,
    )
    statement = (
        select(*columns)
        .join(load, load.c.id == extract.c.load_id)
        .order_by(extract.c.census_date, extract.c.source, extract.c.section)
    )
    return Holdings(kind, tuple(Held(*row) for row in connection.execute(statement)))


@remembered
def organisations(connection: Connection, source: str, census: date) -> tuple[Organisation, ...]:
    """Everybody in one census of one source, by level and name."""
    o = organisation.c
    statement = (
        select(o.level, o.code, o.name, o.parent_code, o.parent_name, o.kind)
        .join(extract, extract.c.id == o.extract_id)
        .where(extract.c.source == source, extract.c.census_date == census)
        .order_by(o.level, o.name, o.code)
    )
    return tuple(dict.fromkeys(Organisation(*row) for row in connection.execute(statement)))
