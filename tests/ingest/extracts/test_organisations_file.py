"""The file of which organisation became which: read in both forms, refused with each reason, replaced."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from dashboard.store.cache import reading
from dashboard.store.lineage import succession_facts
from ingest.extracts import LoadOptions
from ingest.loading.load import check_path, load_path, remove
from ingest.store.closures import closures, record_closure
from ingest.store.database import make_engine
from ingest.store.schema import ORGANISATIONS, succession
from ingest.store.successions import packaged, successions_held
from rtt.terms.successions import Succession

TODAY = date(2027, 3, 1)
ENTRY = {"code": "RX1", "name": "X TRUST", "ended_on": "2026-10-01", "became": ["RX2"]}
NEWER = {"source": "A register", "as_of": "2027-01-31", "successions": [ENTRY]}


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def engine(request):
    engine = make_engine(request.getfixturevalue(request.param))
    yield engine
    engine.dispose()


def load(engine, folder, told, name="organisations.json", **options):
    path = folder / name
    path.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    [result] = load_path(engine, path, options=LoadOptions(today=TODAY, **options))
    return result


def facts(engine):
    with engine.connect() as connection:
        return successions_held(connection).successions.facts


def test_before_any_file_the_packages_own_facts_stand(engine):
    assert facts(engine) == packaged().successions.facts
    assert Succession(
        "RAP", date(2025, 1, 1), "RAL", "NORTH MIDDLESEX UNIVERSITY HOSPITAL NHS TRUST"
    ) in facts(engine)
    assert closures()["QM7"].successors == ("D7T5G", "S1Y5D")


def test_a_newer_file_replaces_them_and_is_taken_out_again(engine, tmp_path):
    with reading(engine) as connection:
        before = succession_facts(connection)
    result = load(engine, tmp_path, NEWER)
    assert (result.state, result.source, result.census_date) == ("loaded", ORGANISATIONS, date(2027, 1, 31))
    newer = (Succession("RX1", date(2026, 10, 1), "RX2", "X TRUST"),)
    assert facts(engine) == newer
    with reading(engine) as connection:  # what pages remember is of the new facts too
        assert succession_facts(connection).successions.facts == newer != before.successions.facts
    assert load(engine, tmp_path, NEWER).state == "unchanged"
    newest = {**NEWER, "as_of": "2027-02-28", "successions": [ENTRY, ENTRY | {"code": "RX3"}]}
    assert load(engine, tmp_path, newest).state == "loaded"
    assert len(facts(engine)) == 2
    assert remove(engine, ORGANISATIONS, date(2027, 2, 28)) == 1
    assert facts(engine) == newer
    assert remove(engine, ORGANISATIONS, date(2027, 1, 31)) == 1
    assert facts(engine) == packaged().successions.facts


def test_an_older_file_is_kept_and_not_used(engine, tmp_path):
    result = load(engine, tmp_path, NEWER | {"as_of": "2026-01-31"})
    assert result.state == "loaded"
    assert "It is older than the facts that are built in" in str(result.problems[0])
    assert facts(engine) == packaged().successions.facts


def test_a_register_by_code_is_read_too(engine, tmp_path):
    told = {
        "about": "Facts of a register, as of 2027-01-31.",
        "trusts": {
            "RX1": {"name": "X", "closed": "2026-10-01", "successors": ["RX2"], "predecessors": ["RX0"]},
            "RX2": {"name": "Y", "closed": None, "successors": []},
        },
        "icbs": {"QX1": {"name": "Q", "closed": "2026-04-01", "successors": ["QX2", "QX3"]}},
    }
    assert load(engine, tmp_path, told).state == "loaded"
    assert {(each.code, each.successor) for each in facts(engine)} == {
        ("RX1", "RX2"), ("QX1", "QX2"), ("QX1", "QX3"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "rx 1"}, "entry 1, code: found 'rx 1'; expected a code such as RAP"),
        ({"code": "NONC"}, "entry 1, code: found 'NONC'; expected a code such as RAP"),
        ({"became": ["ENG"]}, "entry 1, became: found \"['ENG']\"; expected a list of codes"),
        (
            {"ended_on": "1/10/2026"},
            "entry 1, ended_on: found '1/10/2026'; expected the first day without it",
        ),
        ({"became": "RX2"}, "entry 1, became: found 'RX2'; expected a list of codes"),
        ({"became": []}, "entry 1, became: found '[]'; expected a list of codes"),
        ({"became": ["RX1"]}, "entry 1, became: found 'RX1'; expected another code than its own"),
        ({"name": 7}, "entry 1, name: found '7'; expected a name"),
    ],
)
def test_a_wrong_entry_is_named_with_field_and_value(engine, tmp_path, change, said):
    result = load(engine, tmp_path, NEWER | {"successions": [ENTRY | change]})
    assert result.state == "refused"
    assert str(result.problems[0]).startswith(f"organisations.json, {said}")
    assert facts(engine) == packaged().successions.facts


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            {**NEWER, "as_of": "soon"},
            "as_of: found 'soon'; expected the day of the facts, such as 2026-06-30",
        ),
        ({**NEWER, "as_of": "2029-01-01"}, "2029"),
        ({**NEWER, "successions": []}, "successions: expected at least one organisation that ended"),
        ('{"successions": [', "It is not JSON that can be read"),
        (
            '{"as_of": "2027-01-31", "as_of": "2026-01-31", "successions": []}',
            "'as_of' stands twice in one object",
        ),
        (
            {**NEWER, "successions": [ENTRY, {**ENTRY, "code": "RX2", "became": ["RX1"]}]},
            "became: found 'RX1 > RX2 > RX1'; expected that no organisation becomes, in the end, itself",
        ),
    ],
)
def test_a_file_that_says_nothing_sure_is_refused_whole(engine, tmp_path, told, said):
    result = load(engine, tmp_path, told)
    assert result.state == "refused"
    assert said in str(result.problems[0])
    with engine.connect() as connection:
        assert connection.execute(select(succession)).all() == []


def test_an_end_that_is_still_to_come_is_told(engine, tmp_path):
    coming = ENTRY | {"ended_on": "2027-04-01"}
    result = load(engine, tmp_path, NEWER | {"successions": [coming]})
    assert "RX1 ends on 2027-04-01, after the day of the file" in str(result.problems[0])
    path = tmp_path / "organisations.json"
    [checked] = check_path(engine, path, options=LoadOptions(today=TODAY, replace=True))
    assert checked.state == "checked"


def test_an_organisation_that_ends_twice_is_told(engine, tmp_path):
    again = ENTRY | {"ended_on": "2026-12-01", "became": ["RX3"]}
    result = load(engine, tmp_path, NEWER | {"successions": [ENTRY, again]})
    assert result.state == "loaded"
    assert "RX1 ends on several days, 2026-10-01 and 2026-12-01" in str(result.problems[0])


def test_a_closure_that_somebody_noted_is_a_fact_and_never_a_circle(engine):
    record_closure(engine, "RQ9", date(2026, 5, 1), ["RQ8"])
    assert Succession("RQ9", date(2026, 5, 1), "RQ8") in facts(engine)
    record_closure(engine, "RAL", date(2026, 5, 1), ["RAP"])  # RAP had become RAL
    assert facts(engine) == packaged().successions.facts
