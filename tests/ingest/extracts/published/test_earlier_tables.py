"""Workbooks of 2009 to 2015, as `docs/operations.md` describes their layouts: made here, figures by hand."""

import shutil
from datetime import date

import pytest
from sqlalchemy import select

from ingest.loading.load import load_path
from ingest.store.schema import extract, published_figure
from tests import allowances
from tests.ingest import published_workbooks as workbooks

# 47 of 50 within 18 weeks, 3 past 52. The median is position 25 of 40 in the first band; the 95th percentile,
# position 47.5, lies in the band that has no end, which a format prints as 52+.
BANDS = {0: 40, 17: 7, 52: 3}
OF_2015 = (50, 47, 0.94, 0.625, "52+")
FEW = (49, 49, 1.0, "-", "-")
HEADINGS_2015 = (
    "Total number of incomplete pathways", "Total within 18 weeks", "% within 18 weeks",
    "Average (median) waiting time (in weeks)", "95th percentile waiting time (in weeks)",
)  # fmt: skip
HEADINGS_2009 = HEADINGS_2015[:3]
HEADINGS_2009_COMPLETED = (
    "Total number of completed pathways", "Total number of completed pathways (with a known clock start)",
)  # fmt: skip
FUNCTIONS = {"IP100": "General Surgery", "IPX01": "Other", "IP999": "Total"}
AS_KEPT = {"IP100": "C_100", "IPX01": "X01", "IP999": "C_999"}


def rows(*identifiers, figures=OF_2015, bands=BANDS, functions=FUNCTIONS):
    return [((*identifiers, code, name), bands, figures) for code, name in functions.items()]


def of_2015(folder, basis="Provider", **changed):
    provider = ("Area Team Code", "Provider Code", "Provider Name", *workbooks.FUNCTION)
    sheets = {"Provider": rows("Q45", "RTD", "NEWCASTLE")[:2] + rows("Q45", "RR7", "GATESHEAD", figures=FEW,
              bands={3: 49})}  # fmt: skip
    names = {"Provider": provider}
    if basis == "Commissioner":
        sheets = {"National": rows(), "Area Team": rows("Q45", "DURHAM"), "CCG": rows("Q45", "00L", "A CCG")}
        names = {
            "National": workbooks.FUNCTION,
            "Area Team": ("Area Team Code", "Area Team Name", *workbooks.FUNCTION),
            "CCG": ("Area Team Code", "Org Code", "Org Name", *workbooks.FUNCTION),
        }
    said = {
        "period": "March 2015", "source": "Unify2 data collection - RTT", "basis": basis,
        "published": "14th May 2015", "revised": "-", "contact": "unify2@example.org",
    }  # fmt: skip
    layout = {"names": names, "headings": HEADINGS_2015, "front": workbooks.front(**said),
              "layout": workbooks.UNTIL_2021}  # fmt: skip
    return workbooks.save(
        folder / f"Incomplete-{basis}-Mar15-XLSX-5M.xlsx", changed.pop("sheets", sheets), **layout | changed
    )


def of_2009(folder, admitted=False):
    """A title and a month for front matter; no medians; how complete each return is on a sheet of its own."""
    what, at = ("completed admitted pathways (unadjusted)", 7) if admitted else ("incomplete pathways", 6)
    functions = {"100": "General Surgery", "999": "Total"}
    figures = (50, 50, 47, 0.94) if admitted else (50, 47, 0.94)
    headings = (
        "Total number of completed pathways", "Total number of completed pathways (with a known clock start)",
        "Total (with a known clock start) within 18 weeks", "% (with a known clock start) within 18 weeks",
    ) if admitted else HEADINGS_2009  # fmt: skip
    every = {"functions": functions, "figures": figures}
    return workbooks.save(
        folder / f"{'Admitted' if admitted else 'Incomplete'}-Commissioner-Apr09.xlsx",
        {"SHA": rows("Q30", "NORTH EAST", **every), "PCT": rows("Q30", "5D7", "NEWCASTLE PCT", **every)},
        names={
            "SHA": ("SHA Code", "SHA Name", *workbooks.FUNCTION),
            "PCT": ("SHA Code", "Org Code", "Org Name", *workbooks.FUNCTION),
        },
        headings=headings,
        front=[[f"18 Weeks Referral to Treatment waiting times: {what}"], ["April 2009"]],
        layout=workbooks.Layout(head=at, last_band=52),
        others={"Data Completeness": [["Org Code", "Org Name", "Completeness"], ["5D7", "A PCT", 0.97]]},
    )


