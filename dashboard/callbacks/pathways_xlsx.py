"""Pathways as a workbook: one sheet, dates that are dates, a head that stays."""

import io
from collections.abc import Sequence
from datetime import date

import xlsxwriter

from rtt.terms.text_edges import xml_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Value = str | int | date | None


def pathways_xlsx(table: Sequence[Sequence[Value]], notes: Sequence[str]) -> bytes:
    """The workbook of a head and its rows, the notes under them."""
    written = io.BytesIO()
    # A token or a code that looks like a formula or an address stays text.
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(written, {"in_memory": True, **safe})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "d mmm yyyy"})
    sheet = book.add_worksheet("Patients")
    sheet.freeze_panes(1, 1)
    for column, name in enumerate(table[0]):
        sheet.write_string(0, column, str(name), bold)
        sheet.set_column(column, column, max(12, len(str(name)) + 2))
    sheet.set_column(0, 0, 22)
    for row, values in enumerate(table[1:], start=1):
        for column, value in enumerate(values):
            if isinstance(value, date):
                sheet.write_datetime(row, column, value, day)
            elif isinstance(value, int):
                sheet.write_number(row, column, value)
            elif value:
                sheet.write_string(row, column, xml_text(value))
    if len(table) > 1:
        sheet.autofilter(0, 0, len(table) - 1, len(table[0]) - 1)
    for row, note in enumerate(notes, start=len(table) + 1):
        sheet.write_string(row, 0, note)
    book.close()
    return written.getvalue()
