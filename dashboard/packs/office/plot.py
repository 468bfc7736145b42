"""A chart as an office program draws it, read from its figure.

The figure that a page draws is the only source, so a native chart cannot hold another number. Annotations and
shapes of a figure are left behind: the title and the sentences beside the chart say them. A figure that no
native chart can show gives None, and so does one without a point: the sentences say why, and its table stands
in for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from dashboard.figures import theme
from dashboard.figures.chart import Chart
from dashboard.packs.contents.page import Page, Table
from dashboard.packs.office.plot_bars import floating, lying, upright
from dashboard.packs.office.plot_points import points
from dashboard.packs.office.series import (
    Look,
    Plot,
    Series,
    label_format,
    look_of,
    named_apart,
    number_format,
    round_ends,
)
from rtt.spc.reading import WORDS


def plot_of(chart: Chart) -> Plot | None:
    """The native chart of a figure; None where there is none, or nothing to draw in it."""
    plot = _plot_of(chart)
    return plot if plot and _shows_something(plot) else None


def _shows_something(plot: Plot) -> bool:
    # What lies over bars is no chart without them.
    own = [each for each in plot.series if not each.line]
    return bool(own) and any(value is not None for each in plot.series for value in each.values)


def _plot_of(chart: Chart) -> Plot | None:
    layout, traces = chart.figure["layout"], [each for each in chart.figure["data"] if not _is_echo(each)]
    drawn = [each for each in traces if each["type"] in ("bar", "scatter")]
    if not drawn:
        return None
    measure = chart.columns[min(1, len(chart.columns) - 1)]
    if any("base" in each for each in drawn):
        return floating(chart, drawn, layout)
    if any(each.get("orientation") == "h" for each in drawn):
        return lying(chart, drawn, layout, measure)
    if any(each["type"] == "bar" for each in drawn):
        return upright(chart, drawn, layout, measure)
    if layout["xaxis"].get("type") != "date":
        return points(drawn, layout, measure)
    return _over_time(drawn, layout, measure)


def tables_of(page: Page) -> tuple[Table, ...]:
    """The tables of a page; that of its chart among them where the chart is not native."""
    if page.chart is None or plot_of(page.chart):
        return page.tables
    chart = page.chart
    return (Table(f"{chart.title}: the chart as a table", chart.columns, chart.rows), *page.tables)


def _is_echo(trace: dict[str, Any]) -> bool:
    # The last point again, larger.
    return trace["type"] == "scatter" and len(trace.get("x", ())) == 1 and trace.get("hoverinfo") == "skip"


def _over_time(traces: Sequence[dict[str, Any]], layout: dict[str, Any], measure: str) -> Plot:
    """Lines and points over dates; a filled band is its two ends."""
    lines = [part for trace in traces for part in _by_mark(trace) if not _is_band(part)]
    lines = [part for part in lines if any(y is not None for y in part["y"])]
    at = sorted({x for trace in traces for x in trace["x"] if x is not None})
    series = [
        *_ends_of_bands([each for each in traces if _is_band(each)], at),
        *(_series(part, at, measure) for part in lines),
    ]
    low, high, step = round_ends(layout["yaxis"])
    return Plot(
        kind="dates",
        categories=tuple(date.fromisoformat(x) for x in at),
        series=tuple(named_apart(series)),
        number_format=(shown := number_format(layout["yaxis"])),
        low=low,
        high=high,
        step=step,
        label=label_format(layout, shown),
    )


def _is_band(trace: dict[str, Any]) -> bool:
    return trace.get("fill") == "toself"


def _ends_of_bands(bands: Sequence[dict[str, Any]], at: Sequence[str]) -> Iterator[Series]:
    """Two lines for all bands of a name: their upper ends, drawn first to last, and the lower, drawn back."""
    for name in dict.fromkeys(each["name"] for each in bands):
        upper: dict[str, float] = {}
        lower: dict[str, float] = {}
        alike = [each for each in bands if each["name"] == name]
        for band in alike:
            half = len(band["x"]) // 2
            upper |= dict(zip(band["x"][:half], band["y"][:half], strict=True))
            lower |= dict(zip(band["x"][half:], band["y"][half:], strict=True))
        look = replace(look_of(alike[0]), width=1.5)
        yield Series(name, tuple(upper.get(x) for x in at), look)
        yield Series(f"{name}, lower end", tuple(lower.get(x) for x in at), look, in_key=False)


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


def _series(trace: dict[str, Any], at: Sequence[str], measure: str) -> Series:
    values = {x: y for x, y in zip(trace["x"], trace["y"], strict=True) if x is not None}
    ends = sorted(values)
    if trace.get("mode") == "lines" and len(ends) == 2 and values[ends[0]] == values[ends[1]]:
        # A line given by its two ends has a value at every date between them, so that it is drawn through.
        values.update({x: values[ends[0]] for x in at if ends[0] <= x <= ends[1]})
    return Series(trace.get("name") or measure, tuple(values.get(x) for x in at), _look(trace))


def _look(trace: dict[str, Any]) -> Look:
    """The look of a line; marks that are white with an edge are hollow."""
    look, edge = look_of(trace), trace.get("marker", {}).get("line", {}).get("color")
    if look.marker and edge and trace["marker"].get("color") == theme.CARD:
        return replace(look, marker=f"{look.marker}-open")
    return look
