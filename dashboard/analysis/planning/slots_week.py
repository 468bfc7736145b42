"""Who has the slots of one week of a plan: the pathways themselves, in the order of the plan.

The same rule as the counts of the plan, asked pathway by pathway. Who may call is asked by the caller, and
written down before anything is shown.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from dashboard.analysis.will_breach import counted_pathways
from dashboard.scope.scope import Scope
from dashboard.scope.slots_question import SlotsQuestion, slots_question
from dashboard.store.pathway_order import Order
from dashboard.store.pathways import Pathway, all_of
from rtt.findings.book_next import WITH_DECISION_BELOW
from rtt.measures.will_breach import WEEK
from rtt.planning.more_slots import LONGEST, give_out, of_week, queue_of


@dataclass(frozen=True, slots=True)
class WeekOfSlots:
    """The first week is 1; `pathways` in the order of their slots, none where nobody is left to have one."""

    question: SlotsQuestion
    week: int
    pathways: tuple[Pathway, ...]

    @property
    def ends(self) -> date:
        """The last day of the week."""
        return self.question.passing.census + timedelta(days=WEEK * self.week)


def is_week_asked(scope: Scope) -> bool:
    """Whether the address names a week of a plan, in one specialty of which the reader sees everybody.

    Nobody is listed in any order but the longest wait first: Book next goes by no target.
    """
    return (
        bool(scope.filters.week)
        and scope.filters.order in ("", LONGEST)
        and len(scope.functions) == len(scope.codes) == 1
        and scope.reader.sees_all_of(scope.functions, scope.filters.site)
    )


def week_of_slots(connection: Connection, scope: Scope) -> WeekOfSlots:
    """The pathways of the week that the address names; one statement."""
    assert scope.census is not None
    question, week = slots_question(scope.filters, scope.census), int(scope.filters.week)
    # Equal waits come in the order of their tokens: that is the order among equals.
    waiting = all_of(connection, counted_pathways(scope), Order("waited", down=True))
    queue = queue_of(
        [each.wait_order for each in waiting],
        [each.urgency < WITH_DECISION_BELOW for each in waiting],
        [each.booked_in for each in waiting],
    )
    given = give_out(queue, question.slots, question.order, question.passing)
    places = of_week(queue, given, question.slots, week)
    return WeekOfSlots(question, week, tuple(waiting[at] for at in places))
