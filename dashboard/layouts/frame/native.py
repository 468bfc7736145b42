"""A browser's own controls as components: a menu, boxes to tick, a field.

Dash's menus and boxes of the same kind are drawn from scratch and cannot be used without a mouse or a screen;
libraries with native ones weigh more than the rest of a page. These are drawn by assets/native.js. `value`
is what is chosen, and callbacks hear when it changes.
"""

from dashboard.layouts.frame.elements import made_of

_NAMESPACE = "rtt_native"
_COMMON = ("id", "name", "value", "required", "disabled", "className")

Select = made_of("Select", _NAMESPACE, (*_COMMON, "options"))
"""A menu. `options` are dictionaries of `value` and `label`; `value` is one of them."""

Checklist = made_of("Checklist", _NAMESPACE, (*_COMMON, "options"))
"""Boxes to tick. `options` as a menu's; `value` is the list of those ticked."""

_OF_A_FIELD = ("min", "max", "step", "maxLength", "placeholder", "debounce", "autoComplete", "pattern")
Input = made_of("Input", _NAMESPACE, (*_COMMON, "type", *_OF_A_FIELD))
"""A field of a form. `type` as in HTML; `debounce` tells callbacks only when it is left, or at Enter."""
