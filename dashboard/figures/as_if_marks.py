"""What months would be if every trust had reported, over the chart of what was reported.

The reported line stays as it is: hollow diamonds on a dotted line stand beside it, with the word for them.
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from dashboard.analysis.as_if import AS_IF
from dashboard.figures import theme
from dashboard.figures.label_places import Label, Place
from dashboard.figures.plot import Line, Style
from dashboard.figures.trend import LIFTS, Point

# Of more marks than these each is small: years of large ones cover the reported line.
MOST_LARGE = 12


def as_if_lines(as_if: Sequence[Point], every: Sequence[date]) -> list[Line]:
    """A mark in each month of which something is missing, joined to the next; `every` day of the chart."""
    if not as_if:
        return []
    found = {point.day: point for point in as_if}
    months = [found.get(day, Point(day, None, "")) for day in every]
    size = 10 if len(known_of(as_if)) <= MOST_LARGE else 5
    return [
        Line(
            tuple(point.day for point in months),
            tuple(point.value for point in months),
            Style(theme.TEXT, width=2, dash="dot", marker="diamond-open", size=size),
            AS_IF,
            told=tuple(point.shown for point in months),
            hover=f"%{{x|%d %b %Y}}: %{{text}}<extra>{AS_IF}</extra>",
            web={
                "connectgaps": False,
                "marker": {"symbol": "diamond-open", "size": size, "color": theme.TEXT},
            },
        )
    ]


def as_if_labels(as_if: Sequence[Point]) -> list[Label]:
    """What the marks are, in words beside one of them."""
    beside = known_of(as_if)
    if not beside:
        return []
    sides: tuple[Literal["right", "left"], ...] = ("left", "right")
    spots = [beside[-1], beside[len(beside) // 2], beside[0]]
    places = [
        Place(day, value, side, above, lift)
        for lift in LIFTS
        for day, value in spots
        for above in (True, False)
        for side in sides
    ]
    return [Label(AS_IF, places, 9, {"font": {"size": 13, "color": theme.TEXT}})]


def known_of(as_if: Sequence[Point]) -> list[tuple[date, float]]:
    """What is drawn of them."""
    return [(point.day, point.value) for point in as_if if point.value is not None]
