"""The issued forecast, and what a scenario changes about it.

As a forecast the arithmetic of plans loses to no change, so it gives differences alone: shown is what was
issued, plus the scenario, less the arithmetic as now. As now is therefore the issued forecast to the pathway.

Source: docs/planning.md, "A projection".
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from rtt.terms.arrays import Floats


class Figures(NamedTuple):
    """A list, its share within 18 weeks as a fraction, and its pathways over 52 weeks."""

    total: float
    share: float
    over_52: float


class Anchor(NamedTuple):
    """What was issued for one day.

    The quantiles are those of `rtt.planning.chance.QUANTILES`, the middle one the forecast itself: of the
    list, of the share within 18 weeks as a fraction, and of those over 52 weeks.
    """

    day: date
    total: tuple[float, ...]
    share: tuple[float, ...]
    over_52: tuple[float, ...]

    @property
    def figures(self) -> Figures:
        return Figures(self.total[3], self.share[3], self.over_52[3])


def anchor_at(issued: Sequence[Anchor], day: date) -> Anchor | None:
    """What is said of a day: as issued, or on the line between the nearest days before and after; None where
    the day lies outside of them.
    """
    before = [each for each in issued if each.day <= day]
    after = [each for each in issued if each.day >= day]
    if not before or not after:
        return None
    low, high = before[-1], after[0]
    if low.day == high.day:
        return low
    part = (day - low.day).days / (high.day - low.day).days

    def between(first: tuple[float, ...], last: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(a + part * (b - a) for a, b in zip(first, last, strict=True))

    return Anchor(
        day,
        between(low.total, high.total),
        between(low.share, high.share),
        between(low.over_52, high.over_52),
    )


def figures_of(bands: Floats) -> Figures:
    """Of the bands (105,) of one list; an empty list is all within 18 weeks."""
    total = float(bands.sum())
    return Figures(total, float(bands[:18].sum() / total) if total > 0 else 1.0, float(bands[52:].sum()))


def moved(anchor: Anchor | None, scenario: Figures, as_now: Figures) -> Figures:
    """The issued figures with the scenario's effect; the scenario alone where nothing was issued."""
    if anchor is None:
        return scenario
    issued = anchor.figures
    return Figures(
        max(0.0, issued.total + (scenario.total - as_now.total)),
        float(np.clip(issued.share + (scenario.share - as_now.share), 0.0, 1.0)),
        max(0.0, issued.over_52 + (scenario.over_52 - as_now.over_52)),
    )
