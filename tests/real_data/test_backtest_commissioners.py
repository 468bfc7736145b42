"""The back-test of regions, ICBs and commissioners on the published extracts of April 2024 to March 2025."""

import csv
import gzip

import numpy as np
import pytest

from ingest.forecast_inputs import Inputs, monthly_inputs
from rtt.backtest import Row, score_of_levels
from rtt.history import COMMISSIONED

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

(REGIONS, _), (ICBS, ICB_PARTS), (COMMISSIONERS, _) = COMMISSIONED
LEVELS = [level.name for pair in COMMISSIONED for level in pair]
PARTS = [parts.name for _, parts in COMMISSIONED]


@pytest.fixture(scope="module")
def inputs(twelve_months_engine) -> Inputs:
    with twelve_months_engine.connect() as connection:
        return monthly_inputs(connection)


@pytest.fixture(scope="module")
def rows(inputs) -> dict[tuple[str, str, int], Row]:
    found, _ = score_of_levels(inputs.commissioned, inputs.england)
    return {(row.level, row.measure, row.horizon): row for row in found}


def test_the_lists_of_icbs_are_those_published(inputs, published):
    [path] = (published / "reference").glob("official_icb_tfc_incomplete*")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        theirs = {
            (row["Period"], row["ICB_Code"], row["TF_Code"]): (
                int(row["Incomplete_Pathways"]),
                int(row["Within_18wks"]),
                int(row["Waiters_52plus"]),
            )
            for row in csv.DictReader(lines)
            if row["Period"] >= "2024-04" and row["TF_Code"] != "C_999"
        }
    history = next(history for level, history in inputs.commissioned if level is ICB_PARTS)
    ours = {
        (f"{month:%Y-%m}", *key): (bands.sum(), bands[:18].sum(), bands[52:].sum())
        for key, of_unit in zip(history.keys, history.bands, strict=True)
        for month, bands in zip(history.months, of_unit, strict=True)
    }
    assert {key: ours[key] for key in theirs} == theirs


@pytest.mark.parametrize("level", [whole.name for whole, _ in COMMISSIONED])
def test_every_region_icb_or_commissioner_sums_to_england(inputs, level):
    whole = next(history for each, history in inputs.histories if each.name == "england")
    own = next(history for each, history in inputs.commissioned if each.name == level)
    assert np.array_equal(own.bands.sum(axis=0), whole.bands[0])
    assert np.array_equal(own.starts.sum(axis=0), whole.starts[0])
    assert np.array_equal(own.stops.sum(axis=0), whole.stops[0])


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("measure", ["over_52", "over_18"])
def test_long_waits_are_forecast_better_than_by_their_last_value(rows, level, measure):
    least = 0.15 if measure == "over_52" else 0.03
    assert min(rows[level, measure, horizon].skill for horizon in range(1, 7)) >= least


@pytest.mark.parametrize("level", LEVELS)
def test_the_list_is_forecast_no_worse_than_by_its_last_value(rows, level):
    for horizon in range(1, 7):
        assert rows[level, "total", horizon].skill > -0.02


@pytest.mark.parametrize("level", PARTS)
def test_specialties_gain_on_the_share_within_18_weeks(rows, level):
    for horizon in range(1, 7):
        assert rows[level, "share_within_18", horizon].skill > 0


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("measure", ["share_within_18", "over_52", "over_18", "total"])
def test_eighty_per_cent_intervals_hold_about_eight_times_in_ten(rows, level, measure):
    # Eight target months share their errors: one level and measure swings, all horizons together less.
    own = [rows[level, measure, horizon] for horizon in range(1, 7)]
    held = sum(row.n * row.coverage_80 for row in own) / sum(row.n for row in own)
    assert 0.70 <= held <= 0.92
