"""Components as they are sent to the browser: dictionaries, made without Dash's objects.

Dash's own put each property through its checks for every component of every page, and turn each into a
dictionary when the page is sent: a third of what a page costs. Here a property that an element does not have
is refused, and no more is asked.
"""

from collections.abc import Callable, Iterable
from typing import Any

Element = dict[str, Any]
_WILD = ("data-", "aria-")


def made_of(kind: str, namespace: str, properties: Iterable[str]) -> Callable[..., Element]:
    """What makes components of a kind: children first, then properties by name.

    It raises TypeError for a property that is not among `properties` and begins with neither data- nor aria-.
    """
    known = frozenset(properties)

    def create(children: Any = None, /, **given: Any) -> Element:
        if not known.issuperset(given):
            unknown = [name for name in given if name not in known and not name.startswith(_WILD)]
            if unknown:
                raise TypeError(f"{kind} has no property {', '.join(unknown)}; it has {sorted(known)}")
        return {"props": {"children": children, **given}, "type": kind, "namespace": namespace}

    return create


def children_of(component: Any) -> Any:
    """The children of a component; None of anything else."""
    return component["props"].get("children") if isinstance(component, dict) else None
