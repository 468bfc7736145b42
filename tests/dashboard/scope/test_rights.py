"""Which trusts a code means today: those of an ICB, and who merged into whom."""

import json
from datetime import date

import pytest

from dashboard.filters import from_query
from dashboard.scope.rights import trusts_of, with_trusts
from dashboard.scope.scope import resolve
from dashboard.server.access import Reader
from dashboard.settings.areas import Area
from dashboard.store.cache import reading
from ingest.loading.load import load_path
from ingest.store.closures import record_closure
from tests.dashboard import enquiries, trusts
from tests.dashboard.drawing import statements

TODAY, ENDED = trusts.TODAY, date(2026, 10, 1)


def bound_to(*codes: str) -> Reader:
    return Reader(areas=(Area(None, None, frozenset(codes)),))


@pytest.fixture
def engine(sqlite_engine, tmp_path):
    trusts.load_month(sqlite_engine, tmp_path)
    return sqlite_engine


def meant(engine, *codes: str, today: date = TODAY) -> set[str]:
    with reading(engine) as connection:
        return set(trusts_of(connection, frozenset(codes), today)) - set(codes)


def test_an_icb_is_its_trusts_and_no_others(engine):
    assert meant(engine, "QE1") == {"R9A", "R9B"}
    assert meant(engine, "QKS") == {"R9C"}
    assert meant(engine, "R9A") == meant(engine, "QZZ") == set()


def test_the_newest_month_that_names_a_trust_says_its_icb(engine, tmp_path):
    """R9A and R9C did not report in October; before the first month nobody is known to be anywhere."""
    trusts.load_month(engine, tmp_path, month=date(2026, 10, 31), trusts=("R9B",))
    assert meant(engine, "QKS") == {"R9C"}
    assert meant(engine, "QE1") == {"R9A", "R9B"}
    assert meant(engine, "QE1", today=date(2026, 9, 29)) == set()


def test_an_independent_provider_is_not_of_an_icb(engine, tmp_path):
    trusts.load_month(engine, tmp_path, month=date(2026, 10, 31), trusts=("R9A", "NT1"))
    assert meant(engine, "QE1") == {"R9A", "R9B"}


def test_people_of_a_trust_that_merged_see_the_lists_of_both_from_that_day_on(engine):
    record_closure(engine, "R9B", ENDED, ["R9A"])
    assert meant(engine, "R9B") == {"R9A"}
    assert meant(engine, "R9A") == {"R9B"}
    assert (
        meant(engine, "R9B", today=date(2026, 9, 30))
        == meant(engine, "R9A", today=date(2026, 9, 30))
        == set()
    )


def test_a_merger_into_a_trust_that_merged_later_leads_to_the_last(engine):
    record_closure(engine, "R9B", ENDED, ["R9A"])
    record_closure(engine, "R9A", date(2026, 11, 1), ["R9C"])
    assert meant(engine, "R9B") == {"R9A", "R9C"}
    assert meant(engine, "R9C") == {"R9A", "R9B"}


def test_people_of_a_trust_that_was_divided_see_neither_of_its_successors(engine):
    record_closure(engine, "R9B", ENDED, ["R9A", "R9C"])
    assert meant(engine, "R9B") == meant(engine, "R9A") == meant(engine, "R9C") == set()


def test_a_file_of_mergers_that_a_writer_loads_opens_no_list(engine, tmp_path):
    told = {
        "source": "A test",
        "as_of": "2026-11-01",
        "successions": [
            {"code": "R9B", "name": "", "ended_on": "2026-10-01", "became": ["R9A"]},
        ],
    }
    (tmp_path / "organisations.json").write_text(json.dumps(told))
    (result,) = load_path(engine, tmp_path / "organisations.json")
    assert result.state == "loaded", result.problems
    assert meant(engine, "R9A") == meant(engine, "R9B") == set()


def test_whose_rights_hold_everywhere_costs_no_statement_and_whose_are_bound_two_once(engine, tmp_path):
    filters, _ = from_query("")
    free, bound = enquiries.by(Reader(may_see_pathways=True), TODAY), enquiries.by(bound_to("QE1"), TODAY)
    with reading(engine) as connection:
        resolve(connection, filters, free)
        with statements(engine) as made:
            assert with_trusts(connection, free) is free
        assert not made
        with statements(engine) as made:
            resolve(connection, filters, bound)
        assert len(made) == 2
        with statements(engine) as made:
            resolve(connection, filters, bound)
        assert not made
