"""The cells of one sheet of a workbook as text, the way a csv would hold them; and which sheet holds a list.

No formula is computed and no entity or link of the file is ever followed: the reader knows neither.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ingest.files.archives import Content
from ingest.files.problems import refuse_whole
from rtt.terms.wording import list_text

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

HEADING_WITHIN = 20  # lines: a title may stand above the headings
_NAMED = 10  # sheets, in a message


def sheets_with(content: Content, is_heading: Callable[[Sequence[str]], bool]) -> list[str]:
    """The sheets, in order, of which one of the first rows is a heading. Hidden ones are not looked at."""
    import python_calamine

    with_heading = []
    with _opened(content) as workbook:
        for sheet in workbook.sheets_metadata:
            shown = sheet.visible == python_calamine.SheetVisibleEnum.Visible
            if shown and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet:
                rows = workbook.get_sheet_by_name(sheet.name).to_python(nrows=HEADING_WITHIN)
                if any(is_heading([_text(cell) for cell in row]) for row in rows):
                    with_heading.append(sheet.name)
    return with_heading


def first_sheet(content: Content) -> str:
    with _opened(content) as workbook:
        return str(workbook.sheet_names[0])


def sheet_rows(content: Content, sheet: str | None = None) -> list[list[str]]:
    """The rows of `sheet`, or of the first. Raises `Refused` if damaged, or without that sheet."""
    with _opened(content) as workbook:
        names = workbook.sheet_names
        name = sheet or names[0]
        if name not in names:
            there = list_text([f"'{each}'" for each in names[:_NAMED]])
            raise refuse_whole(
                content.file_name, f"There is no sheet '{sheet}', which the mapping names: it has {there}."
            )
        cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return [[_text(cell) for cell in row] for row in cells]


@contextmanager
def _opened(content: Content) -> Iterator[CalamineWorkbook]:
    import python_calamine

    try:
        yield python_calamine.load_workbook(io.BytesIO(content.data))
    except (python_calamine.CalamineError, OSError, ValueError, IndexError):
        raise refuse_whole(
            content.file_name,
            "This workbook is damaged or locked with a password. Save it again, or save the PTL as csv.",
        ) from None


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
