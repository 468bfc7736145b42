"""Workbooks as LibreOffice writes them, and those that say that a cell is repeated endlessly."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files.archives import unpack
from ingest.files.problems import Refused
from ingest.files.workbook_size import MOST_CELLS, cells_of

Cell = tuple[str, int]  # its text, "" for none, and how often it is repeated
Row = tuple[list[Cell], int]


def sheet(rows: list[Row]) -> bytes:
    def cell(text: str, times: int) -> str:
        said = f'<table:table-cell table:number-columns-repeated="{times}"'
        return (
            f'{said} office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
            if text
            else f"{said}/>"
        )

    made = "".join(
        f'<table:table-row table:number-rows-repeated="{times}">'
        f"{''.join(cell(*each) for each in cells)}</table:table-row>"
        for cells, times in rows
    )
    table = f'<table:table table:name="A">{made}</table:table>'
    return f"<office:document-content>{table}</office:document-content>".encode()


def packed(content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return stream.getvalue()


def laid_out_cells(content: bytes) -> int:
    return cells_of(zipfile.ZipFile(io.BytesIO(packed(content))), 10_000_000)


cells = st.lists(st.tuples(st.sampled_from(["", "", "x"]), st.integers(1, 4)), max_size=4)


@given(st.lists(st.tuples(cells, st.integers(1, 5)), max_size=5))
def test_the_cells_are_those_up_to_the_last_row_and_column_with_anything_in_it(rows):
    laid_out = [
        [text for text, times in each for _ in range(times)] for each, often in rows for _ in range(often)
    ]
    height = max([at + 1 for at, row in enumerate(laid_out) if any(row)], default=0)
    width = max([at + 1 for row in laid_out for at, text in enumerate(row) if text], default=0)
    assert laid_out_cells(sheet(rows)) == height * width


def test_what_libreoffice_repeats_at_the_foot_and_the_side_takes_no_room():
    rows = [([("x", 3), ("", 16_381)], 2), ([("", 16_384)], 1_048_574)]
    assert laid_out_cells(sheet(rows)) == 6


@pytest.mark.parametrize(
    "rows",
    [
        [([("x", 16_384)], 1_048_576)],
        [([("x", 60)], 1_000_000)],
        [([("x", 1)], 1), ([("", 1)], 1_048_574), ([("", 16_383), ("x", 1)], 1)],
    ],
)
def test_a_workbook_of_endless_cells_is_refused_before_it_is_opened(rows):
    content = sheet(rows)
    assert laid_out_cells(content) > MOST_CELLS
    with pytest.raises(Refused, match="most of them blank or repeated"):
        unpack("list.ods", packed(content))
