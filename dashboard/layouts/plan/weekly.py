"""A PTL on the page of the plan: why it has none, the way to the return, the same question of this list."""

from typing import Any

from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.of_source import of_source
from dashboard.scope.scope import Scope
from rtt.findings.book_next import DEFAULT_SLOTS

Component = Any
BOOK_NEXT = "/book-next"
NEEDS = (
    "A plan needs the monthly return: a weekly list does not say how many clocks started and stopped in each "
    "month."
)


def section(scope: Scope) -> list[Component]:
    """The way on; of a list, more slots and whom they would treat."""
    way = None
    if "monthly" in scope.loaded.sources:
        words = "See the plan from the monthly return"
        way = show.link(words, to_query(of_source(scope, scope.filters, "monthly"), source="monthly"))
    return [show.empty(NEEDS, way), *_within(scope)]


def _within(scope: Scope) -> list[Component]:
    """The same question within the list, which Book next answers pathway by pathway."""
    if not scope.reader.sees_some_pathways:
        return []
    slots = str(DEFAULT_SLOTS)
    href = BOOK_NEXT + to_query(scope.filters, slots=slots)
    return [
        show.section(
            "Within this list",
            html.P(
                "With more slots in one specialty: who no longer breaches, and by when? Choose the number of "
                "slots on Book next."
            ),
            html.P(show.link("Book next: who would be treated", href)),
            name="within-list",
        )
    ]
