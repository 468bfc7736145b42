"""A forecast is issued once, from the newest census alone, and what it said is never written again."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.event import listen

from ingest.extracts import LoadOptions
from ingest.forecasts import issue as forecasts
from ingest.forecasts.issue import Moved, issue_monthly, issue_weekly, score_back_test
from ingest.forecasts.monthly_inputs import monthly_inputs
from ingest.forecasts.months_read import MonthsRead
from ingest.forecasts.plan_anchors import days_around
from ingest.forecasts.planning_inputs import planning_inputs
from ingest.forecasts.rows import Expectation
from ingest.loading.load import load_path, remove
from ingest.store import schema
from rtt.terms.calendar import add_months

FIRST = date(2024, 4, 30)
NOW = datetime(2025, 5, 8, 9, 30, tzinfo=UTC)
FROZEN = (
    schema.forecast,
    schema.forecast_method,
    schema.forecast_unit,
    schema.forecast_value,
    schema.forecast_expectation,
)


# RTD is commissioned by 01A and RXN by 00R, both of QE1 in Y62; RVV by 91Q of QKS in Y59.
FORECAST = {
    ("england", "ENG"),
    *(("region", code) for code in ("Y59", "Y62")),
    *(("icb", code) for code in ("QE1", "QKS")),
    *(("provider", code) for code in ("RTD", "RVV", "RXN")),
    *(("commissioner", code) for code in ("00R", "01A", "91Q")),
}


def facts(month, *, more=0):
    """Two trusts over 5,000 and one small one; the lists breathe, so that there is something to learn."""
    swing = (month * 7) % 5
    return {
        ("RTD", "01A", "2", "C_110"): {0: 1500, 8: 2500 + 40 * swing + more, 20: 1800, 60: 60 + 3 * month},
        ("RTD", "01A", "2", "C_120"): {0: 300, 12: 500, 30: 200 - swing},
        ("RTD", "01A", "3", "C_110"): 1500 + 10 * swing,
        ("RTD", "01A", "1A", "C_110"): {10: 400, 30: 500},
        ("RTD", "NONC", "2", "C_110"): {5: 9999},
        ("RVV", "91Q", "2", "C_110"): {0: 2500, 9: 3000 - 30 * swing, 25: 1200, 55: 40},
        ("RVV", "91Q", "3", "C_110"): 2400,
        ("RXN", "00R", "2", "C_502"): {3: 20, 22: 10},
        ("RXN", "00R", "3", "C_502"): 8,
    }


@pytest.fixture
def held(engine, make_extract):
    """held(0, 1, 2) loads these months after April 2024; `more` makes another file of the same month."""

    def load(*months, more=0, replace=False):
        for month in months:
            path = make_extract(facts(month, more=more), census=add_months(FIRST, month))
            [result] = load_path(engine, path, options=LoadOptions(replace=replace))
            assert result.state == "loaded"

    return load


def frozen(engine):
    with engine.connect() as connection:
        return [sorted(map(repr, connection.execute(select(table)).all())) for table in FROZEN]


def issued(engine):
    c = schema.forecast.c
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(c.census_date, c.kind).order_by(c.id))]


def test_loading_forecasts_nothing(engine, held):
    held(0, 1)
    assert issued(engine) == []


def test_nothing_is_forecast_from_nothing(engine):
    assert issue_monthly(engine, now=NOW) is None
    assert score_back_test(engine) == ([], [])


def test_the_newest_census_is_issued_and_a_second_run_changes_nothing(engine, held):
    held(*range(8))
    first = issue_monthly(engine, now=NOW)
    assert (first.census_date, first.kind, first.new) == (date(2024, 11, 30), "issued", True)
    before = frozen(engine)
    again = issue_monthly(engine, now=NOW + timedelta(days=9))
    assert (again.new, again.kind, again.series) == (False, "issued", first.series)
    assert frozen(engine) == before


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_a_backlog_in_any_order_issues_nothing_in_hindsight(sqlite_engine, make_extract, order):
    for month in order:
        load_path(sqlite_engine, make_extract(facts(month), census=add_months(FIRST, month)))
    issue_monthly(sqlite_engine, now=NOW)
    assert issued(sqlite_engine) == [(add_months(FIRST, 3), "issued")]


def test_taking_the_newest_out_does_not_make_an_older_one_issued(engine, held):
    held(0, 1, 2)
    remove(engine, "monthly", add_months(FIRST, 2))
    made = issue_monthly(engine, now=NOW)
    assert (made.census_date, made.kind) == (add_months(FIRST, 1), "back-test")


def test_what_was_issued_outlives_revisions_removals_and_reloads(engine, held):
    held(0, 1, 2, 3)
    issue_monthly(engine, now=NOW)
    before = frozen(engine)
    held(3, more=500, replace=True)
    assert frozen(engine) == before
    remove(engine, "monthly", add_months(FIRST, 3))
    assert frozen(engine) == before
    held(3, 4)
    assert frozen(engine) == before
    assert issue_monthly(engine, now=NOW).kind == "issued"
    kept = set(frozen(engine)[0])
    assert set(before[0]) < kept


def test_a_load_while_a_forecast_is_made_stops_it(engine, held, monkeypatch):
    held(0, 1)
    whole, once = forecasts.project, iter([True])

    def meanwhile(*arguments, **named):
        if next(once, False):  # levels are made beside each other: one of them sees it
            held(2, replace=True)
        return whole(*arguments, **named)

    monkeypatch.setattr(forecasts, "project", meanwhile)
    with pytest.raises(Moved):
        issue_monthly(engine, now=NOW)
    assert issued(engine) == []


def test_every_projected_month_is_whole_and_inside_its_interval(engine, held):
    held(*range(9))
    issue_monthly(engine, now=NOW)
    c = schema.forecast_value.c
    with engine.connect() as connection:
        rows = connection.execute(select(schema.forecast_value).order_by(*c)).mappings().all()
    assert {(row["level"], row["organisation_code"]) for row in rows} == FORECAST
    closing = {}
    for row in sorted(rows, key=lambda row: row["horizon"]):
        assert row["opening"] + row["starts"] - row["stops"] - row["removals"] == row["closing"]
        assert min(row[flow] for flow in ("opening", "starts", "stops", "removals", "closing")) >= 0
        assert 0 <= row["share_within_18_low_95"] <= row["share_within_18_high_95"] <= 100
        unit = row["level"], row["organisation_code"], row["treatment_function"]
        if row["horizon"] in range(2, 7):
            assert row["opening"] == closing[unit]
        closing[unit] = row["closing"]
        for measure in schema.PROJECTED:
            around = [row[f"{measure}_{limit}"] for limit in ("low_95", "low_80", "low_50")]
            around += [
                row[measure],
                *(row[f"{measure}_{limit}"] for limit in ("high_50", "high_80", "high_95")),
            ]
            assert around == [None] * 7 or around == sorted(around)


def test_a_unit_without_a_return_says_so_and_has_no_values(engine, held, make_extract):
    held(*range(6))
    without = {key: value for key, value in facts(6).items() if key[0] != "RVV"}
    load_path(engine, make_extract(without, census=add_months(FIRST, 6)), options=LoadOptions(replace=True))
    issue_monthly(engine, now=NOW)
    unit, value = schema.forecast_unit.c, schema.forecast_value.c
    with engine.connect() as connection:
        standings = {
            row.organisation_code: row.standing
            for row in connection.execute(select(unit).where(unit.treatment_function == "C_999"))
        }
        said = connection.execute(select(func.count()).where(value.organisation_code == "RVV")).scalar_one()
    assert standings == {
        **dict.fromkeys(("ENG", "RTD", "01A", "QE1", "Y62"), "forecast"),
        **dict.fromkeys(("RVV", "91Q", "QKS", "Y59"), "no return"),
        **dict.fromkeys(("RXN", "00R"), "small list"),
    }
    assert said == 0


def test_forecasts_are_made_from_english_pathways_of_unbroken_months(engine, held):
    held(0, 1, 3, 4, 5)
    with engine.connect() as connection:
        inputs = monthly_inputs(connection)
    (_, whole), (_, providers), (_, cells) = inputs.histories
    assert whole.months == tuple(add_months(FIRST, month) for month in (3, 4, 5))
    assert providers.keys == (("RTD", "C_999"), ("RVV", "C_999"), ("RXN", "C_999"))
    lists = cells.bands.sum(axis=2)[:, -1]
    expected = {
        key[:1] + key[3:]: sum(bands.values())
        for key, bands in facts(5).items()
        if key[1:3] != ("NONC", "2") and key[2] == "2"
    }
    assert dict(zip(cells.keys, lists.tolist(), strict=True)) == expected
    assert providers.starts[:, -1].tolist() == [1500 + 10 * (35 % 5), 2400, 8]
    assert providers.stops[:, -1].tolist() == [900, 0, 0]
    assert np.array_equal(inputs.england.total, whole.bands[0].sum(axis=1))


def test_regions_icbs_and_commissioners_are_the_sums_of_their_english_pathways(engine, held):
    held(*range(4))
    with engine.connect() as connection:
        inputs = monthly_inputs(connection)
    above = {"01A": ("01A", "QE1", "Y62"), "00R": ("00R", "QE1", "Y62"), "91Q": ("91Q", "QKS", "Y59")}
    for at, level in ((2, "region"), (1, "icb"), (0, "commissioner")):
        expected = {}
        for (_, commissioner, part, function), bands in facts(3).items():
            if part == "2" and commissioner in above:
                for key in (function, "C_999"):
                    unit = above[commissioner][at], key
                    expected[unit] = expected.get(unit, 0) + sum(bands.values())
        found = {
            key: history.bands[i, -1].sum()
            for name, history in inputs.commissioned
            if name.organisations == level
            for i, key in enumerate(history.keys)
        }
        assert found == expected
        starts = {
            key: history.starts[i, -1] for name, history in inputs.commissioned if name.name == level
            for i, key in enumerate(history.keys)
        }  # fmt: skip
        assert starts[above["91Q"][at], "C_999"] == 2400
        assert starts[above["01A"][at], "C_999"] == 1500 + 10 * (21 % 5) + (
            0 if level == "commissioner" else 8
        )


def test_their_back_test_is_kept_beside_that_of_providers(engine, held):
    held(*range(8))
    score_back_test(engine)
    c = schema.back_test.c
    with engine.connect() as connection:
        kept = set(connection.execute(select(c.fitted_as).distinct()).scalars())
    assert {"england", "provider", "cell", "region", "icb", "commissioner"} <= kept


def test_the_back_test_takes_the_place_of_the_one_before(engine, held):
    held(*range(6))
    score_back_test(engine)
    held(6)
    rows, by_month = score_back_test(engine)
    c = schema.back_test.c
    with engine.connect() as connection:
        kept = connection.execute(select(c.census_date, func.count()).group_by(c.census_date)).all()
    assert [tuple(row) for row in kept] == [(add_months(FIRST, 6), len(rows) + len(by_month))]
    assert issued(engine) == []


def test_what_a_tracking_list_was_expected_to_do_is_frozen_too(engine):
    census = date(2026, 3, 1)
    with engine.begin() as connection:
        connection.execute(insert(schema.dataset).values(id=1, kind="real", version=1))
        arrived = {"source": "weekly", "provider_code": "RXX", "census_date": census, "section": "open"}
        ledger = {"file_name": "open.csv", "file_sha256": "0", "file_bytes": 1, "rows_left_out": 0}
        ledger |= {
            "id": 1,
            "state": "loaded",
            "rows_read": 1,
            "started_at": NOW,
            "seconds": 1,
            "problems": "[]",
        }
        connection.execute(insert(schema.load).values(revision=0, **ledger, **arrived))
        connection.execute(
            insert(schema.extract).values(
                load_id=1, revision=0, open_band=104, rows=1, providers=1, **arrived
            )
        )
    said = Expectation(
        "C_110", "passing_18", census + timedelta(days=28), 41.5, ((38, 45), (35, 48), (31, 52)), naive=60.0
    )
    assert issue_weekly(engine, "RXX", census, [said], now=NOW).new
    before = frozen(engine)
    other = Expectation("C_110", "passing_18", census + timedelta(days=28), 1.0, ((0, 2), (0, 3), (0, 4)))
    assert not issue_weekly(engine, "RXX", census, [other], now=NOW).new
    assert frozen(engine) == before


def test_what_was_read_of_a_month_is_not_read_again(engine, held):
    held(0, 1, 2)
    read, asked = MonthsRead(), []
    listen(engine, "before_cursor_execute", lambda *of: asked.append(of[2]))

    def statements():
        found = sum("w000" in each for each in asked)
        asked.clear()
        return found

    with engine.connect() as connection:
        first = monthly_inputs(connection, read=read)
        assert statements() == 3 * 4  # months x levels
        again = monthly_inputs(connection, then=True, read=read)
        assert statements() == 0
        planning_inputs(connection, read=read)
        assert statements() == 3  # the stops of each month, of the providers
        planning_inputs(connection, read=read)
        assert statements() == 0
    assert np.array_equal(first.cells.bands, again.cells.bands)


def test_a_month_that_was_loaded_anew_meanwhile_is_read_anew(engine, held):
    held(0, 1)
    read = MonthsRead()
    with engine.connect() as connection:
        before = monthly_inputs(connection, read=read)
    held(1, more=300, replace=True)
    with engine.connect() as connection:
        after, fresh = monthly_inputs(connection, read=read), monthly_inputs(connection)
    assert after.cells.keys == fresh.cells.keys
    assert np.array_equal(after.cells.bands, fresh.cells.bands)
    assert after.cells.bands.sum() == before.cells.bands.sum() + 300


def test_plans_are_held_to_the_forecasts_nearest_to_their_days():
    issued = [date(2025, month, 28) for month in (4, 6, 9)]
    asked = [date(2025, 6, 28), date(2025, 7, 1), date(2025, 12, 1)]
    assert days_around(issued, asked) == [date(2025, 6, 28), date(2025, 9, 28)]
    assert days_around(issued, [date(2025, 4, 1)]) == [date(2025, 4, 28)]
    assert days_around([], asked) == []
