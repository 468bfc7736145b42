"""Small time series workbooks, in the layouts that NHS England has published, from figures a test states."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from openpyxl import Workbook

# Section -> headings, as the workbook of May 2026 prints them (some of its columns).
INCOMPLETE, ADMITTED = "Incomplete RTT pathways", "Completed admitted (unadjusted) RTT pathways"
NON_ADMITTED, NEW = "Completed non-admitted RTT pathways", "New RTT periods"
REMOVALS = "Derived unreported removals "
ESTIMATES = " with estimates for missing data"
MEDIAN, P92, P95 = "Median wait (weeks)", "92nd percentile (weeks)", "95th percentile (weeks)"
WITHIN, SHARE, OVER_52 = "No. within 18 weeks", "% within 18 weeks", "No. > 52 weeks"
WAITING, ALL = "Total waiting (mil)", "No. of pathways (all)"

Figures = Mapping[tuple[str, str], object]


def grid(
    months: Mapping[object, Figures],
    *,
    period: str = "April 2007 to March 2025",
    front_rows: int = 10,
    title_in_two_cells: bool = False,
) -> list[list[object]]:
    """Rows of cells. Months are given as the cell to print, so that a test may print one oddly."""
    columns = list(dict.fromkeys(key for figures in months.values() for key in figures))
    sections, before = [], None
    for section, _ in columns:
        sections.append("" if section == before else section)
        before = section
    front = [["", "Period:", period] if title_in_two_cells else ["", f"Period: {period}"]]
    front += [[""] for _ in range(front_rows - 1)]
    rows = [
        *front,
        ["", "Year", "Month", *sections],
        ["", "", "", *(heading for _, heading in columns)],
        *(["", "", cell, *(figures.get(key, "-") for key in columns)] for cell, figures in months.items()),
        ["", "Notes:"],
        ["", "1. Median and percentile times are estimates."],
    ]
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]


def save(path: Path, months: Mapping[object, Figures], **layout) -> Path:
    workbook = Workbook()
    workbook.active.title = "Full Time Series"
    for row in grid(months, **layout):
        workbook.active.append([None if cell == "" else cell for cell in row])
    workbook.save(path)
    return path


def first(month: date) -> date:
    """Workbooks name a month by its first day."""
    return month.replace(day=1)
