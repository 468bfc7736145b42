"""Which plans of the batch a page may show beside its own figures: those of its scope at the newest month.
And whether the scope is on its lines.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from dashboard.analysis.findings import Figures
from dashboard.analysis.planning.on_line import Line, Milestone, lines_of, of_issued
from dashboard.scope.scope import Scope
from dashboard.store.plans import PlanRow, plans_at
from ingest.store.schema import MONTHLY
from rtt.forecast.score.issued import Issued
from rtt.planning.target import MEASURE
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.wording import date_text, target_text


def plans_beside(connection: Connection, scope: Scope) -> dict[str, PlanRow]:
    """Specialty -> its plan, `TOTAL` the organisation's; {} where the page shows something else.

    Plans are of whole lists of one organisation, and of the newest month alone. At most one statement.
    """
    census, place = month_of(scope), scope.organisation
    if census is None:
        return {}
    rows = plans_at(connection, place.level, place.code, census)
    return {row.treatment_function: row for row in rows}


def month_of(scope: Scope) -> date | None:
    """The month whose plans the scope could have; None where it can have none."""
    whole = scope.source == MONTHLY and not scope.is_part and len(scope.codes) == 1
    return scope.census if whole and scope.census == scope.loaded.censuses(MONTHLY)[-1] else None


def plan_of_scope(plans: dict[str, PlanRow], scope: Scope) -> PlanRow | None:
    """The plan of the scope itself; None of several specialties together, and where there is none."""
    if len(scope.functions) > 1:
        return None
    found = plans.get(scope.functions[0] if scope.functions else TOTAL)
    return found if found and found.planned else None


def lines_beside(
    scope: Scope,
    plan: PlanRow | None,
    figures: Figures,
    days: Sequence[date],
    own: dict[str, dict[date, float]],
    issued: Sequence[Issued],
) -> tuple[Line, ...]:
    """Whether the share within 18 weeks is on the line of the plan's milestone, and on that of the own plan.

    `figures` hold the share at `days`; `issued` is what is forecast of it.
    """
    if scope.census is None or plan is None:
        return ()
    found = {day: figures.find(MEASURE, at=day) for day in days}
    shares = {day: 100 * each.value for day, each in found.items() if each and each.value is not None}
    milestone = Milestone(scope.organisation.level, plan.target, plan.due, milestone_words(plan))
    planned = {MEASURE: own[MEASURE]} if MEASURE in own else {}
    return lines_of(scope.census, {MEASURE: shares}, planned, milestone, of_issued(issued))


def milestone_words(plan: PlanRow) -> str:
    """ "the milestone of 65% by 31 Mar 2026"."""
    return f"the milestone of {target_text(plan.target / 100)} by {date_text(plan.due)}"
