"""What people wrote: notes on series, rebases, saved groups. Read anew each time, never from the memo.

Withdrawn ones stay in the tables and are not given here. Writing is `dashboard.store.writing`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, literal, select, union_all

from dashboard.store.cache import group_rows
from dashboard.store.series import GroupKind, Series
from ingest.store.schema import annotation, rebase, saved_group


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note at a day on the chart's axis."""

    id: int
    series: Series
    noted_on: date
    text: str
    author: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Rebase:
    """A new phase of a control chart: limits begin anew with the census `starts_on`, for the reason given."""

    id: int
    series: Series
    starts_on: date
    reason: str
    author: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """Trusts or specialties under a name. `key` is what the address says."""

    id: int
    kind: GroupKind
    name: str
    members: tuple[str, ...]
    author: str

    @property
    def key(self) -> str:
        return str(self.id)


def written_on(connection: Connection, series: Series) -> tuple[tuple[Annotation, ...], tuple[Rebase, ...]]:
    """Notes and rebases of a scope, oldest day first; those of one measure, if the series names it.

    One statement. What is written on every measure (measure '') always belongs.
    """
    told, begun = annotation.c, rebase.c
    columns = ("id", "written_at", "source", "level", "organisation_code", "treatment_function", "measure")
    notes = select(
        literal("note").label("what"), told.noted_on.label("day"), told.text.label("words"), told.author,
        *(told[name] for name in columns),
    ).where(*_wanted(told, series))  # fmt: skip
    phases = select(
        literal("phase"), begun.starts_on, begun.reason, begun.author, *(begun[name] for name in columns)
    ).where(*_wanted(begun, series))
    rows = sorted(connection.execute(union_all(notes, phases)), key=lambda row: (row.day, row.id))
    found: dict[str, list[Any]] = {"note": [], "phase": []}
    for row in rows:
        kind = Annotation if row.what == "note" else Rebase
        found[row.what].append(kind(row.id, _series(row), row.day, row.words, row.author, row.written_at))
    return tuple(found["note"]), tuple(found["phase"])


def groups(connection: Connection) -> tuple[Group, ...]:
    """Every saved group, by kind and name. No statement of its own on a connection of `reading`."""
    rows = group_rows(connection)
    if rows is None:
        c = saved_group.c
        rows = tuple(connection.execute(select(saved_group).where(c.withdrawn_at.is_(None))))
    found = [Group(row.id, row.kind, row.name, tuple(row.members.split(",")), row.author) for row in rows]
    return tuple(sorted(found, key=lambda group: (group.kind, group.name, group.id)))


def _wanted(c: Any, series: Series) -> list[Any]:
    wanted = [
        c.source == series.source,
        c.level == series.level,
        c.organisation_code == series.organisation_code,
        c.treatment_function == series.treatment_function,
        c.withdrawn_at.is_(None),
    ]
    if series.measure:
        wanted.append(c.measure.in_(["", series.measure]))
    return wanted


def _series(row: Any) -> Series:
    return Series(**{name: getattr(row, name) for name in Series.__dataclass_fields__})
