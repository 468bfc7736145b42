"""A plot as an office chart: its XML and the workbook inside it, for PowerPoint and for Word.

Everything can be edited: a double click opens the workbook. Shapes tell the signals apart as on the page;
the legend names them. Nothing here knows where the chart stands.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pptx.chart.chart import Chart as OfficeChart
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.chart.datalabel import DataLabels
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from dashboard.figures import theme
from dashboard.figures.plot import Style
from dashboard.packs.office.series import Dates, Plot, Series, gap_between

TYPES = {
    "dates": XL_CHART_TYPE.LINE_MARKERS,
    "columns": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "stacked": XL_CHART_TYPE.COLUMN_STACKED,
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "points": XL_CHART_TYPE.XY_SCATTER,
}
MARKERS = {
    "circle": XL_MARKER_STYLE.CIRCLE,
    "square": XL_MARKER_STYLE.SQUARE,
    "diamond": XL_MARKER_STYLE.DIAMOND,
    "triangle-up": XL_MARKER_STYLE.TRIANGLE,
    # Office has no triangle that points down; the legend says what this mark means.
    "triangle-down": XL_MARKER_STYLE.STAR,
    "star-diamond": XL_MARKER_STYLE.STAR,
    "triangle-right": XL_MARKER_STYLE.TRIANGLE,
    "triangle-left": XL_MARKER_STYLE.STAR,
    "line": XL_MARKER_STYLE.DASH,
}
DASHES = {
    "dash": MSO_LINE_DASH_STYLE.DASH,
    "dot": MSO_LINE_DASH_STYLE.ROUND_DOT,
    "dashdot": MSO_LINE_DASH_STYLE.DASH_DOT,
    "longdash": MSO_LINE_DASH_STYLE.LONG_DASH,
}
FONT_SIZE, PRINT_SIZE = Pt(12), Pt(10)
SIDES = {
    "above": XL_LABEL_POSITION.ABOVE,
    "below": XL_LABEL_POSITION.BELOW,
    "left": XL_LABEL_POSITION.LEFT,
    "right": XL_LABEL_POSITION.RIGHT,
}
MANY, EVERY = 40, 13
"""Bars beyond which only every so many are named: of weeks waited a quarter of a year."""
_ERROR_BAR = """
<c:errBars xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
 <c:errDir val="y"/><c:errBarType val="minus"/><c:errValType val="percentage"/><c:noEndCap val="1"/>
 <c:val val="100"/><c:spPr><a:ln w="19050"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>
 <a:prstDash val="sysDash"/></a:ln></c:spPr></c:errBars>
"""
LEVEL = 7
"""Names below vertical bars that are not turned."""


def chart_data(plot: Plot) -> CategoryChartData | XyChartData:
    """The numbers, as they stand in the chart's workbook."""
    if plot.kind == "points":
        return _pairs(plot)
    data = CategoryChartData(number_format=plot.number_format)
    data.categories = plot.categories
    for series in plot.series:
        data.add_series(series.name, series.values, number_format=series.shown or plot.number_format)
    return data


