"""The sheets of a published workbook, cell by cell, each from its first row and column."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.files.archives import Content
from ingest.files.problems import refuse_whole

Cell = Any
Grid = Sequence[Sequence[Cell]]


def sheets(content: Content, rows: int | None = None) -> Iterator[tuple[str, Grid]]:
    """Each sheet by its name, or the first `rows` rows of it. Raises `Refused` for a damaged workbook."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content.data))
        for name in workbook.sheet_names:
            # The reader would begin at the first cell that is filled, and column A of these books is empty.
            yield name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=rows)
    except CalamineError:
        raise refuse_whole(
            content.file_name,
            "This workbook is damaged or locked with a password. Download or save it again.",
        ) from None
