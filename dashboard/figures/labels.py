"""Where the labels of a chart stand, so that none touches a line, a point or another label.

A figure is drawn once for every width, so a place must be free on a wide screen and on a phone alike. Labels
are placed in the order they are given, each at the first of its places that is free in both; one that has
none beside its point may stand away from it, with a line to it; one that has none at all is left out, for the
table and the pointer have it. Letters are taken as wide as Arial's are on average.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any

WIDE, NARROW = (1130.0, 350.0), (262.0, 350.0)
"""Width and height of the plot, in pixels: of a card 1280 pixels wide, and of one on a phone."""
_LETTER, _HEIGHT, _GAP = 0.54, 1.25, 7.0
_MARK = 7.0
_STEPS = tuple(0.2 + 0.6 * step / 7 for step in range(8))

Place = tuple[float, float]
"""In the plot, 0 to 1 from its left and lower edge."""
Box = tuple[float, float, float, float]

AROUND = (
    "top center",
    "bottom center",
    "middle right",
    "middle left",
    "top right",
    "top left",
    "bottom right",
    "bottom left",
)
"""The places around a point, as Plotly names them, the best first."""
AWAY = tuple(
    f"away {round(far * cos(turn))} {round(far * sin(turn))}"
    for far in (34, 52, 74, 100, 130)
    for turn in (pi * part / 8 for part in (4, 12, 2, 6, 10, 14, 3, 5, 1, 7, 11, 13, 9, 15, 0, 8))
)
"""Places at a distance, in pixels across and up, which a line joins to the point."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A label, and the places where it may stand: a point of the plot and the side of it."""

    text: str
    places: tuple[tuple[Place, str], ...]
    size: float = 12.0
    needed: bool = False  # placed where it is free on a wide screen, if it is free nowhere on a phone


def around(text: str, at: Place, *, needed: bool = False) -> Wish:
    """The label of a point."""
    return Wish(text, tuple((at, side) for side in (*AROUND, *AWAY)), needed=needed)


def along(text: str, line: Sequence[Place], *, sides: Sequence[str]) -> Wish:
    """The label of a line, somewhere along it; from its right end on."""
    there = [at for at in line if 0 <= at[0] <= 1 and 0.02 <= at[1] <= 0.98]
    return Wish(text, tuple((at, side) for side in sides for at in reversed(there)))


def placed(
    wishes: Sequence[Wish], *, lines: Sequence[Sequence[Place]], points: Sequence[Place]
) -> list[tuple[Place, str] | None]:
    """The place of each label, None where it is left out."""
    frames = [_Frame(size, lines, points) for size in (WIDE, NARROW)]
    found: list[tuple[Place, str] | None] = []
    for wish in wishes:
        chosen = _chosen(wish, *frames)
        if chosen:
            for frame in frames:
                frame.take(wish, chosen)
        found.append(chosen)
    return found


def _chosen(wish: Wish, wide: "_Frame", narrow: "_Frame") -> tuple[Place, str] | None:
    """The first place that is free in both; no further one is looked at."""
    first = None
    for place in wish.places:
        if wide.is_free(wish, place):
            if narrow.is_free(wish, place):
                return place
            first = first or place
    return first if wish.needed else None


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """A line, its points from left to right, in pixels, and how low and how high it goes.

    In plain numbers: a label looks at the three or four points above it, too few to be worth an array.
    """

    x: list[float]
    y: list[float]
    lowest: float
    highest: float

    @classmethod
    def of(cls, points: Sequence[Place]) -> "_Line":
        x, y = [at for at, _ in points], [at for _, at in points]
        return cls(x, y, min(y), max(y))

    def crosses(self, box: Box) -> bool:
        """Whether it runs through a box."""
        left, low, right, high = box
        first, last = self.x[0], self.x[-1]
        if right < first or left > last or self.lowest >= high + 2 or self.highest <= low - 2:
            return False
        inside = self.y[bisect_right(self.x, left) : bisect_left(self.x, right)]
        there = [*inside, self._height(max(left, first)), self._height(min(right, last))]
        return min(there) < high + 2 and max(there) > low - 2

    def _height(self, at: float) -> float:
        """How high the line is at a place within it."""
        after = bisect_right(self.x, at)
        if after == len(self.x):
            return self.y[-1]
        (left, right), (low, high) = self.x[after - 1 : after + 1], self.y[after - 1 : after + 1]
        return low + (high - low) / (right - left) * (at - left)


