"""Every damage of the table is refused whole, with its reason, and leaves a line in the ledger alone."""

import pytest
from sqlalchemy import func, select

from ingest.loading.load import check_path, load_path
from ingest.store import schema
from tests.spec import damaged_extracts

FILES = [(name, damaged_extracts.NAME, data, words) for name, data, words in damaged_extracts.TABLE]


def _facts(engine) -> int:
    with engine.connect() as connection:
        tables = (schema.extract, schema.pathway_counts, schema.organisation, schema.quality)
        return sum(
            connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
        )


def test_the_extract_that_the_damages_begin_from_is_sound(sqlite_engine, tmp_path):
    path = tmp_path / damaged_extracts.NAME
    path.write_bytes(damaged_extracts.sound())
    [result] = load_path(sqlite_engine, path)
    assert result.state == "loaded"
    (note,) = result.problems
    assert "PARTIAL" in str(note)  # it is sound, and no whole month of England


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [pytest.param(*line[1:], id=line[0]) for line in [*FILES, *damaged_extracts.ARCHIVES]],
)
def test_refused_whole(name, data, words, sqlite_engine, tmp_path):
    path = tmp_path / name
    path.write_bytes(data)
    [result] = load_path(sqlite_engine, path)
    said = "\n".join(map(str, result.problems))
    assert result.state == "refused"
    assert words in said
    assert said.startswith(name)
    assert _facts(sqlite_engine) == 0
    with sqlite_engine.connect() as connection:
        row = connection.execute(select(schema.load)).one()
    assert (row.state, row.file_name) == ("refused", name)


def test_checking_says_the_same_and_keeps_nothing(sqlite_engine, tmp_path):
    path = tmp_path / damaged_extracts.NAME
    path.write_bytes(damaged_extracts.with_cell(damaged_extracts.WAITING, damaged_extracts.BAND_1, "-3"))
    checked, loaded = check_path(sqlite_engine, path), load_path(sqlite_engine, path)
    assert [result.problems for result in checked] == [result.problems for result in loaded]
    path.write_bytes(damaged_extracts.sound())
    assert [result.state for result in check_path(sqlite_engine, path)] == ["checked"]
    with sqlite_engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(schema.load)).scalar_one() == 1
    assert _facts(sqlite_engine) == 0


def test_a_refused_file_does_not_stop_the_others(sqlite_engine, tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    (tmp_path / damaged_extracts.NAME).write_bytes(damaged_extracts.sound())
    (tmp_path / "notes.md").write_text("not an extract, so not asked")
    states = {result.file_name: result.state for result in load_path(sqlite_engine, tmp_path)}
    assert states == {"a.csv": "refused", damaged_extracts.NAME: "loaded"}
