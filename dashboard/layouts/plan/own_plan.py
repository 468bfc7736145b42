"""The trust's own plan, month by month: typed, or loaded from a file, and the line that it draws.

What is kept is month, measure and value, as in the file; a newer value of a month takes the place of the one
before.
"""

from datetime import date
from typing import Any

from dash import dcc

from dashboard.figures.plan_chart import figure_text
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html, native
from dashboard.layouts.plan.chart import TITLES
from dashboard.layouts.plan.load import Found
from dashboard.layouts.plan.words import number
from dashboard.scope.scope import Scope
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.wording import date_text, number_text

Component = Any
LINES = 6
ASKS = "Choose a share to see what it takes, and how likely it is."
HOW = (
    "One line for each month: month, measure, value. The measure is “within 18”, “list” or “over 52”. "
    "For example: 2026-03, within 18, 62.8"
)


def section(scope: Scope, found: Found) -> list[Component]:
    """The own plan as it is held, and the form to type or load it; nothing where neither is there."""
    held = _held(scope, found)
    form = [_form(scope)] if scope.reader.may_write else []
    if not held and not form:
        return []
    summary = html.Summary(
        html.Span("Your own plan, month by month", className="nhsuk-details__summary-text"),
        className="nhsuk-details__summary",
    )
    inside = html.Div([*held, *form], className="nhsuk-details__text")
    return [html.Details([summary, inside], className="nhsuk-details")]


def _held(scope: Scope, found: Found) -> list[Component]:
    measures = [each for each in TITLES if found.own.get(each)]
    if not measures:
        return []
    months = sorted({month for each in measures for month in found.own[each]})
    rows = [[date_text(month), *(_cell(scope, found, each, month) for each in measures)] for month in months]
    columns = ["Month end", *(TITLES[each] for each in measures)]
    asks = html.P(ASKS, className="rtt-small")
    return [asks, show.scrolling(show.table("Your own plan", columns, rows), label="Your own plan, table")]


def _cell(scope: Scope, found: Found, measure: str, month: date) -> Component:
    """A share leads to the plan that has it as its target: what it takes, and how likely it is."""
    value = found.own[measure].get(month)
    if value is None:
        return ""
    if measure != "share_within_18":
        return number_text(value)
    asked = to_query(scope.filters, target=number(value), due=month)
    return show.link(figure_text(value, share=True), asked)


def _form(scope: Scope) -> Component:
    place = scope.organisation
    function = scope.functions[0] if len(scope.functions) == 1 else TOTAL
    hidden = {
        "level": place.level,
        "organisation_code": place.code,
        "treatment_function": function,
        "back": f"/plan{to_query(scope.filters)}",
    }
    typed = dcc.Textarea(name="lines", rows=LINES, maxLength=20_000, spellCheck=False)
    return html.Form(
        [
            *(dcc.Input(name=name, value=value, type="hidden") for name, value in hidden.items()),
            html.P(HOW, className="rtt-small"),
            html.Label(
                [html.Span("Type or paste", className="rtt-label"), typed],
                className="rtt-filter rtt-filter--wide",
            ),
            html.Label(
                [html.Span("Or a csv file", className="rtt-label"), native.Input(name="file", type="file")],
                className="rtt-filter",
            ),
            html.Button("Keep this plan", type="submit", className="rtt-button"),
        ],
        action="/plan/own",
        method="post",
        encType="multipart/form-data",
        className="rtt-form",
    )
