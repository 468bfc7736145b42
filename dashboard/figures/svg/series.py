"""The series of a plot, each in ink: its values from the plot alone."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any

from dashboard.figures import theme
from dashboard.figures.plot import (
    Band,
    Bars,
    Line,
    Plot,
    Reference,
    RowMarks,
    Series,
    Tiles,
    colour_and_shape,
)
from dashboard.figures.plotly import ACROSS, BAR, OFFSET
from dashboard.figures.svg.frame import Frame, Point

TILE, CAP = 0.94, 6.0
"""The side of a square in places of its map; pixels to either side of the end of an interval."""
_SIDES = {"top": ("bottom", 5.0), "middle": ("middle", 0.0), "bottom": ("top", -5.0)}
_ACROSS = {"left": ("right", -8.0), "center": ("center", 0.0), "right": ("left", 8.0)}


def draw_series(frame: Frame, plot: Plot, series: Series) -> None:
    """A series on the picture."""
    match series:
        case Line():
            _line(frame, series)
        case Reference():
            _reference(frame, series)
        case Band():
            _band(frame, series)
        case Bars() if plot.kind == "horizontal":
            _lying(frame, series)
        case Bars():
            _standing(frame, series, 1 - float(plot.web.get("bargap", 0.2)))
        case RowMarks():
            _row_marks(frame, series)
        case Tiles():
            _tiles(frame, series)


def _line(frame: Frame, line: Line) -> None:
    points = [
        None if value is None or value != value else (frame.x(at), frame.y(value))
        for at, value in zip(line.at, line.values, strict=True)
    ]
    style = line.style
    if style.width:
        for stretch in _stretches(points, line.breaks):
            drawn = _steps(stretch) if line.web.get("line", {}).get("shape") == "hvh" else stretch
            frame.line(drawn, style.colour, style.width, style.dash)
    if line.marks or style.marker:
        _marks(frame, points, _looks(line))
    for at, words in enumerate(line.labels):
        point = points[at]
        if words and point:
            up, across = line.web["textposition"][at].split()
            (side, lift), (beside, shift) = _SIDES[up], _ACROSS[across]
            place = (point[0] + shift, point[1] + lift)
            frame.words(words, place, across=beside, up=side, size=12)


def _stretches(points: Sequence[Point | None], breaks: Sequence[int]) -> Iterator[list[Point]]:
    """The parts of a line that are drawn through; it is broken in gaps and where a phase begins."""
    stretch: list[Point] = []
    for at, point in enumerate(points):
        if (point is None or at in breaks) and stretch:
            yield stretch
            stretch = []
        if point is not None:
            stretch.append(point)
    if stretch:
        yield stretch


def _steps(points: Sequence[Point]) -> list[Point]:
    """Level at each point, upright halfway to the next."""
    found = [points[0]]
    for (x, y), (then, after) in pairwise(points):
        found += [((x + then) / 2, y), ((x + then) / 2, after)]
    return [*found, points[-1]]


Look = tuple[str, float, str, str, float]
"""Of a mark: symbol, size, colour inside and of the edge, and the width of that."""


def _looks(line: Line) -> list[Look]:
    if line.marks:
        drawn = [(mark, *colour_and_shape(mark)) for mark in line.marks]
        return [
            _look(shape, 11 if mark.signal and mark.signal.icon.arrow else 8, colour, colour, 1.5)
            for mark, colour, shape in drawn
        ]
    return _styled(line.style.marker, line.style.size, line.style.colour, line.web, len(line.at))


def _styled(symbol: str, size: float, colour: str, web: Any, length: int) -> list[Look]:
    """Marks in the style of a series, and what browsers are told of them beside it."""
    own = web.get("marker", {})
    edge = own.get("line", {})
    sizes = own.get("size", size)
    each = sizes if isinstance(sizes, list) else [sizes] * length
    pen = edge.get("width", 2 if symbol.endswith("-open") else 0)
    return [_look(symbol, of, own.get("color", colour), edge.get("color", colour), pen) for of in each]


def _look(symbol: str, size: float, colour: str, edge: str, width: float) -> Look:
    """What is hollow shows what lies below it, unless it is filled with the colour of the card."""
    hollow = symbol.endswith("-open") and colour != theme.CARD
    return symbol, size, "" if hollow else colour, edge, width


def _marks(frame: Frame, points: Sequence[Point | None], looks: Sequence[Look]) -> None:
    """Marks that look alike and follow one another are one thing to draw."""
    known = [(look, point) for look, point in zip(looks, points, strict=True) if point and look[1]]
    for look, alike in groupby(known, key=lambda each: each[0]):
        frame.marks([point for _, point in alike], *look)


def _reference(frame: Frame, line: Reference) -> None:
    style = line.style
    if line.starts == line.ends and style.marker:
        point = (frame.x(line.starts), frame.y(line.value))
        frame.marks([point], *_look(style.marker, style.size, style.colour, style.colour, 1.5))
    else:
        ends = [(frame.x(day), frame.y(line.value)) for day in (line.starts, line.ends)]
        frame.line(ends, style.colour, style.width, style.dash)


def _band(frame: Frame, band: Band) -> None:
    upper = [(frame.x(day), frame.y(value)) for day, value in zip(band.at, band.high, strict=True)]
    lower = [(frame.x(day), frame.y(value)) for day, value in zip(band.at, band.low, strict=True)]
    frame.area([*upper, *reversed(lower)], band.fill)


def _ends(bars: Bars) -> Iterator[tuple[int, float, float, str]]:
    """The place of each bar that is drawn, its two ends and its colour."""
    colours = bars.web.get("marker", {}).get("color", bars.colour)
    for at, value in enumerate(bars.values):
        if value is not None and value == value:
            base = bars.bases[at] if bars.bases else 0.0
            yield bars.first + at, base, base + value, colours[at] if isinstance(colours, list) else colours


def _edge(bars: Bars) -> tuple[str, float]:
    edge = bars.web.get("marker", {}).get("line", {})
    return edge.get("color", ""), edge.get("width", 0.0)


def _lying(frame: Frame, bars: Bars) -> None:
    high = bars.web.get("width", BAR)
    for row, start, end, colour in _ends(bars):
        left, right, head, foot = (
            frame.x(start),
            frame.x(end),
            frame.y(row + OFFSET),
            frame.y(row + OFFSET + high),
        )
        frame.area([(left, foot), (left, head), (right, head), (right, foot)], colour, *_edge(bars))


def _standing(frame: Frame, bars: Bars, wide: float) -> None:
    for at, start, end, colour in _ends(bars):
        left, right, foot, head = (
            frame.x(at - wide / 2),
            frame.x(at + wide / 2),
            frame.y(start),
            frame.y(end),
        )
        frame.area([(left, foot), (left, head), (right, head), (right, foot)], colour, *_edge(bars))


def _row_marks(frame: Frame, marks: RowMarks) -> None:
    style = marks.style
    known = [
        (row, value)
        for row, value in zip(marks.rows, marks.values, strict=True)
        if value is not None and value == value
    ]
    if style.marker == "line":
        for row, value in known:
            x = frame.x(value)
            frame.line([(x, frame.y(row + OFFSET)), (x, frame.y(row + ACROSS))], style.colour, style.width)
        return
    for at, (low, high) in enumerate(zip(marks.lower, marks.upper, strict=True)):
        if low is not None and high is not None:
            _interval(
                frame, frame.x(low), frame.x(high), frame.y(marks.rows[at] + marks.offset), style.colour
            )
    points = [(frame.x(value), frame.y(row + marks.offset)) for row, value in known]
    _marks(frame, points, _styled(style.marker, style.size, style.colour, marks.web, len(points)))


def _interval(frame: Frame, left: float, right: float, y: float, colour: str) -> None:
    for start, end in (
        ((left, y), (right, y)),
        *(((x, y - CAP), (x, y + CAP)) for x in (left, right)),
    ):
        frame.line([start, end], colour, 3)


def _tiles(frame: Frame, tiles: Tiles) -> None:
    # The chosen ones last: their edges lie over those of their neighbours.
    for at in sorted(range(len(tiles.at)), key=lambda at: at in tiles.edged):
        (column, row), step = tiles.at[at], tiles.steps[at]
        edge = (theme.TEXT, 3.0) if at in tiles.edged else (theme.SECONDARY, 1.0)
        fill = theme.CARD if step is None else theme.STEPS[step]
        frame.area(square(frame, column, row, TILE), fill, *edge)
        pale = step is None or step < theme.DARK_WORDS
        frame.words(
            f"{tiles.names[at]}<br><b>{tiles.shown[at]}</b>",
            (frame.x(column), frame.y(row)),
            across="center",
            up="middle",
            size=10,
            colour=theme.TEXT if pale else theme.CARD,
        )


def square(frame: Frame, column: float, row: float, side: float) -> list[Point]:
    """The corners of a square around a place of a map."""
    half = side / 2
    left, right, foot, head = (
        frame.x(column - half),
        frame.x(column + half),
        frame.y(row + half),
        frame.y(row - half),
    )
    return [(left, foot), (left, head), (right, head), (right, foot)]
