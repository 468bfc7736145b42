"""What was, and what is worked out for the months to come: as now with its interval, other lines beside it.

Each line has a dash and a mark of its own, and its name at its end: no colour tells them apart alone. What a
line is, and what its figures are, is decided elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.figures import theme
from dashboard.figures.census_axis import span_of
from dashboard.figures.chart import Chart
from dashboard.figures.label_places import Area, Place, label_at
from dashboard.figures.plot import Axis, Band, Line, Plot, Reference, Style
from rtt.findings.plan_words import per_cent
from rtt.terms.printed import Printed
from rtt.terms.wording import date_text, number_text

AS_NOW, SCENARIO, TO_TARGET, OWN_LINE = "As now", "This scenario", "Line to the target", "Your own plan"
STYLES = {
    AS_NOW: Style(theme.BLUE, width=2, dash="dot", marker="circle-open"),
    SCENARIO: Style(theme.PURPLE, width=2, dash="dash", marker="square"),
    TO_TARGET: Style(theme.TEXT, width=2, dash="longdash"),
    OWN_LINE: Style(theme.ORANGE, width=2, dash="dashdot", marker="diamond"),
}
COMPARED = (
    Style(theme.PURPLE, width=2, dash="dash", marker="square"),
    Style(theme.ORANGE, width=2, dash="dashdot", marker="diamond"),
    Style(theme.TEXT, width=2, dash="longdash", marker="triangle-up"),
)
"""Of the first, second and third saved scenario."""
FILL = "rgba(0,94,184,0.16)"
BELOW = "The same figures are in the table below the chart."
LIFTS = (0, 18, 36, 54, 72)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line of months to come, in the unit of the chart: per cent or pathways; None is not drawn."""

    name: str
    days: tuple[date, ...]
    values: tuple[float | None, ...]
    style: Style

    @property
    def known(self) -> list[tuple[date, float]]:
        """What is drawn."""
        both = zip(self.days, self.values, strict=True)
        return [(day, value) for day, value in both if value is not None]


@dataclass(frozen=True, slots=True)
class Interval:
    """The 80% interval of the line as now; None where there is no forecast."""

    days: tuple[date, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]

    @property
    def known(self) -> list[tuple[date, float, float]]:
        """The months that have one."""
        each = zip(self.days, self.low, self.high, strict=True)
        return [(day, low, high) for day, low, high in each if low is not None and high is not None]


def figure_text(value: float, *, share: bool) -> Printed:
    """62.8%, or 21,100 pathways without their noun."""
    return per_cent(value) if share else number_text(value)


def plan_chart(
    history: Sequence[tuple[date, float]],
    lines: Sequence[PlanLine],
    *,
    title: str,
    caption: str,
    what: str,
    share: bool,
    interval: Interval | None = None,
    target: tuple[date, float] | None = None,
) -> Chart:
    """`history` (day, value), oldest first, up to the census; `target`: what is asked of a day.

    All in per cent for a `share`, else in pathways.
    """
    lines = [each for each in lines if each.known]
    band = interval.known if interval else []
    days = sorted({day for each in lines for day in each.days} | {day for day, _ in history})
    columns = ("Month end", "Published", *(each.name for each in lines), *(["80% interval"] if band else []))
    return Chart(
        plot=_plot(history, lines, band, target, days, share),
        title=title,
        caption=caption,
        alt=_alt(history, lines, what, share),
        columns=columns,
        rows=tuple(_rows(history, lines, band, days, share)),
    )


def _plot(
    history: Sequence[tuple[date, float]],
    lines: Sequence[PlanLine],
    band: Sequence[tuple[date, float, float]],
    target: tuple[date, float] | None,
    days: Sequence[date],
    share: bool,
) -> Plot:
    scale = 0.01 if share else 1.0
    points = [(day, scale * value) for day, value in history]
    points += [(day, scale * value) for each in lines for day, value in each.known]
    ends = [(day, scale * value) for day, low, high in band for value in (low, high)]
    asked = [(target[0], scale * target[1])] if target else []
    low, high = _range([value for _, value in (*points, *ends, *asked)], share=share)
    span = span_of(sorted({*days, *(day for day, _ in asked)}))
    area = Area(*span, low, high, (*points, *asked))
    start = history[-1] if history else None
    return Plot(
        kind="dates",
        series=(
            *_band(band, start, scale),
            *(_line(each, start, scale, share) for each in lines),
            *_past(history, scale, share),
            *_target(target, scale, share),
        ),
        axis=Axis(
            low,
            high,
            theme.share_format(low, high) if share else theme.count_format(low, high, plain=","),
            "share" if share else "pathways",
        ),
        days=tuple(days),
        span=span,
        web={
            "annotations": [*_labels(history, lines, target, area, scale, share), *_cut(low)],
            "margin": {"l": 56, "r": 20, "t": 28, "b": 48},
        },
    )


def _range(values: Sequence[float], *, share: bool) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = max(high - low, abs(high) * 0.02, 1e-9) * 0.2
    return max(0.0, low - room), min(high + room, 1.0) if share else high + room


def _cut(low: float) -> list[theme.Drawn]:
    """That the axis is cut, in a word, above its end."""
    if low <= 0:
        return []
    font = {"size": 13, "color": theme.SECONDARY}
    words = "Axis does not start at 0"
    return [theme.text_at(0, 1, words, xref="paper", yref="paper", xanchor="left", yshift=6, font=font)]


