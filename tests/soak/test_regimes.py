"""Intervals of a PTL's forecasts in quiet and in troubled weeks: the promise in full, of twelve trusts."""

import pytest

from tests.rtt.regimes import (
    CLOSED_ONE,
    CLOSURE,
    QUIET,
    REFERRALS,
    REGIMES,
    SHOWN,
    SPECIALTIES,
    WHOLE,
    coverage,
    judged,
    low_by_week,
)

SEEDS = range(2000, 2012)

pytestmark = [pytest.mark.soak, pytest.mark.slow]


@pytest.fixture(scope="module")
def found():
    trusts = [judged(seed) for seed in SEEDS]
    return {regime: [each for trust in trusts for each in trust[regime]] for regime in (QUIET, *REGIMES)}


@pytest.mark.parametrize("measure", SHOWN)
@pytest.mark.parametrize("regime", REGIMES)
def test_intervals_hold_in_troubled_weeks(found, regime, measure) -> None:
    held = coverage(found[regime])
    assert held[measure, WHOLE] >= 0.6
    assert held[measure, SPECIALTIES] >= 0.6


@pytest.mark.parametrize("measure", SHOWN)
@pytest.mark.parametrize("whose", [WHOLE, SPECIALTIES])
def test_intervals_hold_as_often_as_they_say_in_quiet_weeks(found, whose, measure) -> None:
    assert 0.74 <= coverage(found[QUIET])[measure, whose] <= 0.86


def test_the_closed_specialty_itself_is_held(found) -> None:
    held = coverage(found[CLOSURE])
    assert sum(held[measure, CLOSED_ONE] for measure in SHOWN) / len(SHOWN) >= 0.6


def test_doubled_referrals_are_followed_from_the_sixth_week(found) -> None:
    assert max(low_by_week(found[REFERRALS], 6).values()) < 0.04
