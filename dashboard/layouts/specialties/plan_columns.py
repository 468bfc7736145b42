"""The columns of plans in the table of specialties: stops needed for the next milestone, load, pressure."""

from dashboard.store.plans import PlanRow
from rtt.findings.plan_words import needed_cell
from rtt.planning.needs import Stops
from rtt.terms.wording import NOT_KNOWN, date_text, number_text, target_text

HEADS = ("Stops needed", "Load", "Pressure")
ABOUT = (
    "Load is clock starts by everything that leaves the list, reported or not: over 1, the list grows. "
    "Pressure is twice the mean wait by 18 weeks: over 1, the standard cannot be kept."
)


def cells(plan: PlanRow | None) -> list[str]:
    """A row's three cells."""
    if plan is None or not plan.planned:
        return [NOT_KNOWN] * len(HEADS)
    return [needed_cell(Stops(plan.needed_longest, plan.percent)), _number(plan.load), _number(plan.pressure)]


def method(plans: dict[str, PlanRow]) -> tuple[str, ...]:
    """What the columns ask and mean, for the About of the card; () where there are none."""
    row = next(iter(plans.values()), None)
    if row is None:
        return ()
    target = f"{target_text(row.target / 100)} within 18 weeks by {date_text(row.due)}"
    asked = f"Stops needed: more clock stops a week, longest waiters first, for an even chance of {target}."
    return (asked, ABOUT)


def _number(value: float | None) -> str:
    return NOT_KNOWN if value is None else number_text(value, 2)
