"""A pack as Excel: a sheet a page, with its numbers as numbers and its chart native; definitions on theirs.

What is printed as "60.3%" is the figure itself, 0.60312, in a format that prints it so: who calculates on
does it without the rounding of the page. Text stays text: a cell that begins like a formula is none.
"""

import io
import re
from typing import Any

import xlsxwriter

from dashboard import PRODUCT
from dashboard.figures import theme
from dashboard.packs.contents.pack import Contents
from dashboard.packs.contents.page import Page, Table
from dashboard.packs.formats.format import Given
from dashboard.packs.office.native import EVERY, MANY
from dashboard.packs.office.packages import reproducible
from dashboard.packs.office.plot import plot_of
from dashboard.packs.office.series import Plot, Series, gap_between
from rtt.terms.printed import Printed
from rtt.terms.text_edges import cell_text, property_text, sheet_name, shortened, shortened_within

TYPES = {
    "dates": {"type": "line"},
    "columns": {"type": "column"},
    "stacked": {"type": "column", "subtype": "stacked"},
    "bars": {"type": "bar"},
    "points": {"type": "scatter"},
}
MARKERS = {
    "circle": "circle",
    "square": "square",
    "diamond": "diamond",
    "triangle-up": "triangle",
    "triangle-down": "star",
    "star-diamond": "star",
    "triangle-right": "triangle",
    "triangle-left": "star",
    "line": "long_dash",
}
DASHES = {"dash": "dash", "dot": "round_dot"}
CHART_ROW = 3
CHART_ROWS = 20
DATA_COLUMN = 20
MOST_OF_FOOT = 245
MOST_OF_TITLE = 120
"""Characters above a chart."""


def write(pack: Contents, _given: Given) -> bytes:
    """The file."""
    return xlsx_of(pack)


def xlsx_of(pack: Contents) -> bytes:
    """The file."""
    written = io.BytesIO()
    # No text of a pack is ever taken for a formula, a link or a number.
    safe = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    book = xlsxwriter.Workbook(written, {"in_memory": True, **safe})
    book.set_properties(
        {
            "title": property_text(pack.title),
            "author": "RTT dashboard",
            "category": pack.audience.label,
            "comments": PRODUCT,
            "created": pack.moment,
        }
    )
    _write_cover(book, pack)
    names: set[str] = {"about", "history"}  # Excel keeps "History" for itself
    for page in pack.pages:
        _write(book, pack, page, sheet_name(page.name.replace("Exception: ", ""), names))
    book.close()
    return reproducible(written.getvalue(), pack.moment, change=_with_base_units)


def _with_base_units(name: str, content: bytes) -> bytes:
    """Axes of dates count in the unit of their labels: XlsxWriter has no option for it."""
    if not name.startswith("xl/charts/chart"):
        return content
    unit = b"months" if b'<c:majorTimeUnit val="months"/>' in content else b"days"
    axis = re.compile(rb'(<c:dateAx>.*?<c:lblOffset val="100"/>)', re.DOTALL)
    return axis.sub(rb'\g<1><c:baseTimeUnit val="' + unit + b'"/>', content)


def _write_cover(book: Any, pack: Contents) -> None:
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 110)
    bold = book.add_format({"bold": True, "font_size": 16})
    reasons = (f"DRAFT: {reason}." for reason in pack.draft)
    lines = [pack.subtitle, pack.audience.told, *reasons, pack.footer, pack.licence]
    sheet.write_string(0, 0, cell_text(pack.title), bold)
    for row, line in enumerate(filter(None, lines), 2):
        sheet.write_string(row, 0, cell_text(line), book.add_format({"text_wrap": True}))


def _write(book: Any, pack: Contents, page: Page, name: str) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 12, 18)
    sheet.set_footer(f"&L&8{_foot(pack.footer)}")
    if pack.draft:
        sheet.set_header("&CDRAFT")
    sheet.write_string(0, 0, cell_text(page.title), book.add_format({"bold": True, "font_size": 14}))
    said = [*page.paragraphs, *(f"{box.heading}: {box.text}" for box in page.boxes)]
    row = CHART_ROW
    plot = plot_of(page.chart) if page.chart else None
    if page.chart and plot:
        row = _write_plot(book, sheet, name, page, plot)
    for words in said:
        sheet.write_string(row, 0, cell_text(words))
        row += 1
    tables = page.tables
    if page.chart:
        tables = (Table("The chart as a table", page.chart.columns, page.chart.rows), *tables)
    for table in tables:
        row = _write_table(book, sheet, table, row + 1)


