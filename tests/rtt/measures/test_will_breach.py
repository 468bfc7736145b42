"""The exact count against a loop over pathways that knows nothing of bands, windows or arrays."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtt.measures.will_breach import (
    MOST_WEEKS,
    THRESHOLDS,
    WillBreach,
    by_week_and_booking,
    days_to_month_end,
    from_bands,
    hides_a_band,
    week_ends,
    weeks_from_bands,
    who_will_breach,
)
from rtt.terms.booking import BOOKINGS
from rtt.terms.waits import BANDS, week_bands
from tests.rtt.naive_will_breach import naive
from tests.rtt.terms.test_booking import bookings_of

CENSUS = date(2026, 11, 15)

PATHWAY = st.fixed_dictionaries(
    {
        "waited": st.integers(0, 800),
        "place": st.integers(0, 2),
        "decided": st.booleans(),
        "tci": st.none() | st.integers(-60, 300),
        "appointment": st.none() | st.integers(-60, 300),
    }
)
# Waits near a threshold, where being a day out shows.
NEAR = st.sampled_from(THRESHOLDS).flatmap(lambda weeks: st.integers(7 * weeks - 3, 7 * weeks + 3))
PATHWAYS = st.lists(
    PATHWAY | st.builds(lambda pathway, waited: {**pathway, "waited": waited}, PATHWAY, NEAR), max_size=60
)
QUESTIONS = st.builds(
    lambda weeks, days: WillBreach(weeks=weeks, census=CENSUS, days=days),
    st.sampled_from(THRESHOLDS),
    st.integers(1, 7 * MOST_WEEKS),
)


def groups(pathways: list[dict], passing: WillBreach) -> dict:
    """Each pathway a group of its own; a pathway is booked as `tests.rtt.terms.test_booking` holds the rule
    to.
    """
    states = bookings_of(pathways, last_day=passing.last_day)
    return {
        "days_waited": np.array([p["waited"] for p in pathways], dtype=int),
        "counts": states.astype(np.int64),
        "places": (np.array([p["place"] for p in pathways], dtype=int),),
    }


def by_key(counts: np.ndarray) -> dict[tuple[int, int, str], int]:
    return {
        (int(place), int(week), BOOKINGS[state]): int(counts[place, week, state])
        for place, week, state in np.argwhere(counts)
    }


@given(PATHWAYS, QUESTIONS)
def test_the_count_is_a_loop_over_pathways(pathways, passing):
    counts = by_week_and_booking(**groups(pathways, passing), sizes=(3,), will_breach=passing)

    assert by_key(counts) == naive(pathways, passing)


@given(PATHWAYS, QUESTIONS)
def test_bands_bound_the_pathways_and_meet_them_at_whole_weeks(pathways, passing):
    waited = np.array([p["waited"] for p in pathways], dtype=int)
    bands = np.bincount(week_bands(waited), minlength=BANDS)

    exact = int(who_will_breach(waited, passing).sum())
    estimate = from_bands(bands, passing)

    assert estimate.lower <= exact <= estimate.upper
    assert estimate.lower - 1e-9 <= estimate.count <= estimate.upper + 1e-9
    if passing.days % 7 == 0 and passing.days < 7 * passing.weeks:
        assert estimate.lower == estimate.count == estimate.upper == exact


@given(PATHWAYS, QUESTIONS)
def test_the_weeks_add_up_to_the_whole(pathways, passing):
    waited = np.array([p["waited"] for p in pathways], dtype=int)
    bands = np.bincount(week_bands(waited), minlength=BANDS)

    weeks = weeks_from_bands(bands, passing)

    assert len(weeks) == passing.weeks_ahead == len(week_ends(passing))
    assert weeks.sum() == pytest.approx(float(from_bands(bands, passing).count))


@pytest.mark.parametrize(
    ("waited", "weeks", "days", "passes"),
    [
        (126, 18, 1, True),  # day 126 is the last within 18 weeks
        (127, 18, 28, False),  # over already
        (99, 18, 28, True),  # day 127 is the 28th after the census
        (98, 18, 28, False),
        (97, 18, 30, True),
        (364, 52, 7, True),
        (365, 52, 182, False),
        (0, 18, 126, False),
        (0, 18, 127, True),
    ],
)
def test_who_passes_to_the_day(waited, weeks, days, passes):
    passing = WillBreach(weeks=weeks, census=CENSUS, days=days)

    assert bool(who_will_breach(np.array([waited]), passing)[0]) is passes


@pytest.mark.parametrize(
    ("census", "days"),
    [
        (date(2025, 3, 31), 30),
        (date(2026, 11, 15), 15),
        (date(2026, 11, 29), 1),
        (date(2026, 1, 31), 28),
        (date(2024, 1, 31), 29),
    ],
)
def test_days_to_the_months_end(census, days):
    assert days_to_month_end(census) == days


@pytest.mark.parametrize(("weeks", "known"), [(18, True), (52, True), (65, False), (78, False)])
def test_a_threshold_inside_the_open_band_is_not_known(weeks, known):
    passing = WillBreach(weeks=weeks, census=CENSUS, days=28)

    counted = from_bands(np.ones(BANDS), passing, open_band=52).count

    assert bool(np.isfinite(counted)) is known


def test_a_week_that_takes_in_or_cuts_a_hidden_band_is_marked():
    hidden = np.zeros(BANDS, dtype=bool)
    hidden[15] = True
    asked = {days: WillBreach(weeks=18, census=CENSUS, days=days) for days in (14, 17, 28)}

    marked = {days: hides_a_band(hidden, passing).tolist() for days, passing in asked.items()}

    assert marked == {14: [False, False], 17: [False, False, True], 28: [False, False, True, False]}
