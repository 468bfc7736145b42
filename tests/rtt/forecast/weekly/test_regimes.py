"""Intervals of a PTL's forecasts in quiet and in troubled weeks: a part of the long run in tests/soak."""

import pytest

from tests.rtt.regimes import (
    AFTER,
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

SEEDS = range(2)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found():
    trusts = [judged(seed) for seed in SEEDS]
    return {regime: [each for trust in trusts for each in trust[regime]] for regime in (QUIET, *REGIMES)}


@pytest.mark.parametrize("measure", SHOWN)
@pytest.mark.parametrize("regime", REGIMES)
def test_intervals_hold_in_troubled_weeks(found, regime, measure) -> None:
    """Fault 18: in strikes, closures and sprints, and after referrals doubled, intervals did not widen."""
    held = coverage(found[regime])
    assert held[measure, WHOLE] >= 0.6
    assert held[measure, SPECIALTIES] >= 0.6


@pytest.mark.parametrize("measure", SHOWN)
def test_intervals_of_specialties_hold_as_often_as_they_say_in_quiet_weeks(found, measure) -> None:
    """Fault 18: the 80 % intervals of specialties' % within 18 weeks held far more often than that."""
    assert 0.74 <= coverage(found[QUIET])[measure, SPECIALTIES] <= 0.86


def test_the_whole_list_holds_as_often_as_it_says_in_quiet_weeks(found) -> None:
    """All four measures together: of two trusts there are few independent months."""
    held = coverage(found[QUIET])
    assert 0.68 <= sum(held[measure, WHOLE] for measure in SHOWN) / len(SHOWN) <= 0.92


def test_the_closed_specialty_itself_is_held(found) -> None:
    held = coverage(found[CLOSURE])
    assert sum(held[measure, CLOSED_ONE] for measure in SHOWN) / len(SHOWN) >= 0.6


def test_doubled_referrals_are_followed_from_the_sixth_week(found) -> None:
    """Fault 18: the list was forecast 8 to 11 % low for months. Of two trusts a single week is chance (and
    the simulation's month of January): the long run judges each.
    """
    low = low_by_week(found[REFERRALS], 6)
    assert len(low) == AFTER - 5
    assert sum(low.values()) / len(low) < 0.04
