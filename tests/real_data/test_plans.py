"""Plans of the twelve published months: held to the forecast, the score of past months, placebo verdicts."""

import csv
import io
import random
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from dashboard.analysis.forecasts import projection_of
from dashboard.analysis.planning.initiatives import panel_of, result_of
from dashboard.analysis.planning.sentences import answer_sentences
from dashboard.analysis.planning.table import HEADERS, lines
from dashboard.analysis.planning.work_out import answer_of
from dashboard.filters import from_query
from dashboard.layouts.plan import load as plan_page
from dashboard.scope.scope import resolve
from dashboard.store.cache import reading
from dashboard.store.initiatives import Initiative
from dashboard.store.plans import plan_rows, plans_of
from ingest.forecasts.plan_rows import unpacked
from ingest.forecasts.planning_inputs import planning_inputs
from ingest.store.database import make_engine
from ingest.store.schema import forecast_unit, plan
from rtt.planning.held import held
from rtt.planning.initiatives import difference_effects, evaluated, synthetic_effects
from rtt.planning.projection import Scenario, projected
from rtt.planning.rates import Rates
from rtt.terms.treatment_functions import TOTAL
from tests.dashboard import enquiries
from tests.dashboard import served_pages as served
from tests.dashboard.commands import Command

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

MARCH, YEAR = date(2025, 3, 31), date(2026, 3, 31)


@pytest.fixture(scope="module")
def planned(planned_path):
    engine = make_engine(f"sqlite:///{planned_path}")
    yield engine
    engine.dispose()


def scope_of(connection, query):
    return resolve(connection, from_query(query)[0], enquiries.by())


def test_as_now_is_what_breaches_shows_to_the_pathway_on_50_random_scopes(planned):
    c = forecast_unit.c
    with reading(planned) as connection:
        known = connection.execute(
            select(c.level, c.organisation_code, c.treatment_function)
            .where(c.standing.in_(["forecast", "small list"]), c.level != "commissioner")
            .order_by(*c[:4])
        ).all()
        compared = 0
        for level, code, function in random.Random(7).sample(known, 120):
            place = f"level={level}" if level == "england" else f"level={level}&org={code}"
            of = "" if function == TOTAL else f"&tf={function}"
            scope = scope_of(connection, f"?{place}{of}")
            assert (scope.organisation.level, scope.census) == (level, MARCH)
            answer = answer_of(connection, scope)
            if answer.why_not or not answer.forecast:
                continue
            for measure, name in (("share_within_18", "share"), ("total", "list"), ("over_52", "over_52")):
                breaches = {each.target: each for each in projection_of(connection, scope, measure)}
                series = answer.series[name]
                for at, day in enumerate(series.days):
                    if day in breaches:
                        said = breaches[day]
                        assert series.as_now[at] == pytest.approx(max(0.0, said.value), rel=1e-12, abs=1e-9)
                        assert (series.low_80[at], series.high_80[at]) == pytest.approx(said.limits[1])
                assert getattr(answer.as_now, name) == pytest.approx(breaches[YEAR].value, rel=1e-12)
            compared += 1
            if compared == 50:
                break
    assert compared == 50


@pytest.mark.parametrize(
    "query", ["?org=RBD", "?org=RAJ", "?level=icb&org=QVV", "?level=england", "?org=RBD&tf=C_110"]
)
def test_the_plan_that_is_kept_is_the_answer_of_the_page(planned, query):
    with reading(planned) as connection:
        scope = scope_of(connection, query)
        answer = answer_of(connection, scope)
        kept, _ = plans_of(connection, scope.organisation.level, scope.codes)
    whole = answer.whole
    assert answer.question.usual
    assert answer.needed.longest_first.a_week == pytest.approx(whole.needed_longest, rel=1e-3, abs=1e-3)
    if whole.needed_todays is not None:
        assert answer.needed.todays_order.a_week == pytest.approx(whole.needed_todays, rel=1e-3, abs=1e-3)
    assert answer.chance_as_now == pytest.approx(whole.chance, abs=1e-6)
    by_code = {row.treatment_function: row for row in kept}
    for row in answer.rows:
        stored = by_code[row.code]
        if row.why_not:
            continue
        assert row.needed.a_week == pytest.approx(stored.needed_longest, rel=1e-3, abs=1e-3)
        assert row.longest_alone == pytest.approx(stored.longest_alone, abs=1e-6)


