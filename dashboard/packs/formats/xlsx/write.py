"""A pack as Excel: a sheet a page, with its numbers as numbers and its chart native; definitions on theirs.

What is printed as "60.3%" is the figure itself, 0.60312, in a format that prints it so: who calculates on
does it without the rounding of the page. Text stays text: a cell that begins like a formula is none.
"""

import io
import re
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from dashboard import PRODUCT
from dashboard.figures import theme
from dashboard.packs.contents.pack import Contents
from dashboard.packs.contents.page import ASKED, CONTENTS, Page, Table
from dashboard.packs.formats.format import Given
from dashboard.packs.office import look
from dashboard.packs.office.native import EVERY, MANY
from dashboard.packs.office.packages import reproducible
from dashboard.packs.office.plot import plot_of
from dashboard.packs.office.series import Plot, Series, gap_between
from rtt.terms.printed import Printed, PrintedDay
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
DASHES = {"dash": "dash", "dot": "round_dot", "dashdot": "dash_dot", "longdash": "long_dash"}
CHART_ROW = 3
CHART_ROWS = 20
DATA_COLUMN = 20
CHART_COLUMNS = 8
MOST_OF_FOOT = 240
A4 = 9
ACROSS, ROW_HEIGHT, ABOUT_WIDE = 5, 14, 96
"""The last column that sentences stand over; points of a line."""
NARROWEST, WIDEST, WORDS = 12, 60, 40
_HEAD = {"bold": True, "bg_color": look.BLUE, "font_color": look.PAPER, "text_wrap": True, "valign": "bottom"}
FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": look.DARK_BLUE},
    "heading": {"bold": True, "font_size": 12, "font_color": look.BLUE},
    "bold": {"bold": True, "valign": "top"},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "right": {"align": "right", "valign": "top"},
    "head": _HEAD,
    "right head": {**_HEAD, "align": "right"},
    "link": {"font_color": look.BLUE, "underline": 1, "valign": "top"},
}
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
            "title": property_text(pack.name),
            "author": "RTT dashboard",
            "category": pack.audience.label,
            "comments": PRODUCT,
            "created": pack.moment,
        }
    )
    taken: set[str] = {"about", "history"}  # Excel keeps "History" for itself
    names = [sheet_name(page.name.replace("Exception: ", ""), taken) for page in pack.pages]
    _write_cover(book, pack, names)
    for page, name in zip(pack.pages, names, strict=True):
        _write(book, pack, page, name)
    book.close()
    return reproducible(written.getvalue(), pack.moment, change=_with_base_units)


def _with_base_units(name: str, content: bytes) -> bytes:
    """Axes of dates count in the unit of their labels: XlsxWriter has no option for it."""
    if not name.startswith("xl/charts/chart"):
        return content
    unit = b"months" if b'<c:majorTimeUnit val="months"/>' in content else b"days"
    axis = re.compile(rb'(<c:dateAx>.*?<c:lblOffset val="100"/>)', re.DOTALL)
    return axis.sub(rb'\g<1><c:baseTimeUnit val="' + unit + b'"/>', content)


def _write_cover(book: Any, pack: Contents, names: Sequence[str]) -> None:
    """What the pack is, and its sheets with links to them."""
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, ABOUT_WIDE)
    sheet.hide_gridlines(2)
    _set_up_print(sheet, pack)
    sheet.write_string(0, 0, cell_text(pack.title), _named(book, "title"))
    if pack.organisation:
        sheet.write_string(1, 0, cell_text(pack.organisation), _named(book, "heading"))
    reasons = (("Draft", f"DRAFT: {reason}.") for reason in pack.draft)
    details = pack.details or (("Census", pack.subtitle),)
    lines = [*details, ("For", pack.audience.told), *reasons, ("Source line", pack.footer)]
    lines += [("Licence", pack.licence)] if pack.licence else []
    for row, (heading, line) in enumerate(lines, 3):
        sheet.write_string(row, 0, cell_text(heading), _named(book, "bold"))
        sheet.write_string(row, 1, cell_text(line), _named(book, "wrapped"))
        sheet.set_row(row, ROW_HEIGHT * _lines(line, ABOUT_WIDE))
    first = len(lines) + 4
    sheet.write_string(first, 0, CONTENTS, _named(book, "heading"))
    for row, (name, page) in enumerate(zip(names, pack.pages, strict=True), first + 1):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", _named(book, "link"), cell_text(name))
        sheet.write_string(row, 1, cell_text(page.title), _named(book, "wrapped"))
        sheet.set_row(row, ROW_HEIGHT * _lines(page.title, ABOUT_WIDE))


