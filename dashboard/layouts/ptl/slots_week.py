"""Book next for one week of a plan: exactly the pathways that have its slots, in the plan's order.

The plan goes by wait alone. Whoever books is told so, and has Book next's own order a link away.
"""

from collections.abc import Iterator
from typing import Any

from dashboard.analysis.planning.slots_week import WeekOfSlots
from dashboard.filters import for_another_page, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.ptl.table import plain_table
from dashboard.layouts.ptl.tools import export_form
from dashboard.scope.scope import Scope
from dashboard.scope.slots_question import USUAL_SLOTS
from rtt.terms.wording import date_text, plural

Component = Any
PLAN = "/plan"
COLUMNS = (
    "urgency", "token", "waited", "breach", "breach52", "priority", "stage", "site", "date", "event", "flags",
)  # fmt: skip
"""As on Book next, with the stage and the date: a plan goes across stages, and brings late dates forward."""
RULE = (
    "These are the pathways that have the slots of this week in the plan, in its order. A plan goes by wait "
    "alone: when you book, clinical priority comes first."
)


def plan_words(scope: Scope) -> str:
    """ "What would 12 more slots a week do?"."""
    return f"What would {plural(int(scope.filters.slots or USUAL_SLOTS), 'more slot')} a week do?"


def to_plan(scope: Scope) -> str:
    """The plan with the question of this address."""
    kept = ("slots", "threshold", "due", "left") if scope.filters.week else ("slots",)
    asked = {name: getattr(scope.filters, name) for name in kept}
    return PLAN + to_query(for_another_page(scope.filters), **asked)


def section(scope: Scope, found: WeekOfSlots, path: str) -> list[Component]:
    """Those with a slot in the week, the weeks beside it, and the ways back."""
    question = found.question
    title = f"Slots of the week to {date_text(found.ends)}: {plural(len(found.pathways), 'pathway')}"
    if not found.pathways:
        body: list[Component] = [html.P("Nobody is left to have a slot in this week.")]
    else:
        body = [
            plain_table("Who has the slots of the week, in order", found.pathways, scope, COLUMNS),
            export_form(scope, kind="book-next", rows=len(found.pathways), back=path),
        ]
    said = f"Longest wait first, {plural(question.slots, 'more slot')} a week. {RULE}"
    return [
        html.Ul([html.Li(way) for way in _ways(scope, found)], className="rtt-lead__links"),
        show.section(title, html.P(said), *body, name="slots-week"),
    ]


def _ways(scope: Scope, found: WeekOfSlots) -> Iterator[Component]:
    yield show.link(plan_words(scope), to_plan(scope))
    if found.week > 1:
        yield show.link("The week before", to_query(scope.filters, week=str(found.week - 1)))
    if found.week < found.question.weeks_ahead:
        yield show.link("The week after", to_query(scope.filters, week=str(found.week + 1)))
    yield show.link(
        "Book next in order of clinical priority",
        to_query(scope.filters, week="", order="", due=None, left="", threshold=""),
    )