def test_the_answer_meets_the_target_and_a_hundredth_less_does_not(planned):
    """The needed stops, put into the projection again by hand, with the forecast's own level."""
    with reading(planned) as connection:
        scope = scope_of(connection, "?org=RBD")
        answer = answer_of(connection, scope)
        _, kept = plans_of(connection, "provider", ("RBD",))
    lists = unpacked(kept)
    fraction = answer.needed.longest_first.percent / 100

    def share(extra):
        of: Rates = lists.rates[0]
        bands = projected(lists.waiting, of, MARCH, (YEAR,), Scenario(extra=extra * of.stops)).bands[-1]
        sums = bands.sum(axis=0)
        return 100 * sums[:18].sum() / sums.sum()

    effect = answer.question.target - answer.as_now.share
    assert share(fraction) - share(0.0) >= effect
    assert share(0.99 * fraction) - share(0.0) < effect


def test_an_organisation_is_the_sum_of_its_specialties(planned):
    with reading(planned) as connection:
        for code in ("RBD", "RAJ"):
            rows, _ = plans_of(connection, "provider", (code,))
            whole = next(row for row in rows if row.treatment_function == TOTAL)
            parts = [row for row in rows if row.treatment_function != TOTAL]
            assert whole.total == sum(row.total for row in parts)
            assert whole.order_13 + whole.size_13 == pytest.approx(whole.order_4 + whole.size_4, abs=1.0)
        assert len({row.organisation_code for row in plan_rows(connection, "provider", TOTAL)}) > 400


def test_more_of_the_months_flows_give_the_months_end_within_a_fifth_of_a_point(planned, rtt):
    rows = rtt("plan", "--backtest", "--csv").rows
    found = {(row["score"], row["months_ahead"], row["measure"]): row for row in rows}
    fed = found["month's end, fed with its flows", "1", "share within 18, points"]
    assert int(fed["n"]) == 142 * 11
    assert float(fed["value"]) < 0.2
    assert float(found["month's end, fed with its flows", "1", "list, per cent"]["value"]) < 0.25
    seen = found["seen per effect worked out, starts and stops known", "3", "share within 18"]
    assert 0.6 < float(seen["value"]) < 0.9
    with reading(planned) as connection:
        answer = answer_of(connection, scope_of(connection, "?org=RBD"))
    assert answer.record.seen == pytest.approx(float(seen["value"]))
    assert answer.record.trusts == 142
    assert any("about three quarters of such effects" in each for each in answer_sentences(answer))


@pytest.fixture
def rtt(planned_path, tmp_path, monkeypatch, capsys):
    path = tmp_path / "planned.db"
    path.write_bytes(Path(planned_path).read_bytes())
    monkeypatch.setenv("RTT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RTT_DATABASE_URL", f"sqlite:///{path}")
    return Command(monkeypatch, capsys)


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("?org=RBD", ["--org", "RBD"]),
        (
            "?org=RBD&target=65&due=2026-03&growth=2",
            ["--org", "rbd", "--target", "0.65", "--due", "2026-03-31", "--growth", "2"],
        ),
        ("?org=RAJ&target=60", ["--org", "RAJ", "--target", "60"]),
        ("?level=england", []),
    ],
)
def test_the_command_prints_the_table_of_the_page(planned, rtt, query, options):
    with reading(planned) as connection:
        answer = answer_of(connection, scope_of(connection, query))
    ran = rtt("plan", *options, "--csv")
    assert ran.code == 0
    printed = list(csv.reader(io.StringIO(ran.out)))
    assert printed[0] == list(HEADERS)
    assert [[cell.removeprefix("'") for cell in row] for row in printed[1:]] == lines(answer)
    assert ran.err.splitlines()[: len(answer_sentences(answer))] == answer_sentences(answer)


@pytest.fixture(scope="module")
def shares(planned):
    """(134, 12) per cent within 18 weeks of NHS trusts over 5,000 in every month, and their codes."""
    with reading(planned) as connection:
        months = planning_inputs(connection).months
        panel = panel_of(connection, TOTAL, "share_within_18", months, 6)
    assert len(panel.codes) == 134
    return panel


def test_placebos_of_one_period_call_2_to_8_per_cent_of_the_next_changed(shares):
    """Nothing was begun in any of these trusts: what the next four months call changed is false."""
    nobody = np.zeros(len(shares.codes), dtype=bool)

    def of_differences(series):
        effects = difference_effects(series, 4)
        return np.abs(effects - np.median(effects))

    def of_synthetic(series):
        return np.abs(synthetic_effects(series, 4, nobody)[0])

    for far in (of_differences, of_synthetic):
        critical = np.quantile(far(shares.series[:, :8]), 0.95)
        false = (far(shares.series[:, 4:]) >= critical).mean()
        assert 0.02 <= false <= 0.08, (far.__name__, false)


def test_the_smallest_effect_that_could_be_seen(shares):
    found = evaluated(shares.series, 6, np.array([shares.codes.index("RBD")]))
    # Measured before with the trust itself among the placebos.
    assert found.differences.smallest == pytest.approx(6.7, abs=0.25)
    assert found.synthetic.smallest == pytest.approx(4.8, abs=0.25)
    assert found.differences.effect == pytest.approx(5.61982, abs=1e-5)
    assert not found.changed


