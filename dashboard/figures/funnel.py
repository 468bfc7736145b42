"""Two funnels: units by size between their limits, and a trust's specialties against their national figures.

Units too few for limits stand without them, each with its label.

Points outside the limits have a shape of their own and a label; those within are alike on purpose, and are
not ordered. The unit the reader has chosen is a diamond. Limits and positions come from
`rtt.benchmark.funnel`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10

import numpy as np

from dashboard.figures import theme
from dashboard.figures.chart import Chart
from dashboard.figures.plot import Axis, Bars, Line, Plot, RowMarks, Style
from rtt.benchmark.benchmark_words import NOT_PLACED, POSITIONS, difference_text, points_text
from rtt.benchmark.funnel import DifferenceFunnel, Funnel, funnel_limits
from rtt.terms.arrays import Floats
from rtt.terms.wording import number_text, share_text

ROW = 40
ALONG = "Pathways (each step ten times as many)"
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
        plot=_funnel_plot(sizes, funnel, (*_curves(sizes, funnel), *_points(units, funnel, sizes)), measure),
        title=title,
        caption=caption,
        alt=f"{'Funnel plot' if limited else 'Plot'} of {measure.lower()} by number of pathways. "
        f"{title}. {caption} The same figures are in the table below the chart.",
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


def _curves(sizes: Floats, funnel: Funnel) -> list[Line]:
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


def _line(x: Floats, y: Floats, dash: str, name: str) -> Line:
    return Line(tuple(x.tolist()), tuple(y.tolist()), Style(theme.SECONDARY, width=1.5, dash=dash), name)


def _points(units: Sequence[Unit], funnel: Funnel, sizes: Floats) -> list[Line]:
    """The points of each kind; the chosen one is drawn last, on top."""
    limited = _is_limited(funnel)
    kinds = []
    for which, (symbol, width) in sorted(_MARKERS.items(), key=lambda item: abs(item[0])):
        rows = [row for row, unit in enumerate(units) if funnel.side[row] == which and not unit.chosen]
        style = Style(theme.BLUE if which else theme.GREY, marker=symbol, size=width)
        name = POSITIONS[which] if limited else "Providers"
        kinds.append((rows, style, name, which != 0 or not limited))
    chosen = [row for row, unit in enumerate(units) if unit.chosen]
    kinds.append((chosen, Style(theme.PURPLE, marker="diamond", size=14), "Chosen provider", True))
    return [_kind(units, funnel.rate, sizes, *kind) for kind in kinds if kind[0]]


def _kind(
    units: Sequence[Unit],
    rate: Floats,
    sizes: Floats,
    rows: Sequence[int],
    style: Style,
    name: str,
    labelled: bool,
) -> Line:
    labels = tuple(units[row].label for row in rows)
    return Line(
        tuple(float(sizes[row]) for row in rows),
        tuple(float(rate[row]) for row in rows),
        style,
        name,
        labels=labels if labelled else (),
        told=labels,
        hover="%{hovertext}<extra></extra>",
        hrefs=tuple(units[row].href for row in rows),
        web={
            "textposition": "bottom center" if style.marker == "triangle-down" else "top center",
            "textfont": {"size": 12, "color": theme.TEXT},
            "hovertext": [
                f"{units[row].name}: {share_text(float(rate[row]))} of {number_text(float(sizes[row]))}"
                for row in rows
            ],
            "marker": {
                "symbol": style.marker,
                "size": style.size,
                "color": style.colour,
                "line": {"width": 0},
            },
            "cliponaxis": False,
        },
    )


def _funnel_plot(sizes: Floats, funnel: Funnel, lines: tuple[Line, ...], measure: str) -> Plot:
    low, high = log10(max(sizes.min(), 1.0) * 0.85), log10(sizes.max() * 1.2)
    ticks = [10.0**power for power in range(floor(low), floor(high) + 1) if low <= power <= high]
    values = funnel.rate[~np.isnan(funnel.rate)]
    bottom, top = float(values.min()), float(values.max())
    room = max(top - bottom, 0.02) * 0.12
    together = f"Together {share_text(funnel.target)}"
    labels = [theme.text_at(0, funnel.target, together, xref="paper", xanchor="left")]
    if _is_limited(funnel):
        dashed = f"Dashed: {funnel.level:g}% limits"
        labels.append(theme.text_at(1, 1, dashed, xref="paper", yref="paper", yshift=4))
    return Plot(
        kind="points",
        series=lines,
        axis=Axis(
            max(0.0, bottom - room), min(1.02, top + room), theme.share_format(bottom, top), title=measure
        ),
        log=True,
        along_title=ALONG,
        along={
            "range": [low, high],
            "tickvals": ticks,
            "ticktext": [number_text(tick) for tick in ticks],
            "title": {"text": ALONG, "standoff": 4, "font": {"size": 14}},
        },
        web={"annotations": labels, "margin": {"l": 56, "r": 22, "t": 30, "b": 52}},
    )


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
    for which, (symbol, width) in _MARKERS.items():
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
