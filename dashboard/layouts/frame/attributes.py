"""Attributes of HTML whose names hold a hyphen, which no keyword of Python can."""

from typing import Any


def attributes(**given: Any) -> dict[str, Any]:
    """`aria_label="Pages"` as the keyword `aria-label` of a component."""
    return {name.replace("_", "-"): value for name, value in given.items()}
