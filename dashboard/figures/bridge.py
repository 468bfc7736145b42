"""A bridge from one list to the next: what joined, what left, and the list that is left over.

The two lists are far larger than what moves between them, so the bars of the steps float on an axis that does
not begin at zero; the lists themselves are lines with their numbers, never bars cut short.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.figures import theme
from dashboard.figures.chart import Chart

ROW = 44


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the list: negative where pathways leave; None: not shown to this reader."""

    name: str
    change: float | None
    shown: str


def bridge_chart(
    before: tuple[str, float, str],
    after: tuple[str, float, str],
    steps: Sequence[Step],
    *,
    title: str,
    caption: str,
) -> Chart:
    """From `before` to `after`, each a name, a number and the number as printed."""
    rows = [before[0], *(step.name for step in steps), after[0]]
    shown = [before[2], *(step.shown for step in steps), after[2]]
    levels = _levels(before[1], steps)
    low, high = _range([before[1], after[1], *levels])
    return Chart(
        figure={
            "data": [_bars(steps, levels), *_lists(before[1], after[1], len(rows))],
            "layout": theme.layout(
                xaxis=theme.value_axis(range=[low, high], tickformat=",d", automargin=True),
                yaxis=theme.axis(
                    range=[len(rows) - 0.4, -0.6], showticklabels=False, ticks="", linecolor=theme.CARD
                ),
                annotations=[
                    theme.text_at(low, row, f"{name}  <b>{text}</b>", xanchor="left", bgcolor="rgba(0,0,0,0)")
                    for row, (name, text) in enumerate(zip(rows, shown, strict=True))
                ],
                margin={"l": 12, "r": 16, "t": 4, "b": 36},
            ),
        },
        title=title,
        caption=caption,
        alt="Bridge chart: "
        + "; ".join(f"{name} {text}" for name, text in zip(rows, shown, strict=True))
        + ".",
        columns=("Step", "Pathways"),
        rows=tuple(zip(rows, shown, strict=True)),
    )


def height(steps: Sequence[Step]) -> int:
    """Pixels that the bridge needs."""
    return 48 + ROW * (len(steps) + 2)


def _levels(start: float, steps: Sequence[Step]) -> list[float]:
    """The list after each step; a step that is not shown draws nothing and changes nothing."""
    levels = []
    for step in steps:
        start += step.change or 0.0
        levels.append(start)
    return levels


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = max((high - low) * 0.08, 1.0)
    return low - room, high + room


def _bars(steps: Sequence[Step], levels: Sequence[float]) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(range(1, len(steps) + 1)),
        "base": [level - (step.change or 0.0) for step, level in zip(steps, levels, strict=True)],
        "x": [step.change for step in steps],
        "width": 0.42,
        "offset": 0.02,
        "text": [f"{step.name}: {step.shown}" for step in steps],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"color": theme.BAR},
        "name": "Change",
    }


def _lists(before: float, after: float, rows: int) -> list[dict[str, Any]]:
    """The two lists: a short thick line each."""
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [level, level],
            "y": [row + 0.02, row + 0.44],
            "line": {"color": theme.TEXT, "width": 4},
            "hoverinfo": "skip",
            "name": "The list",
        }
        for level, row in ((before, 0), (after, rows - 1))
    ]
