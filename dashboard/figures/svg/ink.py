"""Colours, dashes and marks as matplotlib takes them."""

from collections.abc import Sequence
from typing import Literal

from matplotlib.colors import to_rgba

Colour = tuple[float, float, float, float]

Marker = str | tuple[int, Literal[1], int]
"""A shape of matplotlib's; of a star its points."""

_MARKERS: dict[str, Marker] = {
    "circle": "o",
    "square": "s",
    "diamond": "D",
    "triangle-up": "^",
    "triangle-down": "v",
    "triangle-left": "<",
    "triangle-right": ">",
    "star-diamond": (4, 1, 0),
}
STAR = 1.5
"""A star is so much larger than other marks of its size, for most of its square is empty."""
_DASHES = {"dot": (1, 1), "dash": (3, 3), "longdash": (5, 5), "dashdot": (3, 1, 1, 1)}


def colour_of(written: str) -> Colour:
    """ "#005eb8", or "rgba(0,94,184,0.16)"; '' is none."""
    if not written:
        return 0.0, 0.0, 0.0, 0.0
    if not written.startswith("rgba"):
        return to_rgba(written)
    red, green, blue, alpha = map(float, written[5:-1].split(","))
    return red / 255, green / 255, blue / 255, alpha


def marker_of(symbol: str) -> Marker:
    """The shape of a mark, hollow or not."""
    return _MARKERS[symbol.removesuffix("-open")]


def dashes_of(dash: str, width: float) -> tuple[float, Sequence[float]] | Literal["-"]:
    """A pen's dashes, as long as browsers draw them: in widths of the pen, which count as three or more."""
    return (0.0, [max(width, 3.0) * part for part in _DASHES[dash]]) if dash in _DASHES else "-"
