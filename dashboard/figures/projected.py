"""A projection on the chart of a level: what was forecast of the months to come, with its 80% band.

The forecast as it was issued, six months at most: what lies further is a scenario, and has its own chart
(`figures.fan`).
"""

from collections.abc import Sequence
from dataclasses import replace

from dashboard.figures import theme
from dashboard.figures.chart import Chart
from dashboard.figures.plot import Band, Line, Style
from dashboard.figures.trend import MOST_MARKED, Ahead
from rtt.forecast.monthly.forecast_words import figure_text, interval_text, with_interval
from rtt.forecast.monthly.projection import is_scenario
from rtt.forecast.score.issued import Issued
from rtt.terms.wording import date_text

MEASURE_OF = {"share_within_18": "share_within_18"}
"""Indicator -> the measure of the forecast that counts the same pathways in every scope."""
EIGHTY = 1
FILL = "rgba(0,94,184,0.16)"


def to_draw(said: Sequence[Issued]) -> tuple[Issued, ...]:
    """The forecasts among them, nearest first, no scenario."""
    return tuple(sorted((each for each in said if not is_scenario(each.horizon)), key=lambda one: one.target))


def ahead_of(said: Sequence[Issued]) -> Ahead:
    """The room that they need, and what is said of them there."""
    scale = _scale(said)
    points = tuple((each.target, scale * limit) for each in said for limit in each.limits[EIGHTY])
    return Ahead(points, f"Projected {figure_text(said[0].measure, said[-1].value)}" if said else "")


def with_projection(chart: Chart, said: Sequence[Issued]) -> Chart:
    """The chart with band and line of a projection from its newest point, and a row for each month."""
    if not said:
        return chart
    first, scale = said[0], _scale(said)
    start = (first.origin, scale * first.last)
    band = Band(
        "80% interval of the projection",
        (start[0], *(each.target for each in said)),
        (start[1], *(scale * each.limits[EIGHTY][0] for each in said)),
        (start[1], *(scale * each.limits[EIGHTY][1] for each in said)),
        Style(theme.BLUE, width=1.5, dash="dot"),
        FILL,
    )
    plot = chart.plot
    return replace(
        chart,
        plot=replace(
            plot,
            series=(band, *plot.series, _line(said, start, few=len(plot.days) <= MOST_MARKED)),
        ),
        caption=f"{chart.caption} {_projected_words(said[-1])}",
        alt=f"{chart.alt.removesuffix(_BELOW)}Then the projection to {date_text(said[-1].target)}: "
        f"{with_interval(said[-1])}. {_BELOW}",
        rows=(*(_row(chart, each) for each in reversed(said)), *chart.rows),
    )


def _projected_words(said: Issued) -> str:
    middle, limits = figure_text(said.measure, said.value), interval_text(said.measure, said.limits[EIGHTY])
    return f"Projected for {date_text(said.target)}: {middle}, {limits} in 8 of 10 cases."


_BELOW = "The same figures are in the table below the chart."


def _scale(said: Sequence[Issued]) -> float:
    return 0.01 if said and said[0].measure == "share_within_18" else 1.0


def _line(said: Sequence[Issued], start: tuple[object, float], *, few: bool) -> Line:
    scale, size = _scale(said), 8 if few else 0
    edge = {"color": theme.BLUE, "width": 2}
    return Line(
        (said[0].origin, *(each.target for each in said)),
        (start[1], *(scale * each.value for each in said)),
        Style(theme.BLUE, width=2, dash="dot", marker="circle-open"),
        "Projection",
        told=("", *(with_interval(each) for each in said)),
        hover="%{x|%d %b %Y}: %{text}<extra>Projection</extra>",
        web={"marker": {"size": [0, *(size for _ in said)], "color": theme.CARD, "line": edge}},
    )


def _row(chart: Chart, said: Issued) -> tuple[str, ...]:
    """Its cells stand under the columns of the chart: the day, the figure, and at the end what it is."""
    middle = figure_text(said.measure, said.value)
    interval = f"80% interval {interval_text(said.measure, said.limits[EIGHTY])}"
    cells = {chart.columns[0]: date_text(said.target), chart.columns[1]: middle}
    cells["Status"] = f"projection, {interval}"
    return tuple(cells.get(column, "") for column in chart.columns)
