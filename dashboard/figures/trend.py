"""A measure over time with its dated standards. One line, labelled at its end.

The axis fits the line, and of a share the standards and milestones too, however far they lie: the distance is
the message. Of a count a standard far from the line would flatten it, so it is named at the edge instead. An
axis that does not start at 0 says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor
from typing import Literal

from dashboard.figures import theme
from dashboard.figures.census_axis import span_of
from dashboard.figures.label_places import Area, Label, Place, labels_at
from dashboard.figures.plot import Axis, Line, Plot, Reference, Style
from rtt.terms.wording import date_text, number_text

LIFTS = (0, 20, 40, 60)
MOST_MARKED = 40
"""Points of a line that have room for a mark each."""


@dataclass(frozen=True, slots=True)
class Point:
    """One census: the value drawn (None: a gap) and how it is printed."""

    day: date
    value: float | None
    shown: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A standard from a date on, in the unit of the points; a milestone is due on its first day."""

    starts: date
    ends: date | None
    value: float
    label: str
    milestone: bool = False


@dataclass(frozen=True, slots=True)
class Ahead:
    """What else is drawn, after the points: the ends of a band, say, and the words that stand below it."""

    points: tuple[tuple[date, float], ...] = ()
    words: str = ""

    @property
    def days(self) -> tuple[date, ...]:
        """Each day once."""
        return tuple(dict.fromkeys(day for day, _ in self.points))


def trend_plot(
    points: Sequence[Point],
    steps: Sequence[Step],
    *,
    axis_format: str = "",
    unit: str = "share",
    published: Sequence[Point] = (),
    published_name: str = "",
    ahead: Ahead | None = None,
    also: Sequence[tuple[date, float]] = (),
    lines: Sequence[Line] = (),
    labels: Sequence[Label] = (),
    name: str = "",
) -> Plot:
    """The plot of values in `unit`; `axis_format` is a d3 format for them, such as ",d", '' of a share.

    `published` are points of another series, before them and in their gaps, drawn paler and joined to the
    points beside them. `also`: points that somebody else will draw in the plot, which must have room. `lines`
    and `labels`: what to draw over it, within that room. `name`: whose line it is, where others have theirs
    beside it.
    """
    ahead = ahead or Ahead()
    known = [point for point in points if point.value is not None]
    every = sorted([*published, *points], key=lambda point: point.day)
    values = [point.value for point in every if point.value is not None] + [
        value for _, value in (*ahead.points, *also)
    ]
    drawn_values = [step.value for step in steps] if unit == "share" and values else []
    low, high = _range([*values, *drawn_values], unit)
    drawn = [step for step in steps if low <= step.value <= high]
    shown = theme.count_format(low, high, plain=axis_format or theme.share_format(low, high))
    days = (*(point.day for point in every), *ahead.days)
    due = tuple(step.starts for step in drawn if step.milestone and step.starts > days[-1])
    newest = points[-1].day
    end = max([newest, *ahead.days])
    span = span_of((*days, *due))
    placed = [(point.day, point.value) for point in every if point.value is not None]
    marks = [(step.starts, step.value) for step in drawn if step.milestone]
    area = Area(*span, low, high, (*placed, *ahead.points, *also, *marks))
    return Plot(
        kind="dates",
        series=(
            *(line for step in drawn for line in _step_lines(step, every[0].day, newest, end)),
            *_published_line(published, points, published_name),
            _line(points, few=len(every) <= MOST_MARKED),
            *_last_marker(known),
            *lines,
        ),
        axis=Axis(low, high, shown, unit),
        days=(*days, *due),
        span=span,
        web={
            "annotations": [
                *labels_at(
                    [
                        *_end_label(known, name),
                        *(_step_label(step, every[0].day, end) for step in drawn),
                        *_ahead_label(ahead),
                        *labels,
                    ],
                    area,
                ),
                *_edge_labels([step for step in steps if step not in drawn], high),
                *_start_label(low, unit),
            ],
            "margin": {"l": 56, "r": 20, "t": 28, "b": 48},
        },
    )


def _range(values: Sequence[float], unit: str) -> tuple[float, float]:
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    room = max(high - low, abs(high) * 0.02, 1e-9) * (0.18 if unit == "share" else 0.35)
    least, most = (max(low - room, 0.0) if low >= 0 else low - room), high + room
    if unit != "share":
        return least, max(most, least + 1e-6)
    step = 0.05 if most - least > 0.12 else 0.01 if most - least > 0.03 else 0.001
    # A whole number of steps, so that the axis can say where it starts.
    return max(0.0, round(floor(round(least / step, 6)) * step, 6)), min(
        round(max(ceil(round(most / step, 6)), 1) * step, 6), max(1.0, high)
    )


