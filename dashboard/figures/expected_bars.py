"""What can be expected of each specialty beside the count at risk: a ring with its interval, over a grey bar.

The bar is counted, the ring expected: word and shape tell them apart. What is not shown to the reader is not
drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.figures import theme
from dashboard.figures.chart import Chart

ROW = 44
BAR, OFFSET = 0.42, 0.02


@dataclass(frozen=True, slots=True)
class Expectation:
    """A specialty: its figure with the 80 % interval, its count (None: not shown), both as printed."""

    name: str
    expected: tuple[float, float, float] | None  # value, low, high
    said: str
    interval: str
    count: float | None
    counted: str
    href: str = ""

    @property
    def with_interval(self) -> str:
        """ "120 (100 to 141)"."""
        return f"{self.said} ({self.interval})" if self.interval else self.said


def expected_chart(rows: Sequence[Expectation], *, title: str, caption: str, weeks: int, by: str) -> Chart:
    """The chart; `by` is the day of the horizon in words."""
    said = "; ".join(f"{row.name} {row.with_interval} of {row.counted}" for row in rows)
    return Chart(
        figure={"data": [_counts(rows), _expected(rows)], "layout": _layout(rows)},
        title=title,
        caption=caption,
        alt=(
            f"Bar chart of those expected to pass {weeks} weeks by {by}, with 80% intervals, of the count at "
            f"risk, by specialty: {said}. The same figures stand in the table below the chart."
        ),
        columns=("Specialty", f"Expected to pass {weeks} weeks", "80% interval", "Count at risk"),
        rows=tuple((row.name, row.said, row.interval, row.counted) for row in rows),
        hrefs=tuple(row.href for row in rows),
    )


def height(rows: Sequence[Expectation]) -> int:
    """Pixels that the rows need."""
    return 56 + ROW * len(rows)


def _counts(rows: Sequence[Expectation]) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(rows))),
        "x": [row.count for row in rows],
        "width": BAR,
        "offset": OFFSET,
        "text": [f"{row.name}: {row.counted} at risk, counted" for row in rows],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
        "customdata": [row.href for row in rows],
        "marker": {"color": theme.GRID, "line": {"color": theme.GREY, "width": 1}},
    }


def _expected(rows: Sequence[Expectation]) -> dict[str, Any]:
    drawn = [row.expected or (None, None, None) for row in rows]
    above = [None if value is None or high is None else high - value for value, _, high in drawn]
    below = [None if value is None or low is None else value - low for value, low, _ in drawn]
    return {
        "type": "scatter",
        "mode": "markers",
        "y": [row + OFFSET + BAR / 2 for row in range(len(rows))],
        "x": [value for value, _, _ in drawn],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": above,
            "arrayminus": below,
            "color": theme.BLUE,
            "thickness": 3,
            "width": 6,
        },
        "text": [f"{row.name}: {row.with_interval} expected" for row in rows],
        "hovertemplate": "%{text}<extra></extra>",
        "customdata": [row.href for row in rows],
        "marker": {"size": 11, "color": theme.CARD, "line": {"color": theme.BLUE, "width": 3}},
    }


def _layout(rows: Sequence[Expectation]) -> dict[str, Any]:
    ends = [row.count or 0.0 for row in rows] + [row.expected[2] for row in rows if row.expected]
    high = max(ends, default=0.0) or 1.0
    return theme.rows_of_bars(
        xaxis=theme.value_axis(range=[0, high * 1.03], tickformat=",d", rangemode="tozero", automargin=True),
        yaxis=theme.axis(range=[len(rows) - 0.4, -0.6], showticklabels=False, ticks="", linecolor=theme.CARD),
        annotations=[
            theme.text_at(
                0,
                row,
                f"{each.name}  <b>{each.with_interval}</b> of {each.counted}",
                xanchor="left",
                bgcolor="rgba(0,0,0,0)",
            )
            for row, each in enumerate(rows)
        ],
        margin={"l": 12, "r": 16, "t": 4, "b": 36},
    )
