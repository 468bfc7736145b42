"""The sample's weekly files, loaded: every figure is that of the pathways from which they were written."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from ingest.extracts import LoadOptions
from ingest.loading.load import load_path
from ingest.store.schema import movement, pathway_counts, quality
from sample_data import build
from tests.tracking_lists import KEY

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    return build(tmp_path_factory.mktemp("sample"), until=date(2026, 11, 15), months=1, weeks=3)


@pytest.fixture
def loaded(sample, sqlite_engine):
    for files in zip(sample.starts, sample.stops, sample.open, strict=True):
        for file in files:
            (result,) = load_path(sqlite_engine, file, options=LoadOptions(kind="sample", token_key=KEY))
            assert result.state == "loaded", result.problems
    return sqlite_engine, json.loads(sample.truth.read_text())["weeks"]


def _totals(engine):
    """(census, part) -> Total All with the commissioners outside England."""
    counts = pathway_counts.c
    everything = (counts.treatment_function == "C_999", counts.site_code == "", counts.stage == "")
    found = {}
    with engine.connect() as connection:
        rows = connection.execute(
            select(counts.census_date, counts.part, counts.basis, counts.total).where(
                *everything, counts.priority == ""
            )
        )
        for census, part, basis, total in rows:
            found[str(census), part] = found.get((str(census), part), 0) + total
            found[str(census), part, basis] = total
    return found


def test_every_part_is_that_of_the_pathways(loaded):
    engine, weeks = loaded
    totals = _totals(engine)
    for week, truth in weeks.items():
        assert totals[week, "2"] == truth["open"]
        assert totals[week, "2A"] == truth["with_decision_to_admit"]
        # A start that nobody recorded is on no list of clock starts.
        assert 0 <= truth["started"] - totals[week, "3"] <= truth["planted"]["missing_clock_start"]
        assert totals[week, "1A"] == truth["admitted"]
        assert totals[week, "1B"] == truth["non_admitted"]
        assert totals[week, "2", "nonc"] == truth["planted"]["not_english"]


def test_the_checks_find_what_was_planted(loaded):
    engine, weeks = loaded
    checks = quality.c
    for week, truth in weeks.items():
        with engine.connect() as connection:
            found = dict(
                connection.execute(
                    select(checks.check_key, checks.failed).where(
                        checks.treatment_function == "C_999",
                        checks.extract_id.in_(
                            select(pathway_counts.c.extract_id).where(
                                pathway_counts.c.census_date == date.fromisoformat(week),
                                pathway_counts.c.part == "2",
                            )
                        ),
                    )
                ).all()
            )
        planted = truth["planted"]
        assert found["no_clock_start"] == planted["missing_clock_start"]
        assert found["status_99"] == planted["status_99"]
        assert found["tci_in_past"] == planted["tci_in_past"]
        assert found.get("duplicate", 0) == planted["duplicate"]
        assert found.get("row_left_out", 0) == planted["shifted"]


def test_the_movement_leads_from_each_list_to_the_next(loaded):
    engine, weeks = loaded
    totals, moved = _totals(engine), movement.c
    with engine.connect() as connection:
        for before, after in zip(list(weeks), list(weeks)[1:], strict=False):
            rows = connection.execute(select(movement).where(moved.census_date == date.fromisoformat(after)))
            sums = dict.fromkeys(("at_risk", "treated", "other_stop", "removed", "moved_out"), 0)
            sums |= {"moved_in": 0, "joined": 0, "tci_kept": 0}
            for row in rows.mappings():
                for name in sums:
                    sums[name] += row[name]
            left = sum(sums[name] for name in ("treated", "other_stop", "removed", "moved_out"))
            assert sums["at_risk"] == totals[before, "2", "english"]
            assert sums["at_risk"] - left + sums["moved_in"] + sums["joined"] == totals[after, "2", "english"]
            # Nearly every admitted stop was booked the week before.
            assert 0 < sums["tci_kept"] <= totals[after, "1A"]
