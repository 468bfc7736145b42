"""What people write: who may, what is kept, what comes back, and that nothing is overwritten."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, select

from dashboard.server.access import Denied, Reader
from dashboard.store import writing
from dashboard.store.series import Series
from dashboard.store.writing import Unacceptable
from dashboard.store.written import groups, written_on
from ingest.store.database import make_engine, migrate
from ingest.store.dataset import WRITTEN, carry_writing
from ingest.store.schema import annotation, audit, metadata, saved_group

JO, SAM, NOBODY = Reader("jo", may_write=True), Reader("sam", may_write=True), Reader("eve")
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
MARCH = date(2025, 3, 31)
LIST = Series(
    source="monthly",
    level="provider",
    organisation_code="RTD",
    treatment_function="C_110",
    measure="total",
)
NASTY = "=HYPERLINK('x') <script>alert(1)</script> “ñ” 患者"


def test_a_note_comes_back_as_it_was_written_with_its_author(engine):
    number = writing.annotate(engine, JO, LIST, noted_on=MARCH, text=f"  {NASTY}\n", at=AT)
    with engine.connect() as connection:
        (note,) = written_on(connection, LIST).notes
    assert (note.id, note.series, note.noted_on, note.text, note.author) == (number, LIST, MARCH, NASTY, "jo")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, True),
        ({"measure": ""}, True),  # every measure of the scope
        ({"measure": "over_52"}, False),
        ({"organisation_code": "R1K"}, False),
        ({"treatment_function": "C_999"}, False),
        ({"level": "commissioner"}, False),
        ({"source": "weekly"}, False),
    ],
)
def test_a_note_belongs_to_one_series(sqlite_engine, asked, found):
    writing.annotate(sqlite_engine, JO, LIST, noted_on=MARCH, text="A ward opened", at=AT)
    with sqlite_engine.connect() as connection:
        assert bool(written_on(connection, replace(LIST, **asked)).notes) is found


def test_a_note_on_every_measure_stands_on_each(sqlite_engine):
    scope = replace(LIST, measure="")
    writing.annotate(sqlite_engine, JO, scope, noted_on=MARCH, text="Validation began", at=AT)
    with sqlite_engine.connect() as connection:
        assert (
            written_on(connection, LIST).notes
            == written_on(connection, replace(LIST, measure="over_52")).notes
        )
        assert len(written_on(connection, LIST).notes) == 1


def test_a_rebase_keeps_reason_author_and_date(engine):
    writing.start_phase(engine, JO, LIST, starts_on=MARCH, reason="New definition", at=AT)
    with engine.connect() as connection:
        (kept,) = written_on(connection, LIST).rebases
    assert (kept.starts_on, kept.reason, kept.author) == (MARCH, "New definition", "jo")
    assert kept.written_at.replace(tzinfo=UTC) == AT


def test_what_is_withdrawn_is_gone_from_the_pages_and_not_from_the_table(engine):
    number = writing.annotate(engine, JO, LIST, noted_on=MARCH, text="Wrong", at=AT)
    writing.withdraw(engine, SAM, "note", number, at=AT)
    with engine.connect() as connection:
        assert written_on(connection, LIST).notes == ()
        row = connection.execute(select(annotation)).one()
    assert (row.text, row.author, row.withdrawn_by) == ("Wrong", "jo", "sam")
    with pytest.raises(Unacceptable, match="withdrawn already"):
        writing.withdraw(engine, SAM, "note", number, at=AT)


def test_a_group_of_a_name_takes_the_place_of_the_one_before(engine):
    writing.save_group(engine, JO, kind="trusts", name="Ours", members=["RTD"], at=AT)
    writing.save_group(engine, JO, kind="specialties", name="Ours", members=["C_110", "C_120"], at=AT)
    writing.save_group(engine, SAM, kind="trusts", name="Ours", members=["RTD", "R1K", "RTD"], at=AT)
    with engine.connect() as connection:
        found = [(group.kind, group.name, group.members, group.author) for group in groups(connection)]
        assert len(connection.execute(select(saved_group)).all()) == 3
    assert found == [
        ("specialties", "Ours", ("C_110", "C_120"), "jo"),
        ("trusts", "Ours", ("RTD", "R1K"), "sam"),
    ]


def write(engine, reader, what):
    at = AT
    writes = {
        "note": lambda: writing.annotate(engine, reader, LIST, noted_on=MARCH, text="x", at=at),
        "rebase": lambda: writing.start_phase(engine, reader, LIST, starts_on=MARCH, reason="x", at=at),
        "group": lambda: writing.save_group(engine, reader, kind="trusts", name="x", members=["RTD"], at=at),
        "withdraw note": lambda: writing.withdraw(engine, reader, "note", 1, at=at),
        "withdraw rebase": lambda: writing.withdraw(engine, reader, "rebase", 1, at=at),
        "withdraw group": lambda: writing.withdraw(engine, reader, "group", 1, at=at),
    }
    return writes[what]()


@pytest.mark.parametrize(
    "what", ["note", "rebase", "group", "withdraw note", "withdraw rebase", "withdraw group"]
)
def test_who_may_not_write_writes_nothing(sqlite_engine, what):
    for kind in ("note", "rebase", "group"):
        write(sqlite_engine, JO, kind)
    with pytest.raises(Denied):
        write(sqlite_engine, NOBODY, what)
    with sqlite_engine.connect() as connection:
        assert len(written_on(connection, LIST).notes) == len(written_on(connection, LIST).rebases) == 1
        assert len(groups(connection)) == 1


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u202e", "x" * 501])
def test_an_empty_or_endless_note_is_not_kept(sqlite_engine, text):
    with pytest.raises(Unacceptable):
        writing.annotate(sqlite_engine, JO, LIST, noted_on=MARCH, text=text, at=AT)


@pytest.mark.parametrize(
    "change",
    [
        {"source": "daily"},
        {"level": "ward"},
        {"measure": "beauty"},
        {"organisation_code": ""},
        {"organisation_code": "x" * 81},
        {"treatment_function": "'; DROP TABLE annotation --"},
    ],
)
def test_a_note_on_a_series_that_cannot_be_is_not_kept(sqlite_engine, change):
    with pytest.raises(Unacceptable):
        writing.annotate(sqlite_engine, JO, replace(LIST, **change), noted_on=MARCH, text="x", at=AT)


@pytest.mark.parametrize(
    ("kind", "name", "members"),
    [
        ("trusts", "", ["RTD"]),
        ("trusts", "x" * 81, ["RTD"]),
        ("trusts", "Ours", []),
        ("trusts", "Ours", [" "]),
        ("trusts", "Ours", ["RTD<b>"]),
        ("trusts", "Ours", [f"R{n}" for n in range(301)]),
        ("specialties", "Ours", ["C_000"]),
        ("wards", "Ours", ["RTD"]),
    ],
)
def test_a_group_that_cannot_be_is_not_kept(sqlite_engine, kind, name, members):
    with pytest.raises(Unacceptable):
        writing.save_group(sqlite_engine, JO, kind=kind, name=name, members=members, at=AT)


def test_the_audit_trail_says_who_did_what_when(engine):
    writing.write_audit(engine, JO, action="exported", scope="tf=C_110", rows=12, purpose="Rota\r\n", at=AT)
    with engine.connect() as connection:
        row = connection.execute(select(audit)).one()
    assert (row.reader, row.action, row.scope, row.rows, row.purpose.strip()) == (
        "jo",
        "exported",
        "tf=C_110",
        12,
        "Rota",
    )


# Made from files, or from what is loaded: a new sample has its own.
NOT_WRITTEN_BY_PEOPLE = {
    *("dataset", "load", "extract", "organisation", "pathway_counts", "pathway", "clock_stop", "movement"),
    *("quality", "published", "commissioned_list", "published_figure", "token_key", "succession"),
    *("forecast", "forecast_method", "forecast_unit", "forecast_value", "forecast_expectation"),
    *("back_test", "plan_made", "plan", "run", "list_image"),
}


def a_row(table):
    """One row of a table, a value in every column."""
    values = {str: "x", int: 1, float: 1.0, date: MARCH, datetime: AT, bool: True}
    # Two columns take certain words alone.
    words = {("saved_group", "kind"): "trusts", ("alert_choice", "pace"): "weekly"}
    return {
        column.name: words.get((table.name, column.name), values[column.type.python_type])
        for column in table.columns
    }


def test_every_table_of_what_people_write_is_carried_into_a_new_sample(sqlite_engine, sqlite_url, tmp_path):
    assert {table.name for table in WRITTEN} == {*metadata.tables} - NOT_WRITTEN_BY_PEOPLE
    with sqlite_engine.begin() as connection:
        for table in WRITTEN:
            connection.execute(insert(table).values(a_row(table)))
    anew = f"sqlite:///{tmp_path / 'anew.db'}"
    engine = make_engine(anew)
    migrate(engine)
    carry_writing(sqlite_url, anew)
    with engine.connect() as carried, sqlite_engine.connect() as before:
        for table in WRITTEN:
            assert carried.execute(select(table)).all() == before.execute(select(table)).all()
    engine.dispose()


def test_a_sample_that_is_built_anew_keeps_what_people_wrote(sqlite_engine, sqlite_url, tmp_path):
    writing.annotate(sqlite_engine, JO, LIST, noted_on=MARCH, text="Kept", at=AT)
    writing.save_group(sqlite_engine, JO, kind="trusts", name="Ours", members=["RTD"], at=AT)
    anew = f"sqlite:///{tmp_path / 'anew.db'}"
    engine = make_engine(anew)
    migrate(engine)
    carry_writing(sqlite_url, anew)
    with engine.connect() as connection:
        assert [note.text for note in written_on(connection, LIST).notes] == ["Kept"]
        assert [group.name for group in groups(connection)] == ["Ours"]
    engine.dispose()
