"""Places side by side: those drawn beside the scope, the ways to remove each, and a field to add one.

A plain form: it asks the same page with one place more (`add`), and works without a script. What is typed is
a code or some of a name; the trusts and systems of the own level are suggested.
"""

from typing import Any
from urllib.parse import parse_qsl

from dash import dcc

from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.scope.beside import MOST
from dashboard.scope.scope import Scope
from rtt.terms.organisation_names import short_label

Component = Any
_SUGGESTED = "beside-suggestions"
_NO_PLACE = "-"


def beside_line(scope: Scope, path: str) -> list[Component]:
    """The line of a page with charts over time; none for a PTL, which knows its own trust alone."""
    if scope.source != "monthly":
        return []
    there = scope.beside
    chips = [
        show.link(
            [short_label(each.organisation.name), html.Span(" ×", **attributes(aria_hidden="true"))],
            _without(scope, each.organisation.code),
            className="rtt-chip",
            **attributes(aria_label=f"Remove {short_label(each.organisation.name)} from beside"),
        )
        for each in there
    ]
    told = html.Span("Beside:" if there else "Side by side:", className="rtt-label")
    full = [] if len(there) < MOST else [html.Span(f"{MOST} places are the most.", className="rtt-small")]
    return [html.Div([told, *chips, *(full or [_form(scope, path)])], className="rtt-beside")]


def _without(scope: Scope, code: str) -> str:
    left = tuple(each for each in scope.filters.beside if each != code)
    return to_query(scope.filters, beside=left) or "?"


def _form(scope: Scope, path: str) -> Component:
    hidden = [
        dcc.Input(type="hidden", name=name, value=value)
        for name, value in parse_qsl(to_query(scope.filters).removeprefix("?"))
    ]
    field = html.Label(
        [
            html.Span("Add a place by name or code", className="nhsuk-u-visually-hidden"),
            dcc.Input(
                name="add",
                type="text",
                list=_SUGGESTED,
                maxLength=80,
                autoComplete="off",
                placeholder="Name or code of a place",
                required=True,
            ),
        ],
        className="rtt-filter",
    )
    button = html.Button("Add beside", type="submit", className="rtt-button")
    return html.Form(
        [*hidden, field, button, html.Datalist(_suggestions(scope), id=_SUGGESTED)],
        action=path,
        method="get",
        className="rtt-beside__form",
    )


def _suggestions(scope: Scope) -> list[Component]:
    """Those of the own level; of providers the NHS trusts alone, and England always."""
    level = scope.organisation.level if scope.organisation.level != "england" else "region"
    shown = [
        each
        for each in scope.organisations
        if each.level == level
        and each.code not in (*scope.codes, *scope.filters.beside, _NO_PLACE)
        and (level != "provider" or each.kind == "nhs")
    ]
    england = [] if scope.organisation.level == "england" else [html.Option(value=scope.england.name)]
    return [*england, *(html.Option(value=f"{short_label(each.name)} ({each.code})") for each in shown)]
