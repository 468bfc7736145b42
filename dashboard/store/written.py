"""What people wrote: notes on series, rebases, commentary for packs, own plans, saved groups. Read anew each
time, never from the memo.

Withdrawn ones stay in the tables and are not given here. Writing is `dashboard.store.writing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, String, cast, literal, null, select, union_all

from dashboard.store.cache import group_rows, witnessed
from dashboard.store.ledger import in_utc
from dashboard.store.series import GroupKind, Series
from ingest.store.schema import MONTHLY, annotation, narrative, rebase, saved_group, trajectory
from rtt.terms.treatment_functions import TOTAL


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
class Narrative:
    """What somebody wrote beside an exception, carried forward until it is closed."""

    id: int
    series: Series
    opened_on: date
    why: str
    actions: str
    owner: str
    due: date | None
    author: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """Of one scope, oldest day first. narratives: by measure, those open at the census that was asked for.
    own_plan: measure, month end, per cent within 18 weeks or pathways.
    """

    notes: tuple[Annotation, ...] = ()
    rebases: tuple[Rebase, ...] = ()
    narratives: dict[str, Narrative] = field(default_factory=dict)
    own_plan: dict[str, dict[date, float]] = field(default_factory=dict)


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


_COLUMNS = ("id", "written_at", "source", "level", "organisation_code", "treatment_function", "measure")
_COMMENTARY = ("actions", "owner", "due")


@witnessed
def written_on(connection: Connection, series: Series, *, census: date | None = None) -> Written:
    """Notes and rebases of a scope, of one measure if the series names it; with a census the commentary that
    was written up to it and is still open; of a monthly series the organisation's own plan.

    One statement. What is written on every measure (measure '') always belongs.
    """
    told, begun = annotation.c, rebase.c
    # Typed, or PostgreSQL takes a column that begins with NULL for text.
    nothing = [cast(null(), narrative.c[name].type).label(name) for name in _COMMENTARY]
    asked = [
        select(
            literal("note").label("what"), told.noted_on.label("day"), told.text.label("words"), told.author,
            *(told[name] for name in _COLUMNS), *nothing,
        ).where(*_wanted(told, series)),
        select(
            literal("phase"), begun.starts_on, begun.reason, begun.author,
            *(begun[name] for name in _COLUMNS), *nothing,
        ).where(*_wanted(begun, series)),
    ]  # fmt: skip
    if census is not None:
        c = narrative.c
        columns = (*(c[name] for name in _COLUMNS), *(c[name] for name in _COMMENTARY))
        open_then = (*_wanted(c, series), c.opened_on <= census)
        asked.append(select(literal("narrative"), c.opened_on, c.why, c.author, *columns).where(*open_then))
    if series.source == MONTHLY:
        asked.append(_own_plan(series, nothing))
    rows = sorted(connection.execute(union_all(*asked)), key=lambda row: (row.day, row.id))
    planned: dict[str, dict[date, float]] = {}
    for row in rows:
        if row.what == "plan":
            planned.setdefault(row.measure, {})[row.day] = float(row.words)
    return Written(
        notes=tuple(Annotation(*_told(row)) for row in rows if row.what == "note"),
        rebases=tuple(Rebase(*_told(row)) for row in rows if row.what == "phase"),
        narratives={row.measure: _narrative(row) for row in rows if row.what == "narrative"},
        own_plan=planned,
    )


def _own_plan(series: Series, nothing: Sequence[Any]) -> Select[Any]:
    """The values of an own plan as rows of `written_on`: a value as text, in the column of words."""
    c = trajectory.c
    columns = {"id": c.id, "written_at": c.written_at, "source": literal(MONTHLY)}
    told = [columns.get(name, c[name] if name in c else null()).label(name) for name in _COLUMNS]
    return select(literal("plan"), c.month, cast(c.value, String), c.author, *told, *nothing).where(
        c.level == series.level,
        c.organisation_code == series.organisation_code,
        c.treatment_function == (series.treatment_function or TOTAL),
        c.withdrawn_at.is_(None),
    )


def _told(row: Any) -> tuple[Any, ...]:
    return row.id, _series(row), row.day, row.words, row.author, row.written_at


def _narrative(row: Any) -> Narrative:
    return Narrative(
        id=row.id,
        series=_series(row),
        opened_on=row.day,
        why=row.words,
        actions=row.actions,
        owner=row.owner,
        due=row.due,
        author=row.author,
        written_at=in_utc(row.written_at),
    )


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
