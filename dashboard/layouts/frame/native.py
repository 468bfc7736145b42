"""A browser's own controls as components: a menu, boxes to tick, a field.

Dash's menus and boxes of the same kind are drawn from scratch and cannot be used without a mouse or a screen;
libraries with native ones weigh more than the rest of a page. These are drawn by assets/native.js.
"""

from typing import Any, ClassVar

from dash.development.base_component import Component

_COMMON = ("id", "name", "value", "required", "disabled", "className")


class _Native(Component):
    """What they share: `value` is what is chosen, and callbacks hear when it changes."""

    _namespace = "rtt_native"
    _own: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **given: Any) -> None:
        self._prop_names = [*_COMMON, *self._own]
        self.available_properties = self._prop_names
        self._valid_wildcard_attributes = ["data-", "aria-"]
        self.available_wildcard_properties = ["data-", "aria-"]
        # Dash's own check tries, for each property anew, to import a package of the namespace's name.
        for name, value in given.items():
            if name not in self._prop_names and not name.startswith(("data-", "aria-")):
                raise TypeError(f"{self._type} has no property {name!r}; it has {self._prop_names}")
            setattr(self, name, value)


class Select(_Native):
    """A menu. `options` are dictionaries of `value` and `label`; `value` is one of them."""

    _type = "Select"
    _own = ("options",)


class Checklist(_Native):
    """Boxes to tick. `options` as a menu's; `value` is the list of those ticked."""

    _type = "Checklist"
    _own = ("options",)


class Input(_Native):
    """A field of a form. `type` as in HTML; `debounce` tells callbacks only when it is left, or at Enter."""

    _type = "Input"
    _own = ("type", "min", "max", "step", "maxLength", "placeholder", "debounce", "autoComplete", "pattern")
