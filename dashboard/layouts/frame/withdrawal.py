"""The small form that takes back what somebody wrote: a note, a group, a view, a scenario, an own plan."""

from typing import Any

from dash import dcc

from dashboard.layouts.frame import html

Component = Any


def withdrawal(
    action: str, what: str, *, back: str, word: str = "Withdraw", shown: bool = False, **fields: str
) -> Component:
    """A button that looks like a link. `what` it takes back is heard alone where its line says it already.

    `fields` go along, for what has no number in its address; `back` is where the answer leads.
    """
    hidden = {"back": back, **fields}
    said = f" {what}" if shown else html.Span(f" {what}", className="nhsuk-u-visually-hidden")
    return html.Form(
        [
            *(dcc.Input(name=name, value=value, type="hidden") for name, value in hidden.items()),
            html.Button([word, said], type="submit", className="rtt-link-button"),
        ],
        action=action,
        method="post",
        className="rtt-inline-form",
    )
