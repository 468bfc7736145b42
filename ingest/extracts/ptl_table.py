"""A tracking list as text columns under our own names, from csv or xlsx, each row with its place in the file.

Only the columns of `ptl_fields` are taken out of the file; a heading that is not known is never repeated, for
in a file without headings it would be a patient. What the cells mean is not decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from ingest.archives import Content
from ingest.extracts.cells import as_utf8, first_records, read_cells
from ingest.extracts.ptl_fields import FIELDS, plain
from ingest.extracts.ptl_mapping import TrackingList
from ingest.extracts.ptl_sheet import sheet_rows
from ingest.problems import refuse

HEADING_WITHIN = 20  # lines: a title may stand above the headings
FEWEST_KNOWN = 3


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file. `frame` has text columns by our names, `row` (the line in the file) and `cells`.

    `cells` is the number of cells of the row, `width` that of the heading: where they differ a value has
    slipped into another column and nothing of the row can be believed.
    """

    file_name: str
    name: str
    frame: pl.DataFrame
    headings: frozenset[str]  # plain, known or not: for telling sections apart, never to be printed
    named: Mapping[str, str]  # our field -> its heading in the file, which is known and may be printed
    width: int

    def has(self, field: str) -> bool:
        return field in self.frame.columns

    def heading_of(self, field: str) -> str:
        """The heading of a field for messages: the file's own, or the data set's where it has none."""
        return self.named.get(field) or (*FIELDS[field].headings, field)[0]


def read_table(content: Content, mapping: TrackingList) -> Table:
    """The rows of a csv or workbook. Raises `Refused` where no line holds the headings."""
    return _from_workbook(content, mapping) if content.is_workbook else _from_csv(content, mapping)


def _from_csv(content: Content, mapping: TrackingList) -> Table:
    data = as_utf8(content.data)
    lines = data[:400_000].split(b"\n")[: 2 * HEADING_WITHIN]
    records = first_records([line.decode(errors="replace") for line in lines], starts=HEADING_WITHIN)
    heading = records[_heading_line(content, [record.cells for record in records], mapping)]
    positions = _positions(content, heading.cells, mapping)
    cells = read_cells(
        content.file_name,
        data[sum(len(line) + 1 for line in lines[: heading.end]) :],
        separator=heading.separator,
        width=len(heading.cells),
        wanted=sorted(positions.values()),
    )
    frame = cells.frame.select(pl.col(str(position)).alias(key) for key, position in positions.items())
    return _table(content, frame, cells.counts, heading.cells, positions, first_row=heading.end + 1)


def _from_workbook(content: Content, mapping: TrackingList) -> Table:
    rows = sheet_rows(content, sheet=mapping.sheet)
    at = _heading_line(content, rows[:HEADING_WITHIN], mapping)
    headings = rows[at]
    positions = _positions(content, headings, mapping)
    body = rows[at + 1 :]
    frame = pl.DataFrame(
        {key: [row[position] or None for row in body] for key, position in positions.items()},
        schema=dict.fromkeys(positions, pl.String),
    )
    blank = np.array([not any(row) for row in body], dtype=bool)
    counts = np.where(blank, 0, len(headings)).astype(np.int64)
    return _table(content, frame, counts, headings, positions, first_row=at + 2)


def _heading_line(content: Content, rows: Sequence[Sequence[str]], mapping: TrackingList) -> int:
    known = [len({mapping.columns.get(plain(cell)) for cell in row} - {None}) for row in rows]
    at = max(range(len(rows)), key=known.__getitem__, default=0)
    if not known or known[at] < FEWEST_KNOWN:
        raise refuse(
            content.file_name,
            expected="the headings of a tracking list, of the data set or as a mapping names them",
            value="a file whose first lines hold none",
        )
    return at


def _positions(content: Content, headings: Sequence[str], mapping: TrackingList) -> dict[str, int]:
    """Our field to its place. Two columns for one field would be a guess."""
    positions: dict[str, int] = {}
    for position, heading in enumerate(headings):
        key = mapping.columns.get(plain(heading))
        if key is not None and key in positions:
            field = " ".join(heading.split())
            raise refuse(content.file_name, field=field, expected="one column", value="two columns")
        if key is not None:
            positions[key] = position
    return positions


def _table(
    content: Content,
    frame: pl.DataFrame,
    counts: Any,
    headings: Sequence[str],
    positions: Mapping[str, int],
    *,
    first_row: int,
) -> Table:
    blank = pl.col(pl.String).str.len_bytes() == 0
    frame = frame.with_columns(
        pl.when(~blank).then(pl.col(pl.String)),  # a cell of two quotation marks is as blank as one of none
        pl.int_range(first_row, first_row + frame.height, dtype=pl.Int64).alias("row"),
        pl.Series("cells", counts, dtype=pl.Int64),
    ).filter(pl.col("cells") > 0)
    if frame.is_empty():
        raise refuse(content.file_name, expected="rows under the headings", value="a heading alone")
    known = frozenset(plain(heading) for heading in headings)
    named = {key: " ".join(headings[position].split()) for key, position in positions.items()}
    return Table(content.file_name, content.name, frame, known, named, width=len(headings))
