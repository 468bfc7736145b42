"""A chart as an office program draws it: categories, series, looks. Read from a figure, with no format known.

The figure that a page draws is the only source, so a native chart cannot hold another number. Annotations and
shapes of a figure are left behind: the title and the sentences beside the chart say them. A figure that no
native chart can show (floating bars) gives None, and its table stands in for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from dashboard.figures import theme
from dashboard.figures.chart import Chart
from rtt.spc_reading import WORDS

Kind = Literal["dates", "columns", "bars", "points"]
FORMATS = {
    ".0%": "0%",
    ".1%": "0.0%",
    ",d": "#,##0",
    ",": "#,##0",
    ",.0f": "#,##0",
    ".1f": "0.0",
    ".2f": "0.00",
}


@dataclass(frozen=True, slots=True)
class Look:
    """Colour and shape. `width` 0: no line; `marker` '': no marks; `fill` False: an outline alone."""

    colour: str
    width: float = 0.0
    dash: str = "solid"
    marker: str = ""
    size: int = 7
    fill: bool = True


@dataclass(frozen=True, slots=True)
class Series:
    """Values beside the categories; None is a gap."""

    name: str
    values: tuple[float | None, ...]
    look: Look


@dataclass(frozen=True, slots=True)
class Plot:
    """`categories` are dates, words, or, of points, the numbers along the axis."""

    kind: Kind
    categories: tuple[Any, ...]
    series: tuple[Series, ...]
    number_format: str
    low: float | None
    high: float | None
    step: float | None = None  # between two labels of the axis


def plot_of(chart: Chart) -> Plot | None:
    """The native chart of a figure; None where there is none."""
    layout, traces = chart.figure["layout"], [each for each in chart.figure["data"] if not _is_echo(each)]
    drawn = [each for each in traces if each["type"] in ("bar", "scatter")]
    if not drawn or any("base" in each for each in drawn):
        return None
    measure = chart.columns[min(1, len(chart.columns) - 1)]
    if any(each.get("orientation") == "h" for each in drawn):
        return _bars(chart, drawn, layout, measure)
    if any(each["type"] == "bar" for each in drawn):
        return _columns(chart, drawn, layout, measure)
    return _along(drawn, layout, measure)


def _is_echo(trace: dict[str, Any]) -> bool:
    # The last point again, larger.
    return trace["type"] == "scatter" and len(trace.get("x", ())) == 1 and trace.get("hoverinfo") == "skip"


def _along(traces: Sequence[dict[str, Any]], layout: dict[str, Any], measure: str) -> Plot:
    """Lines and points over dates, or over numbers."""
    dated = layout["xaxis"].get("type") == "date"
    at = sorted({x for trace in traces for x in trace["x"] if x is not None})
    series = [_series(part, at, measure) for trace in traces for part in _by_mark(trace) if _has_values(part)]
    axis = layout["yaxis"]
    low, high, step = _round_ends(axis)
    return Plot(
        kind="dates" if dated else "points",
        categories=tuple(date.fromisoformat(x) for x in at) if dated else tuple(at),
        series=tuple(_one_name_each(series)),
        number_format=FORMATS.get(axis.get("tickformat", ""), "General"),
        low=low,
        high=high,
        step=step,
    )


def _round_ends(axis: dict[str, Any]) -> tuple[float | None, float | None, float | None]:
    """The ends of an axis at round numbers, five or so steps apart: an office labels from its lower end."""
    if not axis.get("range"):
        return None, None, None
    low, high = (float(end) for end in axis["range"])
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = power * next(times for times in (1, 2, 5, 10) if times * power >= rough)
    return (
        round(math.floor(low / step) * step, 10),
        round(math.ceil(high / step) * step, 10),
        round(step, 10),
    )


def _has_values(trace: dict[str, Any]) -> bool:
    return any(y is not None for y in trace["y"])


def _by_mark(trace: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A trace whose marks differ in colour and shape, as one trace each."""
    marker = trace.get("marker", {})
    if not isinstance(marker.get("color"), list):
        yield trace
        return
    symbols = marker.get("symbol", "circle")
    symbols = symbols if isinstance(symbols, list) else [symbols] * len(trace["y"])
    names = [_signal_name(text) for text in trace.get("text", [""] * len(trace["y"]))]
    kinds = list(zip(marker["color"], symbols, names, strict=True))
    for kind in dict.fromkeys(kinds):
        colour, symbol, name = kind
        y = [value if each == kind else None for value, each in zip(trace["y"], kinds, strict=True)]
        mark = {"color": colour, "symbol": symbol, "size": 8}
        hollow = ", bank holiday" if symbol.endswith("-open") else ""
        yield trace | {"y": y, "name": name + hollow, "marker": mark}


