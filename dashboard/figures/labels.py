"""Where the labels of a chart stand, so that none touches a line, a point or another label.

A figure is drawn once for every width, so a place must be free on a wide screen and on a phone alike. Labels
are placed in the order they are given, each at the first of its places that is free in both; one that has
none beside its point may stand away from it, with a line to it; one that has none at all is left out, for the
table and the pointer have it. Letters are taken as wide as Arial's are on average.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any

import numpy as np

from rtt.terms.arrays import Floats

WIDE, NARROW = (1130.0, 350.0), (262.0, 350.0)
"""Width and height of the plot, in pixels: of a card 1280 pixels wide, and of one on a phone."""
_LETTER, _HEIGHT, _GAP = 0.54, 1.25, 7.0
_MARK = 7.0

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
    """A line, its points from left to right, in pixels, and the box that it fills."""

    x: Floats
    y: Floats
    within: Box

    @classmethod
    def of(cls, points: Floats) -> "_Line":
        x, y = points[:, 0], points[:, 1]
        return cls(x, y, (float(x[0]), float(y.min()), float(x[-1]), float(y.max())))

    def crosses(self, box: Box) -> bool:
        """Whether it runs through a box."""
        left, low, right, high = box
        first, lowest, last, highest = self.within
        if right < first or left > last or lowest >= high + 2 or highest <= low - 2:
            return False
        inside = (self.x > left) & (self.x < right)
        ends = np.interp(np.clip([left, right], first, last), self.x, self.y)
        there = np.concatenate([self.y[inside], ends])
        return bool(there.min() < high + 2 and there.max() > low - 2)


class _Frame:
    """The plot at one size, with what is drawn in it so far."""

    def __init__(
        self, size: tuple[float, float], lines: Sequence[Sequence[Place]], points: Sequence[Place]
    ) -> None:
        self.size = np.array(size)
        self.lines = [_Line.of(np.array(line, dtype=np.float64) * self.size) for line in lines if line]
        self.points: Floats = np.array(list(points) or [(-1.0, -1.0)], dtype=np.float64) * self.size
        self.taken: list[Box] = []

    def take(self, wish: Wish, place: tuple[Place, str]) -> None:
        """Keep the room of a label, and of its line, from those that follow."""
        self.taken.append(self.box(wish, place))
        if is_away(place[1]):
            self.points = np.vstack([self.points, self.lead(place)])

    def lead(self, place: tuple[Place, str]) -> Floats:
        """Points along the line between a point and a label that stands away from it."""
        _, across, up = place[1].split()
        steps = np.linspace(0.2, 0.8, 8)[:, None]
        return np.asarray(np.array(place[0]) * self.size + steps * np.array([int(across), int(up)]))

    def box(self, wish: Wish, place: tuple[Place, str]) -> Box:
        (x, y), side = place
        x, y = float(x * self.size[0]), float(y * self.size[1])
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
        if any(_touch(box, other) for other in self.taken):
            return False
        points = self.points
        if is_away(place[1]):
            if any(_within(self.lead(place), other) for other in self.taken):
                return False
        else:  # beside its own point is where it belongs
            points = points[np.abs(points - np.array(place[0]) * self.size).max(axis=1) > 0.01]
        x, y = points[:, 0], points[:, 1]
        near = (x > left - _MARK) & (x < right + _MARK) & (y > low - _MARK) & (y < high + _MARK)
        return not near.any() and not any(line.crosses(box) for line in self.lines)


def is_away(side: str) -> bool:
    """Whether a label stands away from its point, and a line joins them."""
    return side.startswith("away")


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] + 3 and other[0] < one[2] + 3 and one[1] < other[3] and other[1] < one[3]


def _within(points: Floats, box: Box) -> bool:
    x, y = points[:, 0], points[:, 1]
    return bool(((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])).any())


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
