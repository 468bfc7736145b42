"""Plans are worked out of what is held, on either database, and take the place of those before."""

import json
from datetime import UTC, date, datetime

import numpy as np
import pytest
from sqlalchemy import select

from ingest.forecasts.issue import issue_monthly
from ingest.forecasts.plan_rows import packed, plain, unpacked
from ingest.forecasts.planning_inputs import planning_inputs
from ingest.forecasts.plans import make_plans
from ingest.loading.load import load_path, remove
from ingest.store import schema
from rtt.planning.lists import planned
from rtt.planning.needs import HALF_LIVES
from rtt.planning.rates import Rates
from rtt.terms.calendar import add_months
from rtt.terms.treatment_functions import TOTAL

FIRST = date(2024, 4, 30)
NOW = datetime(2025, 5, 8, 9, 30, tzinfo=UTC)


@pytest.fixture
def held(engine, make_extract):
    """held(9) loads as many months of two trusts."""

    def load(count):
        for month in range(count):
            waiting = {band: round((300 + 3 * month) * 0.95**band) for band in range(70)}
            stops = {band: round(0.19 * n) for band, n in waiting.items() if n > 5}
            facts = {
                ("RTD", "01A", "2", "C_110"): waiting,
                ("RTD", "01A", "1A", "C_110"): stops,
                ("RTD", "01A", "3", "C_110"): 1350,
                ("RVV", "91Q", "2", "C_502"): waiting,
                ("RVV", "91Q", "1B", "C_502"): stops,
                ("RVV", "91Q", "3", "C_502"): 1350,
            }
            (result,) = load_path(engine, make_extract(facts, census=add_months(FIRST, month)))
            assert result.state in ("loaded", "unchanged"), result
        return engine

    return load


def rows(engine):
    with engine.connect() as connection:
        return {
            (row.level, row.organisation_code, row.treatment_function): row
            for row in connection.execute(select(schema.plan))
        }


def test_every_list_and_every_organisation_has_a_row(held):
    engine = held(9)
    issue_monthly(engine, now=NOW)
    made = make_plans(engine, now=NOW)
    found = rows(engine)
    assert (made.new, made.lists) == (True, len(found))
    assert {key[:2] for key in found} == {
        ("england", "ENG"), ("icb", "QE1"), ("icb", "QKS"), ("provider", "RTD"), ("provider", "RVV"),
        ("region", "Y59"), ("region", "Y62"), ("commissioner", "01A"), ("commissioner", "91Q"),
    }  # fmt: skip
    one, whole = found["provider", "RTD", "C_110"], found["provider", "RTD", TOTAL]
    assert (one.months, one.total) == (8, whole.total)
    assert one.needed_longest == pytest.approx(whole.needed_longest, rel=1e-6, abs=1e-6)
    assert whole.flows is None
    assert found["england", "ENG", TOTAL].total == 2 * whole.total


def test_the_rates_that_are_kept_are_those_that_were_worked_out(held):
    engine = held(9)
    make_plans(engine, now=NOW)
    kept = unpacked(
        [bytes(rows(engine)["provider", code, tf].flows) for code, tf in (("RTD", "C_110"), ("RVV", "C_502"))]
    )
    with engine.connect() as connection:
        flows = planning_inputs(connection)
    assert kept.waiting == pytest.approx(flows.lists[:, -1])
    for at, half_life in enumerate(HALF_LIVES):
        own = planned(flows, half_life=half_life).lists
        for name in ("treated", "removed", "starts", "stops"):
            assert getattr(kept.rates[at], name) == pytest.approx(getattr(own, name), rel=1e-12, abs=1e-15)


def test_nothing_is_done_twice_and_what_changed_is_worked_out_anew(held):
    engine = held(9)
    assert make_plans(engine, now=NOW).new
    assert not make_plans(engine, now=NOW).new
    issue_monthly(engine, now=NOW)
    assert make_plans(engine, now=NOW).new  # held to the forecast now
    remove(engine, "monthly", add_months(FIRST, 8))
    again = make_plans(engine, now=NOW)
    assert (again.new, again.census_date) == (True, add_months(FIRST, 7))
    with engine.connect() as connection:
        (made,) = connection.execute(select(schema.plan_made)).all()
    assert json.loads(made.record) == {}


def test_one_month_is_no_plan(held):
    assert make_plans(held(1), now=NOW) is None


def test_months_after_today_are_as_if_they_were_not_held(held):
    engine = held(9)
    made = make_plans(engine, now=datetime(2024, 12, 20, tzinfo=UTC))
    assert made.census_date == add_months(FIRST, 7)


def test_lists_come_back_as_they_were_packed():
    draw = np.random.default_rng(2)
    waiting = draw.uniform(0, 50, (3, 105))
    rates = tuple(
        Rates(draw.random((3, 105)), draw.random((3, 105)), draw.random(3), draw.random(3))
        for _ in HALF_LIVES
    )
    found = unpacked(packed(waiting, rates))
    assert (found.waiting == waiting).all()
    for ours, theirs in zip(found.rates, rates, strict=True):
        assert (ours.removed == theirs.removed).all()
        assert (ours.stops == theirs.stops).all()
    assert plain(np.array([1.5, np.nan, np.inf])) == [1.5, None, None]
