"""Two databases that behave as one: whatever a file holds, SQLite and PostgreSQL keep the same, or refuse it
in the same words.
"""

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Engine, Integer, SmallInteger, String, select, text
from sqlalchemy.exc import SQLAlchemyError

from ingest.extracts import LoadOptions
from ingest.loading.load import check_path, load_path
from ingest.store import columns, schema
from ingest.store.database import insert_rows, make_engine
from rtt.terms.bands import BAND_COLUMNS
from tests import makers, tracking_lists
from tests.ingest import workbooks

MARCH = date(2025, 3, 31)
OPTIONS = LoadOptions(token_key=tracking_lists.KEY)
# What differs from one load to the next.
OF_THE_MOMENT = {"started_at", "ended_at", "seconds", "first_used_at"}

Both = tuple[Engine, Engine]


@pytest.fixture(scope="module")
def postgresql_engine(postgresql_server) -> Iterator[Engine]:
    administrator = make_engine(postgresql_server("postgres"))
    with administrator.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text('CREATE DATABASE "beside" TEMPLATE "template"'))
    administrator.dispose()
    engine = make_engine(postgresql_server("beside"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def engines(postgresql_engine, sqlite_template, tmp_path_factory) -> Iterator[Both]:
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("beside") / "rtt.db")
    sqlite = make_engine(f"sqlite:///{path}")
    yield sqlite, postgresql_engine
    sqlite.dispose()


def emptied(engines: Both) -> Both:
    """Both without a row, and with their numbers beginning at 1 again."""
    sqlite, postgresql = engines
    with sqlite.begin() as connection:
        for table in reversed(schema.metadata.sorted_tables):
            connection.execute(table.delete())
        connection.execute(text("DELETE FROM sqlite_sequence"))
    with postgresql.begin() as connection:
        names = ", ".join(f'"{name}"' for name in schema.metadata.tables)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    return engines


def everything(engine: Engine) -> dict[str, list[tuple]]:
    """Every row of every table, but for what is of the moment."""
    with engine.connect() as connection:
        return {
            name: sorted(
                (
                    tuple(value for key, value in row.items() if key not in OF_THE_MOMENT)
                    for row in connection.execute(select(table)).mappings()
                ),
                key=repr,
            )
            for name, table in schema.metadata.tables.items()
        }


def loaded_alike(engines: Both, path: Path, options: LoadOptions = OPTIONS) -> tuple[str, list[str]]:
    """State and problems of a file: the same on both, as is all that both hold after it."""
    found = []
    for engine in emptied(engines):
        [checked] = check_path(engine, path, options=options)
        [result] = load_path(engine, path, options=options)
        assert (checked.state == "refused") == (result.state == "refused")
        [again] = load_path(engine, path, options=options)
        assert again.state == ("refused" if result.state == "refused" else "unchanged")
        found.append((result.state, [str(problem) for problem in result.problems], everything(engine)))
    assert found[0] == found[1]
    return found[0][:2]


ODD = st.text(
    st.one_of(
        st.sampled_from("\0\x01\x7f\x85\xa0\u200b\u202e\ufeff\ufffd 'é%\\{}\tåÅßİıſK🏥"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"),
    ),
    max_size=40,
)
LONG = st.integers(0, 300).map(lambda length: "R" * length)
CELL = st.one_of(ODD, LONG)
ODD_NAME = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0/"), min_size=1, max_size=50),
    # Bytes that are no UTF-8, as an old Windows share leaves them.
    st.binary(min_size=1, max_size=40).map(
        lambda raw: os.fsdecode(raw.replace(b"/", b"-").replace(b"\0", b"-"))
    ),
).filter(lambda name: name not in (".", "..") and len(os.fsencode(name)) <= 200)
COUNT = st.one_of(
    st.integers(0, 5), st.sampled_from([2**31 - 1, 2**31, 2**30, 2**63, -1, 10**30]), st.integers(0, 2**31)
)


def as_csv(rows: list[list[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return stream.getvalue().encode()


@given(
    cells=st.dictionaries(st.integers(1, 12), CELL, max_size=4),
    name=ODD_NAME,
    count=COUNT,
    twin=st.sampled_from(["r0a", "R0A ", "R0A\u200b", "Ｒ0A", "R0Á", "R0A\u0301", "RA1"]),
)
@example(cells={3: "R" * 27}, name="a.csv", count=1, twin="RA1")
@example(cells={4: "ST\0MARY"}, name="a.csv", count=1, twin="r0a")
@example(cells={11: "C_1234567"}, name="b\udcff.csv", count=2**31 - 1, twin="R0A ")
def test_a_month_with_anything_in_its_cells(engines, cells, name, count, twin):
    """Fault 6: what a column cannot hold ended the load on PostgreSQL and went in on SQLite."""
    facts = {("R0A", "00R", "2", "C_100"): {3: 1}, (twin, "00R", "2", "C_110"): {3: count, 4: count}}
    rows = makers.table(facts, census=MARCH)
    for column, cell in cells.items():
        rows[1][column] = cell
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(as_csv(rows))
        loaded_alike(engines, path)


FIELDS = ("site", "commissioner", "treatment_function", "rtt_status", "priority", "list_type", "deprivation")
DATES = ("clock_start", "decision_to_admit", "tci_date", "next_appointment", "clock_stop")
DATE = st.one_of(
    ODD,
    st.dates().map(date.isoformat),
    st.sampled_from(["0000-00-00", "10000-01-01", "2026-02-30", "31/12/9999", "-4713-01-01", "infinity"]),
)


@given(
    said=st.dictionaries(st.sampled_from(FIELDS), CELL, max_size=3),
    dates=st.dictionaries(st.sampled_from(DATES), DATE, max_size=3),
    identity=st.dictionaries(st.sampled_from(["issuer", "pathway_id", "referral_id"]), CELL, max_size=2),
    provider=st.one_of(st.just("R9A"), CELL),
    name=ODD_NAME,
)
def test_a_tracking_list_with_anything_in_its_cells(engines, said, dates, identity, provider, name):
    """Fault 6: the same for patients' rows, of whose values no message tells."""
    ordinary = tracking_lists.pathway(provider=provider)
    rows = [{**ordinary, "deprivation": ""}, {**tracking_lists.pathway(), **said, **dates, **identity}]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(tracking_lists.as_csv(rows, headings={"deprivation": "IMD"}))
        mapping = Path(folder) / "mapping.toml"
        mapping.write_text('[columns]\ndeprivation = "IMD"\n[list]\nweek_ending = 2026-11-15\n')
        options = LoadOptions(token_key=tracking_lists.KEY, mapping=mapping)
        loaded_alike(engines, path, options)


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        *((number, "loaded") for number in (1e308, float(2**63), "52+", 0.1)),
        *((word, "refused") for word in ("nan", "inf", "1e400", "-nan%", "x" * 100)),
    ],
)
def test_a_published_figure_of_any_size(engines, tmp_path, cell, state):
    """Fault 6: a number that is none became a missing one in SQLite and was kept by PostgreSQL."""
    path = workbooks.save(
        tmp_path / "series.xlsx", {MARCH.replace(day=1): {(workbooks.INCOMPLETE, workbooks.WAITING): cell}}
    )
    assert loaded_alike(engines, path)[0] == state


@pytest.mark.parametrize("revision", [0, 2**31 - 1, 2**31, 2**63, 10**30])
def test_a_revision_of_any_size(engines, tmp_path, revision):
    """Fault 6: `--revision` beyond the column."""
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(makers.table({("R0A", "00R", "2", "C_100"): {3: 1}}, census=MARCH)))
    state, problems = loaded_alike(engines, path, LoadOptions(revision=revision))
    assert (state == "refused") == (revision > 2**31 - 1)
    assert state == "loaded" or "a whole number of at most 2,147,483,647" in problems[0]


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("Provider Org Code", "R" * 27, "at most 16 characters"),
        ("Provider Org Code", "R0\0", "none of them NUL"),
        ("Provider Parent Org Code", "Q" * 17, "at most 16 characters"),
        ("Commissioner Org Code", "0" * 17, "at most 16 characters"),
        ("Commissioner Parent Org Code", "Q" * 17, "at most 16 characters"),
        ("Treatment Function Code", "C_1234567", "at most 8 characters"),
        ("Gt 03 To 04 Weeks SUM 1", "2147483648", "a whole number of at most 2,147,483,647"),
    ],
)
def test_what_a_column_cannot_hold_is_refused_by_row_and_field(engines, tmp_path, column, cell, expected):
    """Fault 6: a code of 27 characters was named by neither."""
    rows = makers.table({("R0A", "00R", "2", "C_100"): {3: 1}}, census=MARCH)
    rows[1][rows[0].index(column)] = cell
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(rows))
    state, problems = loaded_alike(engines, path)
    assert state == "refused"
    assert any(f"a.csv, row 2, {column}: " in each and expected in each for each in problems)


