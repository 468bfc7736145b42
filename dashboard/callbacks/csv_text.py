"""Rows that leave the dashboard as CSV: text stays text, whatever program opens it."""

import csv
import io
from collections.abc import Iterable, Sequence

from rtt.terms.text_edges import csv_cell


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows of text as a CSV that a spreadsheet opens in the right alphabet and takes for text."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([csv_cell(cell) for cell in row] for row in rows)
    # Without a byte order mark Excel reads a minus sign and a name with accents as something else.
    return "\ufeff" + written.getvalue()
