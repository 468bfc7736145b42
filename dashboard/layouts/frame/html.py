"""Dash's components of HTML as pages use them: `html.Div(...)`, made and written in a fraction of the time.

Dash's own put each property through its checks for every component of every page, a quarter of what a page
costs. Here a property that an element does not have is refused, and no more is asked.
"""

from typing import Any

from dash import html
from dash.development.base_component import Component

_WILD = ("data-", "aria-")


def __getattr__(name: str) -> Any:
    """The element of this name; each is made when it is first asked for."""
    if not name[:1].isupper():
        raise AttributeError(name)
    made = globals()[name] = _quick(getattr(html, name))
    return made


def _quick(element: type[Component]) -> type[Component]:
    """The same element: what Dash keeps with each component is kept as Dash makes it."""
    empty = element().__dict__
    names = frozenset(element()._prop_names)
    not_told = frozenset(empty) - names

    def create(self: Component, children: Any = None, **given: Any) -> None:
        unknown = [name for name in given if name not in names and not name.startswith(_WILD)]
        if unknown:
            raise TypeError(f"{element.__name__} has no property {', '.join(unknown)}")
        self.__dict__.update(empty)
        self.__dict__["children"] = children
        self.__dict__.update(given)

    def written(self: Component) -> dict[str, Any]:
        told = {name: value for name, value in self.__dict__.items() if name not in not_told}
        return {"props": told, "type": element._type, "namespace": element._namespace}

    # Dash sends what it knows of the components of every other module to each browser.
    own = {"__module__": "builtins", "__init__": create, "to_plotly_json": written}
    made: type[Component] = type(element.__name__, (element,), own)
    return made
