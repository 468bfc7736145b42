"""Bars as an office program draws them: lying, upright with lines over them, and floating ones.

A floating bar is a stack whose foot is not seen. Offices have no marks over lying bars, so floating bars
stand upright, one beside the other in the order of the rows; what lies below zero needs no foot.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from dashboard.figures import theme
from dashboard.figures.chart import Chart
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
from rtt.terms.wording import MINUS

FOOT = "Foot of the bars (not shown)"
ADDED, TAKEN = "Added", "Taken off"
MOST_LABELLED = 14
"""Bars upright that have room for a number each."""

Trace = dict[str, Any]


def lying(chart: Chart, traces: Sequence[Trace], layout: dict[str, Any], measure: str) -> Plot | None:
    """Bars lying, named by the rows of the table: the figure has their names above them."""
    traces = [trace for trace in traces if trace["type"] == "bar"]
    length = len(traces[0]["x"])
    if len(chart.rows) < length or any(len(trace["x"]) != length for trace in traces):
        return None
    shown = number_format(layout["xaxis"])
    labels = label_format(layout, shown) if len(traces) == 1 else ""
    series = [
        Series(trace.get("name") or measure, tuple(trace["x"]), Look(_colour(trace)), shown=labels)
        for trace in traces
    ]
    names = _names(chart, [series[0].values[row] for row in range(length)])
    return Plot("bars", names, tuple(named_apart(series)), shown, 0.0, None)


def upright(chart: Chart, traces: Sequence[Trace], layout: dict[str, Any], measure: str) -> Plot | None:
    """Bars upright, with lines drawn over them."""
    bars = [trace for trace in traces if trace["type"] == "bar"]
    length = len(bars[0]["x"])
    if any(len(trace["y"]) != length for trace in traces):
        return None
    shown = number_format(layout["yaxis"])
    labels = label_format(layout, shown) if len(traces) == 1 and length <= MOST_LABELLED else ""
    series = [
        Series(
            trace.get("name") or measure,
            tuple(trace["y"]),
            Look(_colour(trace)) if trace["type"] == "bar" else look_of(trace),
            line=trace["type"] != "bar",
            shown=labels,
        )
        for trace in traces
    ]
    if len(chart.rows) == length:
        names = (
            _names(chart, series[0].values)
            if length <= MOST_LABELLED
            else tuple(row[0] for row in chart.rows)
        )
    else:
        names = tuple(str(x) for x in bars[0]["x"])
    return Plot("columns", names, tuple(named_apart(series)), shown, 0.0, None)


def _names(chart: Chart, values: Sequence[float | None]) -> tuple[str, ...]:
    """The rows by name; one that draws nothing says what the table has instead: "under 8"."""
    rows = zip(chart.rows, values, strict=False)
    return tuple(f"{row[0]}: {row[1]}" if value is None else row[0] for row, value in rows)


def floating(chart: Chart, traces: Sequence[Trace], layout: dict[str, Any]) -> Plot | None:
    """Bars between two numbers, one for each row of the table or for some, and marks at single numbers."""
    bars = [trace for trace in traces if trace["type"] == "bar"]
    if len(bars) != 1 or bars[0].get("orientation") != "h" or any("y" not in trace for trace in traces):
        return None
    length, shown = len(chart.rows), number_format(layout["xaxis"])
    stacks = _stacks(bars[0], length, shown)
    marks = list(_marks([trace for trace in traces if trace["type"] != "bar"], length, shown))
    if len(marks) == 1:
        # The only kind of mark beside the bars: its number stands at it.
        marks = [replace(marks[0], shown=shown)]
    drawn = [[series.values[row] for series in (*stacks, *marks)] for row in range(length)]
    first = [None if all(value is None for value in values) else 0.0 for values in drawn]
    low, high, step = round_ends(layout["xaxis"])
    return Plot("stacked", _names(chart, first), (*stacks, *marks), shown, low, high, step)


def _stacks(trace: Trace, length: int, shown: str) -> list[Series]:
    """The foot and what stands on it, above zero and below it, each by itself; those of nothing left out."""
    ends: list[tuple[float, float] | None] = [None] * length
    for row, base, change in zip(trace["y"], trace["base"], trace["x"], strict=True):
        known = change is not None and change == change
        ends[int(row)] = (float(base), float(base) + float(change)) if known else None
    name, look = trace.get("name") or "Bars", Look(_colour(trace))
    if any(pair and pair[1] < pair[0] for pair in ends):
        return _rising_and_falling(ends, shown)
    # The palest bar has an edge on the page; without it, it would be lost on white.
    look = replace(look, colour=theme.GRID) if look.colour == theme.PAGE else look
    feet = {1: (lambda low, high: max(low, 0.0)), -1: (lambda low, high: min(high, 0.0))}
    bars = {
        1: (lambda low, high: max(high, 0.0) - max(low, 0.0)),
        -1: (lambda low, high: min(low, 0.0) - min(high, 0.0)),
    }
    found: list[Series] = []
    for side, words in ((-1, "below zero"), (1, "above zero")):
        foot, values = _each(ends, feet[side]), _each(ends, bars[side])
        if any(foot):
            found.append(Series(f"{FOOT}, {words}", foot, Look(theme.CARD, unseen=True), in_key=False))
        if any(values):
            # One look, so one entry in the key.
            second = any(each.in_key for each in found)
            found.append(Series(f"{name}, {words}" if second else name, values, look, in_key=not second))
    return found


def _each(ends: Sequence[tuple[float, float] | None], of: Any) -> tuple[float | None, ...]:
    return tuple(None if pair is None else of(*pair) for pair in ends)


def _rising_and_falling(ends: Sequence[tuple[float, float] | None], shown: str) -> list[Series]:
    """Steps: those that add and those that take off differ in colour, and in the sign of their number."""
    foot = _each(ends, min)
    added = tuple(None if pair is None or pair[1] < pair[0] else pair[1] - pair[0] for pair in ends)
    taken = tuple(None if pair is None or pair[1] >= pair[0] else pair[0] - pair[1] for pair in ends)
    return [
        Series(FOOT, foot, Look(theme.CARD, unseen=True), in_key=False),
        # Pale or hollow, so that a number can be read on them.
        Series(ADDED, added, Look(theme.PALE_BLUE), shown=f"+{shown}"),
        # A bar has no length below nothing: the format gives the number its sign.
        Series(TAKEN, taken, Look(theme.ORANGE, fill=False), shown=f"{MINUS}{shown}"),
    ]


def _marks(traces: Sequence[Trace], length: int, shown: str) -> Iterator[Series]:
    """Marks by name: a short thick line across a row is one, and so is a point in it."""
    for name in dict.fromkeys(trace.get("name") or "" for trace in traces):
        values: list[float | None] = [None] * length
        alike = [trace for trace in traces if (trace.get("name") or "") == name]
        for trace in alike:
            for row, x in zip(trace["y"], trace["x"], strict=True):
                values[int(row)] = None if x is None else float(x)
        look = look_of(alike[0])
        if not look.marker:
            look = Look(look.colour, marker="line", size=20)
        yield Series(name or "Marks", tuple(values), replace(look, width=0.0), line=True)


def _colour(trace: Trace) -> str:
    colour = trace.get("marker", {}).get("color")
    return colour if isinstance(colour, str) else theme.BAR
