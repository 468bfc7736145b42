"""Published workbooks whose tables are not read are told from files of nobody, and say what is accepted."""

import pytest
import xlsxwriter
from python_calamine import load_workbook

from ingest.extracts import LoadOptions
from ingest.loading.load import load_path

WORKBOOKS = [
    (
        "Admitted-Commissioner-Dec24",
        "“Referral to Treatment (RTT) Waiting Times” (December 2024, by commissioner)",
    ),
    ("New-Periods-Provider-Apr23", "“New Referral to Treatment (RTT) Periods” (April 2023, by provider)"),
]
LINES_OF_THE_TITLE = 10


@pytest.mark.parametrize(("name", "words"), WORKBOOKS)
@pytest.mark.parametrize("mapped", [False, True])
def test_a_workbook_in_an_unknown_layout_says_what_it_is(
    published, sqlite_engine, tmp_path, name, words, mapped
):
    """Fault 35: "found 'none of them'" said neither what it is nor what to load."""
    mapping = tmp_path / "m.toml"
    mapping.write_text('[list]\nprovider = "R9A"\n')
    path = _with_another_table(published, tmp_path, name)
    [result] = load_path(sqlite_engine, path, options=LoadOptions(mapping=mapping if mapped else None))
    (problem,) = result.problems
    assert f"This is a published file of sums, {words}, which is not read: load the monthly full" in str(
        problem
    )
    assert "You can load these files. NHS England's monthly full extract: " in str(problem)


@pytest.mark.parametrize("name", [name for name, _ in WORKBOOKS])
def test_the_workbook_itself_is_loaded_as_published_figures(published, sqlite_engine, name):
    """Fault 35: a workbook by provider or commissioner was refused like a file of nobody."""
    [path] = (published / "workbooks").glob(f"{name}*")
    [result] = load_path(sqlite_engine, path)
    assert result.state == "loaded", [str(each) for each in result.problems]


def test_a_workbook_saved_as_csv_says_to_load_the_workbook(published, sqlite_engine, tmp_path):
    [path] = (published / "workbooks").glob("New-Periods-Provider-Apr23*")
    rows = load_workbook(path).get_sheet_by_index(0).to_python()
    copy = tmp_path / "New-Periods-Provider-Apr23.csv"
    copy.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in rows))
    [result] = load_path(sqlite_engine, copy)
    (problem,) = result.problems
    assert "which is not read: load the workbook as it was downloaded, or the monthly full" in str(problem)


def _with_another_table(published, folder, name):
    """The publisher's title over a table that nobody knows: the layouts changed from year to year."""
    [path] = (published / "workbooks").glob(f"{name}*")
    rows = load_workbook(path).get_sheet_by_index(0).to_python()[:LINES_OF_THE_TITLE]
    copy = folder / "another-layout.xlsx"
    with xlsxwriter.Workbook(copy) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([*rows, ["Area", "Sum"], ["North", 1]]):
            sheet.write_row(at, 0, [str(cell) for cell in row])
    return copy
