"""Alerts by email on My services: what the reader has chosen, and the forms to choose and to stop."""

from typing import Any

from dash import dcc

from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html, native
from dashboard.scope.scope import Scope
from dashboard.store.alerts import Choice
from rtt.terms.calendar import moment_text

Component = Any
PACES = {"weekly": "Once a week", "at-once": "At once, after each load"}
WHAT = (
    "We write to you when one of your services has a new signal, many patients about to breach without a "
    "date, a missed milestone, or late data. The email holds no pathway and no small number."
)


def section(scope: Scope, choice: Choice | None) -> Component:
    """What the reader can do about emails; why there are none where there can be none."""
    return show.section("Alerts by email", *_inside(scope, choice), name="alerts")


def _inside(scope: Scope, choice: Choice | None) -> list[Component]:
    reader, settings = scope.reader, scope.enquiry.settings
    if not reader.name:
        return [html.P("Alerts need a dashboard that people sign in to: we must know whom to write to.")]
    if not settings.sends_alerts:
        return [html.P("Alerts are not set up on this server. Ask the people who run it.")]
    stop = html.Form(
        html.Button("Stop these emails", type="submit", className="rtt-link-button"),
        action="/services/alerts/stop",
        method="post",
    )
    return [
        html.P(WHAT),
        *([html.P(html.Strong(_chosen(choice))), stop] if choice else []),
        _form(reader.address, choice),
    ]


def _chosen(choice: Choice) -> str:
    if choice.confirmed_at is None:
        return (
            f"We sent a link to {choice.address} on {moment_text(choice.written_at)}. Open it within seven "
            "days to confirm the address. Until then you get no alerts."
        )
    return f"{PACES[choice.pace]}, to {choice.address}."


def _form(known: str, choice: Choice | None) -> Component:
    """An address that the sign-in knows is not asked for."""
    address = dcc.Input(
        name="address",
        type="email",
        value=choice.address if choice else "",
        required=True,
        maxLength=254,
        autoComplete="email",
    )
    options = [{"value": pace, "label": words} for pace, words in PACES.items()]
    pace = native.Select(name="pace", options=options, value=choice.pace if choice else "weekly")
    fields = [html.P(f"Your address: {known}")] if known else [_labelled("Your email address", address)]
    words = "Change alerts" if choice else "Send me alerts"
    return html.Form(
        [*fields, _labelled("How often", pace), html.Button(words, type="submit", className="rtt-button")],
        action="/services/alerts",
        method="post",
        className="rtt-form",
    )


def _labelled(text: str, field: Component) -> Component:
    return html.Label([html.Span(text, className="rtt-label"), field], className="rtt-filter")
