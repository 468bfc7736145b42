"""What a reader may change about more slots a week: how many, until when, in which order, for whom."""

from typing import Any

from dashboard.layouts.frame.controls import select
from dashboard.layouts.plan.dials import day, field, group, reset_link
from dashboard.scope.scope import Scope
from dashboard.scope.slots_question import SlotsQuestion
from rtt.findings.sentences import PRIORITIES
from rtt.findings.slots_words import ORDER_NAMES
from rtt.measures.will_breach import THRESHOLDS
from rtt.planning.more_slots import LONGEST, NEXT

Component = Any
QUESTION = ("slots", "order", "due", "threshold", "left")
MOST_SLOTS = 500
PATHWAYS = (
    ("", "The whole list"),
    ("admitted", "Admissions"),
    ("non-admitted", "Out-patient appointments"),
    ("dta", "With a decision to admit"),
)


def slots_dials(scope: Scope, question: SlotsQuestion) -> list[Component]:
    """The question, and the part of the list that the slots are for."""
    chosen = scope.filters
    where = "a week" if len(scope.functions) == 1 else "a week in each specialty"
    orders = [("", ORDER_NAMES[LONGEST]), (NEXT, ORDER_NAMES[NEXT])]
    fields = [
        field("slots", "More slots", where, str(question.slots), least=1, most=MOST_SLOTS, step=1),
        select("order", "In which order", orders, chosen.order),
        select(
            "threshold",
            "Threshold",
            [(str(weeks), f"{weeks} weeks") for weeks in THRESHOLDS],
            str(question.passing.weeks),
        ),
        # Without access to pathways there is one date alone.
        *([] if scope.conceals else [day("due", "By", question.passing.ends)]),
        field("left", "May still breach", "at most", chosen.left, least=1, most=10_000, step=1),
    ]
    if any(getattr(chosen, name) for name in QUESTION):
        fields.append(reset_link(scope, QUESTION, "Usual question"))
    priorities = [("", "All"), *((code, words[:1].upper() + words[1:]) for code, words in PRIORITIES.items())]
    whom = [
        select("pathway", "Slots for", PATHWAYS, chosen.pathway),
        select("priority", "Priority", priorities, chosen.priority),
    ]
    return [group("Question", fields), group("For whom", whom)]
