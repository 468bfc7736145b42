"""A whole published month on both databases, the same month in the older layout, and the damaged one."""

import json
import sqlite3

import pytest
from sqlalchemy import func, select

from ingest.extracts import LoadOptions
from ingest.extracts.monthly.format import read
from ingest.files.archives import unpack
from ingest.loading.load import check_path, load_path
from ingest.store import schema
from ingest.store.database import make_engine
from rtt.terms.waits import BAND_COLUMNS

pytestmark = pytest.mark.real_data

MARCH = "national/20250331-RTT-March-2025-full-extract-revised.zip"


@pytest.mark.slow
def test_one_national_month(engine, published):
    [result] = load_path(engine, published / MARCH)
    assert (result.state, result.rows_read, result.problems) == ("loaded", 185_101, [])
    counts = schema.pathway_counts.c
    place = (counts.level == "england", counts.part == "2", counts.treatment_function == "C_999")
    with engine.connect() as connection:
        rows = connection.execute(select(counts.basis, counts.total, counts.within_18).where(*place)).all()
        assert ("english", 7_418_598, 4_434_722) in [tuple(row) for row in rows]
        assert {row.basis for row in rows} == {"english", "nonc"}
        kinds = select(func.count()).where(schema.organisation.c.kind == "unknown")
        assert connection.execute(kinds).scalar_one() < 100
        unknown = select(func.count()).where(schema.organisation.c.code == "unknown")
        assert connection.execute(unknown).scalar_one() == 0


def test_the_notes_of_the_twelve_months(twelve_months_path):
    """2A above 2 in five rows of the twelve months, C_999 rows included."""
    with sqlite3.connect(f"file:{twelve_months_path}?mode=ro", uri=True) as connection:
        [(rows,)] = connection.execute("SELECT group_concat(problems) FROM load").fetchall()
        [(failed,)] = connection.execute(
            "SELECT sum(failed) FROM quality WHERE check_key = 'dta_above_list' AND organisation_code = 'ENG'"
        )
    assert rows.count("waiting at all (part 2)") == failed == 5


def test_check_gives_the_notes_that_loading_gave(twelve_months_path, published):
    [path] = (published / "national").glob("20241130*")
    engine = make_engine(f"sqlite:///{twelve_months_path}")
    [result] = check_path(engine, path)
    with engine.connect() as connection:
        kept = connection.execute(select(schema.load.c.problems).where(schema.load.c.file_name == path.name))
        assert [str(problem) for problem in result.problems] == json.loads(kept.scalar_one())
    engine.dispose()
    assert {problem.field for problem in result.problems} >= {"name of provider RAX", "Part_2 of NQTH0"}


def test_the_older_layout_gives_the_same_figures_to_its_open_band(published):
    """The constructed file holds some rows of April 2024 with all over 52 weeks in one band."""
    [path] = (published / "layouts").glob("*.csv")
    parsed = read(unpack(path.name, path.read_bytes()), LoadOptions())
    table = parsed.tables["pathway_counts"]
    facts = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert (parsed.open_band, parsed.census_date.isoformat()) == (52, "2024-04-30")
    assert any(fact["over_52"] for fact in facts)
    for fact in facts:
        assert fact["over_52"] == fact["w052"]
        assert [fact[f"over_{weeks}"] for weeks in (65, 78, 104)] == [None] * 3
        bands = sum(fact[name] for name in BAND_COLUMNS)
        assert bands == (0 if fact["part"] == "3" else fact["total"] - fact["unknown_clock_start"])


def test_the_damaged_extract_is_refused(sqlite_engine, published):
    [path] = (published / "damaged").iterdir()
    [result] = load_path(sqlite_engine, path)
    assert result.state == "refused"
    assert "51 weekly bands missing (weeks 0 to 50)" in str(result.problems[0])
    with sqlite_engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(schema.pathway_counts)).scalar_one() == 0
