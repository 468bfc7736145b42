"""Lists handed over as rows in memory pass the same checks, and leave the same facts, as the csv of them."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from sqlalchemy import func, select

from ingest.loading.load import LoadOptions, load_path, load_rows
from ingest.store import schema
from ingest.store.database import make_engine, migrate
from sample_data import Sample
from sample_data.blemishes import shifted
from sample_data.csv_files import write_csv

# Six weeks, one of them with rows that slid by a column, which leaves texts where dates belong.
UNTIL, WEEKS, KEPT = date(2026, 2, 22), 6, 2
KEY = b"a key for the tests alone"
PASSING = {"id", "load_id", "extract_id", "started_at", "seconds", "first_used_at", "ended_at"}
OF_BYTES = {"file_sha256", "content_sha256", "file_bytes"}


@pytest.fixture(scope="module")
def sample():
    return Sample(until=UNTIL, months=1, weeks=WEEKS)


def new_database(path):
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    return engine


def everything(engine):
    with engine.connect() as connection:
        return {
            table.name: sorted(
                repr(tuple(value for name, value in row._mapping.items() if name not in PASSING | OF_BYTES))
                for row in connection.execute(select(table))
            )
            for table in schema.metadata.sorted_tables
        }


def test_a_run_of_lists_as_rows_leaves_what_their_csv_files_leave(sample, tmp_path):
    assert any(shifted(week) for week in sample.weeks)
    how = LoadOptions(
        kind="sample", token_key=KEY, mapping=sample.mapping(tmp_path), snapshots_kept=KEPT, today=UNTIL
    )
    run = replace(how, pathways_from=sample.ends()[-KEPT])
    by_files, by_rows = (new_database(tmp_path / name) for name in ("files.db", "rows.db"))
    for week in sample.weeks:
        for name, rows in sample.lists(week):
            write_csv(rows, tmp_path / name)
            assert [each.state for each in load_path(by_files, tmp_path / name, options=how)] == ["loaded"]
            # The first is kept, as by the files: nothing before it tells when it may go.
            options = how if week == sample.weeks[0] else run
            result = load_rows(by_rows, rows, name, format_name="tracking list", options=options)
            assert result.state == "loaded"
    found, expected = everything(by_rows), everything(by_files)
    for table in expected:
        assert found[table] == expected[table], table
    # Nothing of single pathways that is counted is left but of the newest lists, and of the first.
    with by_rows.connect() as connection:
        held = connection.execute(
            select(schema.pathway.c.census_date, func.count()).group_by(schema.pathway.c.census_date)
        )
        assert [day for day, _ in held] == [sample.ends()[0], *sample.ends()[-KEPT:]]
    for engine in (by_files, by_rows):
        engine.dispose()


def loaded(engine, rows, **more):
    how = LoadOptions(kind="sample", token_key=KEY, **more)
    return load_rows(engine, rows, "R9A-20260222-open.csv", format_name="tracking list", options=how)


@pytest.fixture
def rows():
    """Twenty pathways in the fewest columns."""
    number = range(20)
    return pl.DataFrame(
        {
            "Week_Ending_Date": [date(2026, 2, 22)] * 20,
            "ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER": ["R9A"] * 20,
            "PATIENT_PATHWAY_IDENTIFIER": [f"P{each:011d}" for each in number],
            "ACTIVITY_TREATMENT_FUNCTION_CODE": ["110"] * 20,
            "REFERRAL_TO_TREATMENT_PERIOD_START_DATE": [date(2026, 1, 1 + each) for each in number],
            "TCI_Date": [date(2026, 3, 1)] * 20,
            "Waiting_List_Type": ["IRTT"] * 20,
        }
    )


def test_a_day_that_stands_for_none_is_blank(sqlite_engine, rows):
    given = rows.with_columns(TCI_Date=pl.lit(date(9999, 12, 31)))
    result = loaded(sqlite_engine, given)
    assert result.state == "loaded"
    assert any("20 cells hold a date or word that stands for none" in str(each) for each in result.problems)
    with sqlite_engine.connect() as connection:
        assert connection.execute(select(schema.pathway.c.tci_date).distinct()).scalars().all() == [None]


def test_a_column_of_days_that_cannot_be_its_own_is_refused(sqlite_engine, rows):
    result = loaded(sqlite_engine, rows.with_columns(TCI_Date=pl.lit(date(1950, 1, 1))))
    assert result.state == "refused"
    assert "20 of 20 dates cannot be read as a date of this column" in str(result.problems[0])
    with sqlite_engine.connect() as connection:
        states = connection.execute(select(schema.load.c.state)).scalars().all()
        assert (states, connection.execute(select(schema.pathway)).all()) == (["refused"], [])


def test_a_day_after_the_census_leaves_its_row_out_by_its_shape_alone(sqlite_engine, rows):
    start = pl.col("REFERRAL_TO_TREATMENT_PERIOD_START_DATE")
    late = pl.when(start == date(2026, 1, 3)).then(pl.lit(date(2026, 2, 28))).otherwise(start)
    result = loaded(sqlite_engine, rows.with_columns(late.alias("REFERRAL_TO_TREATMENT_PERIOD_START_DATE")))
    assert (result.state, result.rows_left_out) == ("loaded", 1)
    (problem,) = [str(each) for each in result.problems if "on or before the census" in str(each)]
    assert "2026-02-28" not in problem


def test_rows_without_the_headings_of_a_list_are_refused(sqlite_engine, rows):
    result = loaded(sqlite_engine, rows.select("Week_Ending_Date"))
    assert result.state == "refused"
    assert "headings of a PTL" in str(result.problems[0])
