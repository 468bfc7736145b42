"""Saved plans, trajectories and initiatives: who may, what is kept, and that nothing of it ever changes."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from dashboard.analysis.planning.trajectory_file import trajectory_values
from dashboard.server.access import Denied, Reader
from dashboard.settings.areas import Area
from dashboard.store.initiatives import initiatives, register, withdraw_initiative
from dashboard.store.scenarios import may_save, save_scenario, saved_scenarios, withdraw_scenario
from dashboard.store.series import Series
from dashboard.store.trajectories import keep_trajectory, trajectory_of, withdraw_trajectory
from dashboard.store.writing import Unacceptable
from dashboard.store.written import written_on
from ingest.loading.load import load_path
from ingest.store.database import make_engine, migrate
from ingest.store.dataset import carry_writing
from ingest.store.schema import initiative, scenario, trajectory

JO, SAM, EVE = Reader("jo", may_write=True), Reader("sam", may_write=True), Reader("eve")
LEAD = Reader("lee", areas=(Area(frozenset({"C_110"}), None),))
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
MARCH = date(2025, 3, 31)
ANSWERS = {"needed": 31.3, "chance": None, "days": ["2026-03-31"]}
PLACE = ("provider", "RTD", "C_999")
MONTH, LATER = date(2026, 3, 31), date(2026, 4, 30)


def saved(engine, reader=LEAD, name="Ten more", query="?org=RTD&stops=10&sort=a.b.asc", **changes):
    values = {
        "scope": "Newcastle",
        "census": MARCH,
        "data_hash": "ab" * 32,
        "version": "1.0",
        "answers": ANSWERS,
    } | changes
    return save_scenario(engine, reader, name=name, query=query, at=AT, **values)


def standing(engine, ids=None):
    with engine.connect() as connection:
        return saved_scenarios(connection, ids)


def test_a_saved_plan_comes_back_with_its_answers_as_they_were(engine):
    number = saved(engine)
    (found,) = standing(engine)
    assert (found.id, found.name, found.author, found.census) == (number, "Ten more", "lee", MARCH)
    assert found.answers == ANSWERS
    assert found.query == "?org=RTD&stops=10"  # never an order of a table
    assert found.written_at == AT


def test_plans_come_in_the_order_that_is_asked_for_and_without_those_withdrawn(engine):
    first, second, third = (saved(engine, name=name) for name in "abc")
    assert [each.id for each in standing(engine, [third, first, 99])] == [third, first]
    withdraw_scenario(engine, LEAD, second, at=AT)
    assert [each.id for each in standing(engine)] == [third, first]
    with engine.connect() as connection:
        row = connection.execute(select(scenario).where(scenario.c.id == second)).one()
    assert (row.withdrawn_by, row.answers != "") == ("lee", True)


def test_the_same_name_is_refused_and_what_was_saved_stands(sqlite_engine):
    saved(sqlite_engine)
    with pytest.raises(Unacceptable, match="There is a saved plan “Ten more” already"):
        saved(sqlite_engine, JO, answers={"needed": 1})
    assert standing(sqlite_engine)[0].answers == ANSWERS


def test_whoever_only_looks_sends_the_link_and_saves_nothing(sqlite_engine):
    assert [may_save(reader) for reader in (JO, LEAD, EVE)] == [True, True, False]
    with pytest.raises(Denied, match="send its link"):
        saved(sqlite_engine, EVE)
    assert standing(sqlite_engine) == ()


def test_its_author_withdraws_a_plan_or_whoever_may_write(sqlite_engine):
    number = saved(sqlite_engine)
    for reader in (EVE, Reader("kim", areas=LEAD.areas)):
        with pytest.raises(Denied):
            withdraw_scenario(sqlite_engine, reader, number, at=AT)
    withdraw_scenario(sqlite_engine, SAM, number, at=AT)
    with pytest.raises(Unacceptable, match="no such saved plan"):
        withdraw_scenario(sqlite_engine, SAM, number, at=AT)


@pytest.mark.parametrize(
    ("changed", "told"), [({"name": " "}, "name"), ({"query": "?stops=x"}, "not a number")]
)
def test_a_plan_without_a_name_or_with_a_wrong_address_is_refused(sqlite_engine, changed, told):
    with pytest.raises(Unacceptable, match=told):
        saved(sqlite_engine, **changed)


def plan_of(engine, place=PLACE):
    with engine.connect() as connection:
        return trajectory_of(connection, *place)


def test_a_newer_value_takes_the_place_of_the_one_before_and_both_are_kept(engine):
    first = {("share_within_18", MONTH): 62.5, ("total", MONTH): 9_000.0}
    assert keep_trajectory(engine, JO, *PLACE, first, at=AT) == 2
    assert keep_trajectory(engine, SAM, *PLACE, first | {("total", MONTH): 8_500.0}, at=AT) == 1
    found = plan_of(engine)
    assert found.values == {"share_within_18": {MONTH: 62.5}, "total": {MONTH: 8_500.0}}
    with engine.connect() as connection:
        assert len(connection.execute(select(trajectory)).all()) == 3
    assert plan_of(engine, ("provider", "RTD", "C_110")).values == {}
    assert found.authors == {"jo": 1, "sam": 1}


def test_an_own_plan_comes_with_the_notes_of_its_scope_in_one_statement(engine):
    keep_trajectory(
        engine, JO, *PLACE, {("share_within_18", MONTH): 62.7790070531, ("total", LATER): 9e3}, at=AT
    )
    level, code, function = PLACE
    place = {"level": level, "organisation_code": code}
    with engine.connect() as connection:
        found = written_on(connection, Series(source="monthly", treatment_function=function, **place))
        of_a_list = written_on(connection, Series(source="weekly", treatment_function=function, **place))
        specialty = written_on(connection, Series(source="monthly", treatment_function="C_110", **place))
    assert found.own_plan == {
        "share_within_18": {MONTH: pytest.approx(62.7790070531, rel=1e-13)},
        "total": {LATER: 9000.0},
    }
    assert (found.notes, of_a_list.own_plan, specialty.own_plan) == ((), {}, {})
    withdraw_trajectory(engine, JO, *PLACE, at=AT)
    with engine.connect() as connection:
        series = Series(source="monthly", treatment_function=function, **place)
        assert written_on(connection, series).own_plan == {}


def test_a_plan_is_withdrawn_by_those_who_said_it_each_their_own_values(engine):
    keep_trajectory(engine, JO, *PLACE, {("share_within_18", MONTH): 62.5, ("total", MONTH): 9_000.0}, at=AT)
    keep_trajectory(engine, SAM, *PLACE, {("total", MONTH): 8_500.0}, at=AT)
    for nobody in (Reader("kim", may_write=True), EVE):
        with pytest.raises(Denied):
            withdraw_trajectory(engine, nobody, *PLACE, at=AT)
    assert withdraw_trajectory(engine, JO, *PLACE, at=AT) == 1
    assert plan_of(engine).values == {"total": {MONTH: 8_500.0}}
    assert withdraw_trajectory(engine, SAM, *PLACE, at=AT) == 1
    assert plan_of(engine).values == {}
    with pytest.raises(Unacceptable, match="withdrawn already"):
        withdraw_trajectory(engine, SAM, *PLACE, at=AT)
    with engine.connect() as connection:
        assert len(connection.execute(select(trajectory)).all()) == 3


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "1 to 300 values"),
        ({("median", MONTH): 1.0}, "not a measure of a plan"),
        ({("total", date(2026, 3, 30)): 1.0}, "not the last day of a month"),
        ({("share_within_18", MONTH): 100.5}, "can be 0 to 100"),
        ({("total", MONTH): float("nan")}, "can be 0 to 20,000,000"),
        ({("total", MONTH): 5.0, ("over_52", MONTH): -1.0}, "can be 0 to"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_with_all_the_others(sqlite_engine, values, told):
    with pytest.raises(Unacceptable, match=told):
        keep_trajectory(sqlite_engine, JO, *PLACE, values, at=AT)
    assert plan_of(sqlite_engine).values == {}


def test_a_plan_is_written_by_who_may_and_for_a_list_that_there_is(sqlite_engine):
    values = {("total", MONTH): 5.0}
    with pytest.raises(Denied):
        keep_trajectory(sqlite_engine, LEAD, *PLACE, values, at=AT)
    with pytest.raises(Unacceptable, match="no list"):
        keep_trajectory(sqlite_engine, JO, "site", "RTD", "C_999", values, at=AT)


def test_a_file_is_read_with_its_head_words_and_thousands():
    text = 'Month,Measure,Value\n2026-03,within 18,62.5%\n\n2026-03-31,List,"9,000"\n2026-04,over_52,0\n'
    assert trajectory_values(text) == {
        ("share_within_18", MONTH): 62.5,
        ("total", MONTH): 9_000.0,
        ("over_52", LATER): 0.0,
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "The plan has no line"),
        ("month,measure,value", "The plan has no line"),
        ("2026-03,within 18", "Line 1 has 2 parts"),
        ("2026-03,waiting,1", "Line 1: “waiting” is no measure"),
        ("2026-13,list,1", "Line 1: “2026-13” is no month such as 2026-03"),
        ("2026-03,list,many", "Line 1: “many” is no number"),
        ("2026-03,list,1\n2026-03,list,2", "Line 2: there is a value"),
        ("2026-03,within 18,101", "Line 1: share_within_18 of March 2026 can be 0 to 100"),
        ("2026-03,list,nan", "Line 1: total of March 2026 can be"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text, told):
    with pytest.raises(Unacceptable, match=told):
        trajectory_values(text)


@pytest.fixture
def two_trusts(engine, make_extract):
    facts = {("RTD", "01A", "2", "C_110"): {3: 50}, ("RVV", "91Q", "2", "C_110"): {3: 50}}
    (result,) = load_path(engine, make_extract(facts, census=MARCH))
    assert result.state == "loaded"
    return engine


def registered(engine, reader=JO, **changes):
    values = {
        "name": "Evening lists",
        "what": "Two evening lists a week",
        "trusts": ["rtd", " RTD", "RVV"],
        "function": "C_999",
        "starts_on": date(2025, 4, 1),
        "measure": "share_within_18",
        "expected": 3.0,
        "why_these": "They asked first",
        "worst": False,
        "newest_month": MARCH,
    } | changes
    return register(engine, reader, **values, at=AT)


def test_an_initiative_is_frozen_as_it_was_registered(two_trusts):
    number = registered(two_trusts)
    with two_trusts.connect() as connection:
        (found,) = initiatives(connection)
    assert (found.id, found.trusts, found.starts_on, found.author) == (
        number,
        ("RTD", "RVV"),
        date(2025, 4, 1),
        "jo",
    )
    assert found.registered_first
    assert found.written_at == AT
    with pytest.raises(Denied, match="Only its author"):
        withdraw_initiative(two_trusts, SAM, number, at=AT)
    withdraw_initiative(two_trusts, JO, number, at=AT)
    with two_trusts.connect() as connection:
        assert initiatives(connection) == ()
        assert connection.execute(select(initiative.c.what)).scalar() == "Two evening lists a week"


def test_one_whose_months_were_known_was_not_registered_first(two_trusts):
    registered(two_trusts, starts_on=date(2025, 3, 1))
    with two_trusts.connect() as connection:
        assert not initiatives(connection)[0].registered_first


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"trusts": []}, "1 to 50 trusts"),
        ({"trusts": ["RTD", "ZZZ"]}, "No trust of the data has the code “ZZZ”"),
        ({"function": "C_1"}, "not a specialty"),
        ({"measure": "median"}, "not a measure of an initiative"),
        ({"starts_on": date(2025, 4, 2)}, "give its first day"),
        ({"expected": float("inf")}, "-100 to 100"),
        ({"what": " "}, "what is done is empty"),
    ],
)
def test_an_initiative_that_cannot_be_judged_is_refused(two_trusts, changed, told):
    with pytest.raises(Unacceptable, match=told):
        registered(two_trusts, **changed)
    with pytest.raises(Denied):
        registered(two_trusts, LEAD)


def test_what_people_planned_goes_along_to_a_new_sample(sqlite_engine, tmp_path):
    saved(sqlite_engine)
    keep_trajectory(sqlite_engine, JO, *PLACE, {("total", MONTH): 5.0}, at=AT)
    url = f"sqlite:///{tmp_path / 'new.db'}"
    new = make_engine(url)
    migrate(new)
    carry_writing(str(sqlite_engine.url), url)
    assert standing(new) == standing(sqlite_engine)
    assert plan_of(new) == plan_of(sqlite_engine)
    new.dispose()
