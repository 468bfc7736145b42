"""Are we on our line? The next milestone's, and that of the own plan: typed month by month, or loaded.

What is kept is month, measure and value, as in the file; a newer value of a month takes the place of the one
before.
"""

from datetime import date
from typing import Any

from dash import dcc

from dashboard.analysis.planning.dial_words import number
from dashboard.analysis.planning.on_line import sentences_of
from dashboard.figures.plan_chart import figure_text
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html, native
from dashboard.layouts.frame.withdrawal import withdrawal
from dashboard.layouts.plan.chart import TITLES
from dashboard.layouts.plan.load import Found, place_of
from dashboard.scope.scope import Scope
from rtt.terms.wording import date_text, number_text, plural

Component = Any
Place = tuple[str, str, str]
PLACE_FIELDS = ("level", "organisation_code", "treatment_function")
LINES = 6
ASKS = "Choose a share to see what it takes, and how likely it is."
HOW = (
    "One line for each month: month, measure, value. The measure is “within 18”, “list” or “over 52”. "
    "For example: 2026-03, within 18, 62.8"
)


def section(scope: Scope, found: Found) -> list[Component]:
    """Whether the scope is on its lines; the own plan as it is held, and the form to type or load it.

    Nothing where none of these is there.
    """
    place, census = place_of(scope), scope.census
    said = sentences_of(found.lines, found.own.values, census) if census else []
    held = _held(scope, found)
    form = [_form(scope, place)] if place and scope.reader.may_write else []
    if not said and not held and not form:
        return []
    summary = html.Summary(
        html.Span("Your own plan, month by month", className="nhsuk-details__summary-text"),
        className="nhsuk-details__summary",
    )
    inside = html.Div([*held, *_withdrawal(scope, found, place), *form], className="nhsuk-details__text")
    own = [html.Details([summary, inside], className="nhsuk-details")] if held or form else []
    return [show.section("On the line?", *(html.P(each) for each in said), *own, name="line")]


def _held(scope: Scope, found: Found) -> list[Component]:
    own = found.own
    measures = [each for each in TITLES if own.values.get(each)]
    if not measures:
        return []
    months = sorted({month for each in measures for month in own.values[each]})
    rows = [[date_text(month), *(_cell(scope, found, each, month) for each in measures)] for month in months]
    columns = ["Month end", *(TITLES[each] for each in measures)]
    said = [ASKS]
    if own.written_at is not None:
        said.append(f"Last changed by {own.author} on {date_text(own.written_at.date())}.")
    return [
        html.P(" ".join(said), className="rtt-small"),
        show.scrolling(show.table("Your own plan", columns, rows), label="Your own plan, table"),
    ]


def _withdrawal(scope: Scope, found: Found, place: Place | None) -> list[Component]:
    """For who said some of it: what others said stays."""
    reader, authors = scope.reader, found.own.authors
    if place is None or not reader.may_write or reader.name not in authors:
        return []
    own, every = authors[reader.name], sum(authors.values())
    what = "your own plan" if own == every else f"your {own} of {plural(every, 'value')} of the plan"
    back = f"/plan{to_query(scope.filters)}"
    fields = dict(zip(PLACE_FIELDS, place, strict=True))
    return [withdrawal("/plan/own/withdraw", what, back=back, shown=True, **fields)]


def _cell(scope: Scope, found: Found, measure: str, month: date) -> Component:
    """A share leads to the plan that has it as its target: what it takes, and how likely it is."""
    value = found.own.values[measure].get(month)
    if value is None:
        return ""
    if measure != "share_within_18":
        return number_text(value)
    asked = to_query(scope.filters, target=number(value), due=month)
    return show.link(figure_text(value, share=True), asked)


def _form(scope: Scope, place: Place) -> Component:
    hidden = {**dict(zip(PLACE_FIELDS, place, strict=True)), "back": f"/plan{to_query(scope.filters)}"}
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
