"""What a reader may change: the target and its date, and the weeks up to it. Native fields, no sliders.

A field writes itself to the address when it is left, as every filter does. What needs three values, a sprint
or a validation, is a plain form whose answer is the address with all three (`callbacks.plan_forms`).
"""

from datetime import date, timedelta
from typing import Any

from dash import dcc

from dashboard.analysis.planning.dial_words import number
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html, ids, native
from dashboard.layouts.frame.attributes import attributes
from dashboard.scope.question import Question
from dashboard.scope.scope import Scope
from rtt.terms.calendar import month_end

Component = Any
DIALS = ("stops", "growth", "removals", "longest", "sprint", "validate")
QUESTION = ("target", "due", "most52")
USUAL_SPRINT, USUAL_VALIDATION = "10", "5"


def target(scope: Scope, question: Question) -> Component:
    """What is asked: a share by a date, and at most so many over 52 weeks."""
    asked = "" if question.target is None else number(question.target, 1)
    fields = [
        field("target", "Target within 18 weeks", "%", asked, least=1, most=100, step=0.1),
        day("due", "By", question.due),
        field(
            "most52",
            "Over 52 weeks, at most",
            "% of the list",
            scope.filters.most52,
            least=0,
            most=100,
            step=0.1,
        ),
    ]
    chosen = any(getattr(scope.filters, name) for name in QUESTION)
    reset = [reset_link(scope, QUESTION, "Usual target")] if chosen else []
    return group("Target", [*fields, *reset])


def dials(scope: Scope, question: Question) -> Component:
    """What is changed a week, and behind a heading what happens once."""
    chosen = scope.filters
    fields = [
        field("stops", "Clock stops a week", "% more", chosen.stops or "0", least=-50, most=100, step=0.5),
        field("growth", "Referrals a year", "% more", chosen.growth or "0", least=-20, most=20, step=0.5),
        field("removals", "Removals", "times as many", chosen.removals or "1", least=0, most=3, step=0.1),
        field(
            "longest", "Longest waiters first", "% of stops", chosen.longest or "0", least=0, most=100, step=5
        ),
    ]
    moved = any(getattr(chosen, name) for name in DIALS)
    reset = [reset_link(scope, DIALS, "As now")] if moved else []
    return html.Div([group("Change", [*fields, *reset]), _once(scope, question)])


def group(title: str, fields: list[Component]) -> Component:
    """Fields in one row under a title."""
    return html.Section(
        html.Div(
            [html.Span(title, className="rtt-dials__title"), *fields], className="rtt-filters rtt-dials"
        ),
        # Several fields are one question: see assets/native.js.
        **attributes(aria_label=title, data_together="yes"),
    )


def field(
    name: str, label: str, unit: str, value: str, *, least: float, most: float, step: float
) -> Component:
    """A number of the address, written there when it is left."""
    entry = native.Input(
        id=ids.control(name),
        type="number",
        min=least,
        max=most,
        step=step,
        # A number, as the field gives it back: leaving it as it is must change nothing.
        value=float(value) if value else "",
        debounce=True,
        className="rtt-dial",
    )
    return _labelled(label, entry, unit)


def day(name: str, label: str, value: date) -> Component:
    """A date of the address."""
    entry = native.Input(id=ids.control(name), type="date", value=value.isoformat(), debounce=True)
    return _labelled(label, entry, "")


def _labelled(label: str, field: Component, unit: str) -> Component:
    # The unit is part of the label, so that it is heard with it.
    unit_words = [html.Span(f" {unit}", className="rtt-dial__unit")] if unit else []
    line = html.Span([field, *unit_words], className="rtt-dial__line")
    return html.Label([html.Span(label, className="rtt-label"), line], className="rtt-filter")


def reset_link(scope: Scope, names: tuple[str, ...], words: str) -> Component:
    """The same address without these."""
    usual: dict[str, Any] = {name: None if name == "due" else "" for name in names}
    return show.link(words, to_query(scope.filters, **usual) or "?", **attributes(data_replace="yes"))


def _once(scope: Scope, question: Question) -> Component:
    """A sprint and a validation: three values each, sent together by a form."""
    sprint, validation = question.sprint, question.validation
    begins = month_end(scope.census) + timedelta(days=1) if scope.census else question.due
    ends = begins + timedelta(days=90)
    first, last = (sprint.starts, sprint.ends) if sprint else (begins, ends)
    more = number(100 * sprint.fraction) if sprint else ""
    share = number(100 * validation.fraction) if validation else ""
    fields = [
        _part("sprint_more", "Sprint: stops", "% more", more, step=0.5, least=-50, most=100),
        _part_day("sprint_from", "from", first),
        _part_day("sprint_to", "to", last),
        _part("validate_share", "Validation: take off", "%", share, step=0.5, least=0, most=100),
        _part(
            "validate_weeks",
            "of those over",
            "weeks",
            str(validation.weeks if validation else 18),
            step=1,
            least=1,
            most=103,
        ),
        _part_day("validate_on", "on", validation.on if validation else ends),
    ]
    form = html.Form(
        [
            dcc.Input(name="query", value=to_query(scope.filters), type="hidden"),
            *fields,
            html.Button("Work it out", type="submit", className="rtt-button"),
        ],
        action="/plan/asked",
        method="get",
        className="rtt-form rtt-dials nhsuk-details__text",
    )
    summary = html.Summary(
        html.Span("A sprint, or a validation of the list", className="nhsuk-details__summary-text"),
        className="nhsuk-details__summary",
    )
    return html.Details([summary, form], className="nhsuk-details", open=bool(sprint or validation))


def _part(name: str, label: str, unit: str, value: str, **limits: float) -> Component:
    least, most = limits["least"], limits["most"]
    field = native.Input(
        name=name, type="number", value=value, min=least, max=most, step=limits["step"], className="rtt-dial"
    )
    return _labelled(label, field, unit)


def _part_day(name: str, label: str, value: date) -> Component:
    return _labelled(label, native.Input(name=name, type="date", value=value.isoformat()), "")
