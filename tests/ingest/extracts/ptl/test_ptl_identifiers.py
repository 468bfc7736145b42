"""Nothing that leads to a patient passes the door: the bytes of database, messages and output are searched.

Each identifier is planted in its own column and, one row each, in every other: as if a cell had slipped.
"""

import logging

import pytest
from sqlalchemy import text

from ingest.extracts import LoadOptions
from ingest.extracts.ptl.fields import FIELDS
from ingest.loading.load import check_path, load_path
from ingest.store.database import make_engine, migrate
from ingest.store.schema import metadata
from tests.tracking_lists import KEY, as_csv, pathway, start, stop

PLANTED = {
    "nhs_number": "9434765919",
    "spaced NHS number": "943 476 5870",
    "local_patient_id": "R9A7766554",
    "short local number": "H765432",
    "pathway_id": "TH00012345678901",
    "referral_id": "RF99887766",
    "name": "ZEBEDEE",
    "whole name": "Zebedee Quince-Adams",
    "birth_date": "1948-03-17",
    "birth_date as written": "17/03/1948",
    "postcode": "ZX99 9ZZ",
    "free text": "rang Zebedee, happy to wait",
    "formula": "=cmd|'/c calc'!A1",
    "markup": "<b>Zebedee</b>",
}
SECTIONS = {"open": pathway, "stops": stop, "starts": start}
_EVENTS = ("procedure_priority", "last_appointment", "last_attended", "last_dna", "last_cancelled")
_PATIENT = ("nhs_number", "local_patient_id", "birth_date", "last_validated")
_GROUPS = ("deprivation", "ethnicity", "sex")
# Columns of a section that an ordinary row of the tests does not have.
MORE = {"open": (*_EVENTS, *_PATIENT, *_GROUPS), "stops": (*_EVENTS, *_PATIENT), "starts": _PATIENT[:2]}


# Every third row is planted: without this the list would be refused as a whole.
_ALL_MAY_GO = "[list]\nmost_left_out = 1\n"


def _rows(section):
    """Ordinary rows, one with everything in its place, and one for each identifier in each column."""

    def row(**said):
        return SECTIONS[section](**{**dict.fromkeys(MORE[section], ""), **said})

    own = {key: PLANTED[key] for key in ("nhs_number", "local_patient_id", "pathway_id", "birth_date")}
    known = row()
    # Days before the census everywhere but for an end: a column of nothing but identifiers is refused.
    dated = {field: "2026-09-01" for field in known if FIELDS[field].kind == "date" and not known[field]}
    dated |= {"clock_stop": "2026-12-01"} if "clock_stop" in dated else {}
    rows = [row(**dated) for _ in range(600)] + [row(**{key: own[key] for key in own if key in known})]
    return rows + [row(**{field: value}) for field in known for value in PLANTED.values()]


def _secrets():
    """Each identifier, and what is left of it in capitals, without spaces, or as a date."""
    for value in PLANTED.values():
        yield from {value, value.upper(), value.replace(" ", ""), value.title()}
    yield from ("Zebedee", "Quince", "19480317")


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    for section in SECTIONS:
        data = as_csv(
            _rows(section), headings={"deprivation": "Decile", "ethnicity": "Ethnic", "sex": "Gender"}
        )
        lines = data.decode().split("\r\n")
        # Columns that the reader does not know: they hold the patient's name and a free text.
        heading, cells = ",PATIENT_NAME,Last_PAS_Validation_Comments", ",Zebedee Quince,rang Zebedee"
        unknown = [heading, *[cells] * (len(lines) - 2)]
        written = "\r\n".join(line + more for line, more in zip(lines, [*unknown, ""], strict=True))
        (folder / f"{section}-20261115.csv").write_text(written)
    return folder


_DECILES = [f'[columns]\ndeprivation = "{heading}"' for heading in ("Decile", "PATIENT_NAME")]
_DECILES += ['[columns]\nethnicity = "Ethnic"\nsex = "Gender"', '[columns]\nethnicity = "PATIENT_NAME"']


@pytest.mark.parametrize("mapping", [None, *_DECILES])
def test_no_identifier_reaches_database_messages_or_log(files, tmp_path, caplog, capfd, mapping):
    caplog.set_level(logging.DEBUG)
    database = tmp_path / "rtt.db"
    engine = make_engine(f"sqlite:///{database}")
    migrate(engine)
    options = LoadOptions(token_key=KEY, mapping=_mapping(tmp_path, _ALL_MAY_GO + (mapping or "")))
    checked = check_path(engine, files, options=options)
    results = load_path(engine, files, options=options)
    engine.dispose()
    assert [result.state for result in results] == ["loaded"] * 3
    assert [result.state for result in checked] == ["checked"] * 3
    written = b"".join(file.read_bytes() for file in tmp_path.glob("rtt.db*"))
    told = caplog.text + "".join(map(str, capfd.readouterr())) + repr(results) + repr(checked)
    told += "\n".join(str(problem) for result in results for problem in result.problems)
    for secret in _secrets():
        assert secret.encode() not in written, f"{secret!r} is in the database"
        assert secret not in told, f"{secret!r} is in a message"


def test_no_identifier_is_in_any_text_of_either_database(files, engine, tmp_path):
    options = LoadOptions(token_key=KEY, mapping=_mapping(tmp_path, _ALL_MAY_GO))
    assert {result.state for result in load_path(engine, files, options=options)} == {"loaded"}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = repr(connection.execute(text(f'SELECT * FROM "{table.name}"')).all())
            for secret in _secrets():
                assert secret not in rows


@pytest.mark.parametrize("field", ["week_ending", "provider"])
@pytest.mark.parametrize("value", PLANTED.values())
def test_a_column_of_identifiers_alone_is_refused(tmp_path, sqlite_engine, field, value):
    file = tmp_path / "open.csv"
    file.write_bytes(as_csv([pathway(**{field: value}), pathway(**{field: "9434765919"})]))
    (result,) = load_path(sqlite_engine, file, options=LoadOptions(token_key=KEY))
    assert result.state == "refused"
    for secret in _secrets():
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
    planted = {field for section in SECTIONS for row in _rows(section)[:1] for field in row}
    assert planted == set(FIELDS)


def _mapping(folder, toml):
    if toml is None:
        return None
    path = folder / "mapping.toml"
    path.write_text(toml)
    return path
