"""Workbooks of Excel with a cell far from the others, which a reader would lay out with all between them."""

import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter.utility import xl_rowcol_to_cell

from ingest.files import workbook_size
from ingest.files.archives import unpack
from ingest.files.problems import Refused
from ingest.files.workbook_size import MOST_CELLS
from ingest.loading.load import load_path

places = st.tuples(st.integers(0, 3_000), st.integers(0, 900))


def sized(packed: bytes) -> int:
    return workbook_size.cells_of(zipfile.ZipFile(io.BytesIO(packed)), 10_000_000)


def workbook(filled: list[tuple[int, int]], styled: tuple[tuple[int, int], ...] = ()) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        for at in styled:
            sheet.write_blank(*at, None, bold)
        for at in filled:
            sheet.write(*at, "x")
    return stream.getvalue()


def by_hand(data: str, name: str = "xl/worksheets/sheet1.xml", more: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, f"<worksheet><sheetData>{data}</sheetData></worksheet>{more}")
    return stream.getvalue()


@given(st.lists(places, min_size=1, max_size=6), st.lists(places, max_size=3))
@settings(max_examples=30, deadline=None)
def test_the_cells_are_those_up_to_the_last_row_and_column_with_a_value(filled, styled):
    wanted = (max(row for row, _ in filled) + 1) * (max(column for _, column in filled) + 1)
    assert sized(workbook(filled, tuple(set(styled) - set(filled)))) == wanted


@pytest.mark.parametrize("piece", [1, 7, 60, 1_000])
def test_a_tag_may_lie_across_two_pieces(monkeypatch, piece):
    monkeypatch.setattr(workbook_size, "_PIECE", piece)
    filled = [(row, row % 7) for row in range(30)]
    assert sized(by_hand(rows_of(filled))) == 30 * 7


def rows_of(filled: list[tuple[int, int]]) -> str:
    return "".join(
        f'<row r="{row + 1}"><c r="{xl_rowcol_to_cell(row, column)}"><v>1</v></c></row>'
        for row, column in filled
    )


@pytest.mark.parametrize(
    "data",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="90000"><c s="1" t="n" r="ZZ90000"><v>1</v></c></row>',
        "<x:row r='90000'><x:c r='ZZ90000'><x:v>1</x:v></x:c></x:row>",
        '<row r="1048576">' + "<c><v>1</v></c>" * 60 + "</row>",
        '<row r="1"><c r="XFD1"><v>1</v></c></row><row r="90000"><c r="A90000"><v>1</v></c></row>',
    ],
)
@pytest.mark.parametrize("ending", ["xlsx", "xlsm", "zip"])
def test_a_workbook_with_a_cell_far_away_is_refused_before_it_is_opened(data, ending):
    """A stray cell at XFD1048576 ended the process that read it, and the one that watched a folder."""
    packed = by_hand(data)
    if ending == "zip":
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("open-20261115.xlsx", packed)
        packed = stream.getvalue()
    with pytest.raises(
        Refused, match=f"cells, most of them blank or repeated; {MOST_CELLS:,} at most are accepted"
    ):
        unpack(f"open-20261115.{ending}", packed)


def test_a_sheet_under_any_name_is_looked_at():
    with pytest.raises(Refused, match="most of them blank or repeated"):
        unpack("a.xlsx", by_hand('<row r="90000"><c r="ZZ90000"><v>1</v></c></row>', "odd/Part.XML"))


def test_loading_refuses_it_and_goes_on(sqlite_engine, tmp_path):
    (tmp_path / "open-20261115.xlsx").write_bytes(workbook([(0, 0), (49_999, 899)]))
    (result,) = load_path(sqlite_engine, tmp_path / "open-20261115.xlsx")
    assert result.state == "refused"
    assert "It has 45,000,000 cells, most of them blank or repeated" in str(result.problems[0])
