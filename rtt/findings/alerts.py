"""What changed about a reader's places since they were last told: pure, with what was told as an argument.

Each thing that can be told has a topic and a state. A state that was told is not told again until it ends or
changes; a count of pathways is told anew only when it rose by more than chance alone would have it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Literal

Kind = Literal["signal", "undated", "milestone", "late"]
KINDS: tuple[Kind, ...] = ("undated", "signal", "milestone", "late")
"""In the order in which they are told of one place."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one thing stands now. `state` '' : there is nothing to tell; `place` '' : of no place alone."""

    kind: Kind
    topic: str
    state: str
    sentence: str = ""
    place: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """`tell`: what is new, to be told. `quietly`: topics whose state changed without anything to tell."""

    tell: tuple[Standing, ...]
    quietly: dict[str, str]


def news(standing: Iterable[Standing], told: Mapping[str, str], *, least: int) -> News:
    """What to tell of how things stand, by what was told: topic -> state. `least`: pathways without a date
    from which on they are told.

    A topic that is not known now (a figure that is hidden, a month with a gap) is left as it was told.
    """
    tell: dict[str, Standing] = {}
    quietly: dict[str, str] = {}
    for each in standing:
        before = told.get(each.topic, "")
        if each.topic in tell:
            continue  # late data of one trust concerns all of its places
        if each.kind == "undated":
            after, is_new = _counted(int(each.state), int(before or 0), least)
        else:
            after, is_new = each.state, each.state not in ("", before)
        if is_new:
            tell[each.topic] = each
        elif after != before:
            quietly[each.topic] = after
    return News(tuple(tell.values()), quietly)


def _counted(now: int, before: int, least: int) -> tuple[str, bool]:
    """The state of a count, and whether it is to be told: at the threshold, or risen since it was told.

    Two standard deviations of a count (twice its square root) are what chance alone moves it by: a count
    that hovers at the threshold is told once.
    """
    if before:
        if now >= least and now > before + 2 * sqrt(before):
            return str(now), True
        return (str(min(now, before)), False) if now >= least - 2 * sqrt(least) else ("", False)
    return (str(now), True) if now >= least else ("", False)
