"""A stray quotation mark that swallows rows refuses the list; a comment of several lines does not."""

import csv
import io

import pytest

from ingest.extracts.ptl.format import read
from ingest.files.problems import Refused
from tests.tracking_lists import OPTIONS, as_csv, content, pathway, totals


def lines(count: int) -> list[str]:
    """A list of `count` waiting pathways with a column of remarks at its end."""
    heading, *below = as_csv([pathway() for _ in range(count)]).decode().splitlines()
    return [f"{heading},Remarks", *(f"{row},ok" for row in below)]


def opened(row: str, column: int) -> str:
    cells = row.split(",")
    cells[column] = f'"{cells[column]}'
    return ",".join(cells)


def closed(row: str, column: int) -> str:
    cells = row.split(",")
    cells[column] = f'{cells[column]}"'
    return ",".join(cells)


def parsed(written: list[str]):
    return read(content("\n".join([*written, ""]).encode()), OPTIONS)


@pytest.mark.parametrize("column", [0, 1, 5, 13, 18])
@pytest.mark.parametrize("at", [1, 20, 59, 60])
def test_a_mark_that_is_never_closed_refuses_the_list(column, at):
    """A list of 1,000 pathways was loaded with 100, without a word."""
    written = lines(60)
    written[at] = opened(written[at], column)
    with pytest.raises(Refused, match=rf"row {at + 1}\b.*never closed"):
        parsed(written)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (3, 1), (1, 3), (18, 18), (18, 0)])
@pytest.mark.parametrize("more", [1, 2, 40])
def test_a_mark_that_another_row_closes_refuses_the_list(first, last, more):
    written = lines(60)
    written[10], written[10 + more] = opened(written[10], first), closed(written[10 + more], last)
    with pytest.raises(Refused, match=rf"row 11\b.*\b{more} line"):
        parsed(written)


def test_marks_of_a_cell_before_the_stray_one_hide_nothing():
    """Marks in a text, even in number on every line: no count of them tells where a cell ends."""
    written = lines(60)
    written[5] += ' of the "left" ear'
    written[9] = written[9].replace(",REF,", ',6" wide,') + ',"x'
    written[30] = written[30].replace(",REF,", ',6" wide,') + ',y"'
    with pytest.raises(Refused, match="row 10"):
        parsed(written)


def test_a_list_all_in_quotation_marks_that_lacks_one_is_refused():
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(csv.reader(lines(60)))
    written = stream.getvalue().splitlines()
    written[12] = written[12].removesuffix('"')
    with pytest.raises(Refused, match="row 13"):
        parsed(written)


def test_a_heading_that_swallows_rows_is_refused():
    written = lines(60)
    written[0], written[12] = opened(written[0], 18), closed(written[12], 18)
    with pytest.raises(Refused, match=r"row 1: .* opens a heading"):
        parsed(written)


def test_the_field_is_named_where_its_heading_is_known_and_the_value_never():
    written = lines(60)
    column = written[0].split(",").index("PATIENT_PATHWAY_IDENTIFIER")
    written[20] = opened(written[20], column)
    with pytest.raises(Refused, match="row 21, PATIENT_PATHWAY_IDENTIFIER") as refusal:
        parsed(written)
    assert "PATHWAY0" not in str(refusal.value)


@pytest.mark.parametrize("front", [True, False])
@pytest.mark.parametrize(
    "remark",
    [
        "rang, no answer\nrang again, will come",
        "a\nb\n\nc, d, e, f\n" * 5,
        "pain, swelling, stiff, tired, thin, pale\nletter sent, copied, filed",
        'said "no"\nthen "yes"',
        "\n" * 12,
    ],
)
def test_a_comment_of_several_lines_is_no_fault(remark, front):
    rows = [pathway() for _ in range(30)]
    heading, *below = csv.reader(io.StringIO(as_csv(rows).decode()))
    stream = io.StringIO()
    table = [["Remarks", *heading], *([remark if at % 3 else "", *row] for at, row in enumerate(below))]
    csv.writer(stream).writerows(table if front else [[*row[1:], row[0]] for row in table])
    result = read(content(stream.getvalue().encode()), OPTIONS)
    assert (result.rows_read, result.rows_left_out, totals(result)["total"]) == (30, 0, 30)
