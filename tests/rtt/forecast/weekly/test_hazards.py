"""Chances and breaches beside the truth of simulated lists: of four trusts, and in the long run of forty."""

import numpy as np
import pytest

from rtt.forecast.weekly.hazards import KINDS, hazards
from rtt.forecast.weekly.states import ADMITTED, DUE
from rtt.forecast.weekly.weeks import learnt
from tests.rtt.expected_trials import bias, coverage, deciles, skill_of_dates, trials
from tests.rtt.simulated_weeks import GRID, simulated

FOUR = pytest.param(range(4), id="four trusts")
FORTY = pytest.param(range(1000, 1040), id="forty trusts", marks=pytest.mark.soak)


@pytest.fixture(scope="module", params=[FOUR, FORTY])
def found(request):
    return [each for seed in request.param for each in trials(seed)]


@pytest.mark.slow
@pytest.mark.parametrize("found", [FORTY], indirect=True)
def test_chances_of_forty_trusts_come_true_as_often_as_they_say(found) -> None:
    for pathways, said, came in deciles(found):
        if pathways >= 200:
            assert said == pytest.approx(came, abs=0.03)


@pytest.mark.slow
@pytest.mark.parametrize("found", [FOUR], indirect=True)
def test_chances_of_four_trusts_come_true_as_often_as_they_say(found) -> None:
    """A few thousand pathways of a tenth are followed over a few dozen origins, whose weeks they share: what
    chance alone does is allowed for. The long run allows nothing.
    """
    for pathways, said, came in deciles(found):
        if pathways >= 200:
            assert said == pytest.approx(came, abs=0.03 + 3 * np.sqrt(came * (1 - came) / pathways))


@pytest.mark.slow
def test_expected_breaches_are_neither_too_many_nor_too_few(found) -> None:
    assert abs(bias(found)) < 0.03


@pytest.mark.slow
@pytest.mark.parametrize("found", [FORTY], indirect=True)
def test_intervals_of_forty_trusts_hold_as_often_as_they_say(found) -> None:
    half, four_fifths, most = coverage(found)
    assert 0.43 < half < 0.65
    assert 0.74 < four_fifths < 0.86
    assert 0.90 < most < 0.99


@pytest.mark.slow
@pytest.mark.parametrize("found", [FOUR], indirect=True)
def test_intervals_of_four_trusts_are_neither_too_narrow_nor_too_wide(found) -> None:
    """Of 28 origins, which is too few for the margins of the long run."""
    half, four_fifths, most = coverage(found)
    assert 0.3 < half < 0.8
    assert 0.64 < four_fifths < 0.97
    assert most > 0.85


@pytest.mark.slow
def test_to_know_the_date_is_worth_much(found) -> None:
    assert skill_of_dates(found) > 0.2


def test_rates_are_probabilities_and_ends_leave_room() -> None:
    lists = simulated(seed=15, censuses=4)
    cubes = [GRID.counts(each.states) for each in lists.lists]
    found = hazards(list(learnt(lists.weeks, cubes, GRID))[-1])
    assert len(found.leaving) == len(KINDS)
    for rates in (found.leaving, found.decided, found.lost, found.moved, found.given, found.open):
        assert ((rates >= 0) & (rates <= 1)).all()
    assert (found.lost + found.moved <= 1 + 1e-12).all()
    for shares in (found.decided_into, found.first_dates, found.renewed_dates):
        assert shares.sum(axis=-1) == pytest.approx(np.ones(shares.shape[:-1]))
        assert (shares >= 0).all()
    assert (found.decided[:, ADMITTED] == 0).all()
    assert (found.lost[..., :DUE] == 0).all()
