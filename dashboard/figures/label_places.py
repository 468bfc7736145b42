"""Where a label of a chart over time covers nothing: of the places offered, the one with fewest points.

Browsers draw charts at many widths: what a label covers is judged on a plot between a phone's and a desk's,
and whether it meets another label on a phone's too, where they stand closest.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from dashboard.figures import theme

WIDTH, HEIGHT = 600.0, 240.0  # pixels of the plot that a label's size is judged on
WIDTHS = (300.0, WIDTH)
LETTER, LINE, CLEAR = 7.0, 18.0, 6.0
_TAGS = re.compile("<[^>]+>")


@dataclass(frozen=True, slots=True)
class Area:
    """The plot: the ends of its two axes, and every point that is drawn in it."""

    first: date
    last: date
    low: float
    high: float
    points: tuple[tuple[date, float], ...]

    def across(self, day: date, width: float = WIDTH) -> float:
        """Pixels from the left end."""
        return width * (day - self.first).days / max((self.last - self.first).days, 1)

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


@dataclass(frozen=True, slots=True)
class Label:
    """Words that may stand at one of these places, `gap` pixels off; `changes` go to `theme.text_at`."""

    text: str
    places: Sequence[Place]
    gap: int = 3
    changes: dict[str, Any] = field(default_factory=dict)


def label_at(
    text: str, places: Sequence[Place], area: Area, *, gap: int = 3, **changes: object
) -> theme.Drawn:
    """The label at the first of the places that covers fewest points, `gap` pixels off."""
    return labels_at([Label(text, places, gap, changes)], area)[0]


def labels_at(labels: Sequence[Label], area: Area) -> list[theme.Drawn]:
    """Each label where it covers fewest points and none of those before it."""
    drawn, taken = [], list[_Box]()
    points = [(area.across(day), area.up(value)) for day, value in area.points]
    for label in labels:
        place = min(label.places, key=lambda each: _covered(label, each, area, points, taken))
        taken += _boxes(label, place, area)
        drawn.append(_drawn(label, place))
    return drawn


def _drawn(label: Label, place: Place) -> theme.Drawn:
    return theme.text_at(
        place.day.isoformat(),
        place.value,
        label.text,
        xanchor="right" if place.side == "left" else "left",
        yanchor="bottom" if place.above else "top",
        yshift=(label.gap + place.lift) * (1 if place.above else -1),
        **label.changes,
    )


@dataclass(frozen=True, slots=True)
class _Box:
    """A label on a plot of this width, in pixels from its left end and its foot."""

    of: float
    left: float
    right: float
    foot: float

    def meets(self, other: "_Box") -> bool:
        """Whether both stand in one another's way on the same plot."""
        return (
            self.of == other.of
            and self.left < other.right
            and other.left < self.right
            and abs(self.foot - other.foot) < LINE
        )


def _boxes(label: Label, place: Place, area: Area) -> list[_Box]:
    long = LETTER * len(_TAGS.sub("", label.text))
    off = label.gap + place.lift
    foot = area.up(place.value) + (off if place.above else -off - LINE)
    lefts = {
        width: area.across(place.day, width) - (long if place.side == "left" else 0.0) for width in WIDTHS
    }
    return [_Box(width, left, left + long, foot) for width, left in lefts.items()]


def _covered(
    label: Label, place: Place, area: Area, points: Sequence[tuple[float, float]], taken: Sequence[_Box]
) -> float:
    """How many points, in pixels, lie under the label; another label, and the edge of the plot, count as
    many.
    """
    boxes = _boxes(label, place, area)
    left, right, foot = next((box.left, box.right, box.foot) for box in boxes if box.of == WIDTH)
    left, right, low, high = left - CLEAR, right + CLEAR, foot - CLEAR, foot + LINE + CLEAR
    inside = sum(left <= across <= right and low <= up <= high for across, up in points)
    outside = sum(box.left < 0 or box.right > box.of for box in boxes)
    outside += foot < 0 or foot + LINE > HEIGHT + 2 * LINE
    meets = any(box.meets(other) for box in boxes for other in taken)
    return inside + len(points) * (outside + meets)
