"""A published workbook by provider or commissioner loads as published figures, and stands beside ours."""

from datetime import date

import pytest
from sqlalchemy import select, update

from ingest.loading.load import load_path
from ingest.reconcile.tables import REASONS, reconcile_tables
from ingest.store.schema import extract, pathway_counts, published_figure
from tests.ingest import published_workbooks as workbooks

MARCH = date(2025, 3, 31)
# By hand: 40 of 50 within 18 weeks; the median is position 25 of 40 in the first band; the 92nd percentile
# position 46 lies 6 of 8 into the band past 30 weeks.
FACTS = {
    ("RTD", "01A", "2", "C_110"): {0: 40, 30: 8, 60: 2},
    ("RTD", "NONC", "2", "C_110"): {30: 5},
    ("RTD", "01A", "2A", "C_110"): {0: 4},
    ("NT1", "01A", "2", "C_110"): {3: 12},
    ("RTD", "01A", "3", "C_110"): 9,
}
ROW = (50, 40, 0.8, 0.625, 30.75, 2, 0, 0, 0.04)
FEW = (12, 12, 1.0, "-", "-", 0, 0, 0, 0)
DTA = (4, 4, 1.0, "-", "-", 0, 0, 0, 0)
NOBODY = (0, 0, "-", "-", "-", 0, 0, 0, "-")


def ids(provider, function="C_110"):
    return ("Y56", provider, f"{provider} TRUST", function, "Trauma and Orthopaedic Service")


def totals(provider):
    return ("Y56", provider, f"{provider} TRUST", "C_999", "Total")


SHEETS = {
    "Provider": [
        (ids("RTD"), {0: 40, 30: 8, 60: 2}, ROW),
        (ids("RTD", "C_120"), {}, NOBODY),
        (totals("RTD"), {0: 40, 30: 8, 60: 2}, ROW),
    ],
    "IS Provider": [(ids("NT1"), {3: 12}, FEW), (totals("NT1"), {3: 12}, FEW)],
    "Provider with DTA": [(ids("RTD"), {0: 4}, DTA), (totals("RTD"), {0: 4}, DTA)],
}


@pytest.fixture
def workbook(tmp_path):
    def made(sheets=SHEETS, **layout):
        return workbooks.save(tmp_path / "Incomplete-Provider-Mar25-XLSX-9M-12345.xlsx", sheets, **layout)

    return made


def held(engine):
    with engine.connect() as connection:
        return reconcile_tables(connection)


def load(engine, *paths):
    results = [load_path(engine, path)[0] for path in paths]
    assert [each.state for each in results] == ["loaded"] * len(paths), [r.problems for r in results]
    return results


def test_every_figure_of_an_incomplete_provider_workbook_is_equal(engine, workbook, make_extract):
    (_, result) = load(engine, make_extract(FACTS, census=MARCH), workbook())
    assert (result.source, result.census_date, result.section) == ("published", MARCH, "2 provider")
    told = held(engine)
    assert {(each.level, each.part) for each in told.held} == {("provider", "2"), ("provider", "2A")}
    assert told.differing == ()
    assert told.sentence == "70 of 70 figures of published tables are equal"
    functions = {(each.part, each.treatment_function): each.figures for each in told.held}
    # Nine figures a row and the band of 104 weeks and more.
    assert functions == {
        ("2", "C_110"): 20, ("2", "C_120"): 10, ("2", "C_999"): 20, ("2A", "C_110"): 10, ("2A", "C_999"): 10,
    }  # fmt: skip


def test_it_is_known_before_its_month_is_loaded(sqlite_engine, workbook):
    load(sqlite_engine, workbook())
    told = held(sqlite_engine)
    assert told.held == ()
    assert told.without_extract == {("provider", "2"): [MARCH]}


OFF = {
    "a count": ((51, *ROW[1:]), "bands"),
    "over 52": ((*ROW[:5], 3, *ROW[6:]), ""),
    "a share in its seventh place": ((*ROW[:2], 0.8000021, *ROW[3:]), ""),
    "a median that is not printed": ((*ROW[:3], "-", *ROW[4:]), ""),
}


@pytest.mark.parametrize("what", [name for name in OFF if name != "a count"])
def test_a_figure_that_is_off_by_a_little_differs(sqlite_engine, workbook, make_extract, what):
    figures, reason = OFF[what]
    sheets = {"Provider": [(ids("RTD"), {0: 40, 30: 8, 60: 2}, figures)]}
    load(sqlite_engine, make_extract(FACTS, census=MARCH), workbook(sheets))
    (odd,) = held(sqlite_engine).differing
    assert (odd.organisation_code, odd.treatment_function, odd.reason) == ("RTD", "C_110", reason)
    assert REASONS[odd.reason] == "not explained"