def _start_label(low: float, unit: str) -> list[theme.Drawn]:
    """That the axis is cut, in a word, above its end."""
    if low <= 0:
        return []
    start = f"{number_text(100 * low, 0 if round(100 * low, 6) == round(100 * low) else 1)}%"
    words = f"Axis starts at {start}, not 0" if unit == "share" else "Axis does not start at 0"
    return [
        theme.text_at(
            0,
            1,
            words,
            xref="paper",
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            yshift=6,
            font={"size": 13, "color": theme.SECONDARY},
        )
    ]


def _line(points: Sequence[Point], *, few: bool) -> Line:
    return Line(
        tuple(point.day for point in points),
        tuple(point.value for point in points),
        Style(theme.BLUE, width=3, marker="circle" if few else ""),
        told=tuple(point.shown for point in points),
        hover="%{x|%d %b %Y}: %{text}<extra></extra>",
        hrefs=tuple(point.href for point in points),
        web={"marker": {"size": 7, "color": theme.BLUE}, "connectgaps": False},
    )


def _published_line(published: Sequence[Point], points: Sequence[Point], name: str) -> list[Line]:
    """The other series, joined to the points of the line before and after each stretch of it."""
    if not published:
        return []
    other, own = ({point.day: point for point in each} for each in (published, points))
    days = sorted({**own, **other})
    beside = {near for at, day in enumerate(days) if day in other for near in days[max(at - 1, 0) : at + 2]}
    first, last = days.index(min(beside)), days.index(max(beside))
    joined = [
        (other.get(day) or own[day]) if day in beside else Point(day, None, "")
        for day in days[first : last + 1]
    ]
    is_broken = any(point.value is None for point in joined)
    marker = "circle" if is_broken and len(joined) <= MOST_MARKED else ""
    return [
        Line(
            tuple(point.day for point in joined),
            tuple(point.value for point in joined),
            Style(theme.BAR, width=2, marker=marker),
            name,
            told=tuple(point.shown for point in joined),
            hover="%{x|%d %b %Y}: %{text}<extra>" + name + "</extra>",
            web={"connectgaps": False},
        )
    ]


def _last_marker(known: Sequence[Point]) -> list[Line]:
    style = Style(theme.BLUE, marker="circle", size=11)
    return [Line((last.day,), (last.value,), style) for last in known[-1:]]


def _end_label(known: Sequence[Point], name: str) -> list[Label]:
    if not known:
        return []
    last = known[-1]
    assert last.value is not None
    font = {"size": 15, "color": theme.BLUE}
    places = [Place(last.day, last.value, "left", above) for above in (True, False)]
    words = f"<b>{f'{name} {last.shown}'.strip()}</b>"
    return [Label(words, places, 9, {"xshift": 10, "font": font})]


def _ahead_label(ahead: Ahead) -> list[Label]:
    """Below the band, which is widest at its end."""
    if not ahead.words:
        return []
    day, value = min(ahead.points, key=lambda point: (-point[0].toordinal(), point[1]))
    sides: tuple[Literal["right", "left"], ...] = ("right", "left")
    places = [Place(day, value, side, False, lift) for lift in LIFTS for side in sides]
    return [Label(ahead.words, places, 7, {"font": {"size": 13, "color": theme.BLUE}})]


def _step_lines(step: Step, first: date, newest: date, end: date) -> list[Reference]:
    """A standard as a line while it is in force; a milestone to come as a line up to its day, and a mark."""
    hover = step.label + "<extra></extra>"
    mark = Style(theme.TEXT, width=2, dash="dot", marker="star-diamond-open", size=12)
    if step.milestone and step.starts > newest:
        until = Reference(
            step.label,
            step.value,
            newest,
            step.starts,
            Style(theme.TEXT, width=2, dash="dash"),
            hover,
        )
        return [until, Reference(step.label, step.value, step.starts, step.starts, mark, hover)]
    start, last = max(step.starts, first), min(step.ends or end, end)
    return [Reference(step.label, step.value, start, max(start, last), mark, hover)]


def _step_label(step: Step, first: date, end: date) -> Label:
    """At either end of a standard, at the mark of a milestone; above or below the line."""
    start = max(step.starts, first)
    if step.milestone:
        places = [Place(start, step.value, "left", above, lift) for lift in LIFTS for above in (True, False)]
        return Label(step.label, places, 8)  # clear of its own mark
    last = max(start, min(step.ends or end, end))
    places = [Place(start, step.value, "right", above) for above in (True, False)]
    places += [Place(last, step.value, "left", above) for above in (True, False)]
    return Label(step.label, places)


def _edge_labels(far: Sequence[Step], high: float) -> list[theme.Drawn]:
    if not far:
        return []
    words = ", ".join(
        f"{step.label} is {'above' if step.value > high else 'below'} this chart" for step in far
    )
    return [
        theme.text_at(1, 1, words, xref="paper", yref="paper", xanchor="right", yanchor="bottom", yshift=6)
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
