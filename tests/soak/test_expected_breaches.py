"""Chances and breaches beside the truth of forty simulated trusts: the promise in full."""

import pytest

from tests.rtt.expected_trials import bias, coverage, deciles, skill_of_dates, trials

SEEDS = range(1000, 1040)

pytestmark = [pytest.mark.soak, pytest.mark.slow]


@pytest.fixture(scope="module")
def found():
    return [each for seed in SEEDS for each in trials(seed)]


def test_chances_come_true_as_often_as_they_say(found) -> None:
    for pathways, said, came in deciles(found):
        if pathways >= 200:
            assert said == pytest.approx(came, abs=0.03)


def test_expected_breaches_are_neither_too_many_nor_too_few(found) -> None:
    assert abs(bias(found)) < 0.03


def test_intervals_hold_as_often_as_they_say(found) -> None:
    half, four_fifths, most = coverage(found)
    assert 0.43 < half < 0.65
    assert 0.74 < four_fifths < 0.86
    assert 0.90 < most < 0.99


def test_to_know_the_date_is_worth_much(found) -> None:
    assert skill_of_dates(found) > 0.2