def test_the_result_of_a_registered_initiative_is_that_of_the_design(planned):
    """RBD from October 2024, as docs/planning.md was measured: cannot tell."""
    asked = Initiative(
        1, "Demo", "Nothing was begun", ("RBD",), TOTAL, date(2024, 10, 1), "share_within_18", 5.0,
        "For a measurement", False, date(2024, 9, 30), "jo", datetime(2024, 10, 1, tzinfo=UTC),
    )  # fmt: skip
    with reading(planned) as connection:
        found = result_of(connection, asked)
    assert (found.before, found.after, found.comparisons, found.worst_tenth) == (6, 6, 133, False)
    assert found.evaluation.differences.effect == pytest.approx(5.61982, abs=1e-5)
    assert found.evaluation.differences.placebo == pytest.approx(0.0223881, abs=1e-6)
    assert found.evaluation.synthetic.effect == pytest.approx(3.41181, abs=1e-3)
    assert not found.evaluation.changed


def test_no_list_is_left_out_four_years_ahead_and_none_holds_more_than_who_joined_it(planned):
    """Left as it is, what appears without a clock start compounds: 221 of 2,814 lists with a plan would be
    carried away in four years, and 50 of 148 large providers had no answer for it.
    """
    far = date(2029, 3, 31)
    with reading(planned) as connection:
        kept = connection.execute(
            select(plan.c.flows, plan.c.stops).where(
                plan.c.level == "provider", plan.c.treatment_function != TOTAL
            )
        ).all()
        sums = plan_rows(connection, "provider", TOTAL)
    lists = unpacked([bytes(row.flows) for row in kept])
    of = held(lists.waiting, lists.rates[0], MARCH, far)
    free = projected(lists.waiting, replace(of, held=np.array(False)), MARCH, (far,))
    ours = projected(lists.waiting, of, MARCH, (far,))
    with_plan = np.array([row.stops is not None for row in kept])
    assert 0.05 < of.held[with_plan].mean() < 0.1
    there = lists.waiting.sum(axis=1) + ours.starts.sum(axis=0)
    assert (free.bands[-1].sum(axis=1) > 1_000 * there).any()
    assert (ours.bands[-1].sum(axis=1) <= there + 1e-6).all()
    same = ~of.held
    assert (ours.bands[-1][same] == free.bands[-1][same]).all()
    assert all(row.planned for row in sums if row.total > 5_000 and row.months >= 6)


@pytest.mark.parametrize("level", ["england", "region", "provider"])
def test_the_tile_of_the_overview_says_about_how_many_more_a_week(planned, tmp_path, level):
    """From an Overview of the twelve months two links lead to a named specialty."""
    place = {"england": "?source=monthly", "region": "?level=region&org=Y60", "provider": "?org=RBD"}[level]
    client = served.client_of(planned, tmp_path, today=date(2025, 6, 1))
    page = served.drawn(client, "/", place)["page"]
    (tile,) = [part for part in served.of_type(page, "Div")
               if "rtt-tile--wide" in str(part["props"].get("className"))]  # fmt: skip
    said = served.words(tile)
    assert re.search(r"About [\d,]+ more clock stops a week \(\d+%\) for an even chance of", said)
    assert re.search(r"(On|Under) the line to it: [\d.]+% on 31 Mar 2025, and the line is at [\d.]+%", said)
    (way,) = [part["props"]["href"] for part in served.of_type(tile, "A")]
    way_on = served.drawn(client, "/plan", way.removeprefix("/plan"))["page"]
    row = next(each for each in served.of_type(served.cards(way_on)["plan-specialties"], "A")
               if served.words(each) == "Trauma & orthopaedics")  # fmt: skip
    specialty = served.drawn(client, "/plan", row["props"]["href"])["page"]
    assert "clock stops" in served.words(served.of_type(specialty, "H2")[0])


def test_the_line_of_a_trust_is_that_of_the_design(planned):
    """Dorset County's target is 62.7790% (planning_cases, p55), five points over November 2024."""
    with reading(planned) as connection:
        found = plan_page.load(connection, scope_of(connection, "?org=RBD"))
    (line,) = found.lines
    days = (MARCH - date(2024, 11, 30)).days / (YEAR - date(2024, 11, 30)).days
    assert line.found.line == pytest.approx(57.77900705 + 5 * days, rel=1e-6)
    assert line.found.value == pytest.approx(60.3511, abs=1e-4)
    assert line.sentence.startswith(
        "On the line to the milestone of 62.8% by 31 Mar 2026: 60.4% on 31 Mar 2025, and the line is at "
        "59.0%."
    )
    assert line.chance == pytest.approx(found.answer.chance_as_now, abs=1e-5)
