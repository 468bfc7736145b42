"""Sums of chances beside a loop over pathways, and what must hold of every expectation."""

from datetime import date, timedelta

import numpy as np
import pytest

from rtt.forecast.weekly.expected import (
    MEASURES,
    OVER_18,
    OVER_52,
    PASSING_18,
    PASSING_52,
    SHARE_WITHIN_18,
    TOTAL,
    Listing,
    chance_of_each,
    expected,
    listing_of,
)
from rtt.forecast.weekly.hazards import hazards
from rtt.forecast.weekly.weeks import learnt
from tests.rtt.simulated_weeks import GRID, simulated

WEEKS = 12


@pytest.fixture(scope="module")
def lists():
    return simulated(seed=13, censuses=WEEKS)


@pytest.fixture(scope="module")
def fitted(lists):
    cubes = [GRID.counts(each.states) for each in lists.lists]
    return hazards(list(learnt(lists.weeks, cubes, GRID))[-1])


@pytest.fixture(scope="module")
def listing(lists):
    last = lists.lists[-1]
    return Listing(last.census, last.states, last.days, np.ones(len(last.states)))


def row(found, measure):
    return found[MEASURES.index(measure)]


@pytest.mark.parametrize("ahead", [7, 16, 28, 46])
def test_breaches_are_summed_pathway_by_pathway(fitted, listing, ahead) -> None:
    horizon = listing.census + timedelta(ahead)
    chances = chance_of_each(fitted, listing, horizon)
    made = expected(fitted, listing, horizon)
    for measure, weeks in ((PASSING_18, 18), (PASSING_52, 52)):
        mean = variance = 0.0
        for chance, days in zip(chances.tolist(), listing.days.tolist(), strict=True):
            if days <= 7 * weeks < days + ahead:
                mean += chance
                variance += chance * (1 - chance)
        assert row(made.mean, measure)[-1] == pytest.approx(mean)
        assert row(made.variance, measure)[-1] == pytest.approx(variance)


def test_the_whole_list_is_the_sum_of_its_specialties(fitted, listing) -> None:
    made = expected(fitted, listing, listing.census + timedelta(30))
    for measure in MEASURES[:-1]:
        each = row(made.mean, measure)
        assert each[-1] == pytest.approx(each[:-1].sum())


def test_whoever_passes_is_over_and_whoever_is_over_is_on_the_list(fitted, listing) -> None:
    mean = expected(fitted, listing, listing.census + timedelta(28)).mean
    assert (row(mean, PASSING_18) <= row(mean, OVER_18) + 1e-9).all()
    assert (row(mean, OVER_52) <= row(mean, OVER_18) + 1e-9).all()
    assert (row(mean, OVER_18) <= row(mean, TOTAL) + 1e-9).all()
    share = row(mean, SHARE_WITHIN_18)
    assert np.nanmin(share) >= 0
    assert np.nanmax(share) <= 100


def test_a_list_known_by_bands_alone_says_the_same_at_whole_weeks(fitted, listing) -> None:
    by_bands = listing_of(GRID.counts(listing.states), GRID, listing.census)
    horizon = listing.census + timedelta(35)
    one, other = expected(fitted, listing, horizon), expected(fitted, by_bands, horizon)
    assert one.mean == pytest.approx(other.mean, nan_ok=True)
    assert one.variance == pytest.approx(other.variance, nan_ok=True)


def test_new_referrals_keep_the_list_up(fitted, listing) -> None:
    """The list changes by far less in four weeks than those who leave it."""
    made = expected(fitted, listing, listing.census + timedelta(28))
    left = len(listing.states) - np.nansum(chance_of_each(fitted, listing, made.horizon))
    assert abs(row(made.mean, TOTAL)[-1] - len(listing.states)) < 0.5 * left


def test_a_pathway_without_a_clock_start_is_left_out(fitted, listing) -> None:
    unknown = Listing(listing.census, np.append(listing.states, -1), np.append(listing.days, 0), np.ones(1))
    horizon = listing.census + timedelta(7)
    assert np.isnan(chance_of_each(fitted, unknown, horizon)[-1])
    with_it = Listing(unknown.census, unknown.states, unknown.days, np.ones(len(unknown.states)))
    assert expected(fitted, with_it, horizon).mean == pytest.approx(
        expected(fitted, listing, horizon).mean, nan_ok=True
    )


def test_a_specialty_that_nobody_waits_for_has_no_share(fitted) -> None:
    """The trust has no cardiothoracic surgery."""
    empty = Listing(date(2026, 11, 15), np.zeros(0, int), np.zeros(0, int), np.zeros(0))
    share = row(expected(fitted, empty, date(2026, 11, 22)).mean, SHARE_WITHIN_18)
    assert np.isnan(share[GRID.functions.index("C_170")])
