"""Plans as they were worked out after the last load: rows of lists, and the rates beside them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from dashboard.store.cache import cached
from dashboard.store.ledger import in_utc
from ingest.store.schema import plan, plan_made
from rtt.terms.treatment_functions import TOTAL


@dataclass(frozen=True, slots=True)
class Made:
    """When the plans that are kept were worked out, of which newest month, and their score on past months;
    from how many `months` of flow at most.
    """

    census_date: date
    made_at: datetime  # UTC
    record: dict[str, float]
    months: int


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One list, or an organisation as the sum of its lists (C_999).

    `target` in per cent, points and pathways as `ingest.store.schema.plan` has them; None where a list has no
    plan, or where twice the stops of now do not meet the target.
    """

    level: str
    organisation_code: str
    treatment_function: str
    months: int
    total: int
    within_18: int
    over_52: int
    target: float
    due: date
    starts: float | None
    stops: float | None
    needed_longest: float | None
    needed_todays: float | None
    chance: float | None
    longest_alone: float | None
    order_13: float | None
    size_13: float | None
    order_4: float | None
    size_4: float | None
    largest_13: float | None
    largest_4: float | None
    steady_list: float | None
    steady_stops: float | None
    load: float | None
    load_reported: float | None
    mean_weeks: float | None
    pressure: float | None
    target_list: float | None
    departures_needed: float | None

    @property
    def share(self) -> float | None:
        """Per cent within 18 weeks today."""
        return 100 * self.within_18 / self.total if self.total else None

    @property
    def planned(self) -> bool:
        """Whether there are months and pathways enough for a plan of its own."""
        return self.stops is not None

    @property
    def percent(self) -> float | None:
        """The stops needed, longest first, as per cent of those of now."""
        if self.needed_longest is None or not self.stops:
            return None
        return 100 * self.needed_longest / self.stops


_NAMES = [each.name for each in fields(PlanRow)]


@cached
def plan_made_of(connection: Connection) -> Made | None:
    """The plans that are kept; None where none are. One statement."""
    row = connection.execute(select(plan_made)).first()
    if row is None:
        return None
    _, _, extracts, *_ = json.loads(row.made_from)  # as `ingest.forecasts.plans` writes it
    return Made(row.census_date, in_utc(row.made_at), json.loads(row.record), len(extracts) - 1)


@cached
def plans_of(
    connection: Connection, level: str, codes: tuple[str, ...]
) -> tuple[tuple[PlanRow, ...], tuple[bytes, ...]]:
    """Organisations' lists and then their sums; and of each list its rates (`plan_rows`). One statement."""
    c = plan.c
    rows = connection.execute(
        select(*(c[name] for name in _NAMES), c.flows)
        .where(c.level == level, c.organisation_code.in_(codes))
        .order_by(c.treatment_function, c.organisation_code)
    ).all()
    found = [(PlanRow(*row[:-1]), row[-1]) for row in rows]
    lists = [each for each in found if each[0].treatment_function != TOTAL]
    whole = [each[0] for each in found if each[0].treatment_function == TOTAL]
    return (*(row for row, _ in lists), *whole), tuple(bytes(flows) for _, flows in lists)


@cached
def plan_rows(connection: Connection, level: str, function: str = "") -> tuple[PlanRow, ...]:
    """Every plan of a level: of one specialty, of organisations (C_999), of all (''). One statement."""
    c = plan.c
    asked = [c.level == level, *([c.treatment_function == function] if function else [])]
    rows: Sequence[Any] = connection.execute(
        select(*(c[name] for name in _NAMES))
        .where(*asked)
        .order_by(c.organisation_code, c.treatment_function)
    ).all()
    return tuple(PlanRow(*row) for row in rows)


@cached
def plans_at(connection: Connection, level: str, code: str, census: date) -> tuple[PlanRow, ...]:
    """An organisation's lists and then their sum, if the plans kept are those of a month. One statement."""
    c = plan.c
    rows = connection.execute(
        select(*(c[name] for name in _NAMES))
        .where(c.level == level, c.organisation_code == code)
        .where(select(plan_made.c.id).where(plan_made.c.census_date == census).exists())
        .order_by(c.treatment_function)
    ).all()
    return tuple(PlanRow(*row) for row in rows)
