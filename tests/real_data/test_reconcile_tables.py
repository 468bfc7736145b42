"""Our figures at every level are the publisher's: his workbooks, and his tables kept as csv."""

import shutil
from collections import Counter
from datetime import date

import pytest

from ingest.loading.load import load_path
from ingest.reconcile.tables import reconcile_tables
from ingest.store.database import make_engine
from tests.real_data import reference_tables as reference

pytestmark = pytest.mark.real_data

DECEMBER = date(2024, 12, 31)


@pytest.fixture(scope="module")
def with_tables(published, twelve_months_path, tmp_path_factory):
    """The twelve months, every workbook that is a table, and the tables kept as csv."""
    path = tmp_path_factory.mktemp("tables") / "rtt.db"
    shutil.copy(twelve_months_path, path)
    engine = make_engine(f"sqlite:///{path}")
    for name in ("Admitted-Commissioner-Dec24-XLSX-2M-revised.xlsx", "New-Periods-Provider-Apr23.xls"):
        (result,) = load_path(engine, published / "workbooks" / name)
        assert (result.state, result.source) == ("loaded", "published"), result.problems
    reference.put(engine, "2 icb", reference.icb_by_function(published))
    reference.put(engine, "2 provider", reference.provider_by_function(published))
    reference.put(engine, "2 totals", reference.regions_and_icbs(published))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def told(with_tables):
    with with_tables.connect() as connection:
        return reconcile_tables(connection)


def test_every_figure_of_every_table_is_equal(told):
    assert told.differing == ()
    assert told.sentence == "266,801 of 266,801 figures of published tables are equal"


def test_each_level_part_and_month_is_there(told):
    counted = Counter()
    for each in told.held:
        counted[each.level, each.part, each.month == DECEMBER] += each.figures
    # 24 functions by 9 measures; 8 regions, 43 ICBs and 128 commissioners, NHS England's own among them.
    admitted = {level: 24 * 9 * count for level, count in
                {"england": 1, "region": 8, "icb": 43, "commissioner": 128}.items()}  # fmt: skip
    assert {level: counted[level, "1A", True] for level in admitted} == admitted
    months = {level: {each.month for each in told.held if (each.level, each.part) == (level, "2")}
              for level in ("region", "icb", "provider")}  # fmt: skip
    assert {level: len(found) for level, found in months.items()} == {"region": 12, "icb": 12, "provider": 8}


def test_a_month_whose_extract_is_not_loaded_is_named(told):
    assert told.without_extract == {("provider", "3"): [date(2023, 4, 30)]}


def test_the_workbook_and_its_csv_say_the_same(published, with_tables):
    """The reader of workbooks against the same table written out by another hand."""
    from sqlalchemy import select

    from ingest.store.schema import published_figure

    p = published_figure.c
    with with_tables.connect() as connection:
        read = {
            (row.level, row.organisation_code, row.treatment_function, row.measure): row.value
            for row in connection.execute(select(published_figure).where(p.part == "1A"))
        }
    names = {
        "over_104": "gt104", "unknown_clock_start": "unknown_clock_start", "total": "total_all",
        "total_known": "total_known", "median_weeks": "median", "p95_weeks": "p95", "over_52": "over52",
        "over_78": "over78", "over_65": "over65",
    }  # fmt: skip
    sheets = {"National": ("england", None), "Region": ("region", "Region Code"), "ICB": ("icb", "ICB Code"),
              "Sub-ICB": ("commissioner", "Org Code")}  # fmt: skip
    rows = reference.rows_of(published, reference.ADMITTED_BY_COMMISSIONER)
    for row in rows:
        level, column = sheets[row["sheet"]]
        code = row[column] if column else "ENG"
        for measure, name in names.items():
            value = read[level, code, row["Treatment Function Code"], measure]
            if row[name] in ("", "-"):
                assert value is None
            else:
                assert value == pytest.approx(float(row[name]), abs=1e-9)
    assert len(rows) * len(names) == len(read) == 38_880
