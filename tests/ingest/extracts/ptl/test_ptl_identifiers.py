"""Nothing that leads to a patient passes the door: what a database, messages and output hold is searched."""

import logging

import pytest
from sqlalchemy import text

from ingest.extracts import LoadOptions
from ingest.extracts.ptl.fields import FIELDS
from ingest.loading.load import check_path, load_path
from ingest.store.database import make_engine, migrate
from ingest.store.schema import metadata
from tests import planted_identifiers
from tests.planted_identifiers import ALL_MAY_GO, MAPPINGS, PLANTED, SECTIONS, rows, secrets
from tests.tracking_lists import KEY, as_csv, pathway


@pytest.fixture
def files(tmp_path):
    return planted_identifiers.write(tmp_path / "files")


@pytest.mark.parametrize("mapping", [None, *MAPPINGS])
def test_no_identifier_reaches_database_messages_or_log(files, tmp_path, caplog, capfd, mapping):
    caplog.set_level(logging.DEBUG)
    database = tmp_path / "rtt.db"
    engine = make_engine(f"sqlite:///{database}")
    migrate(engine)
    options = LoadOptions(token_key=KEY, mapping=_mapping(tmp_path, ALL_MAY_GO + (mapping or "")))
    checked = check_path(engine, files, options=options)
    results = load_path(engine, files, options=options)
    engine.dispose()
    assert [result.state for result in results] == ["loaded"] * 3
    assert [result.state for result in checked] == ["checked"] * 3
    written = b"".join(file.read_bytes() for file in tmp_path.glob("rtt.db*"))
    told = caplog.text + "".join(map(str, capfd.readouterr())) + repr(results) + repr(checked)
    told += "\n".join(str(problem) for result in results for problem in result.problems)
    for secret in secrets():
        assert secret.encode() not in written, f"{secret!r} is in the database"
        assert secret not in told, f"{secret!r} is in a message"


def test_no_identifier_is_in_any_text_of_either_database(files, engine, tmp_path):
    options = LoadOptions(token_key=KEY, mapping=_mapping(tmp_path, ALL_MAY_GO))
    assert {result.state for result in load_path(engine, files, options=options)} == {"loaded"}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = repr(connection.execute(text(f'SELECT * FROM "{table.name}"')).all())
            for secret in secrets():
                assert secret not in rows


@pytest.mark.parametrize("field", ["week_ending", "provider"])
@pytest.mark.parametrize("value", PLANTED.values())
def test_a_column_of_identifiers_alone_is_refused(tmp_path, sqlite_engine, field, value):
    file = tmp_path / "open.csv"
    file.write_bytes(as_csv([pathway(**{field: value}), pathway(**{field: "9434765919"})]))
    (result,) = load_path(sqlite_engine, file, options=LoadOptions(token_key=KEY))
    assert result.state == "refused"
    for secret in secrets():
        assert secret not in repr(result)


def test_a_file_without_headings_is_refused_without_repeating_it(tmp_path, sqlite_engine):
    lines = as_csv([pathway(local_patient_id="H765432") for _ in range(5)]).split(b"\r\n")[1:]
    file = tmp_path / "open.csv"
    file.write_bytes(b"\r\n".join(lines))
    (result,) = load_path(sqlite_engine, file, options=LoadOptions(token_key=KEY))
    assert result.state == "refused"
    assert "PATHWAY" not in repr(result)
    assert "H765432" not in repr(result)


def test_every_column_is_searched():
    planted = {field for section in SECTIONS for row in rows(section)[:1] for field in row}
    assert planted == set(FIELDS)


def _mapping(folder, toml):
    if toml is None:
        return None
    path = folder / "mapping.toml"
    path.write_text(toml)
    return path