def _foot(words: str) -> str:
    """The footer in the 255 letters that Excel has for it: the data's hash and the version stand last."""
    # An ampersand is written twice: a cut between the two would make a code of the second.
    return shortened_within(words, MOST_OF_FOOT - words.count("&"), kept=80).replace("&", "&&")


def _write_table(book: Any, sheet: Any, table: Table, row: int) -> int:
    """The table from this row on; the row after it."""
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet.write_string(row, 0, cell_text(table.caption), book.add_format({"bold": True}))
    for column, words in enumerate(table.columns):
        sheet.write_string(row + 1, column, cell_text(words), bold)
    for number, cells in enumerate(table.rows, row + 2):
        for column, words in enumerate(cells):
            if column < table.text_columns:
                sheet.write_string(number, column, cell_text(words))
            else:
                _write_cell(book, sheet, number, column, words)
    return row + 3 + len(table.rows)


def _write_cell(book: Any, sheet: Any, row: int, column: int, words: str) -> None:
    if isinstance(words, Printed):
        sheet.write_number(row, column, words.value, _format(book, words.number_format))
    else:
        sheet.write_string(row, column, cell_text(words))


def _format(book: Any, number_format: str) -> Any:
    """One format object for each way of writing: a workbook may hold 64,000."""
    made = book.__dict__.setdefault("rtt_formats", {})
    if number_format not in made:
        made[number_format] = book.add_format({"num_format": number_format})
    return made[number_format]


def _write_plot(book: Any, sheet: Any, name: str, page: Page, plot: Plot) -> int:
    """The chart, and the numbers that it is drawn from beside it; the row below the chart."""
    sheet.write_string(CHART_ROW, DATA_COLUMN, "Chart data")
    places = _write_pairs(sheet, plot) if plot.kind == "points" else _write_series(book, sheet, plot)
    chart = book.add_chart(TYPES[plot.kind])
    over = book.add_chart({"type": "line"}) if any(series.line for series in plot.series) else None
    for series, (categories, values) in zip(plot.series, places, strict=True):
        drawn = over if over is not None and series.line else chart
        drawn.add_series(
            {
                "name": [name, CHART_ROW, values[1]],
                "categories": [name, *categories],
                "values": [name, *values],
                **_style(plot, series),
                **_labels(series),
            }
        )
    if over is not None:
        chart.combine(over)
    _dress(chart, page, plot)
    alt = page.chart.alt if page.chart else page.title
    sheet.insert_chart(CHART_ROW, 0, chart, {"description": alt, "object_position": 1})
    return CHART_ROW + CHART_ROWS + 1


Cells = tuple[int, int, int, int]


def _write_series(book: Any, sheet: Any, plot: Plot) -> list[tuple[Cells, Cells]]:
    """A row a category, a column a series; where the categories and the values of each stand."""
    first, last = CHART_ROW + 1, CHART_ROW + len(plot.categories)
    days = _format(book, "d mmm yyyy")
    for at, category in enumerate(plot.categories, first):
        if plot.kind == "dates":
            sheet.write_datetime(at, DATA_COLUMN, category, days)
        else:
            sheet.write_string(at, DATA_COLUMN, cell_text(str(category)))
    places = []
    for column, series in enumerate(plot.series, DATA_COLUMN + 1):
        numbers = _format(book, series.shown or plot.number_format)
        sheet.write_string(CHART_ROW, column, cell_text(series.name))
        for at, value in enumerate(series.values, first):
            if value is not None:
                sheet.write_number(at, column, value, numbers)
        places.append(((first, DATA_COLUMN, last, DATA_COLUMN), (first, column, last, column)))
    return places


def _write_pairs(sheet: Any, plot: Plot) -> list[tuple[Cells, Cells]]:
    """Two columns a series: where a point lies along the axis, and how high."""
    first, places = CHART_ROW + 1, []
    for number, series in enumerate(plot.series):
        along = DATA_COLUMN + 1 + 2 * number
        sheet.write_string(CHART_ROW, along, "Along the axis")
        sheet.write_string(CHART_ROW, along + 1, cell_text(series.name))
        for at, (x, y) in enumerate(zip(series.at, series.values, strict=True), first):
            sheet.write_number(at, along, x)
            sheet.write_number(at, along + 1, y or 0.0)
        last = CHART_ROW + len(series.at)
        places.append(((first, along, last, along), (first, along + 1, last, along + 1)))
    return places


