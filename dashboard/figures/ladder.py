"""The ladder: who passes a threshold, by whether they have a date; and in which week they pass.

Bars from zero. The states stand one below the other with their counts; a week's bar says how many of it have
no date by a darker foot. What is not shown to the reader is not drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.figures import theme
from dashboard.figures.chart import Chart

ROW = 44
HEIGHT_OF_WEEKS = 280


@dataclass(frozen=True, slots=True)
class Rung:
    """A state of those who pass: its count (None: not shown), as printed, its share, where it leads."""

    name: str
    count: float | None
    shown: str
    share: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class WeekBar:
    """A week of passing: its last day, those who pass, those of them not booked; None: not shown or known."""

    name: str
    count: float | None
    shown: str
    unbooked: float | None = None
    cells: tuple[str, ...] = ()  # further cells of its row
    href: str = ""


def ladder_chart(rungs: Sequence[Rung], *, title: str, caption: str) -> Chart:
    """The states of those who pass."""
    high = max((rung.count or 0.0 for rung in rungs), default=0.0) or 1.0
    figure = {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": list(range(len(rungs))),
                "x": [rung.count for rung in rungs],
                "width": 0.42,
                "offset": 0.02,
                "text": [f"{rung.name}: {rung.shown}" for rung in rungs],
                "textposition": "none",
                "hovertemplate": "%{text}<extra></extra>",
                "customdata": [rung.href for rung in rungs],
                "marker": {"color": theme.BAR},
            }
        ],
        "layout": theme.rows_of_bars(
            xaxis=theme.value_axis(range=[0, high * 1.02], tickformat=",d", automargin=True),
            yaxis=theme.axis(
                range=[len(rungs) - 0.4, -0.6], showticklabels=False, ticks="", linecolor=theme.CARD
            ),
            annotations=[
                theme.text_at(
                    0, row, f"{rung.name}  <b>{rung.shown}</b>", xanchor="left", bgcolor="rgba(0,0,0,0)"
                )
                for row, rung in enumerate(rungs)
            ],
            margin={"l": 12, "r": 16, "t": 4, "b": 36},
        ),
    }
    said = "; ".join(f"{rung.name.lower()} {rung.shown}" for rung in rungs)
    return Chart(
        figure=figure,
        title=title,
        caption=caption,
        alt=f"Bar chart of those who pass by whether they have a date: {said}.",
        columns=("State", "Pathways", "Share"),
        rows=tuple((rung.name, rung.shown, rung.share) for rung in rungs),
        hrefs=tuple(rung.href for rung in rungs) if any(rung.href for rung in rungs) else (),
    )


def height(rungs: Sequence[Rung]) -> int:
    """Pixels that the states need."""
    return 48 + ROW * len(rungs)


def weeks_chart(weeks: Sequence[WeekBar], *, title: str, caption: str, columns: Sequence[str]) -> Chart:
    """Those who pass in each week; `columns` head the table."""
    split = any(week.unbooked is not None for week in weeks)
    high = max((week.count or 0.0 for week in weeks), default=0.0) * 1.15 or 1.0
    data = [_bars(weeks, [week.count for week in weeks], theme.PALE_BLUE if split else theme.BAR, columns[1])]
    if split:
        data.append(_bars(weeks, [week.unbooked for week in weeks], theme.BLUE, "Not booked"))
    key = [theme.text_at(1, 1, "Dark foot: not booked", xref="paper", yref="paper")] if split else []
    every = max(1, -(-len(weeks) // 5))
    return Chart(
        figure={
            "data": data,
            "layout": theme.layout(
                hovermode="x",
                barmode="overlay",
                bargap=0.25,
                xaxis=theme.axis(
                    tickvals=list(range(0, len(weeks), every)),
                    ticktext=[_two_lines(weeks[at].name) for at in range(0, len(weeks), every)],
                    range=[-0.7, len(weeks) - 0.3],
                ),
                yaxis=theme.value_axis(range=[0, high], tickformat=theme.count_format(0, high)),
                annotations=key,
                margin={"l": 56, "r": 20, "t": 28, "b": 48},
            ),
        },
        title=title,
        caption=caption,
        alt="Bar chart of those who pass by week: "
        + "; ".join(f"week to {week.name} {week.shown}" for week in weeks)
        + ".",
        columns=tuple(columns),
        rows=tuple((week.name, week.shown, *week.cells) for week in weeks),
        hrefs=tuple(week.href for week in weeks) if any(week.href for week in weeks) else (),
    )


def _bars(weeks: Sequence[WeekBar], values: Sequence[float | None], colour: str, name: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": list(range(len(weeks))),
        "y": list(values),
        "text": [f"Week to {week.name}: {week.shown}" for week in weeks],
        "customdata": [week.href for week in weeks],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"color": colour, "line": {"color": theme.BLUE, "width": 1}},
        "name": name,
    }


def _two_lines(day: str) -> str:
    """ "13 Dec 2026" over two lines, so that labels stay apart on a phone."""
    words = day.rsplit(" ", 1)
    return "<br>".join(words)