def test_counts_that_add_up_to_more_than_a_column_holds_are_refused(engines, tmp_path):
    """Fault 6: 32 bits of a count wrapped round in the sums, and a list of minus four pathways went in."""
    for facts in (
        {(f"R{n:02d}", "00R", "2", "C_100"): {3: 2**30} for n in range(4)},
        {("R0A", "00R", "2", f"C_1{n}0"): {3: 2**30} for n in range(3)},
        {("R0A", "00R", "3", f"C_1{n}0"): 2**30 for n in range(3)},
        {
            ("R0A", "00R", "1A", "C_100"): {"unknown": 2**30, 3: 2**30},
            ("R0A", "00R", "1B", "C_100"): {3: 2**30},
        },
    ):
        path = tmp_path / "a.csv"
        path.write_bytes(as_csv(makers.table(facts, census=MARCH)))
        state, problems = loaded_alike(engines, path)
        assert state == "refused"
        assert all("2,147,483,647" in problem and ", row " in problem for problem in problems)


VALUES = {
    # SmallInteger is an Integer to SQLAlchemy, and is asked first.
    String: ["x" * 16, "x" * 17, "x" * 300, "a\0b", "a\ud800b", "é" * 16, "🏥" * 16, " " * 20, ""],
    SmallInteger: [2**15 - 1, 2**15, -(2**15), -(2**15) - 1],
    Integer: [0, -1, 2**15, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**63],
}


HELD = [
    column
    for table in ("pathway", "pathway_counts", "organisation", "load", "published")
    for column in schema.metadata.tables[table].c
    if column.name not in BAND_COLUMNS
]


@pytest.mark.parametrize("column", HELD, ids=str)
def test_a_column_holds_what_we_say_it_holds(postgresql_engine, column):
    """Asked of PostgreSQL itself, column by column: it takes what `columns` lets pass and nothing else."""
    one = f'CREATE TEMP TABLE one AS SELECT "{column.name}" FROM "{column.table.name}" LIMIT 0'
    values = next((held for kind, held in VALUES.items() if isinstance(column.type, kind)), [])
    with postgresql_engine.connect() as connection, connection.begin() as transaction:
        connection.execute(text(one))
        for value in values:
            point = connection.begin_nested()
            try:
                insert_rows(connection, "one", [column.name], [(value,)])
                taken = True
            except (SQLAlchemyError, UnicodeEncodeError):
                taken = False
            point.rollback()
            # Of blanks beyond the length PostgreSQL keeps what fits, and SQLite would keep all of them.
            if not (isinstance(value, str) and value.isspace()):
                assert taken == (columns.cannot_hold(column, value) is None), value
        transaction.rollback()