def _dress(chart: Any, page: Page, plot: Plot) -> None:
    chart.set_title({"name": shortened(page.title, MOST_OF_TITLE), "name_font": {"size": 12}})
    values: dict[str, Any] = {
        "num_format": plot.number_format,
        "major_gridlines": {"visible": True, "line": {"color": theme.GRID}},
    }
    ends = {"min": plot.low, "max": plot.high, "major_unit": plot.step}
    values |= {end: value for end, value in ends.items() if value is not None}
    names: dict[str, Any] = {"label_position": "low"}
    quiet = {"bold": False, "size": 10, "color": theme.SECONDARY}
    values |= {"name": plot.up_title, "name_font": quiet}
    names |= {"name": plot.along_title, "name_font": quiet}
    if plot.kind == "dates":
        dates = plot.dates
        names |= {"date_axis": True, "num_format": dates.shown}
        names |= {"major_unit": dates.step, "major_unit_type": dates.unit}
    if plot.kind == "bars":
        names["reverse"] = True
        values["label_position"] = "high"
    if len(plot.categories) > MANY and plot.kind == "columns":
        names |= {"interval_unit": EVERY, "interval_tick": EVERY}
    if plot.log:
        names |= {"log_base": 10, "num_format": "#,##0"}
    chart.set_x_axis(names)
    chart.set_y_axis(values)
    outside = [row for row, series in enumerate(plot.series) if not series.in_legend]
    chart.set_legend({"position": "bottom", "delete_series": outside} if plot.has_legend else {"none": True})
    chart.set_size({"width": 900, "height": CHART_ROWS * 20})


def _labels(series: Series) -> dict[str, Any]:
    if series.upright:
        return {"data_labels": {"series_name": True, "position": "right", "font": {"bold": True}}}
    if series.named:
        known = [at for at, value in enumerate(series.values) if value is not None]
        middle = known[len(known) // 2] if known else -1
        own = [
            {"value": series.name} if at == middle else {"delete": True} for at in range(len(series.values))
        ]
        return {"data_labels": {"value": True, "custom": own, "position": "above", "font": {"bold": True}}}
    if series.labels:
        # Words of its own to each point, in place of a formula.
        pairs = zip(series.labels, series.sides, strict=True)
        own = [{"value": words} if side else {"delete": True} for words, side in pairs]
        return {"data_labels": {"value": True, "custom": own}}
    if not series.shown:
        return {}
    labels: dict[str, Any] = {"value": True, "num_format": series.shown}
    return {"data_labels": labels | ({"position": "above"} if series.line else {})}


def _style(plot: Plot, series: Series) -> dict[str, Any]:
    if plot.kind in ("columns", "stacked", "bars") and not series.line:
        return {**_filled(series), "overlap": 100, "gap": gap_between(plot)}
    if series.upright:
        down = {"type": "percentage", "value": 100, "direction": "minus", "end_style": 0}
        pen = {"color": theme.TEXT, "width": 1.5, "dash_type": "square_dot"}
        return {"line": {"none": True}, "marker": {"type": "none"}, "y_error_bars": down | {"line": pen}}
    style = series.style
    line = {"color": style.colour, "width": style.width * 0.75, "dash_type": DASHES.get(style.dash, "solid")}
    hollow = style.marker.endswith("-open") and not style.marker.startswith("star")
    mark = {
        "type": MARKERS.get(style.marker.removesuffix("-open"), "circle"),
        "size": style.size if style.marker == "line" else max(5, min(style.size, 10)),
        "border": {"color": style.colour},
        "fill": {"color": theme.CARD if hollow else style.colour},
    }
    return {
        "line": line if style.width else {"none": True},
        "marker": mark if style.marker else {"type": "none"},
    }


def _filled(series: Series) -> dict[str, Any]:
    if series.unseen:
        return {"fill": {"none": True}, "border": {"none": True}}
    inside = {"fill": {"color": series.style.colour}} if series.fill else {"fill": {"none": True}}
    return {**inside, "border": {"none": series.fill, "color": series.style.colour}}
