"""The funnel: units by size between their limits.

Units too few for limits stand without them, each with its label.

Points outside the limits have a shape of their own and a label; those within are alike on purpose, and are
not ordered. The unit the reader has chosen is a diamond with its name. Labels stand where they touch no line
and no other label (`figures.labels`). Limits and positions come from `rtt.benchmark.funnel`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

import numpy as np

from dashboard.figures import theme
from dashboard.figures.chart import Chart
from dashboard.figures.labels import Place, Wish, along, around, is_away, label_at, placed
from dashboard.figures.plot import Axis, Line, Plot, Style
from rtt.benchmark.benchmark_words import POSITIONS
from rtt.benchmark.funnel import Funnel, funnel_limits
from rtt.terms.arrays import Floats
from rtt.terms.wording import number_text, share_text

MARKERS = {1: ("triangle-up", 11), -1: ("triangle-down", 11), 0: ("circle", 7)}
ALONG = "Pathways (scale by powers of ten)"
_CURVE_POINTS = 60


@dataclass(frozen=True, slots=True)
class Unit:
    """A point: its label if it is outside, its name in the table, its size, and where it leads."""

    label: str
    name: str
    size: float
    href: str
    chosen: bool = False
    beside: bool = False
    others: tuple[str, ...] = ()  # further cells of its row


def funnel_chart(
    units: Sequence[Unit],
    funnel: Funnel,
    *,
    title: str,
    caption: str,
    measure: str,
    heads: Sequence[str] = (),
    marked: str = "Chosen provider",
) -> Chart:
    """Rate against size; `heads` name the further cells of the rows, `marked` what the chosen units are.

    Limits of nan are not drawn.
    """
    limited = _is_limited(funnel)
    return Chart(
        plot=_funnel_plot(units, funnel, marked, measure),
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


@dataclass(frozen=True, slots=True)
class _Ends:
    """The ends of both axes: of sizes as powers of ten, and of rates."""

    left: float
    right: float
    low: float
    high: float

    def place(self, size: float, rate: float) -> Place:
        """Where a point lies in the plot, 0 to 1 both ways."""
        across = (log10(size) - self.left) / (self.right - self.left)
        return across, (rate - self.low) / (self.high - self.low)


def _ends(sizes: Floats, rates: Floats) -> _Ends:
    known = rates[~np.isnan(rates)]
    bottom, top = float(known.min()), float(known.max())
    room = max(top - bottom, 0.02) * 0.16
    return _Ends(
        log10(max(float(sizes.min()), 1.0) * 0.8),
        log10(float(sizes.max()) * 1.25),
        max(0.0, bottom - room),
        min(1.03, top + room),
    )


def _funnel_plot(units: Sequence[Unit], funnel: Funnel, marked: str, measure: str) -> Plot:
    sizes = np.array([unit.size for unit in units])
    ends = _ends(sizes, funnel.rate)
    curves = _curves(ends, funnel)
    at = [ends.place(unit.size, float(rate)) for unit, rate in zip(units, funnel.rate, strict=True)]
    of_lines = [_curve_wish(curve, ends) for curve in curves]
    named = _named(units, funnel)
    alone = sum(unit.chosen for unit in units) == 1
    of_points = [
        around(units[row].label, at[row], needed=units[row].beside or (units[row].chosen and alone))
        for row in named
    ]
    drawn = [[ends.place(x, y) for x, y in _both(curve)] for curve in curves]
    # What is chosen first, then what the lines are, then whoever lies outside.
    first_of = sum(units[row].chosen or units[row].beside for row in named)
    wishes = [*of_points[:first_of], *of_lines, *of_points[first_of:]]
    found = dict(zip(map(id, wishes), placed(wishes, lines=drawn, points=at), strict=True))
    of_row = {row: place for row, wish in zip(named, of_points, strict=True) if (place := found[id(wish)])}
    sides = {row: side for row, (_, side) in of_row.items() if not is_away(side)}
    led = [(of_row[row], units[row].label, theme.TEXT) for row in of_row if row not in sides]
    led += [(place, wish.text, theme.SECONDARY) for wish in of_lines if (place := found[id(wish)])]
    labels = [
        label_at(place, text, font={"size": 12, "color": colour}, arrowcolor=theme.SECONDARY)
        for place, text, colour in led
    ]
    first, last = ceil(ends.left), floor(ends.right)
    ticks = [times * 10.0**power for power in range(first - 1, last + 1) for times in (1, 2, 5)]
    ticks = [tick for tick in ticks if 10.0**ends.left <= tick <= 10.0**ends.right]
    ticks = [tick for tick in ticks if last - first >= 2 and log10(tick).is_integer()] or ticks
    return Plot(
        kind="points",
        series=(*curves, *_points(units, funnel, sizes, sides, marked)),
        axis=Axis(ends.low, ends.high, theme.share_format(ends.low, ends.high), title=measure),
        log=True,
        along_title=ALONG,
        along={
            "range": [ends.left, ends.right],
            "tickvals": ticks,
            "ticktext": [number_text(tick) for tick in ticks],
            "title": {"text": ALONG, "standoff": 4, "font": {"size": 14}},
        },
        web={"annotations": labels, "margin": {"l": 56, "r": 22, "t": 14, "b": 52}},
    )


def _named(units: Sequence[Unit], funnel: Funnel) -> list[int]:
    """Whose label is wanted: the chosen, then those outside, the largest first; everybody without limits."""
    limited = _is_limited(funnel)
    wanted = [
        row for row, unit in enumerate(units) if unit.chosen or unit.beside or not limited or funnel.side[row]
    ]
    return sorted(wanted, key=lambda row: (not units[row].chosen, not units[row].beside, -units[row].size))


def _curves(ends: _Ends, funnel: Funnel) -> list[Line]:
    grid = np.geomspace(10.0**ends.left, 10.0**ends.right, _CURVE_POINTS)
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


def _both(curve: Line) -> list[tuple[float, float]]:
    pairs = zip(curve.at, curve.values, strict=True)
    return [(float(x), y) for x, y in pairs if not isinstance(x, date) and y is not None]


def _curve_wish(curve: Line, ends: _Ends) -> Wish:
    """The label of a line: what all together are at, or the limit that it is."""
    pairs = _both(curve)
    if curve.name == "All together":
        words, sides = f"Together {share_text(pairs[0][1])}", ("top left", "bottom left")
    else:
        side = curve.name.rpartition(" ")[2]
        words = f"{side.capitalize()} limit"
        sides = ("top left", "top right") if side == "upper" else ("bottom left", "bottom right")
    return along(words, [ends.place(x, y) for x, y in pairs], sides=sides)


def _points(
    units: Sequence[Unit], funnel: Funnel, sizes: Floats, sides: Mapping[int, str], marked: str
) -> list[Line]:
    """The points of each kind; the chosen one is drawn last, on top."""
    limited = _is_limited(funnel)
    kinds = []
    for which, (symbol, width) in sorted(MARKERS.items(), key=lambda item: abs(item[0])):
        rows = [
            row
            for row, unit in enumerate(units)
            if funnel.side[row] == which and not (unit.chosen or unit.beside)
        ]
        style = Style(theme.BLUE if which else theme.GREY, marker=symbol, size=width)
        kinds.append((rows, style, POSITIONS[which] if limited else "Providers"))
    beside = [row for row, unit in enumerate(units) if unit.beside and not unit.chosen]
    kinds.append((beside, Style(theme.PURPLE, marker="square-open", size=12), "Placed beside"))
    chosen = [row for row, unit in enumerate(units) if unit.chosen]
    kinds.append((chosen, Style(theme.PURPLE, marker="diamond", size=14), marked))
    return [_kind(units, funnel.rate, sizes, sides, *kind) for kind in kinds if kind[0]]


def _kind(
    units: Sequence[Unit],
    rate: Floats,
    sizes: Floats,
    sides: Mapping[int, str],
    rows: Sequence[int],
    style: Style,
    name: str,
) -> Line:
    # Office has no lines to labels: it names only those that have one beside their point.
    labels = tuple(units[row].label if row in sides else "" for row in rows)
    return Line(
        tuple(float(sizes[row]) for row in rows),
        tuple(float(rate[row]) for row in rows),
        style,
        name,
        labels=labels if any(labels) else (),
        told=labels,
        hover="%{hovertext}<extra></extra>",
        hrefs=tuple(units[row].href for row in rows),
        web={
            "textposition": [sides.get(row, "top center") for row in rows],
            "textfont": {"size": 12, "color": theme.TEXT},
            "hovertext": [
                f"{units[row].name}: {share_text(float(rate[row]))} of {number_text(float(sizes[row]))}"
                for row in rows
            ],
            "marker": {
                "symbol": style.marker,
                "size": style.size,
                "color": style.colour,
                "line": {"width": 2 if style.marker.endswith("-open") else 0, "color": style.colour},
            },
            "cliponaxis": False,
        },
    )