def _set_up_print(sheet: Any, pack: Contents) -> None:
    """A4, landscape, one page wide, with source, page number and stamp."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.8)
    sheet.set_footer(f"&L&7{_foot(pack.footer)}&R&8&P")
    if pack.draft:
        sheet.set_header("&CDRAFT")


def _write(book: Any, pack: Contents, page: Page, name: str) -> None:
    sheet = book.add_worksheet(name)
    sheet.hide_gridlines(2)
    _set_up_print(sheet, pack)
    sheet.write_string(0, 0, cell_text(page.title), _named(book, "title"))
    tables = page.tables
    if page.chart:
        tables = (Table("The chart as a table", page.chart.columns, page.chart.rows), *tables)
    widths = _set_widths(sheet, tables, wide_first=bool(page.messages))
    row = CHART_ROW
    plot = plot_of(page.chart) if page.chart else None
    if page.chart and plot:
        row = _write_plot(book, sheet, name, page, plot)
    said = [*((message.heading, f"{message.figure} {message.text}") for message in page.messages)]
    said += [("", words) for words in page.paragraphs] + [(box.heading, box.text) for box in page.boxes]
    said += [(ASKED if not at else "", words) for at, words in enumerate(page.asks)]
    for heading, words in said:
        if heading:
            sheet.write_string(row, 0, cell_text(heading), _named(book, "bold"))
            row += 1
        row = _write_words(book, sheet, row, words, sum(widths[: ACROSS + 1]))
    alone = len(tables) == 1 and not said and plot is None
    for table in tables:
        head = row + 2
        row = _write_table(book, sheet, table, row + 1, widths)
        if alone:
            # The head stays while a long table is scrolled, and stands on every printed page.
            sheet.freeze_panes(head + 1, 1)
            sheet.repeat_rows(head)
    if not alone:
        sheet.freeze_panes(1, 0)
    # The numbers that a chart is drawn from stay off the paper.
    sheet.print_area(0, 0, row, max([ACROSS, CHART_COLUMNS, *(len(each.columns) - 1 for each in tables)]))


def _write_words(book: Any, sheet: Any, row: int, words: str, letters: int) -> int:
    """A sentence over several columns, wrapped; the row after it."""
    sheet.merge_range(row, 0, row, ACROSS, "", _named(book, "wrapped"))
    sheet.write_string(row, 0, cell_text(words), _named(book, "wrapped"))
    sheet.set_row(row, ROW_HEIGHT * _lines(words, letters))
    return row + 1


def _lines(words: str, letters: int) -> int:
    """The lines of a text in a cell of this width, which programs do not work out for themselves."""
    return max(1, -(-len(words) // max(letters - 1, 1)))


def _set_widths(sheet: Any, tables: Sequence[Table], *, wide_first: bool) -> list[int]:
    """Columns as wide as what stands in them, up to where it is wrapped; their widths in letters."""
    found = []
    columns = max((len(table.columns) for table in tables), default=1)
    for column in range(max(columns, ACROSS + 1)):
        cells = [row[column] for table in tables if len(table.columns) > column for row in table.rows]
        heads = [
            max(table.columns[column].split(), key=len, default="")
            for table in tables
            if len(table.columns) > column
        ]
        longest = max((len(words) for words in (*cells, *heads)), default=0)
        least = WORDS if wide_first and not column else NARROWEST
        found.append(min(max(longest + 3, least), WIDEST))
        sheet.set_column(column, column, found[-1])
    return found


def _foot(words: str) -> str:
    """The footer in the 255 letters that Excel has for it: the data's hash and the version stand last."""
    # An ampersand is written twice: a cut between the two would make a code of the second.
    return shortened_within(words, MOST_OF_FOOT - words.count("&"), kept=80).replace("&", "&&")


def _write_table(book: Any, sheet: Any, table: Table, row: int, widths: Sequence[int]) -> int:
    """The table from this row on; the row after it."""
    sheet.write_string(row, 0, cell_text(table.caption), _named(book, "bold"))
    sheet.set_row(row + 1, ROW_HEIGHT * _most(table.columns, widths))
    for column, words in enumerate(table.columns):
        head = _named(book, "head" if column < table.text_columns else "right head")
        sheet.write_string(row + 1, column, cell_text(words), head)
    for number, cells in enumerate(table.rows, row + 2):
        if (lines := _most(cells, widths)) > 1:
            sheet.set_row(number, ROW_HEIGHT * lines)
        for column, words in enumerate(cells):
            if isinstance(words, PrintedDay):
                sheet.write_datetime(number, column, words.day, _format(book, words.number_format, "left"))
            elif column < table.text_columns:
                sheet.write_string(number, column, cell_text(words), _named(book, "wrapped"))
            else:
                _write_cell(book, sheet, number, column, words)
    return row + 3 + len(table.rows)


def _most(cells: Sequence[str], widths: Sequence[int]) -> int:
    """The lines of the longest cell of a row."""
    return max(_lines(words, width) for words, width in zip(cells, widths, strict=False))


def _write_cell(book: Any, sheet: Any, row: int, column: int, words: str) -> None:
    if isinstance(words, Printed):
        sheet.write_number(row, column, words.value, _format(book, words.number_format))
    else:
        sheet.write_string(row, column, cell_text(words), _named(book, "right"))


def _format(book: Any, number_format: str, align: str = "") -> Any:
    """One format object for each way of writing: a workbook may hold 64,000."""
    own = {"align": align} if align else {}
    return _made(book, (number_format, align), {"num_format": number_format, "valign": "top", **own})


def _named(book: Any, name: str) -> Any:
    return _made(book, name, FORMATS[name])


def _made(book: Any, key: Any, properties: dict[str, Any]) -> Any:
    made = book.__dict__.setdefault("rtt_formats", {})
    if key not in made:
        made[key] = book.add_format({"font_name": "Arial", "font_size": 10, **properties})
    return made[key]


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
    # XlsxWriter calls the upright axis of horizontal bars y, and names stand along it.
    across, up = (values, names) if plot.kind == "bars" else (names, values)
    chart.set_x_axis(across)
    chart.set_y_axis(up)
    outside = [row for row, series in enumerate(plot.series) if not series.in_legend]
    chart.set_legend({"position": "bottom", "delete_series": outside} if plot.has_legend else {"none": True})
    chart.set_size({"width": 900, "height": CHART_ROWS * 20})


def _labels(series: Series) -> dict[str, Any]:
    if series.upright:
        return {"data_labels": {"series_name": True, "position": "right", "font": {"bold": True}}}
    if series.named:
        known = [at for at, value in enumerate(series.values) if value is not None]
        middle = known[(len(known) - 1) // 2] if known else -1
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
