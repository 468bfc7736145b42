"""Points over a scale, such as a funnel: every series has places of its own, and words at its points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.packs.office.series import Plot, Series, look_of, named_apart, number_format, round_ends


def points(traces: Sequence[dict[str, Any]], layout: dict[str, Any], measure: str) -> Plot:
    """The plot; a scale of powers of ten stays one."""
    low, high, step = round_ends(layout["yaxis"])
    return Plot(
        kind="points",
        categories=(),
        series=tuple(named_apart(_series(trace, measure) for trace in traces)),
        number_format=number_format(layout["yaxis"]),
        low=low,
        high=high,
        step=step,
        log=layout["xaxis"].get("type") == "log",
    )


def _series(trace: dict[str, Any], measure: str) -> Series:
    there = [row for row, y in enumerate(trace["y"]) if y is not None]
    labelled = "text" in trace.get("mode", "")
    return Series(
        trace.get("name") or measure,
        tuple(trace["y"][row] for row in there),
        look_of(trace),
        at=tuple(trace["x"][row] for row in there),
        labels=tuple(trace["text"][row] for row in there) if labelled else (),
    )
