"""A trust's specialties, each less its own national figure, between its own limits.

Limits and positions come from `rtt.benchmark.funnel`; shapes are those of `figures.funnel`.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from dashboard.figures import theme
from dashboard.figures.chart import Chart
from dashboard.figures.funnel import MARKERS, Unit
from dashboard.figures.plot import Axis, Bars, Plot, RowMarks, Style
from rtt.benchmark.benchmark_words import NOT_PLACED, POSITIONS, difference_text, points_text
from rtt.benchmark.funnel import DifferenceFunnel
from rtt.terms.wording import number_text, share_text

ROW = 30


def difference_chart(
    units: Sequence[Unit], funnel: DifferenceFunnel, *, title: str, caption: str, measure: str
) -> Chart:
    """A row for each specialty: its difference from its own national figure, between its own limits."""
    return Chart(
        plot=_difference_plot(units, funnel),
        title=title,
        caption=caption,
        alt=f"Chart of {measure.lower()} by specialty, less the national figure of the same specialty. "
        f"{title}. {caption} The same figures are in the table below the chart.",
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


def _difference_plot(units: Sequence[Unit], funnel: DifferenceFunnel) -> Plot:
    ends = np.concatenate([funnel.difference, funnel.lower, funnel.upper])
    reach = 100 * max(float(np.nanmax(np.abs(ends))), 0.01) * 1.08
    title = {"text": "Points from the national figure", "standoff": 4, "font": {"size": 14}}
    limits = Bars(
        tuple((100 * (funnel.upper - funnel.lower)).tolist()),
        theme.PAGE,
        "Limits",
        bases=tuple((100 * funnel.lower).tolist()),
        hrefs=tuple(unit.href for unit in units),
        web={
            "width": 0.3,
            "marker": {"color": theme.PAGE, "line": {"color": theme.SECONDARY, "width": 1}},
            # "skip" would also skip a press on it.
            "hoverinfo": "none",
        },
    )
    return Plot(
        kind="horizontal",
        names=tuple(unit.name for unit in units),
        series=(limits, *_differences(units, funnel)),
        axis=Axis(-reach, reach, "d" if reach > 5 else ".1f", web={"automargin": True, "title": title}),
        web=_around_differences(units, funnel),
    )


def _differences(units: Sequence[Unit], funnel: DifferenceFunnel) -> Iterator[RowMarks]:
    for which, (symbol, width) in MARKERS.items():
        rows = [row for row in range(len(units)) if funnel.side[row] == which]
        if not rows:
            continue
        told = [
            f"{units[row].name}: {difference_text(float(funnel.rate[row]), float(funnel.national[row]))}"
            for row in rows
        ]
        shape = {"triangle-up": "triangle-right", "triangle-down": "triangle-left"}.get(symbol, symbol)
        yield RowMarks(
            POSITIONS[which],
            tuple(rows),
            tuple(100 * float(funnel.difference[row]) for row in rows),
            Style(theme.BLUE if which else theme.GREY, marker=shape, size=width + 2),
            offset=0.17,
            hrefs=tuple(units[row].href for row in rows),
            hover="%{hovertext}<extra></extra>",
            web={"hovertext": told, "cliponaxis": False},
        )


def _around_differences(units: Sequence[Unit], funnel: DifferenceFunnel) -> theme.Drawn:
    outside = {row for row in range(len(units)) if funnel.side[row]}
    zero = {"type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "yref": "paper", "layer": "below"}
    return {
        "hovermode": "y",
        "shapes": [
            zero | {"line": {"color": theme.TEXT, "width": 1.5}},
            *(theme.row_band(row) for row, unit in enumerate(units) if unit.chosen),
        ],
        "annotations": [
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
        "margin": {"l": 12, "r": 16, "t": 8, "b": 52},
    }