def _pairs(plot: Plot) -> XyChartData:
    data = XyChartData(number_format=plot.number_format)
    for series in plot.series:
        points = data.add_series(series.name)
        for x, y in zip(series.at, series.values, strict=True):
            points.add_data_point(x, y)
    return data


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart that is ready: its XML, its words of the size of a slide, and its workbook."""

    xml: bytes
    xlsx_blob: bytes

    def xml_bytes(self, _chart_type: Any) -> bytes:
        """As python-pptx asks for it."""
        return self.xml

    @property
    def printed(self) -> bytes:
        """The XML with its words of the size of print."""
        return self.xml.replace(_size(FONT_SIZE), _size(PRINT_SIZE))


def _size(points: Pt) -> bytes:
    return f'sz="{points.centipoints}"'.encode()


@lru_cache(maxsize=50)
def drawn(plot: Plot) -> Drawn:
    """A plot as a chart, made once for slides and for print: it is half of the time of both."""
    data: Any = chart_data(plot)
    space = parse_xml(data.xml_bytes(TYPES[plot.kind]))
    chart = OfficeChart(space, None)
    chart.font.size = FONT_SIZE
    _dress(chart, plot)
    return Drawn(serialize_part_xml(space), data.xlsx_blob)


def add_chart(shapes: Any, plot: Plot, place: tuple[int, int, int, int]) -> Any:
    """Put a plot among the shapes of a slide; its frame."""
    return shapes.add_chart(TYPES[plot.kind], *place, drawn(plot))


def _dress(chart: OfficeChart, plot: Plot) -> None:
    chart.has_title = False
    chart.font.name = "Arial"
    chart.font.color.rgb = _colour(theme.TEXT)
    chart.has_legend = plot.has_legend
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
        _leave_out(chart, [row for row, series in enumerate(plot.series) if not series.in_legend])
    _dress_axes(chart, plot)
    barred = plot.kind in ("columns", "stacked", "bars")
    if barred:
        # A second list is drawn over the first.
        chart.plots[0].overlap, chart.plots[0].gap_width = 100, gap_between(plot)
        _lines_over_bars(chart, [row for row, series in enumerate(plot.series) if series.line])
    drawn = {series._element.idx.val: series for part in chart.plots for series in part.series}
    for row, own in enumerate(plot.series):
        if own.upright:
            _stand(drawn[row], chart.font.size)
        else:
            _dress_series(drawn[row], own, filled=barred and not own.line)
    if plot.kind == "dates":
        _label_newest(drawn, plot)
        _label_names(drawn, plot)


def _leave_out(chart: OfficeChart, rows: list[int]) -> None:
    """Take series out of the legend."""
    for row in reversed(rows):
        legend = chart.legend._element
        entry = _element(legend, "c:legendEntry")
        entry.append(_element(legend, "c:idx", val=str(row)))
        entry.append(_element(legend, "c:delete", val="1"))
        legend.find(qn("c:legendPos")).addnext(entry)


def _lines_over_bars(chart: OfficeChart, rows: list[int]) -> None:
    """Move series from the bars to lines on the same axes."""
    if not rows:
        return
    bars = chart.plots[0]._element
    moved = [each for each in bars.findall(qn("c:ser")) if int(each.find(qn("c:idx")).get("val")) in rows]
    for series in moved:
        for own in series.findall(qn("c:invertIfNegative")):
            series.remove(own)  # bars alone have it
    lines = _element(bars, "c:lineChart")
    lines.extend(
        [
            _element(bars, "c:grouping", val="standard"),
            _element(bars, "c:varyColors", val="0"),
            *moved,
            _element(bars, "c:marker", val="1"),
            *(_element(bars, "c:axId", val=axis.get("val")) for axis in bars.findall(qn("c:axId"))),
        ]
    )
    bars.addnext(lines)


def _element(beside: Any, tag: str, **attributes: str) -> Any:
    return beside.makeelement(qn(tag), attributes)


def _label_names(drawn: dict[int, Any], plot: Plot) -> None:
    """The name of a standard at the middle of its line."""
    for row, own in enumerate(plot.series):
        known = [at for at, value in enumerate(own.values) if value is not None]
        if not own.named or not known:
            continue
        label = drawn[row].points[known[(len(known) - 1) // 2]].data_label
        frame = label.text_frame
        frame.text = own.name
        frame.paragraphs[0].runs[0].font.bold = True
        label.position = XL_LABEL_POSITION.ABOVE


def _label_newest(drawn: dict[int, Any], plot: Plot) -> None:
    """The number at the last point of what was measured: a line with marks."""
    for row, own in enumerate(plot.series):
        if own.style.width and own.style.marker:
            newest = max(at for at, value in enumerate(own.values) if value is not None)
            side = XL_LABEL_POSITION.BELOW if plot.is_newest_below else XL_LABEL_POSITION.ABOVE
            drawn[row].points[newest].data_label.position = side
            label = drawn[row].points[newest].data_label._dLbl
            shown = plot.label or plot.number_format
            label.find(qn("c:idx")).addnext(_element(label, "c:numFmt", formatCode=shown, sourceLinked="0"))


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
    _name_axis(values, plot.up_title, chart.font.size)
    _name_axis(names, plot.along_title, chart.font.size)
    names.has_major_gridlines = False
    names.format.line.color.rgb = _colour(theme.SECONDARY)
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if plot.kind == "dates":
        names.tick_labels.number_format, names.tick_labels.number_format_is_linked = plot.dates.shown, False
        _set_dates(names, plot.dates)
    if plot.kind == "bars":
        # The first row stands at the top, as in the table.
        names.reverse_order = True
        values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    if plot.log:
        scale = names._element.find(qn("c:scaling"))
        scale.insert(0, _element(scale, "c:logBase", val="10"))
        names.tick_labels.number_format, names.tick_labels.number_format_is_linked = "#,##0", False
        _from_power(names, plot)
    if len(plot.categories) > MANY and plot.kind == "columns":
        _every(names, EVERY)
    elif len(plot.categories) > LEVEL and plot.kind in ("columns", "stacked"):
        names.tick_labels.font.size = chart.font.size
        names._element.find(f"{qn('c:txPr')}/{qn('a:bodyPr')}").set("rot", str(-45 * 60_000))


def _name_axis(axis: Any, words: str, size: Any) -> None:
    if not words:
        return
    axis.has_title = True
    frame = axis.axis_title.text_frame
    frame.text = words
    run = frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold = size, False
    run.font.color.rgb = _colour(theme.SECONDARY)


def _stand(series: Any, size: Any) -> None:
    """A point as a line down to the axis, its words at the upper end: an error bar of its whole height."""
    series.format.line.fill.background()
    series.smooth = False
    series.marker.style = XL_MARKER_STYLE.NONE
    own = series._element
    own.get_or_add_dLbls()
    labels = DataLabels(own.find(qn("c:dLbls")))
    labels.show_series_name, labels.show_value, labels.show_legend_key = True, False, False
    labels.position = XL_LABEL_POSITION.RIGHT
    labels.font.size, labels.font.bold = size, True
    # The schema has it between the labels and the categories.
    own.find(qn("c:dLbls")).addnext(parse_xml(_ERROR_BAR.format(colour=theme.TEXT.removeprefix("#").upper())))


def _from_power(axis: Any, plot: Plot) -> None:
    """From a power of ten to another: Office begins at 1, however large all are."""
    places = [x for series in plot.series for x in series.at]
    axis.minimum_scale = 10.0 ** math.floor(math.log10(min(places)))
    axis.maximum_scale = 10.0 ** math.ceil(math.log10(max(places)))


def _every(axis: Any, step: int) -> None:
    """A label for each `step`-th category alone."""
    for tag in ("c:tickLblSkip", "c:tickMarkSkip"):
        child = _element(axis._element, tag, val=str(step))
        axis._element.find(qn("c:noMultiLvlLbl")).addprevious(child)


def _set_dates(axis: Any, dates: Dates) -> None:
    """Labels at censuses, so far apart that they stand level."""
    base = axis._element.find(qn("c:baseTimeUnit"))
    base.set("val", dates.unit)
    for tag, value in (("c:majorTimeUnit", dates.unit), ("c:majorUnit", str(dates.step))):
        base.addnext(_element(base, tag, val=value))


def _dress_series(series: Any, own: Series, *, filled: bool) -> None:
    if filled:
        _dress_bars(series, own)
    else:
        _dress_line(series, own.style)
    if own.shown:
        _number(series, own.shown, over=own.line)
    for row, (words, side) in enumerate(zip(own.labels, own.sides, strict=False)):
        if not side:
            continue
        frame = series.points[row].data_label.text_frame
        frame.text = words
        frame.paragraphs[0].runs[0].font.size = Pt(10)
        series.points[row].data_label.position = SIDES[side]


def _number(series: Any, number_format: str, *, over: bool) -> None:
    """The number at every point, as the table prints it."""
    # Only some kinds of series have this by themselves.
    labels = DataLabels(series._element.get_or_add_dLbls())
    labels.show_value, labels.number_format, labels.number_format_is_linked = True, number_format, False
    if over:
        labels.position = XL_LABEL_POSITION.ABOVE
    elif series._element.getparent().find(qn("c:grouping")).get("val") == "clustered":
        labels.position = XL_LABEL_POSITION.OUTSIDE_END


def _dress_line(series: Any, style: Style) -> None:
    line = series.format.line
    if style.width:
        line.color.rgb, line.width = _colour(style.colour), Pt(style.width * 0.75)
        if style.dash in DASHES:
            line.dash_style = DASHES[style.dash]
    else:
        line.fill.background()
    series.smooth = False
    marker = series.marker
    # A star is lines alone: white inside, it would be nowhere.
    hollow = style.marker.endswith("-open") and not style.marker.startswith("star")
    shape = MARKERS.get(style.marker.removesuffix("-open"), XL_MARKER_STYLE.CIRCLE)
    marker.style = shape if style.marker else XL_MARKER_STYLE.NONE
    if style.marker:
        marker.size = style.size if style.marker == "line" else max(5, min(style.size, 10))
        marker.format.line.color.rgb = _colour(style.colour)
        marker.format.fill.solid()
        marker.format.fill.fore_color.rgb = _colour(theme.CARD if hollow else style.colour)


def _dress_bars(series: Any, own: Series) -> None:
    if own.unseen:
        series.format.fill.background()
        series.format.line.fill.background()
        return
    if own.fill:
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _colour(own.style.colour)
        series.invert_if_negative = False
        return
    series.format.fill.background()
    series.format.line.color.rgb, series.format.line.width = _colour(own.style.colour), Pt(1)


def _colour(written: str) -> RGBColor:
    colour: RGBColor = RGBColor.from_string(written.removeprefix("#").upper())
    return colour
