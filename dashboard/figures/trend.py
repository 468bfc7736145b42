"""A measure over time with its dated standard. One line, labelled at its end; the axis fits the line.

A standard far from the line would flatten it, so it is then named at the edge of the chart instead of drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.figures import theme
from dashboard.figures.census_axis import span_of
from dashboard.figures.plot import Axis, Line, Plot, Reference, Style
from rtt.terms.wording import date_text


@dataclass(frozen=True, slots=True)
class Point:
    """One census: the value drawn (None: a gap) and how it is printed."""

    day: date
    value: float | None
    shown: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A standard from a date on, in the unit of the points."""

    starts: date
    ends: date | None
    value: float
    label: str


def trend_plot(
    points: Sequence[Point],
    steps: Sequence[Step],
    *,
    axis_format: str = "",
    unit: str = "share",
    reaching: bool = False,
) -> Plot:
    """The plot of values in `unit`; `axis_format` is a d3 format for them, such as ",d", '' of a share.

    `reaching`: the axis is made so long that every standard is drawn.
    """
    known = [point for point in points if point.value is not None]
    values = [point.value for point in known if point.value is not None]
    low, high = _range([*values, *(step.value for step in steps if reaching and values)])
    drawn = [step for step in steps if low <= step.value <= high]
    shown = theme.count_format(low, high, plain=axis_format or theme.share_format(low, high))
    days = tuple(point.day for point in points)
    return Plot(
        kind="dates",
        series=(*(_step_line(step, points) for step in drawn), _line(points), *_last_marker(known)),
        axis=Axis(low, high, shown, unit),
        days=days,
        span=span_of(days),
        web={
            "annotations": [
                *_end_label(known),
                *(_step_label(step, points) for step in drawn),
                *_edge_labels([step for step in steps if step not in drawn], high),
            ],
            "margin": {"l": 56, "r": 20, "t": 28, "b": 48},
        },
    )


def _range(values: Sequence[float]) -> tuple[float, float]:
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    room = max(high - low, abs(high) * 0.02, 1e-9) * 0.35
    return (max(low - room, 0.0) if low >= 0 else low - room), high + room


def _line(points: Sequence[Point]) -> Line:
    few = len(points) <= 40
    return Line(
        tuple(point.day for point in points),
        tuple(point.value for point in points),
        Style(theme.BLUE, width=3, marker="circle" if few else ""),
        told=tuple(point.shown for point in points),
        hover="%{x|%d %b %Y}: %{text}<extra></extra>",
        hrefs=tuple(point.href for point in points),
        web={"marker": {"size": 7, "color": theme.BLUE}, "connectgaps": False},
    )


def _last_marker(known: Sequence[Point]) -> list[Line]:
    style = Style(theme.BLUE, marker="circle", size=11)
    return [Line((last.day,), (last.value,), style) for last in known[-1:]]


def _end_label(known: Sequence[Point]) -> list[theme.Drawn]:
    if not known:
        return []
    last = known[-1]
    label = theme.text_at(last.day.isoformat(), last.value, f"<b>{last.shown}</b>", yshift=9, xshift=10)
    return [label | {"font": {"size": 15, "color": theme.BLUE}}]


def _step_line(step: Step, points: Sequence[Point]) -> Reference:
    first, last = points[0].day, points[-1].day
    start, end = max(step.starts, first), min(step.ends or last, last)
    style = Style(theme.TEXT, width=2, dash="dot", marker="star-diamond-open", size=12)
    return Reference(step.label, step.value, start, max(start, end), style, step.label + "<extra></extra>")


def _step_label(step: Step, points: Sequence[Point]) -> theme.Drawn:
    last = points[-1].day
    at = min(max(step.ends or last, points[0].day), last)
    return theme.text_at(at.isoformat(), step.value, step.label, yanchor="top", yshift=-3)


def _edge_labels(far: Sequence[Step], high: float) -> list[theme.Drawn]:
    if not far:
        return []
    words = ", ".join(
        f"{step.label} is {'above' if step.value > high else 'below'} this chart" for step in far
    )
    return [
        theme.text_at(0, 1, words, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=6)
    ]


def described(points: Sequence[Point], name: str) -> str:
    """The name a screen reader gives the chart: first, last, lowest and highest value."""
    known = [point for point in points if point.value is not None]
    if not known:
        return f"{name}: no figures."
    low = min(known, key=lambda point: point.value or 0.0)
    high = max(known, key=lambda point: point.value or 0.0)
    first, last = known[0], known[-1]
    return (
        f"Line chart of {name} from {date_text(first.day)} ({first.shown}) to {date_text(last.day)} ("
        f"{last.shown}); lowest {low.shown} on {date_text(low.day)}, highest {high.shown} on "
        f"{date_text(high.day)}. The same figures are in the table below the chart."
    )
