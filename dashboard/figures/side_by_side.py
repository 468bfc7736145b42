"""Other places' lines over the chart of one: each with a dash, a mark and a name of its own.

A colour never tells them apart alone. Their figures are columns of the chart's table too, so that files of
every kind have them. What a place is, and what its figures are, is decided elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dashboard.figures import theme
from dashboard.figures.chart import Chart
from dashboard.figures.label_places import Area, Place, label_at
from dashboard.figures.plot import Line, Plot, Style
from rtt.findings.findings import Finding, display, is_open_ended
from rtt.terms.wording import date_text

STYLES = (
    Style(theme.PURPLE, width=2, dash="dash", marker="square", size=7),
    Style(theme.ORANGE, width=2, dash="dot", marker="diamond", size=8),
    Style(theme.TEXT, width=2, dash="dashdot", marker="triangle-up", size=8),
)
"""Of the first, second and third place beside."""


@dataclass(frozen=True, slots=True)
class Other:
    """A place by its short name: day, value (None: not drawn) and how it is printed, oldest first."""

    name: str
    points: tuple[tuple[date, float | None, str], ...]

    def within(self, first: date, last: date) -> "Other":
        """The points from one day to another."""
        return replace(self, points=tuple(each for each in self.points if first <= each[0] <= last))

    @property
    def known(self) -> list[tuple[date, float]]:
        """What is drawn."""
        return [(day, value) for day, value, _ in self.points if value is not None]


def other_of(name: str, found: Mapping[date, Finding]) -> Other:
    """A place from its findings by census."""
    return Other(
        name,
        tuple(
            (day, None if is_open_ended(finding) else finding.value, display(finding))
            for day, finding in sorted(found.items())
        ),
    )


def lines_of(others: Sequence[Other]) -> tuple[Line, ...]:
    """A line for each place, in the style of its turn."""
    return tuple(
        Line(
            tuple(day for day, _, _ in other.points),
            tuple(value for _, value, _ in other.points),
            style,
            other.name,
            told=tuple(f"{other.name} {shown}" for _, _, shown in other.points),
            hover="%{x|%d %b %Y}: %{text}<extra></extra>",
            web={
                "connectgaps": False,
                "marker": {"symbol": style.marker, "size": style.size, "color": style.colour},
            },
        )
        for other, style in zip(others, STYLES, strict=False)
    )


def with_places(chart: Chart, others: Sequence[Other]) -> Chart:
    """The chart over time with the lines of other places, their labels, and a column for each.

    The plot must have room for them already. Rows are told by their first cell, the date.
    """
    if not others:
        return chart
    lines, names = lines_of(others), tuple(other.name for other in others)
    shown = [{date_text(day): words for day, _, words in other.points} for other in others]
    own, *rest = chart.columns[1:]
    return replace(
        chart,
        plot=_drawn(chart.plot, lines, others),
        alt=f"{chart.alt} Beside it: {'; '.join(map(_told, others))}.",
        caption=f"{chart.caption} {_styles_words(names)}".strip(),
        columns=(chart.columns[0], own, *names, *rest),
        rows=tuple((row[0], row[1], *(of.get(row[0], "") for of in shown), *row[2:]) for row in chart.rows),
    )


def with_column(chart: Chart, name: str, shown: Mapping[date, str]) -> Chart:
    """The chart over time with one more column after its own figure; as it was where that is empty."""
    if not shown:
        return chart
    cells = {date_text(day): words for day, words in shown.items()}
    own, *rest = chart.columns[1:]
    return replace(
        chart,
        columns=(chart.columns[0], own, name, *rest),
        rows=tuple((row[0], row[1], cells.get(row[0], ""), *row[2:]) for row in chart.rows),
    )


def _told(other: Other) -> str:
    return f"{other.name}, {other.points[-1][2]}" if other.points else f"{other.name}, no figures"


def _styles_words(names: Sequence[str]) -> str:
    kinds = ("dashes and squares", "dots and diamonds", "dashes, dots and triangles")
    told = [f"{name} ({kind})" for name, kind in zip(names, kinds, strict=False)]
    return f"Beside it: {', '.join(told)}."


def _drawn(plot: Plot, lines: tuple[Line, ...], others: Sequence[Other]) -> Plot:
    assert plot.span is not None
    points = [
        (day, value)
        for line in (*plot.series, *lines)
        if isinstance(line, Line)
        for day, value in zip(line.at, line.values, strict=True)
        if isinstance(day, date) and value is not None
    ]
    area = Area(*plot.span, plot.axis.low, plot.axis.high, tuple(points))
    for each in plot.web.get("annotations", ()):
        if "xref" not in each:  # a label at a point, which the others must not cover
            area = replace(area, points=(*area.points, *_under(each, area)))
    labels: list[theme.Drawn] = []
    for other, line in zip(others, lines, strict=True):
        if other.known:
            labels.append(_label(other, line.style, area))
            area = replace(area, points=(*area.points, *_under(labels[-1], area)))
    web = {**plot.web, "annotations": [*plot.web.get("annotations", ()), *labels]}
    return replace(plot, series=(*lines, *plot.series), web=web)


def _label(other: Other, style: Style, area: Area) -> theme.Drawn:
    """The name of a place, at the end, the middle or the beginning of its line."""
    known = other.known
    spots = [known[-1], known[len(known) // 2], known[len(known) // 4], known[-1 - len(known) // 4]]
    places = [
        Place(day, value, "left", above, lift)
        for lift in (0, 16, 32, 48)
        for day, value in spots
        for above in (True, False)
    ]
    places += [Place(*known[0], "right", above) for above in (True, False)]
    return label_at(other.name, places, area, gap=6, font={"size": 13, "color": style.colour})


def _under(label: theme.Drawn, area: Area) -> list[tuple[date, float]]:
    """Points where a label stands, so that the next one goes elsewhere."""
    day, value = date.fromisoformat(label["x"]), float(label["y"])
    lift = label.get("yshift", 0) / 240 * (area.high - area.low)
    wide = (area.last - area.first).days * 7 * len(label["text"]) // 600
    way = -1 if label["xanchor"] == "right" else 1
    steps = range(0, max(wide, 1), max(wide // 6, 1))
    return [(date.fromordinal(day.toordinal() + way * step), value + 1.5 * lift) for step in steps]
