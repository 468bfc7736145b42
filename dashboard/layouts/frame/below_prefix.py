"""Puts every address of a page's components below the path at which a proxy shows the dashboard."""

from typing import Any

from dash.development.base_component import Component

_ADDRESSES = ("href", "action", "formAction", "src")


def below(component: Any, prefix: str) -> Any:
    """The same components, changed where they stand. Without a prefix nothing is looked at."""
    if not prefix:
        return component
    if isinstance(component, (list, tuple)):
        for each in component:
            below(each, prefix)
    elif isinstance(component, dict) and "props" in component:
        props = component["props"]
        for name in _ADDRESSES:
            if _is_ours(props.get(name)):
                props[name] = f"{prefix}{props[name]}"
        below(props.get("children"), prefix)
    elif isinstance(component, Component):  # of Dash itself
        for name in _ADDRESSES:
            address = getattr(component, name, None)
            if _is_ours(address):
                setattr(component, name, f"{prefix}{address}")
        below(getattr(component, "children", None), prefix)
    return component


def _is_ours(address: Any) -> bool:
    return isinstance(address, str) and address.startswith("/") and not address.startswith("//")
