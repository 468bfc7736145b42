"""One bar for each part of a scope, its name above it: long names need no margin, so bars keep their width.

From zero, in the order given. A bar leads to its part, as its row in the table does.
"""

from collections.abc import Sequence, Sized
from dataclasses import dataclass

from dashboard.figures import theme
from dashboard.figures.chart import Chart
from dashboard.figures.plot import Axis, Bars, Plot, RowMarks, Style, names_of

ROW = 44
"""Height in pixels of a row: a name and its bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A part: label on the chart, full name in the table, value drawn (None: none), as printed, link."""

    label: str
    name: str
    value: float | None
    shown: str
    href: str
    others: tuple[str, ...] = ()  # further cells of its row
    few: bool = False  # stands on so few that it is drawn grey


def bar_chart(
    bars: Sequence[Bar],
    *,
    unit: str,
    title: str,
    caption: str,
    what: str,
    columns: Sequence[str],
    line: tuple[float, str] | None = None,
) -> Chart:
    """The chart; `unit` is that of the measure, `what` names it in the alternative text, `columns` head the
    table. `line`: a value to hold all bars against, and its name.
    """
    return Chart(
        plot=bars_plot(bars, _axis(bars, unit, line[0] if line else 0.0), line=line),
        title=title,
        caption=caption,
        alt=f"Bar chart of {what}: "
        + "; ".join(f"{bar.name} {bar.shown}" for bar in bars[:12])
        + (f"; and {len(bars) - 12} more" if len(bars) > 12 else "")
        + ". The same figures are in the table below the chart.",
        columns=tuple(columns),
        rows=tuple((bar.name, bar.shown, *bar.others) for bar in bars),
        hrefs=tuple(bar.href for bar in bars),
    )


def height(bars: Sized) -> int:
    """Pixels that the rows need."""
    return 56 + ROW * len(bars)


def _tick_format(high: float, unit: str) -> str:
    # Never from the size of the numbers: one pathway is as small as a share of all.
    if unit == "share":
        return theme.share_format(0, high)
    return ".1f" if unit == "weeks" else ",d"


def _axis(bars: Sequence[Bar], unit: str, line: float = 0.0) -> Axis:
    high = max([line, *(bar.value or 0.0 for bar in bars)]) or 1.0
    # Counts are whole: no line of the grid between two of them.
    whole = {"dtick": 1} if unit not in ("share", "weeks") and high < 6 else {}
    return Axis(0, high * 1.02, _tick_format(high, unit), unit, web={"automargin": True} | whole)


def bars_plot(bars: Sequence[Bar], axis: Axis, *, line: tuple[float, str] | None = None) -> Plot:
    """A row for each bar; the line crosses every row at its value."""
    colours = dict.fromkeys([theme.BAR, *(theme.MUTED for bar in bars if bar.few)])
    return Plot(
        kind="horizontal",
        names=names_of([(bar.name, bar.value, bar.shown) for bar in bars]),
        series=(
            *(_of_colour(bars, colour) for colour in colours),
            *([_line(line, len(bars))] if line else []),
        ),
        axis=axis,
        web=theme.rows_of_bars([f"{bar.label}  <b>{bar.shown}</b>" for bar in bars]),
    )


def _of_colour(bars: Sequence[Bar], colour: str) -> Bars:
    def drawn(bar: Bar) -> float | None:
        return bar.value if bar.few == (colour == theme.MUTED) else None

    return Bars(
        tuple(drawn(bar) for bar in bars),
        colour,
        told=tuple(f"{bar.name}: {bar.shown}" for bar in bars),
        hrefs=tuple(bar.href for bar in bars),
    )


def _line(line: tuple[float, str], rows: int) -> RowMarks:
    style = Style(theme.TEXT, width=3, marker="line")
    return RowMarks(line[1], tuple(range(rows)), (line[0],) * rows, style)
