"""The record decides: a gain claimed of few units must exceed its own uncertainty, in blocks of months."""

from statistics import mean, stdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtt.forecast.monthly.history import COMMISSIONED, PROVIDERS
from rtt.forecast.monthly.projection import project
from rtt.forecast.monthly.skill import NO_CHANGE, RIDGE, Outcome, decision, is_proven
from tests.rtt.simulated_lists import england_of, newest, simulated

(REGIONS, PARTS), *_ = COMMISSIONED
# One-sided 95 % quantiles of Student's distribution, from printed tables, by degrees of freedom.
STUDENT = {2: 2.920, 3: 2.353, 4: 2.132, 5: 2.015, 6: 1.943, 7: 1.895}


def outcome(origin: int, gain: float, horizon: int = 1) -> Outcome:
    """Eight units that the method forecast better than the last value by `gain`, on average."""
    size = np.linspace(0.5, 1.5, 8)
    return Outcome(
        origin=origin,
        horizon=horizon,
        scored=np.ones(8, dtype=bool),
        small=np.zeros(8, dtype=bool),
        error=10 * size - gain * size,
        error_naive=10 * size,
        score=np.zeros(8),
        score_naive=np.zeros(8),
    )


def record(gains, horizon: int = 1) -> list[Outcome]:
    return [outcome(origin, gain, horizon) for origin, gain in enumerate(gains)]


def naive_proof(gains: list[float], horizon: int) -> bool:
    if len(gains) < 12:
        return False
    length = max(3, horizon)
    newest_first = gains[::-1]
    blocks = [newest_first[i : i + length] for i in range(0, len(gains) - length + 1, length)]
    if len(blocks) < 3:
        return False
    means = [mean(block) for block in blocks]
    return mean(means) > STUDENT[len(means) - 1] * stdev(means) / len(means) ** 0.5


@given(
    gains=st.lists(st.floats(-8, 8, allow_nan=False), min_size=1, max_size=24),
    horizon=st.integers(1, 6),
)
def test_a_gain_is_proven_as_a_literal_second_reckoning_has_it(gains, horizon):
    found = is_proven(record(gains, horizon))
    if found != naive_proof(gains, horizon):
        # Only where the two sides are as good as equal: student's quantile is good to one per cent.
        margins = [is_proven(record([g + shift for g in gains], horizon)) for shift in (-0.2, 0.2)]
        assert margins[0] != margins[1]


def test_one_good_year_is_no_proof():
    """Fault 17: eight good months published skill that later months did not bear out."""
    good_year = [3.0, 2.5, 3.5, 2.0, 3.0, 2.8, 3.2, 2.9]
    assert decision(record(good_year), 1, REGIONS, RIDGE).method == NO_CHANGE
    assert decision(record(good_year), 1, PROVIDERS, RIDGE).method == RIDGE
    then_a_bad_one = [*good_year, *(-2.0, -3.0, 1.0, -2.5, -1.0, 0.5, -3.0, -2.0)]
    assert decision(record(then_a_bad_one), 1, REGIONS, RIDGE).method == NO_CHANGE


def test_a_gain_that_holds_in_every_season_is_shown():
    steady = [2.0 + 0.3 * (i % 3) for i in range(24)]
    shown = decision(record(steady), 1, REGIONS, RIDGE)
    assert (shown.method, shown.origins) == (RIDGE, 24)
    assert shown.skill == pytest.approx(np.mean(steady) / 10)


def test_the_proof_of_a_short_horizon_is_none_of_a_long_one():
    """Fault 17: at six months the record has to be of six months."""
    steady = record([2.0 + 0.3 * (i % 3) for i in range(24)]) + record([1.0] * 4, horizon=6)
    assert decision(steady, 6, REGIONS, RIDGE).method == NO_CHANGE
    assert decision(steady, 6, PROVIDERS, RIDGE).method == RIDGE


def test_neighbouring_months_are_one_piece_of_evidence():
    # Two good half-years and two bad ones: 24 months that a count of months would call proven.
    gains = [3.0] * 6 + [-2.0] * 6 + [3.0] * 6 + [-1.0] * 6
    assert mean(gains) > 1.645 * stdev(gains) / len(gains) ** 0.5 / 2
    assert not is_proven(record(gains, 6))


def test_a_region_without_proof_is_given_the_naive_forecast_and_its_own_interval():
    """Fault 17: until skill is shown, regions, ICBs and commissioners are given no change."""
    whole = simulated(units=7, months=60, seed=5)
    for level in (REGIONS, PARTS):
        made = project(newest(whole, 12), england_of(whole), level)
        for measure in ("total", "share_within_18", "over_52"):
            assert made.values[measure] == pytest.approx(np.tile(made.last[measure][:, None], 24))
            assert {d.method for d in made.decisions[measure]} == {NO_CHANGE}
            assert (np.ptp(made.intervals[measure][:, :, 1], axis=2) > 0).all()


def test_a_region_whose_gain_is_proven_is_given_the_method():
    # Lists that are cleared ever faster: no change loses month after month.
    whole = simulated(units=7, months=70, seed=5, clearing=np.linspace(1.0, 1.35, 70))
    made = project(newest(whole, 36), england_of(whole), REGIONS)
    assert RIDGE in {d.method for d in made.decisions["total"][:6]}
