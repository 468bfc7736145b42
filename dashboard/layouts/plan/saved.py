"""Saved scenarios: the form that saves one, and those there are.

A saved scenario keeps its answers as they were. One that is opened, or compared, has today's answer to the
same question beside them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc

from dashboard.analysis.plan_kept import Kept, read
from dashboard.analysis.planning.again import MOST_COMPARED, Again, shown_again
from dashboard.analysis.planning.dial_words import AS_NOW as GOING_ON
from dashboard.figures.plan_chart import figure_text
from dashboard.filters import from_query, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html, native
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.withdrawal import withdrawal
from dashboard.scope.scope import Scope
from dashboard.store.scenarios import Saved, may_save
from rtt.findings.plan_words import chance_text, stops_text
from rtt.planning.needs import Stops
from rtt.terms.wording import NOT_KNOWN, date_text, plural, target_text

Component = Any
PATH = "/plan"
NAME_LENGTH = 80
MOST_LISTED = 5


def saving(scope: Scope) -> Component:
    """The form that saves what the address asks, for who may; else that the link keeps it."""
    if not may_save(scope.enquiry.reader):
        said = "The link of this page keeps your scenario: copy it to send it."
        return html.P(said, className="rtt-small")
    field = native.Input(name="name", type="text", maxLength=NAME_LENGTH, required=True, placeholder="Name")
    label = html.Label(
        [html.Span("Save this scenario as", className="rtt-label"), field], className="rtt-filter"
    )
    hidden = {"query": to_query(scope.filters), "back": f"{PATH}{to_query(scope.filters)}"}
    return html.Form(
        [
            *(dcc.Input(name=name, value=value, type="hidden") for name, value in hidden.items()),
            label,
            html.Button("Save", type="submit", className="rtt-button"),
        ],
        action="/plan/scenarios",
        method="post",
        className="rtt-form rtt-plan__save",
    )


def listed(scope: Scope, saved: Sequence[Saved], again: Mapping[int, Again]) -> Component:
    """Every saved scenario with its answer as it was, and the ways to open, compare and withdraw it.

    `again`: what is answered today, of those that are shown again.
    """
    if not saved:
        return html.P("No scenario is saved yet.", className="rtt-small")
    there = [each.id for each in shown_again(saved, scope.filters.scenarios)]
    order = sorted(saved, key=lambda each: (each.id not in there, -each.id))
    shown = [html.Li(_line(scope, each, there, again.get(each.id))) for each in order[:MOST_LISTED]]
    rest = [html.Li(_line(scope, each, there, again.get(each.id))) for each in order[MOST_LISTED:]]
    said = f"Compare: {len(there)} of {MOST_COMPARED} chosen."
    more = [_folded(rest)] if rest else []
    return html.Div([html.P(said, className="rtt-small"), html.Ul(shown, className="rtt-notes"), *more])


def _folded(items: list[Component]) -> Component:
    words = f"Show {plural(len(items), 'more scenario')}"
    summary = html.Summary(
        html.Span(words, className="nhsuk-details__summary-text"), className="nhsuk-details__summary"
    )
    inside = html.Ul(items, className="rtt-notes nhsuk-details__text")
    return html.Details([summary, inside], className="nhsuk-details")


def _line(scope: Scope, each: Saved, there: Sequence[int], again: Again | None) -> list[Component]:
    kept = read(each.answers)
    return [
        html.Strong(show.link(each.name, link_to(each))),
        f": {each.scope}. {answer_words(kept)} ",
        html.Span(
            f"{worked_out(kept)} {each.author}, {date_text(each.written_at.date())}", className="rtt-by"
        ),
        " ",
        *([html.Span(today_words(kept, again), className="rtt-again"), " "] if again else []),
        _compare(scope, each, there),
        *_withdraw(scope, each),
    ]


def link_to(each: Saved) -> str:
    """The same question of today's data, beside the answers as they were."""
    filters, _ = from_query(each.query)
    return f"{PATH}{to_query(filters, scenarios=(str(each.id),), census=None)}"


def worked_out(kept: Kept) -> str:
    """From which data a saved answer is."""
    return f"Worked out from data to {date_text(kept.census)}."


def today_words(kept: Kept, again: Again) -> str:
    """What the same question comes to today, or that nothing changed."""
    if again.kept is None:
        return f"With today’s data there is no answer. {again.why_not}"
    now = again.kept
    if now.census == kept.census and answer_words(now) == answer_words(kept):
        return "With today’s data: the same."
    return f"With today’s data, to {date_text(now.census)}: {answer_words(now)}"


def answer_words(kept: Kept) -> str:
    """What a saved scenario came to, and what its target takes, in a sentence."""
    dials = kept.dials or GOING_ON
    share, chance = kept.value("share", kept.due), kept.chance
    ends = (
        f"{figure_text(share, share=True)} within 18 weeks by {date_text(kept.due)}"
        if share is not None
        else ""
    )
    likely = f"chance of the target {chance_text(chance)}" if chance is not None else ""
    told = ", ".join(each for each in (ends, likely) if each)
    return f"{dials}: {told or NOT_KNOWN.lower()}.{_needed(kept)}"


def _needed(kept: Kept) -> str:
    if kept.target is None:
        return ""
    takes = stops_text(Stops(kept.needed, kept.needed_percent))
    return f" For {target_text(kept.target / 100)}: {takes}."


def _compare(scope: Scope, each: Saved, there: Sequence[int]) -> Component:
    number = str(each.id)
    asked = scope.filters.scenarios
    if each.id in there:
        words, numbers = "Remove from the comparison", tuple(one for one in asked if one != number)
    elif len(there) < MOST_COMPARED:
        words, numbers = "Compare", (*(str(one) for one in there), number)
    else:
        return html.Span(f"{MOST_COMPARED} are the most to compare.", className="rtt-small")
    href = to_query(scope.filters, scenarios=numbers) or "?"
    return show.link(words, href, **attributes(data_replace="yes", aria_label=f"{words}: {each.name}"))


def _withdraw(scope: Scope, each: Saved) -> list[Component]:
    """For its author, and for whoever may write."""
    if not may_save(scope.enquiry.reader) or (
        scope.reader.name != each.author and not scope.reader.may_write
    ):
        return []
    back = f"{PATH}{to_query(scope.filters, scenarios=())}"
    return [withdrawal(f"/plan/scenarios/{each.id}/withdraw", each.name, back=back)]
