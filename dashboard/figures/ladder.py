"""The ladder: who passes a threshold, by whether they have a date; and in which week they pass.

Bars from zero. The states stand one below the other with their counts; a week's bar says how many of it have
no date by the lower part of each bar. What is not shown to the reader is not drawn.
"""

from collections.abc import Sequence, Sized
from dataclasses import dataclass

from dashboard.figures import theme
from dashboard.figures.bars import ROW, Bar, bars_plot
from dashboard.figures.chart import Chart
from dashboard.figures.plot import LABELLED, Axis, Bars, Plot, names_of

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
    """A week of passing: its last day, those who pass, those of them who are the lower part of its bar (not
    booked); None: not shown or known.
    """

    name: str
    count: float | None
    shown: str
    unbooked: float | None = None
    cells: tuple[str, ...] = ()  # further cells of its row
    href: str = ""


def ladder_chart(rungs: Sequence[Rung], *, title: str, caption: str) -> Chart:
    """The states of those who pass."""
    high = max((rung.count or 0.0 for rung in rungs), default=0.0) or 1.0
    bars = [Bar(rung.name, rung.name, rung.count, rung.shown, rung.href) for rung in rungs]
    said = "; ".join(f"{rung.name.lower()} {rung.shown}" for rung in rungs)
    return Chart(
        plot=bars_plot(bars, Axis(0, high * 1.02, ",d", web={"automargin": True})),
        title=title,
        caption=caption,
        alt=f"Bar chart of patients who will breach, by whether they have a date: {said}.",
        columns=("State", "Pathways", "Share"),
        rows=tuple((rung.name, rung.shown, rung.share) for rung in rungs),
        hrefs=tuple(rung.href for rung in rungs) if any(rung.href for rung in rungs) else (),
    )


def height(rungs: Sized) -> int:
    """Pixels that the states need."""
    return 48 + ROW * len(rungs)


def weeks_chart(
    weeks: Sequence[WeekBar], *, title: str, caption: str, columns: Sequence[str], part: str = "not booked"
) -> Chart:
    """Those who pass in each week; `columns` head the table, `part` names the lower part of a bar."""
    return Chart(
        plot=_plot_of_weeks(weeks, columns[1], part),
        title=title,
        caption=caption,
        alt="Bar chart of patients who will breach, by week: "
        + "; ".join(f"week to {week.name} {week.shown}" for week in weeks)
        + ".",
        columns=tuple(columns),
        rows=tuple((week.name, week.shown, *week.cells) for week in weeks),
        hrefs=tuple(week.href for week in weeks) if any(week.href for week in weeks) else (),
    )


def _plot_of_weeks(weeks: Sequence[WeekBar], name: str, part: str) -> Plot:
    split = any(week.unbooked is not None for week in weeks)
    high = max((week.count or 0.0 for week in weeks), default=0.0) * 1.15 or 1.0
    bars = [_bars(weeks, [week.count for week in weeks], theme.PALE_BLUE if split else theme.BAR, name)]
    if split:
        bars.append(_bars(weeks, [week.unbooked for week in weeks], theme.BLUE, part.capitalize()))
    legend = (
        [theme.text_at(1, 1, f"Lower part of the bar: {part}", xref="paper", yref="paper")] if split else []
    )
    named = [(week.name, week.count if len(weeks) <= LABELLED else 0.0, week.shown) for week in weeks]
    labelled = range(0, len(weeks), max(1, -(-len(weeks) // 5)))
    return Plot(
        kind="vertical",
        names=names_of(named),
        series=tuple(bars),
        axis=Axis(0, high, theme.count_format(0, high)),
        along={
            "tickvals": list(labelled),
            "ticktext": [_two_lines(weeks[at].name) for at in labelled],
            "range": [-0.7, len(weeks) - 0.3],
        },
        web={
            "hovermode": "x",
            "barmode": "overlay",
            "bargap": 0.25,
            "annotations": legend,
            "margin": {"l": 56, "r": 20, "t": 28, "b": 48},
        },
    )


def _bars(weeks: Sequence[WeekBar], values: Sequence[float | None], colour: str, name: str) -> Bars:
    return Bars(
        tuple(values),
        colour,
        name,
        told=tuple(f"Week to {week.name}: {week.shown}" for week in weeks),
        hrefs=tuple(week.href for week in weeks),
        web={"marker": {"color": colour, "line": {"color": theme.BLUE, "width": 1}}},
    )


def _two_lines(day: str) -> str:
    """ "13 Dec 2026" over two lines, so that labels stay apart on a phone."""
    words = day.rsplit(" ", 1)
    return "<br>".join(words)
