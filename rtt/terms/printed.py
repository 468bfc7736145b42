"""A figure as it is printed, which keeps its value: words on a page, a number in a workbook.

It is text wherever text is wanted, so that no table has two versions of a cell; a sentence made of it is
plain text.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Self

MINUS = "\N{MINUS SIGN}"


class Printed(str):
    """`value` in full, and the number format by which a spreadsheet prints it as the text is."""

    value: float
    number_format: str

    def __new__(cls, text: str, value: float, number_format: str) -> Self:
        made = super().__new__(cls, text)
        made.value, made.number_format = value, number_format
        return made

    def __reduce__(self) -> tuple[type[Printed], tuple[str, float, str]]:
        # A copy is made with the value, which text alone does not have.
        return Printed, (str(self), self.value, self.number_format)


class PrintedDay(str):
    """A day as it is printed, and the number format by which a spreadsheet prints it as the text is."""

    day: date
    number_format: str

    def __new__(cls, text: str, day: date, number_format: str = "d mmm yyyy") -> Self:
        made = super().__new__(cls, text)
        made.day, made.number_format = day, number_format
        return made

    def __reduce__(self) -> tuple[type[PrintedDay], tuple[str, date, str]]:
        return PrintedDay, (str(self), self.day, self.number_format)


def printed(text: str, value: float, *, places: int = 0, unit: str = "") -> Printed:
    """A printed number: `unit` stands behind it, "%" or a word; a sign is in `text` where it is told."""
    shown = _format(places, unit)
    if text[0] in f"+{MINUS}":
        shown = f"+{shown};{MINUS}{shown};{shown}"
    elif value < 0:
        # It rounds to nothing, and nothing has no sign.
        shown = f"{shown};{shown}"
    return Printed(text, value, shown)


@cache
def _format(places: int, unit: str) -> str:
    behind = unit if unit == "%" else f'"{unit}"' if unit else ""
    return "#,##0" + (f".{'0' * places}" if places else "") + behind
