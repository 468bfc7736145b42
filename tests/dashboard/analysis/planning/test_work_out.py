"""Answers to a plan's question from small months: what they hold, and why there is none."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dashboard.analysis.planning import why_not
from dashboard.analysis.planning.sentences import answer_sentences
from dashboard.analysis.planning.table import HEADERS, line_of, lines
from dashboard.analysis.planning.work_out import answer_of
from dashboard.filters import from_query
from dashboard.scope.scope import resolve
from dashboard.server.access import Reader
from dashboard.store.cache import reading
from dashboard.store.plans import plan_made_of, plan_rows, plans_of
from dashboard.store.scenarios import save_scenario, saved_scenarios
from dashboard.store.writing import save_group
from dashboard.store.written import groups
from ingest.forecasts.issue import issue_monthly
from ingest.forecasts.plans import LEVELS, make_plans
from ingest.loading.load import load_path
from rtt.terms.calendar import add_months
from tests.dashboard import enquiries
from tests.dashboard.months import load_months

JO = Reader("jo", may_write=True)
FIRST = date(2024, 4, 30)
NOW = datetime(2025, 5, 8, 9, 30, tzinfo=UTC)
MARCH = date(2025, 3, 31)


def settled(first, month, stay=0.95):
    """List by band of a queue that keeps `stay` of each band a week, and its stops of a month; it grows."""
    grown = first * (1 + 0.004 * month + 0.01 * ((month * 7) % 5))
    bands = {band: round(grown * stay**band) for band in range(80)}
    stops = {band: round(4.3 * 0.9 * (1 - stay) * waiting) for band, waiting in bands.items()}
    return {band: n for band, n in bands.items() if n}, {band: n for band, n in stops.items() if n}


def facts(month, *, without=()):
    """One trust: two specialties, one of some 150 and one of 12 pathways; another trust beside it."""
    found = {}
    for trust, of, function, first in (
        ("RTD", "01A", "C_110", 300),
        ("RTD", "01A", "C_502", 150),
        ("RTD", "01A", "C_120", 8),
        ("RVV", "91Q", "C_110", 400),
    ):
        waiting, stops = settled(first, month)
        found |= {
            (trust, of, "2", function): waiting,
            (trust, of, "1A", function): {band: n for band, n in stops.items() if band % 2},
            (trust, of, "1B", function): {band: n for band, n in stops.items() if band % 2 == 0},
            (trust, of, "3", function): round(4.5 * first),
        }
    found["RTD", "01A", "2", "C_130"] = {2: 9, 30: 3}
    return {key: value for key, value in found.items() if key[0] not in without}


@pytest.fixture
def held(sqlite_engine, make_extract):
    """held(12) loads as many months and works out forecasts and plans; `without` trusts in some months."""

    def load(count, without=None, plans=True):
        for month in range(count):
            absent = (without or {}).get(month, ())
            path = make_extract(facts(month, without=absent), census=add_months(FIRST, month))
            (result,) = load_path(sqlite_engine, path)
            assert result.state in ("loaded", "unchanged"), result
        if plans:
            issue_monthly(sqlite_engine, now=NOW)
            make_plans(sqlite_engine, now=NOW)
        return sqlite_engine

    return load


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """Twelve months with their plans: read it, do not change it."""
    folder = tmp_path_factory.mktemp("year")
    engine = load_months(folder, {add_months(FIRST, month): facts(month) for month in range(12)})
    issue_monthly(engine, now=NOW)
    make_plans(engine, now=NOW)
    yield engine
    engine.dispose()


def answered(engine, query):
    with reading(engine) as connection:
        return answer_of(connection, resolve(connection, from_query(query)[0], enquiries.by()))


def test_a_trust_has_an_answer_and_a_row_for_each_specialty(year):
    answer = answered(year, "?org=RTD&target=72&due=2026-03")
    assert answer.why_not == ""
    assert (answer.census, answer.question.due, answer.forecast) == (MARCH, date(2026, 3, 31), True)
    assert [row.code for row in answer.rows if row.why_not] == ["C_130"]
    assert next(row for row in answer.rows if row.code == "C_120").borrowed
    assert answer.now.list == sum(row.list for row in answer.rows)
    assert 0 <= answer.chance_as_now <= 1
    assert answer.scenario == answer.as_now
    assert len(answer.series["share"].days) == 12
    assert answer.series["share"].line[-1] == pytest.approx(72)
    assert len(lines(answer)[0]) == len(HEADERS) == len(line_of(answer, "All"))
    assert answer_sentences(answer)


def test_the_same_link_gives_the_same_figures_and_what_was_saved_never_changes(held):
    """Saved answers stay when newer data would give others; the same address is the same answer."""
    engine = held(11)
    query = "?org=RTD&target=72&due=2026-03&stops=5&sprint=10:2025-04-01:2025-05-31"
    before = answered(engine, query)
    assert answered(engine, query) == before
    told = {"needed": before.needed.longest_first.a_week}
    save_scenario(
        engine, JO, name="Five more", scope="RTD", query=query, census=before.census,
        data_hash="a" * 64, version="1", answers=told, at=NOW,
    )  # fmt: skip
    after = answered(held(12), query)
    assert after.census != before.census
    assert after.needed != before.needed
    with engine.connect() as connection:
        (kept,) = saved_scenarios(connection)
    assert kept.answers == told
    assert from_query(kept.query) == (from_query(query)[0], [])


def test_dials_change_the_scenario_and_not_what_is_going_on_as_now(year):
    plain = answered(year, "?org=RTD&target=72&due=2026-03")
    more = answered(year, "?org=RTD&target=72&due=2026-03&stops=10&longest=100")
    assert more.as_now == plain.as_now
    assert more.scenario.list < plain.scenario.list
    assert more.scenario.share > plain.scenario.share
    assert more.chance_scenario > plain.chance_scenario
    grown = answered(year, "?org=RTD&target=72&due=2026-03&growth=10")
    assert grown.scenario.list > plain.scenario.list
    off = answered(year, "?org=RTD&target=72&due=2026-03&validate=50:18:2025-06-15")
    assert off.scenario.list < plain.scenario.list


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?org=RTD&due=2025-04-20", ""),  # the end of that month is four weeks on
        ("?org=RTD&due=2025-03", "less than four weeks after the newest month"),
        ("?org=RTD&census=2025-01", "worked out from the newest month, March 2025"),
        ("?org=RTD&tf=C_130", "Fewer than 20 pathways"),
    ],
)
def test_why_there_is_no_answer_is_said_as_a_lead_would(year, query, told):
    answer = answered(year, query)
    assert answer.why_not.startswith(told) or told in answer.why_not
    assert (answer.why_not == "") == (told == "")
    if told:
        assert answer.needed is None
        assert answer_sentences(answer) == []


def test_nothing_loaded_has_no_plan(sqlite_engine):
    assert "Nothing is loaded" in answered(sqlite_engine, "").why_not


def test_without_plans_the_page_says_what_they_need(held):
    assert "There is no plan yet" in answered(held(12, plans=False), "?org=RTD").why_not


def test_too_few_months_have_no_plan_and_say_how_many_there_are(held):
    why = answered(held(6), "?org=RTD").why_not
    assert "Not enough months" in why
    assert "there are 5" in why


def test_a_missing_newest_return_has_no_plan_and_a_gap_counts_less(held):
    engine = held(12, without={11: ("RVV",), 4: ("RTD",)})
    with reading(engine) as connection:
        rows, _ = plans_of(connection, "provider", ("RTD",))
    assert {row.months for row in rows} == {9}  # neither into the gap nor out of it
    assert answered(engine, "?org=RTD").why_not == ""
    with reading(engine) as connection:
        assert plans_of(connection, "provider", ("RVV",)) == ((), ())


def test_a_list_that_would_be_carried_away_is_held_and_named(tmp_path):
    """Pathways of over two years that nobody saw come, more each month: as a share they would have no end."""
    months = {}
    for month in range(12):
        months[add_months(FIRST, month)] = facts(month) | {
            ("RTD", "01A", "2", "C_150"): {2: 60, 104: 2 + 20 * month},
            ("RTD", "01A", "1B", "C_150"): {4: 30},
            ("RTD", "01A", "3", "C_150"): 60,
        }
    engine = load_months(tmp_path, months)
    issue_monthly(engine, now=NOW)
    make_plans(engine, now=NOW)
    answer = answered(engine, "?org=RTD&target=70&due=2029-03")
    engine.dispose()
    (held,) = [each for each in answer.warnings if each.startswith("Held in the arithmetic: ")]
    # Of the 12 of one specialty nobody is ever treated either.
    assert "Ophthalmology and Neurosurgery (294 pathways)" in held
    row = next(row for row in answer.rows if row.code == "C_150")
    assert row.why_not == ""
    assert row.needed is not None
    assert answer.scenario.list < 4 * answer.now.list


def test_several_specialties_are_the_sum_of_their_lists_and_no_forecast(year):
    both = answered(year, "?org=RTD&tf=C_110,C_502&target=72&due=2026-03")
    each = {code: answered(year, f"?org=RTD&tf={code}&target=72&due=2026-03") for code in ("C_110", "C_502")}
    assert both.why_not == ""
    assert (both.forecast, both.chance_as_now) == (False, None)
    assert (
        "No forecast is issued for several specialties together, so this is arithmetic, not a forecast, and "
        "has no chance."
    ) in both.warnings
    assert both.now.list == sum(one.now.list for one in each.values())
    assert both.stops_now == pytest.approx(sum(one.stops_now for one in each.values()))
    assert both.steady.list_then == pytest.approx(sum(one.steady.list_then for one in each.values()))
    assert both.whole.order_13 + both.whole.size_13 == pytest.approx(92 - both.now.share)
    # Each row is what its specialty takes by itself, held to its own forecast.
    for row in both.rows:
        assert row.needed.a_week == pytest.approx(each[row.code].needed.longest_first.a_week, rel=1e-3)
    assert answer_sentences(both)
    assert len(line_of(both, "Both")) == len(HEADERS)


def test_all_specialties_chosen_by_hand_are_the_arithmetic_of_the_whole(year):
    """Without the forecast: the same lists, so the same list at the date as the model of the whole."""
    chosen = answered(year, "?org=RVV&tf=C_110,C_502&target=72&due=2028-03")
    whole = answered(year, "?org=RVV&target=72&due=2028-03")
    assert chosen.as_now == whole.as_now
    assert chosen.needed == whole.needed


def test_a_group_is_the_sum_of_its_trusts(year):
    save_group(year, JO, kind="trusts", name="Both trusts", members=["RTD", "RVV"], at=NOW)
    number = saved_key(year, "Both trusts")
    group = answered(year, f"?source=monthly&group={number}&target=72&due=2026-03")
    one, other = (answered(year, f"?org={code}&target=72&due=2026-03") for code in ("RTD", "RVV"))
    assert group.why_not == ""
    assert not group.forecast
    assert group.warnings[0].startswith("No forecast is issued for a group of trusts")
    assert any("each trust of the group" in each for each in group.warnings)
    assert group.now.list == one.now.list + other.now.list
    assert group.stops_now == pytest.approx(one.stops_now + other.stops_now)
    lists = {row.code: row.list for row in group.rows}
    assert lists["C_110"] == sum(
        row.list for found in (one, other) for row in found.rows if row.code == "C_110"
    )


def test_a_group_of_more_lists_than_a_page_can_add_up_is_told_so(year, monkeypatch):
    monkeypatch.setattr(why_not, "MOST_LISTS", 4)
    save_group(year, JO, kind="trusts", name="Large", members=["RTD", "RVV"], at=NOW)
    number = saved_key(year, "Large")
    why = answered(year, f"?source=monthly&group={number}&target=72&due=2026-03").why_not
    assert why.startswith("This group has 5 lists, and a plan adds up 4 at most")
    assert answered(year, f"?source=monthly&group={number}&tf=C_110&target=72&due=2026-03").why_not == ""


def saved_key(engine, name):
    with reading(engine) as connection:
        return next(each.key for each in groups(connection) if each.name == name)


def test_a_commissioner_has_a_plan_of_its_own_lists_held_to_its_forecast(year):
    answer = answered(year, "?level=commissioner&org=01A&target=72&due=2026-03")
    assert answer.why_not == ""
    assert answer.forecast
    assert any(each.startswith("Added up from one list for each specialty of the commissioner, not from the "
                               "lists of its trusts") for each in answer.warnings)  # fmt: skip
    assert answer.now.list == answered(year, "?org=RTD&target=72&due=2026-03").now.list


def test_months_before_a_jump_are_left_out_and_the_first_is_named(tmp_path):
    """A trust that took another in: its list doubles from July to August."""
    months = {}
    for month in range(12):
        found = facts(month)
        if month >= 4:
            found = {
                key: {band: 2 * n for band, n in value.items()} if isinstance(value, dict) else 2 * value
                if key[0] == "RTD" else value
                for key, value in found.items()
            }  # fmt: skip
        months[add_months(FIRST, month)] = found
    engine = load_months(tmp_path, months)
    issue_monthly(engine, now=NOW)
    make_plans(engine, now=NOW)
    answer = answered(engine, "?org=RTD&target=72&due=2026-03")
    engine.dispose()
    assert answer.whole.months == 7
    assert (
        "Worked out from September 2024 on: before that the list jumped, as in a merger, or has no return."
        in answer.warnings
    )


def test_a_gap_is_told_by_the_number_of_months(held):
    engine = held(12, without={4: ("RTD",)})
    told = answered(engine, "?org=RTD").warnings
    assert any(each.startswith("Worked out from 9 of the newest 11 months of flow") for each in told)


def test_a_specialty_of_england_has_no_forecast_and_says_so(year):
    answer = answered(year, "?level=england&tf=C_110")
    assert not answer.forecast
    assert answer.needed is not None
    assert any(each.startswith("No forecast is issued for this list") for each in answer.warnings)


def test_beyond_24_months_it_is_arithmetic_and_has_no_chance(year):
    answer = answered(year, "?org=RTD&target=72&due=2028-03")
    assert not answer.forecast
    assert (answer.chance_as_now, answer.chance_scenario) == (None, None)
    assert any("arithmetic, not a forecast" in each for each in answer.warnings) or answer.why_not


def test_a_target_that_is_met_as_things_go_needs_nothing(year):
    answer = answered(year, "?org=RTD&target=1&due=2026-03")
    assert answer.needed.longest_first.a_week == 0.0
    assert answer.chance_as_now == 1.0


def test_a_second_run_changes_nothing_and_a_newer_month_takes_the_place(held):
    engine = held(11)
    assert not make_plans(engine, now=NOW).new
    with reading(engine) as connection:
        before = plan_made_of(connection)
    held(12)
    with reading(engine) as connection:
        assert plan_made_of(connection).census_date == MARCH != before.census_date
        levels = {level: plan_rows(connection, level) for level in ("england", *LEVELS)}
    assert all(levels.values())
    functions = {row.treatment_function for row in levels["england"]}
    assert functions == {"C_110", "C_120", "C_130", "C_502", "C_999"}
    small = next(row for row in levels["provider"] if row.treatment_function == "C_130")
    assert not small.planned
    assert replace(small, stops=1.0, needed_longest=2.0).percent == 200.0
