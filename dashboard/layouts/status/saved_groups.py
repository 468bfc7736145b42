"""Saved groups of trusts and of specialties: what there is, and the form for those who may write.

Members are given by their codes, as the lists of trusts and specialties show them. Choosing a group is a
filter's business.
"""

from collections.abc import Sequence
from typing import Any

from dash import dcc

from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.withdrawal import withdrawal
from dashboard.scope.scope import Scope
from dashboard.store.series import MOST_MEMBERS, NAME_LENGTH
from dashboard.store.written import Group
from rtt.terms.wording import list_text

Component = Any

KINDS = {"trusts": "Trusts or providers", "specialties": "Specialties"}


def groups_section(scope: Scope, *, back: str) -> Component | None:
    """Every group, and a form; None for a reader who could do nothing with an empty list."""
    may_write = scope.reader.may_write
    if not scope.groups and not may_write:
        return None
    return show.section(
        "Saved groups",
        _listed(scope.groups, back if may_write else None),
        *([_form(kind, back) for kind in KINDS] if may_write else []),
        name="groups",
    )


def _listed(groups: Sequence[Group], back: str | None) -> Component:
    if not groups:
        return html.P(
            "No groups yet. A group works as a filter: its trusts are added together, or its "
            "specialties are chosen.",
            className="rtt-small",
        )
    return html.Ul([_item(group, back) for group in groups], className="rtt-notes")


def _item(group: Group, back: str | None) -> Component:
    said: list[Component] = [
        html.Strong(group.name),
        f" ({KINDS[group.kind].lower()}): {list_text(list(group.members))} ",
        html.Span(f"saved by {group.author}", className="rtt-by"),
    ]
    if back is None:
        return html.Li(said)
    form = withdrawal(f"/groups/{group.id}/withdraw", f"the group {group.name}", back=back)
    return html.Li([*said, form])


def _form(kind: str, back: str) -> Component:
    title = f"Save a group of {'trusts or providers' if kind == 'trusts' else 'specialties'}"
    example = "RTD, R1K" if kind == "trusts" else "C_110, C_120"
    fields = [
        _labelled("Name", dcc.Input(name="name", type="text", maxLength=NAME_LENGTH, required=True)),
        _labelled(
            f"Codes of its members, such as {example}; {MOST_MEMBERS} at most",
            dcc.Input(name="members", type="text", required=True),
        ),
    ]
    return html.Details(
        [
            html.Summary(
                html.Span(title, className="nhsuk-details__summary-text"),
                className="nhsuk-details__summary",
            ),
            html.Form(
                [
                    _hidden("kind", kind),
                    _hidden("back", back),
                    *fields,
                    html.Button(title, type="submit", className="rtt-button"),
                ],
                action="/groups",
                method="post",
                className="nhsuk-details__text rtt-form",
            ),
        ],
        className="nhsuk-details",
    )


def _labelled(text: str, field: Component) -> Component:
    return html.Label(
        [html.Span(text, className="rtt-label"), field], className="rtt-filter rtt-filter--wide"
    )


def _hidden(name: str, value: str) -> Component:
    return dcc.Input(name=name, value=value, type="hidden")
