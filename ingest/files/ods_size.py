"""How many cells a LibreOffice workbook would have when it is opened.

A row or cell says how often it is repeated, so that a file of a kilobyte can hold a thousand million cells;
the reader lays them all out, and a process without memory for that ends at once. So they are counted first.
"""

from __future__ import annotations

import re

MOST_CELLS = 40_000_000  # twice a list of 500,000 rows of forty columns

_TAG = re.compile(rb"<(/?)table:(table|table-row|(?:covered-)?table-cell)(?=[\s/>])([^>]*)>")
_ROWS, _COLUMNS = (re.compile(rb'number-%s-repeated="(\d+)"' % name) for name in (b"rows", b"columns"))


def cells_of(content_xml: bytes) -> int:
    """Rows times columns of the largest sheet, up to its last row and its last column with anything in it."""
    largest = height = width = row = column = 0
    repeated, filled = 1, 0
    for closing, name, rest in _TAG.findall(content_xml):
        if name == b"table" and not closing:
            height = width = row = 0
        elif name == b"table-row" and not closing:
            repeated, column, filled = _number(_ROWS, rest), 0, 0
        if name.endswith(b"table-cell") and not closing:
            column += _number(_COLUMNS, rest)
            # A cell without content closes itself and has no value; it takes no room at the end of a row.
            filled = filled if rest.endswith(b"/") and b"office:value" not in rest else column
        if name == b"table-row" and (closing or rest.endswith(b"/")):
            row += repeated
            height, width = (row if filled else height), max(width, filled)
            largest = max(largest, height * width)
    return largest


def _number(pattern: re.Pattern[bytes], rest: bytes) -> int:
    found = pattern.search(rest)
    return int(found[1][:9]) if found else 1
