"""`rtt forecast` on the twelve published months and the published series: the score, and what is issued."""

import pytest
from sqlalchemy import select

from ingest.store.database import make_engine
from ingest.store.schema import forecast, forecast_method, forecast_unit, forecast_value
from tests.dashboard.commands import Command
from tests.real_data import skill_before

pytestmark = [pytest.mark.real_data, pytest.mark.slow]


@pytest.fixture
def url(twelve_months_path, tmp_path):
    path = tmp_path / "twelve.db"
    path.write_bytes(twelve_months_path.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def rtt(url, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RTT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RTT_DATABASE_URL", url)
    return Command(monkeypatch, capsys)


# Methods 9.1, last value: providers with more than 5,000 pathways in every month.
LAST_VALUE = {
    "1": {"total": "1.88", "share_within_18": "0.82", "over_52": "142", "over_18": "533"},
    "2": {"total": "3.03", "share_within_18": "1.25", "over_52": "252", "over_18": "892"},
    "3": {"total": "4.10", "share_within_18": "1.56", "over_52": "351", "over_18": "1243"},
    "6": {"total": "6.97", "share_within_18": "2.40", "over_52": "633", "over_18": "2187"},
}


def test_the_panel_gives_the_errors_of_the_last_value_that_were_measured_before(rtt):
    rows = rtt("forecast", "--backtest", "--panel", "--format", "csv").rows
    found = {(row["horizon"], row["measure"]): float(row["mae_last_value"]) for row in rows}
    for horizon, errors in LAST_VALUE.items():
        for measure, error in errors.items():
            places = len(error.partition(".")[2])
            assert f"{found[horizon, measure]:.{places}f}" == error, (horizon, measure)


def test_providers_gain_what_was_promised_and_their_intervals_hold(rtt):
    rows = rtt("forecast", "--backtest", "--format", "csv").rows
    assert len(rows) == 3 * 4 * 6
    for row in rows:
        if row["level"] == "provider":
            least = skill_before.PROVIDERS[row["measure"]][int(row["horizon"]) - 1]
            assert 100 * float(row["skill"]) >= least - skill_before.ROUNDED, row
            assert 0.76 <= float(row["coverage_80"]) <= 0.86, row


def test_march_2025_is_issued_for_every_organisation_and_every_specialty(rtt, url):
    said = rtt("forecast").err
    assert "Issued and frozen: the forecast of 31 March 2025" in said
    # Both published lists moved by over 15 per cent between February and March 2025.
    assert "2 lists changed by over 15% in the last month" in said
    assert "far off: NLG, RRE." in said
    engine = make_engine(url)
    with engine.connect() as connection:
        made = connection.execute(select(forecast)).one()
        units = connection.execute(select(forecast_unit)).mappings().all()
        steps = connection.execute(select(forecast_value)).mappings().all()
        methods = set(connection.execute(select(forecast_method.c.fitted_as, forecast_method.c.method)))
    engine.dispose()
    assert (made.kind, made.revision) == ("issued", 1)
    whole = next(unit for unit in units if unit["level"] == "england")
    assert (whole["total"], whole["over_52"]) == (7_418_598, 180_243)  # as published
    assert ("england", "sum of cells") in methods
    assert ("provider", "half sum of cells") in methods
    assert {method for level, method in methods if level in ("region", "icb", "commissioner")} == {
        "last value"
    }
    said = {unit_of(step) for step in steps}
    assert {unit_of(unit) for unit in units if unit["standing"] == "forecast"} <= said
    silent = {"no return", "under twenty"}
    assert not said & {unit_of(unit) for unit in units if unit["standing"] in silent}
    # Eight regions and 43 ICBs, NHS England's own commissioning among both.
    totals = [unit["level"] for unit in units if unit["treatment_function"] == "C_999"]
    assert (totals.count("region"), totals.count("icb")) == (8, 43)
    for step in steps:
        assert step["opening"] + step["starts"] - step["stops"] - step["removals"] == step["closing"]


def unit_of(row):
    return row["level"], row["organisation_code"], row["treatment_function"]