class _Frame:
    """The plot at one size, with what is drawn in it so far."""

    def __init__(
        self, size: tuple[float, float], lines: Sequence[Sequence[Place]], points: Sequence[Place]
    ) -> None:
        self.size = size
        self.lines = [_Line.of([self.pixels(at) for at in line]) for line in lines if line]
        # From left to right: a label looks at those above and below it alone, a few of hundreds.
        self.points = sorted(self.pixels(at) for at in points)
        self.across = [x for x, _ in self.points]
        self.leads: list[Place] = []
        self.taken: list[Box] = []

    def pixels(self, at: Place) -> Place:
        return float(at[0]) * self.size[0], float(at[1]) * self.size[1]

    def take(self, wish: Wish, place: tuple[Place, str]) -> None:
        """Keep the room of a label, and of its line, from those that follow."""
        self.taken.append(self.box(wish, place))
        if is_away(place[1]):
            self.leads += self.lead(place)

    def lead(self, place: tuple[Place, str]) -> list[Place]:
        """Points along the line between a point and a label that stands away from it."""
        _, across, up = place[1].split()
        x, y = self.pixels(place[0])
        return [(x + step * int(across), y + step * int(up)) for step in _STEPS]

    def box(self, wish: Wish, place: tuple[Place, str]) -> Box:
        (x, y), side = self.pixels(place[0]), place[1]
        wide, high = _LETTER * wish.size * len(wish.text), _HEIGHT * wish.size
        if is_away(side):
            _, across, up = side.split()
            x, y = x + int(across), y + int(up)
            return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2
        up, across = side.split()
        left = {"center": x - wide / 2, "right": x + _GAP, "left": x - _GAP - wide}[across]
        low = {"top": y + _GAP, "middle": y - high / 2, "bottom": y - _GAP - high}[up]
        return left, low, left + wide, low + high

    def is_free(self, wish: Wish, place: tuple[Place, str]) -> bool:
        box = self.box(wish, place)
        left, low, right, high = box
        if left < 0 or low < 0 or right > self.size[0] or high > self.size[1]:
            return False
        # Beside its own point is where it belongs.
        own = None if is_away(place[1]) else self.pixels(place[0])
        around = left - _MARK, low - _MARK, right + _MARK, high + _MARK
        if any(own is None or not _is_same(at, own) for at in self.near(around)):
            return False
        if any(_touch(box, other) for other in self.taken) or (own is None and self.is_led_over(place)):
            return False
        return not any(line.crosses(box) for line in self.lines)

    def is_led_over(self, place: tuple[Place, str]) -> bool:
        """Whether the line to a label that stands away from its point runs over another label."""
        lead = self.lead(place)
        (left, right), (low, high) = (sorted((lead[0][side], lead[-1][side])) for side in (0, 1))
        close = [b for b in self.taken if b[0] < right and left < b[2] and b[1] < high and low < b[3]]
        return any(_is_in(at, box) for box in close for at in lead)

    def near(self, box: Box) -> Iterator[Place]:
        """The points in a box, those along the lines to labels among them."""
        first, last = bisect_right(self.across, box[0]), bisect_left(self.across, box[2])
        return (at for at in (*self.points[first:last], *self.leads) if _is_in(at, box))


def is_away(side: str) -> bool:
    """Whether a label stands away from its point, and a line joins them."""
    return side.startswith("away")


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] + 3 and other[0] < one[2] + 3 and one[1] < other[3] and other[1] < one[3]


def _is_in(at: Place, box: Box) -> bool:
    return box[0] < at[0] < box[2] and box[1] < at[1] < box[3]


def _is_same(one: Place, other: Place) -> bool:
    return abs(one[0] - other[0]) <= 0.01 and abs(one[1] - other[1]) <= 0.01


def label_at(place: tuple[Place, str], text: str, **changes: Any) -> dict[str, Any]:
    """A label as Plotly draws it, with its line to a point that it stands away from."""
    (x, y), side = place
    if is_away(side):
        return _led(place, text) | changes
    up, across = side.split()
    return {
        "x": x,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "text": text,
        "showarrow": False,
        "xanchor": {"center": "center", "right": "left", "left": "right"}[across],
        "yanchor": {"top": "bottom", "middle": "middle", "bottom": "top"}[up],
        "yshift": {"top": 3, "middle": 0, "bottom": -3}[up],
        "borderpad": 0,
        "font": {"size": 12},
    } | changes


def _led(place: tuple[Place, str], text: str) -> dict[str, Any]:
    (x, y), side = place
    _, across, up = side.split()
    return {
        "x": x,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "text": text,
        "ax": int(across),
        "ay": -int(up),
        "showarrow": True,
        "arrowhead": 0,
        "arrowwidth": 1,
        "standoff": 5,
        "borderpad": 0,
        "font": {"size": 12},
    }
