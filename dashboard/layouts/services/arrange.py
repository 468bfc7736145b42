"""Order, name and removal of a kept place: forms where people sign in, links where the address keeps them."""

from collections.abc import Sequence
from typing import Any

from dash import dcc

from dashboard.analysis.services import Service
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.places import NAME_LENGTH, address_of, moved
from dashboard.scope.scope import Scope

Component = Any


def controls(scope: Scope, found: Sequence[Service], at: int, *, first: bool, last: bool) -> Component:
    """What can be done with one place, folded away."""
    service = found[at]
    ways = [("up", "Move up", -1)] if not first else []
    ways += [("down", "Move down", 1)] if not last else []
    if scope.reader.name:
        pressed = [_button(service, "move", words, to=to) for to, words, _ in ways]
        removed = _button(service, "remove", "Remove")
    else:
        places = [each.place for each in found]
        pressed = [
            _link(service, words, address_of(moved(places, at, by), scope.filters)) for _, words, by in ways
        ]
        without = [each for each in places if each is not service.place]
        removed = _link(service, "Remove", address_of(without, scope.filters))
    summary = html.Summary(["Arrange", html.Span(f" {service.name}", className="nhsuk-u-visually-hidden")])
    inside = html.Div([*pressed, removed, _rename(scope, service, at)], className="rtt-service__ways")
    return html.Details([summary, inside], className="rtt-service__arrange")


def _link(service: Service, words: str, href: str) -> Component:
    return show.link(words, href, **attributes(aria_label=f"{words}: {service.name}"))


def _button(service: Service, way: str, words: str, **hidden: str) -> Component:
    button = html.Button(
        words, type="submit", className="rtt-link-button", **attributes(aria_label=f"{words}: {service.name}")
    )
    fields = [dcc.Input(name=name, value=value, type="hidden") for name, value in hidden.items()]
    return html.Form([*fields, button], action=f"/services/{service.place.id}/{way}", method="post")


def _rename(scope: Scope, service: Service, at: int) -> Component:
    """The name is sent by a form either way: where the address keeps it, the server writes the address."""
    field = dcc.Input(name="name", value=service.place.name, type="text", maxLength=NAME_LENGTH)
    label = html.Label([html.Span("Name; leave empty for its own", className="rtt-label"), field])
    button = html.Button(
        "Rename",
        type="submit",
        className="rtt-link-button",
        **attributes(aria_label=f"Rename: {service.name}"),
    )
    if scope.reader.name:
        action, method, hidden = f"/services/{service.place.id}/rename", "post", {}
    else:
        action, method = "/services/renamed", "get"
        hidden = {"places": ",".join(scope.filters.places), "at": str(at), "data": scope.filters.data}
    fields = [dcc.Input(name=name, value=value, type="hidden") for name, value in hidden.items() if value]
    return html.Form([*fields, label, button], action=action, method=method, className="rtt-form")
