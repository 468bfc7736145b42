"""A plot as the text of an SVG picture, drawn without a window, a browser or a server.

One unit is a pixel of the page: places, sizes and colours are those of the page, made from the same plot.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.ticker import MaxNLocator, MultipleLocator

from dashboard.figures import theme
from dashboard.figures.census_axis import census_ticks, span_of
from dashboard.figures.plot import Plot, Tiles, Web
from dashboard.figures.svg.frame import LETTERS, LINE, Frame, number_of
from dashboard.figures.svg.labels import draw_label, draw_shape
from dashboard.figures.svg.numbers import number_on_axis
from dashboard.figures.svg.series import draw_series

WIDTH = 720
TICK, BESIDE, TITLE, MOST_TICKS = 4, 5, 24, 6
"""Pixels of a tick, between an axis and its words, and of a title; parts into which a grid cuts the plot."""
ROOM = {"l": 56, "r": 16, "t": 12, "b": 44}


@dataclass(frozen=True, slots=True)
class Ends:
    """An axis: its two ends, the places that are labelled, and its title."""

    first: float
    last: float
    ticks: tuple[tuple[float, str], ...] = ()
    title: str = ""

    @property
    def lines(self) -> int:
        """Of its labels."""
        return max((words.count("<br>") + 1 for _, words in self.ticks), default=0)


def svg_of(plot: Plot, height: int, *, width: int = WIDTH) -> bytes:
    """The picture."""
    along, up = _axes(plot)
    frame = _frame(plot, along, up, width, height)
    below = [each for each in plot.web.get("shapes", ()) if each.get("layer") == "below"]
    above = [each for each in plot.web.get("shapes", ()) if each.get("layer") != "below"]
    _draw_grid(frame, plot, along if plot.kind == "horizontal" else up)
    for shape in below:
        draw_shape(frame, shape)
    for series in plot.series:
        draw_series(frame, plot, series)
    for shape in above:
        draw_shape(frame, shape)
    _draw_axes(frame, plot, along, up)
    for label in plot.web.get("annotations", ()):
        draw_label(frame, label)
    return frame.written()


def _frame(plot: Plot, along: Ends, up: Ends, width: int, height: int) -> Frame:
    room = ROOM | plot.web.get("margin", {})
    needed = along.lines and TICK + BESIDE + along.lines * LINE * LETTERS
    bottom = max(room["b"], needed + (TITLE if along.title else 0))
    left, right, top = room["l"], width - room["r"], height - room["t"]
    if plot.kind == "tiles":
        # Squares stay square, in the middle.
        side = min((right - left) / (along.last - along.first), (top - bottom) / (up.first - up.last))
        middle, half = (left + right) / 2, side * (along.last - along.first) / 2
        left, right, bottom = middle - half, middle + half, top - side * (up.first - up.last)
    ends = (along.first, along.last), (up.first, up.last)
    return Frame((width, height), (left, bottom, right, top), *ends, log=plot.log)


def _axes(plot: Plot) -> tuple[Ends, Ends]:
    """What stands along, and what stands up."""
    axis = plot.axis
    grid = tuple((value, number_on_axis(value, axis.format)) for value in _grid(plot))
    values = Ends(axis.low, axis.high, grid, _title(axis.web))
    if plot.kind == "horizontal":
        return values, Ends(len(plot.names) - 0.4, -0.6)
    if plot.kind == "tiles":
        (tiles,) = (each for each in plot.series if isinstance(each, Tiles))
        columns, rows = (1 + max(place[way] for place in tiles.at) for way in (0, 1))
        return Ends(-0.5, columns - 0.5), Ends(rows - 0.5, -0.5)
    if plot.kind == "dates":
        days = tuple((number_of(day), words) for day, words in census_ticks(plot.days))
        oldest, newest = plot.span or span_of(sorted(plot.days))
        return Ends(number_of(oldest), number_of(newest), days, plot.along_title), values
    ticks = tuple(zip(plot.along["tickvals"], plot.along["ticktext"], strict=True))
    first, last = plot.along["range"]
    return Ends(first, last, ticks, _title(plot.along) or plot.along_title), values


def _title(web: Web) -> str:
    return str(web["title"]["text"]) if "title" in web else ""


def _grid(plot: Plot) -> Sequence[float]:
    """Where lines of the grid stand: at round numbers within the ends of the axis."""
    axis = plot.axis
    step, whole = axis.web.get("dtick"), axis.format.endswith("d")
    locator = MultipleLocator(step) if step else MaxNLocator(MOST_TICKS, steps=[1, 2, 5, 10], integer=whole)
    room = (axis.high - axis.low) * 1e-9
    return [
        float(value)
        for value in locator.tick_values(axis.low, axis.high)
        if axis.low - room <= value <= axis.high + room
    ]


def _draw_grid(frame: Frame, plot: Plot, values: Ends) -> None:
    left, bottom, right, top = frame.box
    if plot.kind not in ("horizontal", "tiles"):
        frame.line([(left, bottom), (right, bottom)], theme.SECONDARY, 1, within=False)
    for value, _ in values.ticks:
        at = frame.x(value) if plot.kind == "horizontal" else frame.y(value)
        ends = [(at, bottom), (at, top)] if plot.kind == "horizontal" else [(left, at), (right, at)]
        frame.line(ends, theme.GRID, 1)


def _draw_axes(frame: Frame, plot: Plot, along: Ends, up: Ends) -> None:
    """The ticks below the plot, and the words of both axes."""
    left, bottom, right, _ = frame.box
    marked = plot.kind not in ("horizontal", "tiles")
    for place, words in along.ticks:
        x = frame.x(place)
        if not left <= x <= right:
            continue
        if marked:
            frame.line([(x, bottom), (x, bottom - TICK)], theme.SECONDARY, 1, within=False)
        frame.words(words, (x, bottom - TICK - 3), across="center", up="top")
    for value, words in up.ticks:
        frame.words(words, (left - BESIDE, frame.y(value)), across="right", up="middle")
    if along.title:
        below = (left + right) / 2, bottom - TICK - 4 - along.lines * LINE * LETTERS
        frame.words(along.title, below, across="center", up="top", size=13, colour=theme.SECONDARY)
