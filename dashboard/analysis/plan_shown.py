"""Which plans of the batch a page may show beside its own figures: those of its scope at the newest month."""

from datetime import date

from sqlalchemy import Connection

from dashboard.scope.scope import Scope
from dashboard.store.plans import PlanRow, plans_at
from ingest.store.schema import MONTHLY
from rtt.terms.treatment_functions import TOTAL


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
