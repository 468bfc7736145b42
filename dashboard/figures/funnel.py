"""Two funnels: units by size between their limits, and a trust's specialties against their national figures.

Units too few for limits stand without them, each with its label.

Points outside the limits have a shape of their own and a label; those within are alike on purpose, and are
not ordered. The unit the reader has chosen is a diamond. Limits and positions come from
`rtt.benchmark.funnel`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any

import numpy as np

from dashboard.figures import theme
from dashboard.figures.chart import Chart
from rtt.benchmark.benchmark_words import NOT_PLACED, POSITIONS, difference_text, points_text
from rtt.benchmark.funnel import DifferenceFunnel, Funnel, funnel_limits
from rtt.terms.arrays import Floats
from rtt.terms.wording import number_text, share_text

ROW = 40
_MARKERS = {1: ("triangle-up", 11), -1: ("triangle-down", 11), 0: ("circle", 7)}
_CURVE_POINTS = 60


@dataclass(frozen=True, slots=True)
class Unit:
    """A point: its label if it is outside, its name in the table, its size, and where it leads."""

    label: str
    name: str
    size: float
    href: str
    chosen: bool = False
    others: tuple[str, ...] = ()  # further cells of its row


def funnel_chart(
    units: Sequence[Unit],
    funnel: Funnel,
    *,
    title: str,
    caption: str,
    measure: str,
    heads: Sequence[str] = (),
) -> Chart:
    """Rate against size; `heads` name the further cells of the rows. Limits of nan are not drawn."""
    sizes = np.array([unit.size for unit in units])
    limited = _is_limited(funnel)
    return Chart(
        figure={
            "data": [*_curves(sizes, funnel), *_points(units, funnel, sizes)],
            "layout": _funnel_layout(sizes, funnel),
        },
        title=title,
        caption=caption,
        alt=f"{'Funnel plot' if limited else 'Plot'} of {measure.lower()} by number of pathways. {title}. "
        f"{caption} The same figures stand in the table below the chart.",
        columns=("Provider", "Pathways", measure, *(("Limits", "Position") if limited else ()), *heads),
        rows=tuple(
            (
                unit.name,
                number_text(unit.size),
                share_text(float(funnel.rate[row])),
                *(_place(funnel, row) if limited else ()),
                *unit.others,
            )
            for row, unit in enumerate(units)
        ),
        hrefs=tuple(unit.href for unit in units),
    )


def _is_limited(funnel: Funnel) -> bool:
    return not bool(np.isnan(funnel.lower).all())


def _place(funnel: Funnel, row: int) -> tuple[str, str]:
    limits = f"{share_text(float(funnel.lower[row]))} to {share_text(float(funnel.upper[row]))}"
    return limits, POSITIONS[int(funnel.side[row])]


def _curves(sizes: Floats, funnel: Funnel) -> list[dict[str, Any]]:
    grid = np.geomspace(max(sizes.min(), 1.0) * 0.9, sizes.max() * 1.1, _CURVE_POINTS)
    together = _line(grid, np.full_like(grid, funnel.target), "solid", "All together")
    if not _is_limited(funnel):
        return [together]
    lower, upper = funnel_limits(
        grid, target=funnel.target, tau_squared=funnel.tau_squared, level=funnel.level
    )
    return [
        together,
        _line(grid, lower, "dash", f"{funnel.level:g}% limit, lower"),
        _line(grid, upper, "dash", f"{funnel.level:g}% limit, upper"),
    ]


def _line(x: Floats, y: Floats, dash: str, name: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x.tolist(),
        "y": y.tolist(),
        "line": {"color": theme.SECONDARY, "width": 1.5, "dash": dash},
        "hoverinfo": "skip",
        "name": name,
    }


def _points(units: Sequence[Unit], funnel: Funnel, sizes: Floats) -> list[dict[str, Any]]:
    """One trace for each kind of point; the chosen one is drawn last, on top."""
    rate, limited = funnel.rate, _is_limited(funnel)
    traces = []
    for which, (symbol, width) in sorted(_MARKERS.items(), key=lambda item: abs(item[0])):
        rows = [row for row, unit in enumerate(units) if funnel.side[row] == which and not unit.chosen]
        colour = theme.BLUE if which else theme.GREY
        trace = _trace(units, rate, sizes, rows, (symbol, width, colour), labelled=which != 0 or not limited)
        traces.append(trace | {"name": POSITIONS[which] if limited else "Providers"})
    chosen = [row for row, unit in enumerate(units) if unit.chosen]
    trace = _trace(units, rate, sizes, chosen, ("diamond", 14, theme.PURPLE), labelled=True)
    traces.append(trace | {"name": "The one chosen"})
    return [trace for trace in traces if trace["x"]]


def _trace(
    units: Sequence[Unit],
    rate: Floats,
    sizes: Floats,
    rows: Sequence[int],
    marker: tuple[str, int, str],
    *,
    labelled: bool,
) -> dict[str, Any]:
    symbol, width, colour = marker
    return {
        "type": "scatter",
        "mode": "markers+text" if labelled else "markers",
        "x": [float(sizes[row]) for row in rows],
        "y": [float(rate[row]) for row in rows],
        "text": [units[row].label for row in rows],
        "textposition": "bottom center" if symbol == "triangle-down" else "top center",
        "textfont": {"size": 12, "color": theme.TEXT},
        "hovertext": [
            f"{units[row].name}: {share_text(float(rate[row]))} of {number_text(float(sizes[row]))}"
            for row in rows
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": [units[row].href for row in rows],
        "marker": {"symbol": symbol, "size": width, "color": colour, "line": {"width": 0}},
        "cliponaxis": False,
    }


def _funnel_layout(sizes: Floats, funnel: Funnel) -> dict[str, Any]:
    low, high = log10(max(sizes.min(), 1.0) * 0.85), log10(sizes.max() * 1.2)
    ticks = [10.0**power for power in range(floor(low), floor(high) + 1) if low <= power <= high]
    values = funnel.rate[~np.isnan(funnel.rate)]
    bottom, top = float(values.min()), float(values.max())
    room = max(top - bottom, 0.02) * 0.12
    dashed = f"Dashed: {funnel.level:g}% limits"
    return theme.layout(
        xaxis=theme.axis(
            type="log",
            range=[low, high],
            tickvals=ticks,
            ticktext=[number_text(tick) for tick in ticks],
            title={"text": "Pathways (each step ten times as many)", "standoff": 4, "font": {"size": 14}},
        ),
        yaxis=theme.value_axis(
            range=[max(0.0, bottom - room), min(1.02, top + room)],
            tickformat=theme.share_format(bottom, top),
        ),
        annotations=[
            theme.text_at(
                0, funnel.target, f"Together {share_text(funnel.target)}", xref="paper", xanchor="left"
            ),
            *(
                [theme.text_at(1, 1, dashed, xref="paper", yref="paper", yshift=4)]
                if _is_limited(funnel)
                else []
            ),
        ],
        margin={"l": 56, "r": 22, "t": 30, "b": 52},
    )


def difference_chart(
    units: Sequence[Unit], funnel: DifferenceFunnel, *, title: str, caption: str, measure: str
) -> Chart:
    """A row for each specialty: its difference from its own national figure, between its own limits."""
    return Chart(
        figure={
            "data": _differences(units, funnel),
            "layout": _difference_layout(units, funnel),
        },
        title=title,
        caption=caption,
        alt=f"Chart of {measure.lower()} by specialty, less the national figure of the same specialty. "
        f"{title}. {caption} The same figures stand in the table below the chart.",
        columns=("Specialty", "Pathways", measure, "National", "Difference", "Limits", "Position"),
        rows=tuple(_difference_row(unit, funnel, row) for row, unit in enumerate(units)),
        hrefs=tuple(unit.href for unit in units),
    )


def difference_height(units: Sequence[Unit]) -> int:
    """Pixels that the rows need."""
    return 76 + ROW * len(units)


def _difference_row(unit: Unit, funnel: DifferenceFunnel, row: int) -> tuple[str, ...]:
    lower, upper = float(funnel.lower[row]), float(funnel.upper[row])
    if np.isnan(funnel.difference[row]) or np.isnan(lower):
        return (unit.name, number_text(unit.size), *["–"] * 4, NOT_PLACED)
    return (
        unit.name,
        number_text(unit.size),
        share_text(float(funnel.rate[row])),
        share_text(float(funnel.national[row])),
        difference_text(float(funnel.rate[row]), float(funnel.national[row])),
        f"{points_text(lower)} to {points_text(upper)}",
        POSITIONS[int(funnel.side[row])],
    )


def _differences(units: Sequence[Unit], funnel: DifferenceFunnel) -> list[dict[str, Any]]:
    limits = {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(units))),
        "base": (100 * funnel.lower).tolist(),
        "x": (100 * (funnel.upper - funnel.lower)).tolist(),
        "width": 0.3,
        "offset": 0.02,
        "marker": {"color": theme.PAGE, "line": {"color": theme.SECONDARY, "width": 1}},
        # "skip" would also skip a press on it.
        "hoverinfo": "none",
        "name": "Limits",
        "customdata": [unit.href for unit in units],
    }
    traces = [limits]
    for which, (symbol, width) in _MARKERS.items():
        rows = [row for row in range(len(units)) if funnel.side[row] == which]
        if rows:
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "y": [row + 0.17 for row in rows],
                    "x": [100 * float(funnel.difference[row]) for row in rows],
                    "hovertext": [
                        f"{units[row].name}: "
                        f"{difference_text(float(funnel.rate[row]), float(funnel.national[row]))}"
                        for row in rows
                    ],
                    "hovertemplate": "%{hovertext}<extra></extra>",
                    "customdata": [units[row].href for row in rows],
                    "marker": {
                        "symbol": symbol.replace("triangle-up", "triangle-right").replace(
                            "triangle-down", "triangle-left"
                        ),
                        "size": width + 2,
                        "color": theme.BLUE if which else theme.GREY,
                    },
                    "cliponaxis": False,
                    "name": POSITIONS[which],
                }
            )
    return traces


def _difference_layout(units: Sequence[Unit], funnel: DifferenceFunnel) -> dict[str, Any]:
    ends = np.concatenate([funnel.difference, funnel.lower, funnel.upper])
    reach = 100 * max(float(np.nanmax(np.abs(ends))), 0.01) * 1.08
    outside = {row for row in range(len(units)) if funnel.side[row]}
    return theme.rows_of_bars(
        xaxis=theme.value_axis(
            range=[-reach, reach],
            tickformat="d" if reach > 5 else ".1f",
            automargin=True,
            title={"text": "Points from the national figure", "standoff": 4, "font": {"size": 14}},
        ),
        yaxis=theme.axis(
            range=[len(units) - 0.4, -0.6], showticklabels=False, ticks="", linecolor=theme.CARD
        ),
        shapes=[
            {
                "type": "line",
                "x0": 0,
                "x1": 0,
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "line": {"color": theme.TEXT, "width": 1.5},
                "layer": "below",
            },
            *(theme.row_band(row) for row, unit in enumerate(units) if unit.chosen),
        ],
        annotations=[
            theme.text_at(
                0,
                row,
                ("Chosen: " if unit.chosen else "")
                + (f"<b>{unit.label}</b>" if row in outside else unit.label),
                xref="paper",
                xanchor="left",
                yshift=1,
                bgcolor="rgba(0,0,0,0)",
            )
            for row, unit in enumerate(units)
        ],
        margin={"l": 12, "r": 16, "t": 8, "b": 52},
    )