def _band(
    band: Sequence[tuple[date, float, float]], start: tuple[date, float] | None, scale: float
) -> list[Band]:
    if not band:
        return []
    ends = [(start[0], start[1], start[1]), *band] if start else list(band)
    days, low, high = zip(*ends, strict=True)
    return [
        Band(
            "80% interval as now",
            tuple(days),
            tuple(scale * value for value in low),
            tuple(scale * value for value in high),
            Style(theme.BLUE, width=1, dash="dot"),
            FILL,
        )
    ]


def _past(history: Sequence[tuple[date, float]], scale: float, share: bool) -> list[Line]:
    if not history:
        return []
    return [
        Line(
            tuple(day for day, _ in history),
            tuple(scale * value for _, value in history),
            Style(theme.BLUE, width=3, marker="circle"),
            "Published",
            told=tuple(figure_text(value, share=share) for _, value in history),
            hover="%{x|%d %b %Y}: %{text}<extra>Published</extra>",
            web={"marker": {"size": 7, "color": theme.BLUE}},
        )
    ]


def _line(each: PlanLine, start: tuple[date, float] | None, scale: float, share: bool) -> Line:
    """From the newest published figure on; the own plan of a trust stands by itself."""
    style = each.style
    joined = [start] if start and each.name != OWN_LINE and each.days[0] > start[0] else []
    filled = theme.CARD if style.marker.endswith("-open") else style.colour
    symbol = style.marker.removesuffix("-open")
    # The first point is that of the past, which has its own mark.
    size = [0 for _ in joined] + [style.size for _ in each.days]
    marker = {"size": size, "color": filled, "line": {"color": style.colour, "width": 2}}
    points = [*joined, *zip(each.days, each.values, strict=True)]
    return Line(
        tuple(day for day, _ in points),
        tuple(None if value is None else scale * value for _, value in points),
        style,
        each.name,
        told=tuple(
            "" if value is None or at < len(joined) else figure_text(value, share=share)
            for at, (_, value) in enumerate(points)
        ),
        hover="%{x|%d %b %Y}: %{text}<extra>" + each.name + "</extra>",
        web={"marker": marker | {"symbol": symbol}, "connectgaps": False} if symbol else {},
    )


def _target(target: tuple[date, float] | None, scale: float, share: bool) -> list[Reference]:
    if target is None:
        return []
    day, value = target
    words = f"Target {figure_text(value, share=share)}"
    style = Style(theme.TEXT, marker="star-diamond-open", size=12)
    return [Reference(words, scale * value, day, day, style, f"{words}<extra></extra>")]


def _labels(
    history: Sequence[tuple[date, float]],
    lines: Sequence[PlanLine],
    target: tuple[date, float] | None,
    area: Area,
    scale: float,
    share: bool,
) -> list[theme.Drawn]:
    """The newest figure, then the name and the last figure of each line, none upon another."""
    wishes = [
        (day, value, f"<b>{figure_text(value, share=share)}</b>", theme.BLUE) for day, value in history[-1:]
    ]
    if target:
        wishes.append((*target, f"Target {figure_text(target[1], share=share)}", theme.TEXT))
    for each in lines:
        if each.name != TO_TARGET:
            day, value = each.known[-1]
            wishes.append((day, value, f"{each.name} {figure_text(value, share=share)}", each.style.colour))
    made: list[theme.Drawn] = []
    for day, value, words, colour in wishes:
        places = [Place(day, scale * value, "left", above, lift) for lift in LIFTS for above in (True, False)]
        made.append(label_at(words, places, area, gap=6, font={"size": 13, "color": colour}))
        area = Area(
            area.first, area.last, area.low, area.high, (*area.points, *_under(made[-1], words, area))
        )
    return made


def _under(label: theme.Drawn, words: str, area: Area) -> list[tuple[date, float]]:
    """Points where a label stands, so that the next one goes elsewhere."""
    day, value = date.fromisoformat(label["x"]), float(label["y"])
    up = (label["yshift"] + (9 if label["yshift"] > 0 else -9)) / 240 * (area.high - area.low)
    wide = (area.last - area.first).days * 7 * len(words) // 600
    steps = range(0, max(wide, 1), max(wide // 8, 1))
    return [(date.fromordinal(day.toordinal() - step), value + up) for step in steps]


def _alt(history: Sequence[tuple[date, float]], lines: Sequence[PlanLine], what: str, share: bool) -> str:
    told = []
    if history:
        (first, begun), (last, newest) = history[0], history[-1]
        told.append(
            f"published from {date_text(first)} ({figure_text(begun, share=share)}) to {date_text(last)} "
            f"({figure_text(newest, share=share)})"
        )
    for each in lines:
        day, value = each.known[-1]
        name = f"{each.name[0].lower()}{each.name[1:]}"
        told.append(f"{name}, {figure_text(value, share=share)} on {date_text(day)}")
    return f"Line chart of {what}: {'; '.join(told) or 'no figures'}. {BELOW}"


def _rows(
    history: Sequence[tuple[date, float]],
    lines: Sequence[PlanLine],
    band: Sequence[tuple[date, float, float]],
    days: Sequence[date],
    share: bool,
) -> list[tuple[str, ...]]:
    """A row for each month end, newest first."""
    was = dict(history)
    shown = [dict(each.known) for each in lines]
    within = {day: (low, high) for day, low, high in band}
    rows = []
    for day in sorted(days, reverse=True):
        cells = [was.get(day), *(each.get(day) for each in shown)]
        words = ["" if value is None else figure_text(value, share=share) for value in cells]
        if band:
            pair = within.get(day)
            ends = [figure_text(value, share=share) for value in pair] if pair else []
            words.append(" to ".join(ends))
        rows.append((date_text(day), *words))
    return rows
