"""A trust's own plan: what it means to have at each month end. Read anew each time, never from the memo.

A newer value withdraws the one before, which stays in the table. Whoever takes a plan back takes the values
that are theirs.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite

from sqlalchemy import Connection, Engine, select, update

from dashboard.server.access import Denied, Reader, check_writer
from dashboard.store.cache import witnessed
from dashboard.store.ledger import in_utc
from dashboard.store.writing import Unacceptable, insert_written
from ingest.store.database import writing
from ingest.store.schema import LEVELS, trajectory
from rtt.terms.calendar import month_end
from rtt.terms.treatment_functions import ROWS, TOTAL
from rtt.terms.wording import month_text

_c = trajectory.c

MEASURES = ("share_within_18", "total", "over_52")
"""Per cent within 18 weeks, the list, and pathways over 52 weeks."""
MOST_VALUES = 300
MOST_PATHWAYS = 20_000_000

Values = Mapping[tuple[str, date], float]
"""(measure, month end) -> per cent, or pathways."""


@dataclass(frozen=True, slots=True)
class Trajectory:
    """What a trust plans to have, by measure and month end; how many values each author said; who said the
    newest of them when.
    """

    values: dict[str, dict[date, float]]
    authors: dict[str, int]
    author: str
    written_at: datetime | None  # UTC


NO_PLAN = Trajectory({}, {}, "", None)


@witnessed
def trajectory_of(connection: Connection, level: str, code: str, function: str = TOTAL) -> Trajectory:
    """The standing plan of an organisation's list, or of one specialty. One statement."""
    rows = connection.execute(
        select(_c.measure, _c.month, _c.value, _c.author, _c.written_at)
        .where(
            _c.level == level,
            _c.organisation_code == code,
            _c.treatment_function == function,
            _c.withdrawn_at.is_(None),
        )
        .order_by(_c.measure, _c.month)
    ).all()
    values: dict[str, dict[date, float]] = {}
    for row in rows:
        values.setdefault(row.measure, {})[row.month] = row.value
    newest = max(rows, key=lambda row: row.written_at, default=None)
    authors = dict(Counter(row.author for row in rows))
    if newest is None:
        return NO_PLAN
    return Trajectory(values, authors, newest.author, in_utc(newest.written_at))


def keep_trajectory(
    engine: Engine, reader: Reader, level: str, code: str, function: str, values: Values, *, at: datetime
) -> int:
    """Keep values in place of those of the same measure and month, all or none; how many changed.

    Raises `Denied`, `Unacceptable`.
    """
    check_writer(reader)
    scope = {"level": level, "organisation_code": code, "treatment_function": function}
    if level not in LEVELS or function not in (*ROWS, TOTAL):
        raise Unacceptable("This belongs to no list of the dashboard.")
    if not values or len(values) > MOST_VALUES:
        raise Unacceptable(f"A plan has 1 to {MOST_VALUES} values.")
    for (measure, month), value in values.items():
        if fault := fault_of(measure, month, value):
            raise Unacceptable(fault)
    changed = 0
    with writing(engine) as connection:
        for (measure, month), value in values.items():
            changed += _keep_one(connection, reader, {**scope, "measure": measure, "month": month}, value, at)
    return changed


def fault_of(measure: str, month: date, value: float) -> str:
    """Why one value of a trajectory cannot be kept; '' if it can."""
    if measure not in MEASURES:
        return f"“{measure}” is not a measure of a plan; it can be {', '.join(MEASURES)}."
    if month != month_end(month):
        return f"{month.isoformat()} is not the last day of a month."
    most = 100.0 if measure == "share_within_18" else MOST_PATHWAYS
    if not isfinite(value) or not 0 <= value <= most:
        return f"{measure} of {month_text(month)} can be 0 to {most:,.0f}, not {value:g}."
    return ""


def withdraw_trajectory(
    engine: Engine, reader: Reader, level: str, code: str, function: str, *, at: datetime
) -> int:
    """Take one's own values of a plan back; how many that were. Raises `Denied`, `Unacceptable`."""
    check_writer(reader)
    standing = (
        _c.level == level,
        _c.organisation_code == code,
        _c.treatment_function == function,
        _c.withdrawn_at.is_(None),
    )
    with writing(engine) as connection:
        authors = set(connection.execute(select(_c.author).where(*standing)).scalars())
        if not authors:
            raise Unacceptable("There is no such plan; it may have been withdrawn already.")
        if reader.name not in authors:
            raise Denied(403, "Only its author can withdraw a plan.")
        own = update(trajectory).where(*standing, _c.author == reader.name)
        return connection.execute(own.values(withdrawn_by=reader.name, withdrawn_at=at)).rowcount


def _keep_one(
    connection: Connection, reader: Reader, key: Mapping[str, object], value: float, at: datetime
) -> int:
    standing = [*(_c[name] == part for name, part in key.items()), _c.withdrawn_at.is_(None)]
    before = connection.execute(select(_c.value).where(*standing)).scalar()
    if before == value:
        return 0
    connection.execute(update(trajectory).where(*standing).values(withdrawn_by=reader.name, withdrawn_at=at))
    insert_written(connection, trajectory, {**key, "value": value}, reader, at)
    return 1
