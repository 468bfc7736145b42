"""What a figure discloses: the counts of people that it is, or is made of. Suppression is derived from this
alone.

A count is of one part (the list, clock stops, clock starts) and lies between two week limits. Whoever sees a
difference, a share or a ratio sees its counts, as far as the others are shown elsewhere: such a figure is
shown only where each of its counts may be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rtt.terms.waits import BANDS

Part = Literal["list", "stops", "starts", "admitted", "non-admitted", "decided"]
Form = Literal["count", "difference", "share", "ratio", "percentile", "highest"]


START, END = -1, BANDS
"""Limits in weeks: `START` lies before the unknown clock starts, which are part of the list and of no band; 0
between them and the first band; `END` after the last."""


@dataclass(frozen=True, slots=True)
class Count:
    """Pathways of a part that have waited over `over` weeks and up to `up_to`."""

    part: Part
    over: int = START
    up_to: int = END
    when: Literal["now", "before", "recent"] = "now"  # at the census, at the one before, in the last 3 months

    def __post_init__(self) -> None:
        if not START <= self.over < self.up_to <= END:
            raise ValueError(f"no waits lie over {self.over} and up to {self.up_to} weeks")
        if (self.part != "list" or self.when != "now") and (self.over, self.up_to) != (START, END):
            raise ValueError(
                f"waits are counted of the list at the census alone, not of {self.part} {self.when}"
            )


@dataclass(frozen=True, slots=True)
class Disclosed:
    """The counts of a figure and what it is of them. A percentile and the highest wait have none of their
    own: they lie among the week bands of the list.
    """

    form: Form
    counts: tuple[Count, ...]
    at: float | None = None  # of a percentile: 0.5; None for the high one of its part

    def __post_init__(self) -> None:
        most = 1 if self.form in ("count", "percentile", "highest") else 4
        if not 1 <= len(self.counts) <= most:
            raise ValueError(f"a {self.form} is made of 1 to {most} counts, not of {len(self.counts)}")


def sizes_asked(disclosed: Iterable[Disclosed]) -> tuple[tuple[str, str], ...]:
    """The parts, each with the time, that anything is counted of."""
    return tuple(dict.fromkeys((count.part, count.when) for each in disclosed for count in each.counts))


def limits_asked(disclosed: Iterable[Disclosed]) -> tuple[int, ...]:
    """The week limits that anything is counted from or to, the ends left out; the most wanted first.

    Whole tails before windows: "over 52 weeks" is asked for more than "48 to 52".
    """
    counts = [count for each in disclosed for count in each.counts]
    tails = [count.over for count in counts if count.up_to == END]
    windows = [limit for count in counts for limit in (count.over, count.up_to)]
    return tuple(dict.fromkeys(limit for limit in (*tails, *windows) if limit not in (START, END)))
