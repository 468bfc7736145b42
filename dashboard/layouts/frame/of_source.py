"""The same scope in the other of the two sources, as far as that has it."""

from dataclasses import replace
from typing import Any

from dashboard.filters import Filters
from dashboard.scope.scope import Scope

# What only one of the two has, or what names a census of it.
_OF_ONE: dict[str, Any] = {
    "site": "",
    "pathway": "",
    "priority": "",
    "census": None,
    "compare": "",
    "peers": "",
    "level": "",
    "org": "",
    "group": "",
}


def of_source(scope: Scope, filters: Filters, source: str) -> Filters:
    """The filters for a source: the trust stays where the source has it, else the source's own start."""
    if source == scope.source or source not in scope.loaded.sources:
        return filters
    other = replace(filters, **_OF_ONE, source=source)
    if source == "monthly":
        # A trust that no loaded month knows has no name.
        named = scope.organisation.name != scope.organisation.code
        return replace(other, level="provider", org=scope.organisation.code) if named else other
    has = {held.provider_code for held in scope.loaded.of("weekly")}
    trust = scope.organisation.code if scope.organisation.level == "provider" else ""
    return replace(other, kind="", org=trust if trust in has else "")
