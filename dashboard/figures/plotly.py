"""A plot as the figure that Plotly draws in browsers: a plain dictionary of traces and layout."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from dashboard.figures import theme
from dashboard.figures.census_axis import census_axis
from dashboard.figures.plot import (
    Band,
    Bars,
    Line,
    Mark,
    Place,
    Plot,
    Reference,
    RowMarks,
    Series,
    Style,
    Tiles,
    colour_and_shape,
)

WORDS_AT_POINTER = "%{text}<extra></extra>"
BAR, OFFSET, ACROSS = 0.42, 0.02, 0.44
"""Height of a horizontal bar; where it begins and ends below the middle of its row, its name above it."""

Trace = dict[str, Any]


def figure_of(plot: Plot) -> dict[str, Any]:
    """The figure: data and layout."""
    unit = {"meta": {"unit": plot.axis.unit}} if plot.axis.unit else {}
    return {
        "data": [trace for series in plot.series for trace in _traces(plot, series)],
        "layout": theme.layout(**unit, **_axes(plot), **_with_tiles(plot)),
    }


def _axes(plot: Plot) -> dict[str, Any]:
    axis = plot.axis
    values = theme.value_axis(range=[axis.low, axis.high], tickformat=axis.format, **axis.web)
    if plot.kind == "horizontal":
        rows = {"range": [len(plot.names) - 0.4, -0.6], "showticklabels": False, "ticks": ""}
        return {"xaxis": values, "yaxis": theme.axis(**rows, linecolor=theme.CARD)}
    if plot.kind == "dates":
        span = {"range": [day.isoformat() for day in plot.span]} if plot.span else {}
        # Pages say above a chart what its dates are; a picture that leaves the page has to say it itself.
        title = {"title": theme.axis_title(plot.along_title)} if plot.along_title else {}
        return {"xaxis": census_axis(plot.days, **span, **title), "yaxis": values}
    if plot.kind == "tiles":
        return _tile_axes(plot)
    log = {"type": "log"} if plot.log else {}
    return {"xaxis": theme.axis(**log, **plot.along), "yaxis": values}


def _traces(plot: Plot, series: Series) -> Iterator[Trace]:
    match series:
        case Line():
            yield _line(series)
        case Reference():
            yield _reference(series)
        case Band():
            yield _band(series)
        case Bars():
            yield _bars(series, horizontal=plot.kind == "horizontal")
        case RowMarks(style=Style(marker="line")):
            yield from _lines_across(series)
        case RowMarks():
            yield _row_marks(series)
        case Tiles():
            yield _words_on_tiles(series)


def _line(line: Line) -> Trace:
    style = line.style
    there = {"lines": style.width, "markers": style.marker or line.marks, "text": line.labels}
    parts = [name for name, drawn in there.items() if drawn]
    x, y = [_written(at) for at in line.at], list(line.values)
    for at in reversed(line.breaks):
        x.insert(at, None)
        y.insert(at, None)
    trace: Trace = {"type": "scatter", "mode": "+".join(parts), "x": x, "y": y}
    if style.width:
        trace["line"] = _pen(style)
    if line.marks:
        trace["marker"] = _judged(line.marks)
    elif style.marker:
        trace["marker"] = {"size": style.size, "color": style.colour}
    return _told(trace, line.told, line.hover, line.hrefs, line.name) | dict(line.web)


def _written(place: Place) -> Any:
    return place.isoformat() if isinstance(place, date) else place


def _pen(style: Style) -> dict[str, Any]:
    return {"color": style.colour, "width": style.width} | ({"dash": style.dash} if style.dash else {})


def _told(
    trace: Trace, told: Sequence[str] | None, hover: str, hrefs: Sequence[str] | None, name: str
) -> Trace:
    """The trace with its words, its pointer text, where its points lead, and its name."""
    trace |= {"hovertemplate": hover} if hover else {"hoverinfo": "skip"}
    trace |= {} if told is None else {"text": list(told)}
    trace |= {} if hrefs is None else {"customdata": list(hrefs)}
    return trace | ({"name": name} if name else {})


def _judged(marks: Sequence[Mark]) -> dict[str, Any]:
    drawn = [colour_and_shape(mark) for mark in marks]
    return {
        # Of marks of several sizes Plotly fades the colours, and with them their contrast.
        "opacity": 1,
        "color": [colour for colour, _ in drawn],
        "symbol": [shape for _, shape in drawn],
        "size": [11 if mark.signal and mark.signal.icon.arrow else 8 for mark in marks],
        "line": {"width": 1.5, "color": [colour for colour, _ in drawn]},
    }


def _reference(line: Reference) -> Trace:
    style, point = line.style, line.starts == line.ends and line.style.marker
    ends = [line.starts] if point else [line.starts, line.ends]
    trace: Trace = {
        "type": "scatter",
        "mode": "markers" if point else "lines",
        "x": [day.isoformat() for day in ends],
        "y": [line.value for _ in ends],
    }
    if style.width:
        trace["line"] = _pen(style)
    if style.marker:
        trace["marker"] = {"symbol": style.marker, "size": style.size, "color": style.colour}
    return _told(trace, None, line.hover, None, line.name)


def _band(band: Band) -> Trace:
    days = [day.isoformat() for day in band.at]
    trace: Trace = {
        "type": "scatter",
        "mode": "lines",
        "x": [*days, *reversed(days)],
        "y": [*band.high, *reversed(band.low)],
        "fill": "toself",
        "fillcolor": band.fill,
        "line": {"width": 0, "color": band.style.colour, "dash": band.style.dash},
    }
    return _told(trace, None, "", None, band.name)


def _bars(bars: Bars, *, horizontal: bool) -> Trace:
    along, up = ("y", "x") if horizontal else ("x", "y")
    trace: Trace = {
        "type": "bar",
        along: list(range(bars.first, bars.first + len(bars.values))),
        up: list(bars.values),
        "marker": {"color": bars.colour},
    }
    if horizontal:
        trace |= {"orientation": "h", "width": BAR, "offset": OFFSET}
    if bars.bases:
        trace["base"] = list(bars.bases)
    if bars.told is not None:
        trace["textposition"] = "none"  # they stand at the pointer alone
    hover = WORDS_AT_POINTER if bars.told is not None else ""
    return _told(trace, bars.told, hover, bars.hrefs, bars.name) | dict(bars.web)


def _lines_across(marks: RowMarks) -> Iterator[Trace]:
    for row, value in zip(marks.rows, marks.values, strict=True):
        across = {"x": [value, value], "y": [row + OFFSET, row + ACROSS], "line": _pen(marks.style)}
        yield _told({"type": "scatter", "mode": "lines", **across}, None, "", None, marks.name)


def _row_marks(marks: RowMarks) -> Trace:
    style = marks.style
    trace: Trace = {
        "type": "scatter",
        "mode": "markers",
        "y": [row + marks.offset for row in marks.rows],
        "x": list(marks.values),
        "marker": {"symbol": style.marker, "size": style.size, "color": style.colour},
    }
    if marks.lower:
        trace["error_x"] = {
            "type": "data",
            "symmetric": False,
            "array": _apart(marks.upper, marks.values),
            "arrayminus": _apart(marks.values, marks.lower),
            "color": style.colour,
            "thickness": 3,
            "width": 6,
        }
    return _told(trace, marks.told, marks.hover, marks.hrefs, marks.name) | dict(marks.web)


def _apart(highs: Sequence[float | None], lows: Sequence[float | None]) -> list[float | None]:
    pairs = zip(highs, lows, strict=True)
    return [None if high is None or low is None else high - low for high, low in pairs]


def _tile_axes(plot: Plot) -> dict[str, Any]:
    """Axes that are not seen, with squares that stay square."""
    (tiles,) = (each for each in plot.series if isinstance(each, Tiles))
    columns, rows = (1 + max(place[axis] for place in tiles.at) for axis in (0, 1))
    unseen: dict[str, Any] = {"visible": False, "fixedrange": True, "constrain": "domain"}
    return {
        "xaxis": unseen | {"range": [-0.5, columns - 0.5]},
        "yaxis": unseen | {"range": [rows - 0.5, -0.5], "scaleanchor": "x"},
    }


def _with_tiles(plot: Plot) -> dict[str, Any]:
    """What browsers alone draw, and the squares of a map below its words."""
    squares = [square for each in plot.series if isinstance(each, Tiles) for square in _squares(each)]
    return dict(plot.web) | ({"shapes": [*squares, *plot.web.get("shapes", ())]} if squares else {})


def _squares(tiles: Tiles) -> Iterator[dict[str, Any]]:
    # The chosen ones last: their edges lie over those of their neighbours.
    for at in sorted(range(len(tiles.at)), key=lambda at: at in tiles.edged):
        (column, row), step = tiles.at[at], tiles.steps[at]
        edge = (
            {"color": theme.TEXT, "width": 3} if at in tiles.edged else {"color": theme.SECONDARY, "width": 1}
        )
        yield square(column, row, 0.94, theme.CARD if step is None else theme.STEPS[step], edge)


def square(column: float, row: float, size: float, colour: str, edge: dict[str, Any]) -> dict[str, Any]:
    """A square around a place of a map."""
    ends = {"x0": column - size / 2, "x1": column + size / 2, "y0": row - size / 2, "y1": row + size / 2}
    return {"type": "rect", **ends, "fillcolor": colour, "line": edge, "layer": "below"}


def _words_on_tiles(tiles: Tiles) -> Trace:
    pale = [step is None or step < theme.DARK_WORDS for step in tiles.steps]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [column for column, _ in tiles.at],
        "y": [row for _, row in tiles.at],
        # Not seen: what a press and the pointer find. The square is a shape, which scales with the axes.
        "marker": {"symbol": "square", "size": 40, "opacity": 0},
        "text": [f"{name}<br><b>{shown}</b>" for name, shown in zip(tiles.names, tiles.shown, strict=True)],
        "textposition": "middle center",
        "textfont": {"size": 10, "color": [theme.TEXT if each else theme.CARD for each in pale]},
        "hovertext": list(tiles.told),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": list(tiles.hrefs),
        "cliponaxis": False,
    }
