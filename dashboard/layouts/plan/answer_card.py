"""The answer: how many more clock stops a week, in which order, by when, and how sure.

Every sentence is that of `analysis.planning.sentences`, which the pack and the command say too.
"""

from typing import Any

from dashboard.analysis.planning.sentences import answer_sentences
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.plan import worked
from dashboard.layouts.plan.load import Found
from dashboard.scope.scope import Scope
from rtt.findings.plan_words import NOT_KNOWN

Component = Any


def section(scope: Scope, found: Found) -> Component:
    """The card; how it is worked out and what is left out open on demand."""
    answer = found.answer
    assert answer is not None
    first, *others = answer_sentences(answer)
    return html.Section(
        [
            html.H2(first, className="rtt-lead", id="plan-answer"),
            *([html.P(" ".join(others))] if others else []),
            *(html.P(each, className="rtt-small") for each in answer.warnings),
            html.Div(
                [
                    details("How this is worked out", worked.steps(scope, answer)),
                    details("What is left out", [html.Ul([html.Li(each) for each in NOT_KNOWN])]),
                ],
                className="rtt-plan__more",
            ),
        ],
        className="rtt-card",
        **attributes(aria_labelledby="plan-answer", data_card="answer"),
    )


def details(title: str, children: list[Component]) -> Component:
    """What opens on demand."""
    summary = html.Summary(
        html.Span(title, className="nhsuk-details__summary-text"), className="nhsuk-details__summary"
    )
    inside = html.Div(children, className="nhsuk-details__text")
    return html.Details([summary, inside], className="nhsuk-details")
