"""What would it take to meet the standard by a date, and how sure is that?

One sentence, one chart, one table by specialty; above them the target, the dials below it. What is asked
stands in the address alone, so that a link sent elsewhere draws the same figures.
"""

from typing import Any

from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.empty import nothing_loaded
from dashboard.layouts.plan import answer_card, chart, compared, dials, own_plan, saved, specialties, weekly
from dashboard.layouts.plan.load import Found
from dashboard.scope.scope import Scope, scope_words

Component = Any
PATH = "/plan"


def draw(scope: Scope, found: Found | None) -> Component:
    """The page."""
    if found is None:
        return nothing_loaded(scope)
    head = [html.H1(f"What would it take: {scope_words(scope)}")]
    if found.slots is not None:
        return html.Div([*head, *weekly.section(scope, found.slots)], className="rtt-plan")
    answer = found.answer
    assert answer is not None
    if answer.why_not:
        why_not = show.empty(answer.why_not)
        return html.Div([*head, dials.target(scope, answer.question), why_not, *weekly.way_here(scope)])
    return html.Div(
        [
            *head,
            dials.target(scope, answer.question),
            answer_card.section(scope, found),
            dials.dials(scope, answer.question),
            saved.saving(scope),
            *show.placed(parts(scope, found), scope.filters),
            *weekly.way_here(scope),
            *own_plan.section(scope, found),
            show.section("Saved scenarios", saved.listed(scope, found.saved, found.again), name="saved"),
        ],
        className="rtt-plan",
    )


def parts(scope: Scope, found: Found) -> list[show.Part]:
    """The cards that files can be taken from; none where there is no answer."""
    if found.slots is not None:
        return weekly.parts(scope, found.slots)
    answer = found.answer
    if answer is None or answer.why_not or answer.census is None:
        return []
    published = chart.published_of(found, "share_within_18", answer.census)
    return [
        *compared.compared(scope, answer, found.saved, found.again, published),
        chart.card(scope, found),
        *specialties.cards(scope, answer),
    ]
