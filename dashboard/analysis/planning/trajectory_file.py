"""A trust's own plan as it is typed or as a csv holds it: month, measure and value in each line.

Raises `Unacceptable` with the line that cannot be read; nothing of such a text is kept.
"""

import csv
from datetime import date

from dashboard.store.trajectories import fault_of
from dashboard.store.writing import Unacceptable
from rtt.terms.calendar import month_end
from rtt.terms.wording import plural

MEASURES = {
    "within 18": "share_within_18",
    "share_within_18": "share_within_18",
    "share": "share_within_18",
    "list": "total",
    "total": "total",
    "over 52": "over_52",
    "over_52": "over_52",
}
"""What a line may call a measure, and its key."""

MOST_SHOWN = 80
"""Characters of a cell; no month, measure or value has more."""


def trajectory_values(text: str) -> dict[tuple[str, date], float]:
    """Measure and month end, value: per cent within 18 weeks, or pathways."""
    found: dict[tuple[str, date], float] = {}
    try:
        lines = [line for line in csv.reader(text.splitlines()) if any(cell.strip() for cell in line)]
    except csv.Error:
        raise Unacceptable("This is no csv: a line for each month is meant.") from None
    for at, line in enumerate(lines, start=1):
        cells = [cell.strip()[:MOST_SHOWN] for cell in line]
        if at == 1 and cells[0].lower() == "month":
            continue
        if len(cells) != 3:
            raise Unacceptable(
                f"Line {at} has {plural(len(cells), 'part')}: month, measure and value are meant."
            )
        measure = MEASURES.get(cells[1].lower())
        if measure is None:
            raise Unacceptable(f"Line {at}: “{cells[1]}” is no measure. Write within 18, list or over 52.")
        month, value = _month(cells[0], at), _value(cells[2], at)
        if (measure, month) in found:
            raise Unacceptable(f"Line {at}: there is a value of {cells[1]} for {cells[0]} already.")
        if fault := fault_of(measure, month, value):
            raise Unacceptable(f"Line {at}: {fault}")
        found[measure, month] = value
    if not found:
        raise Unacceptable("The plan has no line: type one for each month, or choose a file.")
    return found


def _month(text: str, at: int) -> date:
    try:
        return month_end(date.fromisoformat(text if len(text) > 7 else f"{text}-01"))
    except ValueError:
        raise Unacceptable(f"Line {at}: “{text}” is no month such as 2026-03.") from None


def _value(text: str, at: int) -> float:
    try:
        return float(text.removesuffix("%").replace(",", ""))
    except ValueError:
        raise Unacceptable(f"Line {at}: “{text}” is no number.") from None