@pytest.fixture(scope="module")
def old_books(tmp_path_factory):
    """Each as xls, as they were published."""
    if shutil.which("soffice") is None:
        allowances.skip_without_package("libreoffice-calc")
    folder = tmp_path_factory.mktemp("old")
    made = [of_2015(folder), of_2015(folder, "Commissioner"), of_2009(folder), of_2009(folder, admitted=True)]
    return workbooks.as_xls(folder, *made)


def figures_of(engine):
    """(month, level, organisation, function, part) -> measure -> what is printed."""
    found = {}
    with engine.connect() as connection:
        for row in connection.execute(select(published_figure)).all():
            key = (row.month, row.level, row.organisation_code, row.treatment_function, row.part)
            found.setdefault(key, {})[row.measure] = row.shown if row.value is None else row.value
    return found


def test_the_books_of_2009_and_2015_are_read_as_they_print(sqlite_engine, old_books):
    results = [load_path(sqlite_engine, path)[0] for path in old_books]
    assert [(each.state, each.section) for each in results] == [
        ("loaded", "2 provider"), ("loaded", "2 commissioner"), ("loaded", "2 commissioner"),
        ("loaded", "1A commissioner"),
    ]  # fmt: skip
    assert [list(each.problems) for each in results] == [[]] * 4
    with sqlite_engine.connect() as connection:
        assert set(connection.execute(select(extract.c.open_band)).scalars()) == {52}
    measures = ("total", "within_18", "share_within_18", "median_weeks", "p95_weeks", "over_52")
    march, april = date(2015, 3, 31), date(2009, 4, 30)
    whole, few = (
        dict(zip(measures, (*OF_2015, 3.0), strict=True)),
        dict(zip(measures, (*FEW, 0.0), strict=True)),
    )
    without_weeks = {"total": 50.0, "within_18": 47.0, "share_within_18": 0.94, "over_52": 3.0}
    completed = {**without_weeks, "total_known": 50.0}
    functions = AS_KEPT.values()
    assert figures_of(sqlite_engine) == {
        **{(march, "provider", "RTD", code, "2"): whole for code in ("C_100", "X01")},
        **{(march, "provider", "RR7", code, "2"): few for code in functions},
        **{(march, level, code, function, "2"): whole for function in functions for level, code in
           (("england", "ENG"), ("area_team", "Q45"), ("commissioner", "00L"))},
        **{(april, level, code, function, part): told for function in ("C_100", "C_999") for level, code in
           (("sha", "Q30"), ("commissioner", "5D7")) for part, told in
           (("2", without_weeks), ("1A", completed))},
    }  # fmt: skip


def test_two_totals_of_the_last_band_are_one_figure(sqlite_engine, tmp_path):
    path = of_2015(
        tmp_path,
        sheets={"Provider": rows("Q45", "RTD", "NEWCASTLE", figures=(*OF_2015, 3))},
        headings=(*HEADINGS_2015, "Total 52 plus weeks"),
    )
    assert load_path(sqlite_engine, path)[0].state == "loaded"
    assert {each["over_52"] for each in figures_of(sqlite_engine).values()} == {3}


