"""Names that a file holds, and the file's own name: kept as they can be shown, never a failure."""

import os
from datetime import date

import pytest
from sqlalchemy import select

from ingest.loading.load import load_path
from ingest.store import schema
from ingest.store.database import make_engine
from tests import makers

CENSUS = date(2025, 3, 31)
FACTS = {("RTD", "01A", "2", "C_110"): {0: 600}}
NAMES = {
    "NEWCASTLE\x00\x07\x1b TRUST": "NEWCASTLE TRUST",
    "NEW\u202eCASTLE\u202c\ufeff\u200b TRUST\u2028": "NEWCASTLE TRUST",
    "\u3164\u2800": "RTD",
    "N" * 400: "N" * 400,
    "Ysbyty Tŷ 病院 🏥": "Ysbyty Tŷ 病院 🏥",
    "\ufffe\uffffNEWCASTLE": "NEWCASTLE",
}


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_the_name_of_an_organisation_is_cleaned_where_it_is_read(sqlite_url, tmp_path, name):
    """Fault 7: text is made fit where it is read."""
    rows = makers.table(FACTS, census=CENSUS)
    at = rows[0].index("Provider Org Name")
    rows = [rows[0], *([*row[:at], name, *row[at + 1 :]] for row in rows[1:])]
    path = tmp_path / makers.file_name(CENSUS)
    path.write_bytes(makers.as_csv(rows).encode())
    engine = make_engine(sqlite_url)
    (result,) = load_path(engine, path)
    assert result.state == "loaded", result.problems
    o = schema.organisation.c
    with engine.connect() as connection:
        found = connection.execute(select(o.name).where(o.level == "provider")).scalar()
    engine.dispose()
    assert found == NAMES[name]


@pytest.mark.parametrize("name", [b"odd\xff name\n", b"a\xe2\x80\xaeb", b"\xe3\x85\xa4"])
def test_a_file_whose_name_is_no_text_is_loaded_and_named_as_can_be_shown(sqlite_url, make_extract, name):
    """Fault 7: bytes that are no UTF-8 in the name of a file ended the load in "Something went wrong"."""
    path = make_extract(FACTS, census=CENSUS)
    odd = os.fsencode(path.parent) + b"/" + name + b" " + os.fsencode(path.name)
    os.rename(path, odd)
    engine = make_engine(sqlite_url)
    (result,) = load_path(engine, path.parent / os.fsdecode(odd).rpartition("/")[2])
    assert result.state == "loaded", result.problems
    with engine.connect() as connection:
        kept = connection.execute(select(schema.load.c.file_name)).scalar()
    engine.dispose()
    assert kept.isprintable()
    assert kept.endswith(path.name)
    assert ("\ufffd" in kept) is (b"\xff" in name)
