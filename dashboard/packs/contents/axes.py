"""The titles of a chart's axes, which pictures have too: a page says beside its chart what they measure, but
a picture leaves the page.
"""

from dataclasses import replace

from dashboard.figures import theme
from dashboard.figures.chart import Chart

UNITS = {"share": "% of pathways", "pathways": "pathways", "weeks": "weeks", "band": "weeks"}

ABOVE = 34
"""Pixels above a plot that the title of its axis needs."""


def in_units(name: str, unit: str) -> str:
    """ "Within 18 weeks, % of pathways"."""
    return f"{name}, {UNITS[unit]}"


def with_axes(chart: Chart, axis: str = "") -> Chart:
    """The chart with the titles of its axes; `axis`: that of values, below bars that lie and else above the
    axis. Without it the chart says that itself.
    """
    plot = chart.plot
    if plot.kind == "dates":
        plot = replace(plot, along_title="Census date")
    if axis and plot.kind == "horizontal":
        web = {**plot.axis.web, "title": theme.axis_title(axis)}
        plot = replace(plot, axis=replace(plot.axis, title=axis, web=web))
    elif axis:
        labels = plot.web.get("annotations", [])
        # That the axis is cut stands in the same corner.
        corner = [each for each in labels if _is_in_the_corner(each)]
        told = ". ".join([axis, *(each["text"] for each in corner)])
        words = theme.text_at(0, 1, told, xref="paper", yref="paper", xanchor="left", yshift=8)
        words |= {"font": {"size": 13, "color": theme.SECONDARY}}
        labels = [*(each for each in labels if each not in corner), words]
        margin = plot.web.get("margin", {})
        room = {**margin, "t": max(margin["t"], ABOVE)} if "t" in margin else margin
        web = {**plot.web, "annotations": labels} | ({"margin": room} if room else {})
        plot = replace(plot, axis=replace(plot.axis, title=axis), web=web)
    return replace(chart, plot=plot)


def _is_in_the_corner(label: theme.Drawn) -> bool:
    """Whether it stands above the upper end of the axis."""
    return (label["x"], label["y"], label.get("xref"), label.get("yref")) == (0, 1, "paper", "paper")
