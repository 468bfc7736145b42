"""A tracking list as text columns under our own names, from csv or xlsx, each row with its place in the file.

Only the columns of `ptl_fields` are taken out of the file; a heading that is not known is never repeated, for
in a file without headings it would be a patient. What the cells mean is not decided here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from ingest.extracts.ptl.cells import as_utf8, first_records, read_cells, swallows, whole_records
from ingest.extracts.ptl.fields import FEWEST_KNOWN, FIELDS, IDENTITIES, plain
from ingest.extracts.ptl.footers import may_be_totals, no_pathways, note_of
from ingest.extracts.ptl.mapping import TrackingList
from ingest.extracts.ptl.sheet import HEADING_WITHIN, first_sheet, sheet_rows, sheets_with
from ingest.files.archives import Content
from ingest.files.problems import Problem, note, refuse_whole
from rtt.terms.wording import list_text

Whole = Callable[[Sequence[int]], Mapping[int, Sequence[str]]]  # of places of rows, all their cells
_FEW_FILLED = 3  # cells; a pathway has a start, a specialty and an identifier, a footer seldom three


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
    notes: tuple[Problem, ...] = ()

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
    body = data[sum(len(line) + 1 for line in lines[: heading.end]) :]
    separator, width, wanted = heading.separator, len(heading.cells), sorted(positions.values())
    of_heading = [line.decode(errors="replace") for line in lines[heading.start : heading.end]]
    if swallows(of_heading, separator, width):
        raise refuse_whole(
            content.file_name,
            "A quotation mark opens a heading, and rows follow before the next mark closes it: they would be "
            "lost. Take the mark out and save the file again.",
            row=heading.start + 1,
        )
    cells = read_cells(
        content.file_name,
        body,
        separator=separator,
        width=width,
        wanted=wanted,
        first_row=heading.end + 1,
        headings={at: " ".join(heading.cells[at].split()) for at in wanted},
    )
    frame = cells.frame.select(pl.col(str(position)).alias(key) for key, position in positions.items())

    def whole(places: Sequence[int]) -> Mapping[int, Sequence[str]]:
        return whole_records(body, places, separator=separator, width=width)

    return _table(content, frame, cells.counts, heading.cells, positions, whole, first_row=heading.end + 1)


def table_of_rows(content: Content, rows: pl.DataFrame, mapping: TrackingList) -> Table:
    """Rows that are in memory under the headings of a file: text columns, and columns of dates."""
    headings = rows.columns
    _heading_line(content, [headings], mapping)
    positions = _positions(content, headings, mapping)
    frame = rows.select(pl.col(headings[position]).alias(key) for key, position in positions.items())
    counts = np.full(rows.height, rows.width, dtype=np.int64)

    def whole(places: Sequence[int]) -> Mapping[int, Sequence[str]]:
        texts = rows[list(places)].select(pl.all().cast(pl.String).fill_null("")).rows()
        return dict(zip(places, texts, strict=True))

    return _table(content, frame, counts, headings, positions, whole, first_row=2)


def _from_workbook(content: Content, mapping: TrackingList) -> Table:
    sheet, notes = _sheet(content, mapping)
    rows = sheet_rows(content, sheet)
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

    def whole(places: Sequence[int]) -> Mapping[int, Sequence[str]]:
        return {place: body[place] for place in places}

    table = _table(content, frame, counts, headings, positions, whole, first_row=at + 2)
    return replace(table, notes=(*notes, *table.notes))


def _sheet(content: Content, mapping: TrackingList) -> tuple[str | None, list[Problem]]:
    """The sheet that the mapping names, else the first with the headings of a list, and what to say of it."""
    if mapping.sheet is not None:
        return mapping.sheet, []
    found = sheets_with(content, lambda row: _known(row, mapping) >= FEWEST_KNOWN)
    if not found or (len(found) == 1 and found[0] == first_sheet(content)):
        return found[0] if found else None, []
    others = list_text([f"{name!r}" for name in found[1:]])
    if others:
        both = "has such headings too and was" if len(found) == 2 else "have such headings too and were"
        others = f" {others} {both} not read."
    said = f"Read from the sheet '{found[0]}', the first with the headings of a PTL.{others}"
    return found[0], [
        note(content.file_name, f'{said} To choose a sheet, set sheet = "{found[0]}" in the mapping.')
    ]


def _known(row: Sequence[str], mapping: TrackingList) -> int:
    return len({mapping.columns.get(plain(cell)) for cell in row} - {None})


def _heading_line(content: Content, rows: Sequence[Sequence[str]], mapping: TrackingList) -> int:
    known = [_known(row, mapping) for row in rows]
    at = max(range(len(rows)), key=known.__getitem__, default=0)
    if not known or known[at] < FEWEST_KNOWN:
        raise refuse_whole(
            content.file_name,
            f"None of its first {HEADING_WITHIN} lines holds the headings of a PTL, neither those "
            "of the Waiting List Minimum Data Set nor those that the mapping names. Name your headings "
            "under [columns] in the mapping.",
        )
    return at


def _positions(content: Content, headings: Sequence[str], mapping: TrackingList) -> dict[str, int]:
    """Our field to its place. Two columns for one field would be a guess."""
    positions: dict[str, int] = {}
    for position, heading in enumerate(headings):
        key = mapping.columns.get(plain(heading))
        if key is not None and key in positions:
            field = " ".join(heading.split())
            raise refuse_whole(
                content.file_name,
                "Two columns have this heading, or headings of the same field. Leave one out, or name one "
                "in the mapping.",
                field=field,
            )
        if key is not None:
            positions[key] = position
    return positions


def _table(
    content: Content,
    frame: pl.DataFrame,
    counts: Any,
    headings: Sequence[str],
    positions: Mapping[str, int],
    whole: Whole,
    *,
    first_row: int,
) -> Table:
    blank = pl.col(pl.String).str.len_bytes() == 0
    frame = frame.with_columns(
        pl.when(~blank).then(pl.col(pl.String)),  # a cell of two quotation marks is as blank as one of none
        pl.int_range(first_row, first_row + frame.height, dtype=pl.Int64).alias("row"),
        pl.Series("cells", counts, dtype=pl.Int64),
    ).filter(pl.col("cells") > 0)
    places = [row - first_row for row in _suspect(frame, len(headings))]
    gone = [place + first_row for place in no_pathways(whole(places), headings, positions, of=frame.height)]
    frame = frame.filter(~pl.col("row").is_in(gone))
    if frame.is_empty():
        raise refuse_whole(
            content.file_name, "There are headings and no rows below them. Send or save the file again."
        )
    known = frozenset(plain(heading) for heading in headings)
    named = {key: " ".join(headings[position].split()) for key, position in positions.items()}
    notes = (note_of(content.file_name, gone),) if gone else ()
    return Table(content.file_name, content.name, frame, known, named, len(headings), notes)


def _suspect(frame: pl.DataFrame, width: int) -> list[int]:
    """Rows that may be no pathway, to be looked at whole: cut short, nearly empty, without a start, a sum."""
    fields = [name for name in frame.columns if name not in ("row", "cells")]
    few = pl.sum_horizontal(pl.col(fields).is_not_null().cast(pl.Int32)) <= _FEW_FILLED
    suspect = (pl.col("cells") != width) | few
    if "clock_start" in frame.columns:
        suspect |= ~pl.col("clock_start").cast(pl.String).str.contains(r"\d").fill_null(False)
    for field in (name for name in fields if name in IDENTITIES):
        suspect |= may_be_totals(pl.col(field))
    return frame.filter(suspect)["row"].to_list()
