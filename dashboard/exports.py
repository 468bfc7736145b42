"""What leaves the dashboard as a file: text stays text, whatever program opens it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell_text(text: str) -> str:
    """A text for a cell of CSV or XLSX: one that would be taken for a formula gets an apostrophe in front.

    A dash alone is no formula: it is the code of those whom NHS England commissions itself.
    """
    return f"'{text}" if text.startswith(_FORMULA) and text != "-" else text


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows of text as a CSV that a spreadsheet opens in the right alphabet and takes for text."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([cell_text(cell) for cell in row] for row in rows)
    # Without a byte order mark Excel reads a minus sign and a name with accents as something else.
    return "\ufeff" + written.getvalue()