@pytest.mark.parametrize(("median", "differs"), [(0.66, 0), (0.70, 1)])
def test_a_median_before_october_2022_is_compared_to_one_place(
    sqlite_engine, tmp_path, make_extract, median, differs
):
    """The publisher reckoned medians in another way then, which can differ in the second decimal."""
    path = workbooks.save(
        tmp_path / "Incomplete-Provider-Mar22.xlsx",
        {"Provider": [(ids("RTD"), {0: 40, 30: 8, 60: 2}, (*ROW[:3], median, *ROW[4:]))]},
        front=workbooks.front(period="March 2022"),
    )
    load(sqlite_engine, make_extract(FACTS, census=date(2022, 3, 31)), path)
    assert [each.measure for each in held(sqlite_engine).differing] == ["median_weeks"] * differs


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((ids("RTD"), {0: 40, 30: 13, 60: 2}, (55, 40, 40 / 55, "-", "-", 2, 0, 0, 2 / 55)), "nonc"),
        ((ids("RTD"), {0: 41, 30: 8, 60: 2}, (51, 41, 41 / 51, 0.62, 30.7, 2, 0, 0, 2 / 51)), "revised"),
        ((ids("NT1"), {3: 12}, (12, 12, 1.0, 3.5, 3.9, 0, 0, 0, 0)), "suppressed"),
        ((ids("RXX"), {3: 7}, (7, 7, 1.0, "-", "-", 0, 0, 0, 0)), "codes"),
    ],
)
def test_a_difference_says_why(sqlite_engine, workbook, make_extract, row, reason):
    load(sqlite_engine, make_extract(FACTS, census=MARCH), workbook({"Provider": [row]}))
    assert {each.reason for each in held(sqlite_engine).differing} == {reason}


def test_a_figure_of_ours_that_is_wrong_is_found(engine, workbook, make_extract):
    load(engine, make_extract(FACTS, census=MARCH), workbook())
    c = pathway_counts.c
    with engine.begin() as connection:
        connection.execute(
            update(pathway_counts)
            .where(c.organisation_code == "RTD", c.part == "2", c.treatment_function == "C_110")
            .where(c.basis == "english")
            .values(over_52=c.over_52 + 1)
        )
    assert {(each.measure, each.difference) for each in held(engine).differing if each.ours == 3} == {
        ("over_52", 1)
    }


def test_a_revised_workbook_takes_the_place_of_the_first(sqlite_engine, workbook):
    load(sqlite_engine, workbook())
    front = [("Revised:", "10th July 2025") if "Revised:" in words else words for words in workbooks.FRONT]
    (result,) = load(sqlite_engine, workbook(front=front))
    assert result.replaced
    with sqlite_engine.connect() as connection:
        assert connection.execute(select(extract.c.revision)).scalars().all() == [1]


def test_columns_that_slid_are_refused_by_row(sqlite_engine, workbook):
    rows = [(ids("RTD"), {0: 40, 30: 8, 60: 2}, ROW), (totals("RTD"), {0: 41, 30: 8, 60: 2}, ROW)]
    (result,) = load_path(sqlite_engine, workbook({"Provider": rows}))
    assert result.state == "refused"
    assert "row 16" in str(result.problems[0])
    assert "bands that add up to the total of 50" in str(result.problems[0])


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ({"Period:": "the spring"}, "a month such as December 2024"),
        ({"Summary:": "Something else about waiting"}, "completed admitted"),
    ],
)
def test_a_workbook_that_does_not_say_what_it_is_is_refused(sqlite_engine, workbook, front, words):
    lines = [(words[0], front.get(words[0], words[1])) if words else () for words in workbooks.FRONT]
    (result,) = load_path(sqlite_engine, workbook(front=lines))
    assert result.state == "refused"
    assert words in str(result.problems[0])


def test_an_organisation_that_stands_twice_is_refused(sqlite_engine, workbook):
    (result,) = load_path(sqlite_engine, workbook({"Provider": SHEETS["Provider"] * 2}))
    assert result.state == "refused"


def test_a_heading_that_is_not_known_is_noted(sqlite_engine, workbook):
    headings = [*workbooks.INCOMPLETE[:-1], "Mood of the patients"]
    (result,) = load(sqlite_engine, workbook(headings=headings))
    assert ["Mood of the patients" in str(each) for each in result.problems] == [True] * 3


def test_104_plus_is_off_the_scale(sqlite_engine, workbook, make_extract):
    bands = {0: 20, 104: 30}
    # A number in a format that shows it as 104+, and the text.
    row = (50, 20, 0.4, 104, "104+", 30, 30, 30, 0.6)
    path = make_extract({("RTD", "01A", "2", "C_110"): bands}, census=MARCH)
    load(sqlite_engine, path, workbook({"Provider": [(ids("RTD"), bands, row)]}))
    assert held(sqlite_engine).differing == ()


def test_taking_a_workbook_out_takes_its_figures_out(sqlite_engine, workbook):
    from ingest.loading.load import remove

    load(sqlite_engine, workbook())
    assert remove(sqlite_engine, "published", MARCH) == 1
    with sqlite_engine.connect() as connection:
        assert connection.execute(select(published_figure)).all() == []


def test_of_many_months_the_newest_are_compared_and_the_others_counted(sqlite_engine, tmp_path, make_extract):
    row = (ids("RTD"), {0: 40, 30: 8, 60: 2}, ROW)
    for month in (date(2024, 12, 31), date(2025, 1, 31), MARCH):
        path = tmp_path / f"Incomplete-Provider-{month:%b%y}.xlsx"
        workbooks.save(path, {"Provider": [row]}, front=workbooks.front(period=f"{month:%B %Y}"))
        load(sqlite_engine, path)
        if month.month != 1:
            load(sqlite_engine, make_extract(FACTS, census=month))
    with sqlite_engine.connect() as connection:
        told, every = reconcile_tables(connection, 1), reconcile_tables(connection)
    assert ({each.month for each in told.held}, told.months_left) == ({MARCH}, 1)
    assert ({each.month for each in every.held}, every.months_left) == ({date(2024, 12, 31), MARCH}, 0)
    assert told.without_extract == every.without_extract == {("provider", "2"): [date(2025, 1, 31)]}
