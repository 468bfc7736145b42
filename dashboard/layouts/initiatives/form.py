"""The form that registers an initiative: what, where, from when, with which effect, and why these trusts."""

from datetime import date
from typing import Any

from dash import dcc

from dashboard.layouts.frame import html, native
from dashboard.scope.scope import Scope
from rtt.terms.calendar import add_months
from rtt.terms.treatment_functions import TOTAL, short_name_of

Component = Any
NAME_LENGTH, TEXT_LENGTH = 80, 500
MEASURES = {
    "share_within_18": "% within 18 weeks, in points",
    "over_52": "% over 52 weeks, in points",
    "total": "Size of the list, in %",
}


def form(scope: Scope, path: str) -> Component:
    """The form; what it sends is frozen and dated when it is kept."""
    newest = scope.loaded.censuses("monthly")[-1]
    functions = [{"value": TOTAL, "label": "All specialties"}]
    functions += [{"value": code, "label": short_name_of(code)} for code in scope.offered_functions]
    own = scope.organisation.code if scope.organisation.level == "provider" else ""
    fields = [
        _labelled("Name", native.Input(name="name", type="text", maxLength=NAME_LENGTH, required=True)),
        _labelled(
            "What is done", native.Input(name="what", type="text", maxLength=TEXT_LENGTH, required=True)
        ),
        _labelled(
            "Trusts, by their codes, such as RBD, RDZ",
            native.Input(name="trusts", type="text", value=own, required=True),
        ),
        _labelled("Specialty", native.Select(name="treatment_function", options=functions, value=TOTAL)),
        _labelled(
            "First month", native.Input(name="starts", type="month", value=_month(newest), required=True)
        ),
        _labelled(
            "Measure",
            native.Select(
                name="measure",
                options=[{"value": key, "label": words} for key, words in MEASURES.items()],
                value="share_within_18",
            ),
        ),
        _labelled(
            "Expected effect (fewer: a minus sign)",
            native.Input(name="expected", type="number", step=0.1, min=-100, max=100, required=True),
        ),
        _labelled(
            "Why these trusts?",
            native.Input(name="why_these", type="text", maxLength=TEXT_LENGTH, required=True),
        ),
        _labelled(
            "Were they chosen because they were worst?",
            native.Select(
                name="worst",
                options=[{"value": "no", "label": "No"}, {"value": "yes", "label": "Yes"}],
                value="no",
            ),
        ),
    ]
    return html.Details(
        [
            html.Summary(
                html.Span("Register an initiative", className="nhsuk-details__summary-text"),
                className="nhsuk-details__summary",
            ),
            html.Form(
                [
                    dcc.Input(name="back", value=path, type="hidden"),
                    *fields,
                    html.Button("Register", type="submit", className="rtt-button"),
                ],
                action=path,
                method="post",
                className="nhsuk-details__text rtt-form rtt-form--grid",
            ),
        ],
        className="nhsuk-details",
    )


def _month(newest: date) -> str:
    """The month after the newest, as a field of months has it."""
    return add_months(newest, 1).isoformat()[:7]


def _labelled(text: str, field: Component) -> Component:
    return html.Label([html.Span(text, className="rtt-label"), field], className="rtt-filter")
