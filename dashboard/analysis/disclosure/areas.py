"""What a service lead sees anyway, as boxes that can be added up: the rest of the list is what is judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from dashboard.settings.areas import Area
from rtt.terms.treatment_functions import TOTAL


@dataclass(frozen=True, slots=True)
class Box:
    """A specialty, or TOTAL, at a site, or '' for all; `sign` -1 where two boxes would count it twice."""

    function: str
    site: str
    sign: int

    def within(self, function: str, site: str) -> tuple[str, str] | None:
        """The specialty and the site that this box and a scope have in common; None for nothing."""
        both = _common(self.function, function, TOTAL), _common(self.site, site, "")
        return None if None in both else (both[0] or TOTAL, both[1] or "")


def _common(one: str, other: str, every: str) -> str | None:
    if one == every or other == every:
        return other if one == every else one
    return one if one == other else None


def boxes_of(areas: Sequence[Area]) -> tuple[Box, ...]:
    """The areas together, each pathway in them once when the boxes are added with their signs.

    They are areas of one list, as `areas_at` gives them.
    """
    assert all(area.trusts is None for area in areas)
    wanted = [
        (function, site)
        for area in areas
        for function, site in product(sorted(area.functions or (TOTAL,)), sorted(area.sites or ("",)))
    ]
    boxes: list[Box] = []
    for function, site in dict.fromkeys(wanted):
        overlaps = [
            Box(*common, -each.sign) for each in boxes if (common := each.within(function, site)) is not None
        ]
        boxes += [Box(function, site, 1), *overlaps]
    added: dict[tuple[str, str], int] = {}
    for box in boxes:
        added[box.function, box.site] = added.get((box.function, box.site), 0) + box.sign
    return tuple(Box(*place, sign) for place, sign in added.items() if sign)
