"""`rtt forecast` issues once and says what it did; `--backtest` prints the score and writes nothing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from dashboard.cli import forecasting
from ingest.forecasts.issue import Moved
from ingest.forecasts.monthly_inputs import monthly_inputs
from ingest.store.database import make_engine
from ingest.store.schema import back_test, forecast, run
from rtt.terms.calendar import add_months
from tests import tracking_lists
from tests.dashboard.commands import Command

FIRST = date(2024, 4, 30)
COLUMNS = [
    *("horizon", "measure", "level", "n", "mae", "mae_last_value", "skill"),
    *("coverage_50", "coverage_80", "coverage_95"),
]


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("RTT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("RTT_DATABASE_URL", raising=False)
    return tmp_path / "home"


@pytest.fixture
def rtt(home, monkeypatch, capsys):
    return Command(monkeypatch, capsys)


@pytest.fixture
def months(rtt, make_extract):
    """months(8) loads the first eight months of two trusts whose lists breathe."""

    def load(count):
        for month in range(count):
            swing = (month * 7) % 5
            facts = {
                ("RTD", "01A", "2", "C_110"): {0: 2000, 8: 3500 + 60 * swing, 20: 1800, 60: 90 + month},
                ("RTD", "01A", "3", "C_110"): 1500 + 10 * swing,
                ("RVV", "91Q", "2", "C_110"): {0: 2500, 9: 3000 - 50 * swing, 25: 1200, 55: 40},
                ("RVV", "91Q", "3", "C_110"): 2400,
            }
            assert rtt("load", make_extract(facts, census=add_months(FIRST, month))).code == 0

    return load


def runs(home):
    """How the forecasts of the database ended, as the status page says."""
    engine = make_engine(f"sqlite:///{home / 'rtt.db'}")
    c = run.c
    with engine.connect() as connection:
        rows = connection.execute(
            select(c.outcome, c.message).where(c.kind == "forecast").order_by(c.id)
        ).all()
    engine.dispose()
    return [tuple(row) for row in rows]


def rows_of(home, table):
    engine = make_engine(f"sqlite:///{home / 'rtt.db'}")
    with engine.connect() as connection:
        found = connection.execute(select(func.count()).select_from(table)).scalar_one()
    engine.dispose()
    return found


def test_it_issues_says_so_and_leaves_it_alone_the_second_time(rtt, home, months):
    months(6)
    first = rtt("forecast")
    assert (first.code, first.out) == (0, "")
    assert "Issued and frozen: the forecast of 30 September 2024" in first.err
    again = rtt("forecast")
    assert again.code == 0
    assert "made before and stays as it was" in again.err
    assert runs(home) == [
        ("ok", first.err.strip().splitlines()[-1]), ("ok", again.err.strip().splitlines()[-1]),
    ]  # fmt: skip
    assert rows_of(home, forecast) == 1
    assert rows_of(home, back_test) > 0


def test_after_a_later_census_was_taken_out_it_is_a_back_test(rtt, months):
    months(3)
    rtt("remove", "--source", "monthly", "--census", "2024-06")
    ran = rtt("forecast")
    assert "Kept as a back-test: the forecast of 31 May 2024" in ran.err
    assert "not issued" in ran.err


def test_the_back_test_is_printed_in_the_promised_columns_and_issues_nothing(rtt, home, months):
    months(9)
    ran = rtt("forecast", "--backtest", "--format", "csv")
    assert (ran.code, ran.err) == (0, "")
    assert list(ran.rows[0]) == COLUMNS
    assert {row["level"] for row in ran.rows} == {"england", "provider", "cell"}
    assert {row["measure"] for row in ran.rows} == {"share_within_18", "over_52", "over_18", "total"}
    for row in ran.rows:
        error, last = float(row["mae"]), float(row["mae_last_value"])
        assert float(row["skill"]) == pytest.approx(1 - error / last if last else 0)
        held = [float(row[f"coverage_{coverage}"]) for coverage in (50, 80, 95)]
        assert 0 <= held[0] <= held[1] <= held[2] <= 1
    assert rows_of(home, forecast) == rows_of(home, back_test) == 0


def test_the_panel_is_the_providers_that_were_large_in_every_month(rtt, months):
    months(6)
    ran = rtt("forecast", "--backtest", "--panel", "--format", "csv")
    assert {row["level"] for row in ran.rows} == {"panel"}
    assert {row["n"] for row in ran.rows if row["horizon"] == "1"} == {"4"}
    assert rtt("forecast", "--panel").code == 2


def test_the_back_test_of_commissioners_is_asked_for_by_name(rtt, home, months):
    months(9)
    ran = rtt("forecast", "--backtest", "--commissioners", "--format", "csv")
    assert (ran.code, ran.err) == (0, "")
    assert list(ran.rows[0]) == COLUMNS
    levels = {f"{level}{part}" for level in ("region", "icb", "commissioner") for part in ("", " tf")}
    assert {row["level"] for row in ran.rows} == levels
    assert {row["measure"] for row in ran.rows} == {"share_within_18", "over_52", "over_18", "total"}
    assert rows_of(home, back_test) == 0
    assert rtt("forecast", "--commissioners").code == 2
    assert rtt("forecast", "--backtest", "--panel", "--commissioners").code == 2


def test_what_an_icb_is_forecast_from_is_what_rtt_figures_prints(rtt, home, months):
    months(6)
    printed = rtt("figures", "--level", "icb", "--census", "2024-09", "--format", "csv").rows
    engine = make_engine(f"sqlite:///{home / 'rtt.db'}")
    with engine.connect() as connection:
        inputs = monthly_inputs(connection)
    engine.dispose()
    lists = {
        key: (whole.sum(), whole[:18].sum(), whole[52:].sum())
        for level, history in inputs.commissioned
        if level.organisations == "icb"
        for key, whole in zip(history.keys, history.bands[:, -1], strict=True)
    }
    assert lists == {
        (row["organisation_code"], row["treatment_function_code"]): tuple(
            int(row[name]) for name in ("total", "within_18", "over_52")
        )
        for row in printed
        if row["part"] == "2"
    }


def test_with_too_few_months_it_prints_no_score_and_says_why(rtt, months):
    months(3)
    ran = rtt("forecast", "--backtest")
    assert ran.code == 0
    assert "Too few months" in ran.err


@pytest.mark.parametrize("arguments", [("forecast",), ("forecast", "--backtest")])
def test_without_a_monthly_extract_it_says_what_to_load(rtt, arguments):
    ran = rtt(*arguments)
    assert ran.code == 2
    assert "rtt load" in ran.err


def test_a_young_tracking_list_is_told_how_many_lists_are_held_of_how_many(rtt, tmp_path):
    for week in range(3):
        census = date(2026, 11, 1) + timedelta(weeks=week)
        rows = [tracking_lists.pathway(week_ending=census.isoformat()) for _ in range(4)]
        path = tmp_path / f"open-{census:%Y%m%d}.csv"
        path.write_bytes(tracking_lists.as_csv(rows))
        assert rtt("load", path).code == 0
    ran = rtt("forecast")
    assert ran.code == 2
    assert "needs 12 weekly PTLs" in ran.err
    assert "Loaded: 3 of R9A." in ran.err


def test_what_was_loaded_meanwhile_is_said(rtt, home, months, monkeypatch):
    months(2)

    def moved(*_arguments, **_named):
        raise Moved

    monkeypatch.setattr(forecasting, "issue_monthly", moved)
    ran = rtt("forecast")
    assert ran.code == 3
    assert "nothing was issued" in ran.err
    assert rows_of(home, forecast) == 0
    assert [outcome for outcome, _ in runs(home)] == ["warned"]
