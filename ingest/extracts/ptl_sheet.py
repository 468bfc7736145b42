"""The cells of one sheet of a workbook as text, the way a csv would hold them.

No formula is computed and no entity or link of the file is ever followed: the reader knows neither.
"""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from ingest.archives import Content
from ingest.problems import refuse


def sheet_rows(content: Content, *, sheet: str | None, most: int | None = None) -> list[list[str]]:
    """The rows of `sheet`, or of the first; at most `most`. Raises `Refused` for a damaged workbook."""
    import python_calamine

    try:
        workbook = python_calamine.load_workbook(io.BytesIO(content.data))
        name = sheet or workbook.sheet_names[0]
        if name not in workbook.sheet_names:
            raise refuse(content.file_name, expected=f"the sheet {sheet!r} that the mapping names")
        cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=most)
    except (python_calamine.CalamineError, OSError, ValueError, IndexError):
        raise refuse(
            content.file_name, expected="a workbook that can be opened", value="a damaged one"
        ) from None
    return [[_text(cell) for cell in row] for row in cells]


def _text(cell: Any) -> str:
    """Dates as 2026-11-15, whole numbers without a point."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
