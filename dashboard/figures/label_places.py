"""Where a label of a chart over time covers nothing: of the places offered, the one with fewest points.

Browsers draw charts at many widths: a label's size is judged on a plot between a phone's and a desk's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dashboard.figures import theme

WIDTH, HEIGHT = 600.0, 240.0  # pixels of the plot that a label's size is judged on
LETTER, LINE, CLEAR = 7.0, 18.0, 6.0


@dataclass(frozen=True, slots=True)
class Area:
    """The plot: the ends of its two axes, and every point that is drawn in it."""

    first: date
    last: date
    low: float
    high: float
    points: tuple[tuple[date, float], ...]

    def across(self, day: date) -> float:
        """Pixels from the left end."""
        return WIDTH * (day - self.first).days / max((self.last - self.first).days, 1)

    def up(self, value: float) -> float:
        """Pixels from the foot."""
        return HEIGHT * (value - self.low) / (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Place:
    """A corner or edge of the label at a point: it stands `side` of it, and above or below."""

    day: date
    value: float
    side: Literal["left", "right"]
    above: bool
    lift: int = 0  # pixels further off


def label_at(
    text: str, places: Sequence[Place], area: Area, *, gap: int = 3, **changes: object
) -> theme.Drawn:
    """The label at the first of the places that covers fewest points, `gap` pixels off."""
    place = min(places, key=lambda each: _covered(text, each, area, gap))
    return theme.text_at(
        place.day.isoformat(),
        place.value,
        text,
        xanchor="right" if place.side == "left" else "left",
        yanchor="bottom" if place.above else "top",
        yshift=(gap + place.lift) * (1 if place.above else -1),
        **changes,
    )


def _covered(text: str, place: Place, area: Area, gap: int) -> float:
    """How many points lie under the label; what stands over the edge of the plot counts as many."""
    width = LETTER * len(text)
    left = area.across(place.day) - (width if place.side == "left" else 0.0)
    off = gap + place.lift
    foot = area.up(place.value) + (off if place.above else -off - LINE)
    inside = sum(
        left - CLEAR <= area.across(day) <= left + width + CLEAR
        and foot - CLEAR <= area.up(value) <= foot + LINE + CLEAR
        for day, value in area.points
    )
    outside = left < 0 or left + width > WIDTH or foot < 0 or foot + LINE > HEIGHT + 2 * LINE
    return inside + (len(area.points) if outside else 0)
