"""A plot as an office chart: its XML and the workbook inside it, for PowerPoint and for Word.

Everything can be edited: a double click opens the workbook. Shapes tell the signals apart as on the page;
the key names them. Nothing here knows where the chart stands.
"""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from pptx import Presentation
from pptx.chart.chart import Chart as OfficeChart
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml.ns import qn
from pptx.util import Pt

from dashboard.figures import theme
from dashboard.packs.plot import Look, Plot

TYPES = {
    "dates": XL_CHART_TYPE.LINE_MARKERS,
    "columns": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "points": XL_CHART_TYPE.XY_SCATTER,
}
MARKERS = {
    "circle": XL_MARKER_STYLE.CIRCLE,
    "square": XL_MARKER_STYLE.SQUARE,
    "diamond": XL_MARKER_STYLE.DIAMOND,
    "triangle-up": XL_MARKER_STYLE.TRIANGLE,
    # Offices have no triangle that points down; the key says what this mark means.
    "triangle-down": XL_MARKER_STYLE.STAR,
    "star-diamond": XL_MARKER_STYLE.STAR,
}
DASHES = {"dash": MSO_LINE_DASH_STYLE.DASH, "dot": MSO_LINE_DASH_STYLE.ROUND_DOT}
FONT_SIZE = Pt(12)


def chart_data(plot: Plot) -> CategoryChartData | XyChartData:
    """The numbers, as they stand in the chart's workbook."""
    if plot.kind == "points":
        return _pairs(plot)
    data = CategoryChartData(number_format=plot.number_format)
    data.categories = plot.categories
    for series in plot.series:
        data.add_series(series.name, series.values)
    return data


def _pairs(plot: Plot) -> XyChartData:
    data = XyChartData(number_format=plot.number_format)
    for series in plot.series:
        points = data.add_series(series.name)
        for x, y in zip(plot.categories, series.values, strict=True):
            if y is not None:
                points.add_data_point(x, y)
    return data


def chart_parts(plot: Plot, slide: Any) -> tuple[bytes, bytes]:
    """The XML of a chart and its workbook, for another package; `slide` is a scratch one."""
    part = add_chart(slide.shapes, plot, (0, 0, 100, 100)).chart.part
    return part.blob, part.chart_workbook.xlsx_part.blob


@cache
def _blank() -> bytes:
    deck = Presentation()
    deck.slides.add_slide(deck.slide_layouts[6])
    written = io.BytesIO()
    deck.save(written)
    return written.getvalue()


def scratch_slide() -> Any:
    """A slide to draw charts on that are then taken elsewhere; one serves any number."""
    return Presentation(io.BytesIO(_blank())).slides[0]


def add_chart(shapes: Any, plot: Plot, place: tuple[int, int, int, int]) -> Any:
    """Draw a plot among the shapes of a slide; its frame."""
    frame = shapes.add_chart(TYPES[plot.kind], *place, chart_data(plot))
    _dress(frame.chart, plot)
    return frame


def _dress(chart: OfficeChart, plot: Plot) -> None:
    chart.has_title = False
    chart.font.size, chart.font.name = FONT_SIZE, "Arial"
    chart.font.color.rgb = _colour(theme.TEXT)
    chart.has_legend = len(plot.series) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
    _dress_axes(chart, plot)
    drawn = chart.plots[0]
    if plot.kind in ("columns", "bars"):
        # A second list lies over the first as an outline.
        drawn.overlap, drawn.gap_width = 100, 20
    for series, own in zip(drawn.series, plot.series, strict=True):
        _dress_series(series, own.look, filled=plot.kind in ("columns", "bars"))
        if plot.kind == "dates" and own.look.width and own.look.marker:
            newest = max(at for at, value in enumerate(own.values) if value is not None)
            series.points[newest].data_label.position = XL_LABEL_POSITION.ABOVE


def _dress_axes(chart: OfficeChart, plot: Plot) -> None:
    values, names = chart.value_axis, chart.category_axis
    values.major_gridlines.format.line.color.rgb = _colour(theme.GRID)
    values.format.line.fill.background()
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = plot.number_format, False
    if plot.low is not None:
        values.minimum_scale = plot.low
    if plot.high is not None:
        values.maximum_scale = plot.high
    if plot.step is not None:
        values.major_unit = plot.step
    names.has_major_gridlines = False
    names.format.line.color.rgb = _colour(theme.SECONDARY)
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if plot.kind == "dates":
        names.tick_labels.number_format, names.tick_labels.number_format_is_linked = "mmm yy", False
        _every_months(names, 1 + (plot.categories[-1] - plot.categories[0]).days // 240)
    if plot.kind == "bars":
        # The first row stands at the top, as in the table.
        names.reverse_order = True
        values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    if len(plot.categories) > 40 and plot.kind == "columns":
        _every(names, 13)


def _every(axis: Any, step: int) -> None:
    """A label for each `step`-th category alone."""
    for tag in ("c:tickLblSkip", "c:tickMarkSkip"):
        child = axis._element.makeelement(qn(tag), {"val": str(step)})
        axis._element.find(qn("c:noMultiLvlLbl")).addprevious(child)


def _every_months(axis: Any, months: int) -> None:
    """Labels so far apart that they stand upright."""
    base = axis._element.find(qn("c:baseTimeUnit"))
    for tag, value in (("c:majorTimeUnit", "months"), ("c:majorUnit", str(months))):
        base.addnext(base.makeelement(qn(tag), {"val": value}))


def _dress_series(series: Any, look: Look, *, filled: bool) -> None:
    if filled:
        _dress_bars(series, look)
        return
    line = series.format.line
    if look.width:
        line.color.rgb, line.width = _colour(look.colour), Pt(look.width * 0.75)
        if look.dash in DASHES:
            line.dash_style = DASHES[look.dash]
    else:
        line.fill.background()
    series.smooth = False
    marker = series.marker
    hollow = look.marker.endswith("-open")
    shape = MARKERS.get(look.marker.removesuffix("-open"), XL_MARKER_STYLE.CIRCLE)
    marker.style = shape if look.marker else XL_MARKER_STYLE.NONE
    if look.marker:
        marker.size = max(5, min(look.size, 10))
        marker.format.line.color.rgb = _colour(look.colour)
        marker.format.fill.solid()
        marker.format.fill.fore_color.rgb = _colour(theme.CARD if hollow else look.colour)


def _dress_bars(series: Any, look: Look) -> None:
    if look.fill:
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _colour(look.colour)
        series.invert_if_negative = False
        return
    series.format.fill.background()
    series.format.line.color.rgb, series.format.line.width = _colour(look.colour), Pt(1)


def _colour(written: str) -> RGBColor:
    return RGBColor.from_string(written.removeprefix("#").upper())
