"""Intervals of a PTL's forecasts in quiet and in troubled weeks: two trusts, and twelve in the long run."""

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

TWO = pytest.param(range(2), id="two trusts")
TWELVE = pytest.param(range(2000, 2012), id="twelve trusts", marks=pytest.mark.soak)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=[TWO, TWELVE])
def found(request):
    trusts = [judged(seed) for seed in request.param]
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


@pytest.mark.parametrize("found", [TWO], indirect=True)
def test_the_whole_list_of_two_trusts_holds_as_often_as_it_says_in_quiet_weeks(found) -> None:
    """All four measures together: of two trusts there are few independent months."""
    held = coverage(found[QUIET])
    assert 0.68 <= sum(held[measure, WHOLE] for measure in SHOWN) / len(SHOWN) <= 0.92


@pytest.mark.parametrize("measure", SHOWN)
@pytest.mark.parametrize("found", [TWELVE], indirect=True)
def test_the_whole_list_of_twelve_trusts_holds_as_often_as_it_says_in_quiet_weeks(found, measure) -> None:
    assert 0.74 <= coverage(found[QUIET])[measure, WHOLE] <= 0.86


def test_the_closed_specialty_itself_is_held(found) -> None:
    held = coverage(found[CLOSURE])
    assert sum(held[measure, CLOSED_ONE] for measure in SHOWN) / len(SHOWN) >= 0.6


@pytest.mark.parametrize("found", [TWO], indirect=True)
def test_doubled_referrals_to_two_trusts_are_followed_from_the_sixth_week(found) -> None:
    """Fault 18: the list was forecast 8 to 11 % low for months. Of two trusts a single week is chance (and
    the simulation's month of January): the long run judges each.
    """
    low = low_by_week(found[REFERRALS], 6)
    assert len(low) == AFTER - 5
    assert sum(low.values()) / len(low) < 0.04


@pytest.mark.parametrize("found", [TWELVE], indirect=True)
def test_doubled_referrals_to_twelve_trusts_are_followed_from_the_sixth_week(found) -> None:
    assert max(low_by_week(found[REFERRALS], 6).values()) < 0.04