WRONG = {
    "codes of another table": (
        {"sheets": {"Provider": rows("Q45", "RTD", "N", functions={"AP100": "General Surgery"})}},
        "Summary on sheet Provider: found 'AP'; expected completed admitted",
    ),
    "bands that slid": (
        {"sheets": {"Provider": rows("Q45", "RTD", "N", bands={0: 40, 18: 7, 52: 3})}},
        "row 15, week bands on sheet Provider: found '40'; expected bands that add up to the pathways",
    ),
    "half a pathway": (
        {"sheets": {"Provider": rows("Q45", "RTD", "N", figures=(50.5, *OF_2015[1:]))}},
        "row 15, total on sheet Provider: found '50.5'; expected a whole number of pathways, 0 or more",
    ),
    "a share of 94": (
        {"sheets": {"Provider": rows("Q45", "RTD", "N", figures=(50, 47, 94, "-", "-"))}},
        "row 15, share_within_18 on sheet Provider: found '94'; expected a share from 0 to 1",
    ),
    "words for a number": (
        {"sheets": {"Provider": rows("Q45", "RTD", "N", figures=("many", *OF_2015[1:]))}},
        "row 15, total on sheet Provider: found 'many'; expected a number, '-' or the like of '104+'",
    ),
    "a code that was taken for a number": (
        {"sheets": {"Provider": rows("Q45", 50.0, "N")}},
        "row 15, Provider Code on sheet Provider: found '50'; expected a code, as text",
    ),
    "nobody's row": (
        {"sheets": {"Provider": rows("Q45", "", "N")}},
        "row 15, Provider Code on sheet Provider: found 'blank'; expected a code, as text",
    ),
    "a title that is adjusted": (
        {"front": workbooks.front(period="March 2015", summary="Completed admitted pathways (adjusted)")},
        "is adjusted for pauses of the clock, which ended in 2015",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_right_is_refused_by_its_place(sqlite_engine, tmp_path, what):
    changed, words = WRONG[what]
    [result] = load_path(sqlite_engine, of_2015(tmp_path, **changed))
    assert result.state == "refused"
    assert words in str(result.problems[0])
    assert figures_of(sqlite_engine) == {}


def test_an_adjusted_sheet_is_passed_by_beside_an_unadjusted_one(sqlite_engine, tmp_path):
    provider = ("SHA Code", "Org Code", "Org Name", "Treatment Function\nCode", "Treatment Function")
    figures = (50, 50, 47, 0.94)
    path = workbooks.save(
        tmp_path / "Admitted-Provider-Apr09.xlsx",
        {name: rows("Q30", "RTD", "N", functions={100: "General\nSurgery"}, figures=figures)
         for name in ("Provider unadjusted", "Provider adjusted")},
        names=provider,
        headings=(
            *HEADINGS_2009_COMPLETED,
            "Number of completed pathways within 18 weeks",
            "Percentage of completed pathways within 18 weeks",
        ),
        front=[["Referral to Treatment: completed admitted pathways, April 2009"]],
        layout=workbooks.Layout(head=7, last_band=52),
    )  # fmt: skip
    [result] = load_path(sqlite_engine, path)
    (said,) = map(str, result.problems)
    assert "sheet Provider adjusted: This table is adjusted for pauses of the clock" in said
    # "Org Code" is a provider's on such a sheet, and 100 a number to the spreadsheet.
    assert figures_of(sqlite_engine) == {
        (date(2009, 4, 30), "provider", "RTD", "C_100", "1A"): {
            "total": 50, "total_known": 50, "within_18": 47, "share_within_18": 0.94, "over_52": 3,
        }
    }  # fmt: skip


def test_a_list_of_those_to_be_admitted_is_a_list_and_an_unknown_function_is_noted(sqlite_engine, tmp_path):
    functions = {"IP100": "General Surgery", "IP888": "Alchemy"}
    summary = "Incomplete pathways, of patients to be admitted or not admitted"
    path = of_2015(
        tmp_path,
        sheets={"Provider": rows("Q45", "RTD", "N", functions=functions)},
        front=workbooks.front(period="March 2015", summary=summary),
    )
    [result] = load_path(sqlite_engine, path)
    assert (result.state, result.section) == ("loaded", "2 provider")
    assert ["C_888: No such treatment function is known" in str(each) for each in result.problems] == [True]


def test_a_sheet_of_another_month_is_refused(sqlite_engine, tmp_path):
    import openpyxl

    path = of_2015(tmp_path, "Commissioner")
    book = openpyxl.load_workbook(path)
    book["CCG"]["C5"] = "April 2015"
    book.save(path)
    [result] = load_path(sqlite_engine, path)
    assert "Period on sheet CCG: found 'April 2015'; expected March 2015, as on sheet National" in str(
        result.problems[0]
    )
