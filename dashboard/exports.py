"""What leaves the dashboard as a file: text stays text, whatever program opens it."""

from __future__ import annotations

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell_text(text: str) -> str:
    """A text for a cell of CSV or XLSX: one that would be taken for a formula gets an apostrophe in front."""
    return f"'{text}" if text.startswith(_FORMULA) else text
