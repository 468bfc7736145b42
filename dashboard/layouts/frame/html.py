"""Dash's components of HTML as pages use them: `html.Div(...)`, as they are sent."""

from typing import Any

from dash import html

from dashboard.layouts.frame.elements import made_of


def __getattr__(name: str) -> Any:
    """The element of this name; each is made when it is first asked for."""
    if not name[:1].isupper():
        raise AttributeError(name)
    of_dash = getattr(html, name)
    made = globals()[name] = made_of(of_dash._type, of_dash._namespace, of_dash()._prop_names)
    return made
