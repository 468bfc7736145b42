"""Words, lines and squares that belong to no series: a plot holds them as `web`, placed when it was made."""

from typing import Any

from dashboard.figures import theme
from dashboard.figures.svg.frame import LETTERS, Frame, Point

_UP = {"bottom": "bottom", "middle": "middle", "top": "top", "auto": "middle"}


def draw_label(frame: Frame, label: theme.Drawn) -> None:
    """Words at a place of the plot, or of a part of it; a line joins those that stand away from theirs."""
    x, y = _place(frame, label, "")
    font = {"size": LETTERS, "color": theme.TEXT} | label.get("font", {})
    across, up = label.get("xanchor", "center"), label.get("yanchor", "middle")
    if label.get("showarrow"):
        there = (x + label["ax"], y - label["ay"])
        frame.line(
            [_towards((x, y), there, label["standoff"]), there], label.get("arrowcolor", theme.SECONDARY), 1
        )
        x, y, across, up = *there, "center", "middle"
    frame.words(
        label["text"],
        (x + label.get("xshift", 0), y + label.get("yshift", 0)),
        across=across,
        up=up,
        size=font["size"],
        colour=font.get("color", theme.TEXT),
        ground=label.get("bgcolor", theme.CARD if label.get("showarrow") else ""),
    )


def _towards(start: Point, end: Point, far: float) -> Point:
    """A point so many pixels on the way."""
    length = max(((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5, far)
    part = far / length
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _place(frame: Frame, drawn: theme.Drawn, end: str) -> Point:
    """A corner of something, each way by the axis or as a part of the plot."""
    left, bottom, right, top = frame.box
    x, y = drawn[f"x{end}"], drawn[f"y{end}"]
    of_plot = [drawn.get(name) == "paper" for name in ("xref", "yref")]
    return (
        left + (right - left) * x if of_plot[0] else frame.x(x),
        bottom + (top - bottom) * y if of_plot[1] else frame.y(y),
    )


def draw_shape(frame: Frame, shape: theme.Drawn) -> None:
    """A line or a rectangle."""
    start, end = _place(frame, shape, "0"), _place(frame, shape, "1")
    pen: dict[str, Any] = shape["line"]
    if shape["type"] == "line":
        frame.line([start, end], pen["color"], pen["width"], pen.get("dash", ""))
        return
    (left, foot), (right, head) = start, end
    corners = [(left, foot), (left, head), (right, head), (right, foot)]
    frame.area(corners, shape["fillcolor"], pen.get("color", ""), pen["width"])
