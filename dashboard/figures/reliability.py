"""How often the intervals of past forecasts held, by month: errors of one month are shared, so it swings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dashboard.figures import theme
from dashboard.figures.census_axis import census_axis
from dashboard.figures.chart import Chart
from dashboard.store.forecasts import BackTest
from rtt.forecast.monthly.forecast_words import NAMES
from rtt.forecast.score.words import COVERAGE_WORDS
from rtt.terms.wording import date_text, number_text, plural, share_text

NOMINAL = 0.8


def _swing(lines: Sequence[BackTest], units: str) -> str:
    if max(line.n for line in lines) == 1:
        return "There is one a month, which either lay inside or did not."
    held = [line.held[1] for line in lines]
    return (
        f"Errors of one month are shared by all {units}, so it swings by month: between "
        f"{share_text(min(held))} and {share_text(max(held))}."
    )


def reliability_chart(lines: Sequence[BackTest], *, horizon: int, units: str) -> Chart:
    """The share of 80 % intervals that held by month forecast; `lines`, one or more, are of one measure."""
    months = [line.target for line in lines if line.target is not None]
    name = NAMES[lines[0].measure].lower()
    held = [line.held[1] for line in lines]
    whole = sum(line.n * line.held[1] for line in lines) / sum(line.n for line in lines)
    return Chart(
        figure=_figure(lines, months),
        title=f"How often the 80% interval held, {plural(horizon, 'month')} ahead",
        caption=(
            f"{share_text(whole)} of {number_text(sum(line.n for line in lines))} back-tested forecasts of "
            f"{name} lay inside; 80% is meant. {_swing(lines, units)}"
        ),
        alt=(
            f"Dot chart of the share of 80% intervals that held for {name}, by month from "
            f"{date_text(months[0])} to {date_text(months[-1])}, between "
            f"{share_text(min(held))} and {share_text(max(held))}, with a line at 80%. "
            "The same figures stand in the table below the chart."
        ),
        columns=("Month forecast", "Forecasts", *(f"{words} interval held" for words in COVERAGE_WORDS)),
        rows=tuple(
            (date_text(month), number_text(line.n), *(share_text(each) for each in line.held))
            for month, line in reversed(list(zip(months, lines, strict=True)))
        ),
    )


def _figure(lines: Sequence[BackTest], months: Sequence[date]) -> dict[str, Any]:
    days = [month.isoformat() for month in months]
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "x": [days[0], days[-1]],
                "y": [NOMINAL, NOMINAL],
                "line": {"color": theme.TEXT, "width": 2, "dash": "dot"},
                "hoverinfo": "skip",
                "name": "80% is meant",
            },
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": days,
                "y": [line.held[1] for line in lines],
                "text": [share_text(line.held[1]) for line in lines],
                "hovertemplate": "%{x|%d %b %Y}: %{text} held<extra></extra>",
                "line": {"color": theme.PALE_BLUE, "width": 2},
                "marker": {"size": 9, "color": theme.BLUE},
                "name": "80% intervals that held",
            },
        ],
        "layout": theme.layout(
            xaxis=census_axis(months),
            yaxis=theme.value_axis(tickformat=".0%", range=[0, 1.05]),
            annotations=[theme.text_at(days[-1], NOMINAL, "80% is meant", yanchor="top", yshift=-3)],
            margin={"l": 56, "r": 20, "t": 20, "b": 48},
        ),
    }
