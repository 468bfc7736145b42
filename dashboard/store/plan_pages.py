"""Whether a pack has a page of a plan and one of initiatives, without the price of reading either."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, literal, select, union_all

from dashboard.store.cache import witnessed
from ingest.store.schema import initiative, plan, plan_made


@dataclass(frozen=True, slots=True)
class PlanPages:
    """The specialties of an organisation with a plan at the month (C_999: all), and of each initiative that
    stands the codes of its trusts.
    """

    planned: frozenset[str]
    initiatives: tuple[tuple[str, ...], ...]


@witnessed
def plan_pages(connection: Connection, level: str, code: str, census: date) -> PlanPages:
    """Read anew each time, for initiatives are written by people. One statement."""
    p, i = plan.c, initiative.c
    plans = (
        select(literal("plan"), p.treatment_function)
        .where(p.level == level, p.organisation_code == code, p.stops.is_not(None))
        .where(select(plan_made.c.id).where(plan_made.c.census_date == census).exists())
    )
    registered = select(literal("initiative"), i.trusts).where(i.withdrawn_at.is_(None))
    rows = connection.execute(union_all(plans, registered)).all()
    return PlanPages(
        frozenset(text for kind, text in rows if kind == "plan"),
        tuple(tuple(text.split(",")) for kind, text in rows if kind == "initiative"),
    )