def _signal_name(text: str) -> str:
    """The word that a point's label ends with."""
    return next((word.capitalize() for word in WORDS.values() if text.endswith(f", {word}")), "Not judged")


def _series(trace: dict[str, Any], at: Sequence[Any], measure: str) -> Series:
    values = {x: y for x, y in zip(trace["x"], trace["y"], strict=True) if x is not None}
    look = _look(trace)
    # A single mark of a standard stands for a line that begins and ends there.
    return Series(
        trace.get("name") or measure, tuple(values.get(x) for x in _filled(trace, at, values)), look
    )


def _filled(trace: dict[str, Any], at: Sequence[Any], values: dict[Any, Any]) -> Sequence[Any]:
    """A line given by its two ends has a value at every date between them, so that it is drawn through."""
    ends = sorted(values)
    if trace.get("mode") == "lines" and len(ends) == 2 and values[ends[0]] == values[ends[1]]:
        values.update({x: values[ends[0]] for x in at if ends[0] <= x <= ends[1]})
    return at


def _look(trace: dict[str, Any]) -> Look:
    line, marker = trace.get("line", {}), trace.get("marker", {})
    mode = trace.get("mode", "lines")
    colour = line.get("color") if "lines" in mode else marker.get("color")
    return Look(
        colour=colour if isinstance(colour, str) else theme.BLUE,
        width=float(line.get("width", 2)) if "lines" in mode else 0.0,
        dash=line.get("dash", "solid"),
        marker=str(marker.get("symbol", "circle")) if "markers" in mode else "",
        size=int(marker["size"]) if isinstance(marker.get("size"), int) else 7,
    )


def _one_name_each(series: Iterable[Series]) -> Iterator[Series]:
    """Names told apart: the key of an office chart, and the columns of its workbook, need it."""
    seen: dict[str, int] = {}
    for each in series:
        seen[each.name] = seen.get(each.name, 0) + 1
        number = seen[each.name]
        yield each if number == 1 else replace(each, name=f"{each.name} ({number})")


def _columns(
    chart: Chart, traces: Sequence[dict[str, Any]], layout: dict[str, Any], measure: str
) -> Plot | None:
    """Bars upright, with lines drawn over them as outlined bars."""
    bars = [trace for trace in traces if trace["type"] == "bar"]
    length = len(bars[0]["x"])
    if any(len(trace["y"]) != length for trace in traces):
        return None
    names = [row[0] for row in chart.rows] if len(chart.rows) == length else [str(x) for x in bars[0]["x"]]
    series = [
        Series(
            trace.get("name") or measure,
            tuple(trace["y"]),
            Look(
                _bar_colour(trace) if trace["type"] == "bar" else theme.TEXT, 1.5, fill=trace["type"] == "bar"
            ),
        )
        for trace in traces
    ]
    axis = layout["yaxis"]
    return Plot(
        "columns",
        tuple(names),
        tuple(_one_name_each(series)),
        FORMATS.get(axis.get("tickformat", ""), "General"),
        0.0,
        None,
    )


def _bars(
    chart: Chart, traces: Sequence[dict[str, Any]], layout: dict[str, Any], measure: str
) -> Plot | None:
    """Bars lying, named by the rows of the table: the figure has their names above them."""
    traces = [trace for trace in traces if trace["type"] == "bar"]
    length = len(traces[0]["x"])
    if len(chart.rows) < length or any(len(trace["x"]) != length for trace in traces):
        return None
    series = [
        Series(trace.get("name") or measure, tuple(trace["x"]), Look(_bar_colour(trace))) for trace in traces
    ]
    return Plot(
        "bars",
        tuple(row[0] for row in chart.rows[:length]),
        tuple(_one_name_each(series)),
        FORMATS.get(layout["xaxis"].get("tickformat", ""), "General"),
        0.0,
        None,
    )


def _bar_colour(trace: dict[str, Any]) -> str:
    colour = trace.get("marker", {}).get("color")
    return colour if isinstance(colour, str) else theme.BAR
