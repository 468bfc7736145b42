"""The cohort model: pathways age by days, entries follow working days, and survival is what was seen."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rtt.forecast.monthly.cohort import entry_days, national_survival, recent_moves, rolled_forward, shifted
from rtt.forecast.monthly.history import History
from rtt.terms.calendar import working_days
from rtt.terms.waits import BANDS
from tests.rtt.simulated_lists import month_ends, simulated

EVERYONE = np.ones(1, dtype=bool)


def naive_shift(bands: list[float], days: int) -> list[float]:
    """A band moves on by whole weeks, a share of it by one more; none passes the open band."""
    moved = [0.0] * BANDS
    weeks, odd_days = divmod(days, 7)
    for band, count in enumerate(bands):
        moved[min(band + weeks, BANDS - 1)] += count * (7 - odd_days) / 7
        moved[min(band + weeks + 1, BANDS - 1)] += count * odd_days / 7
    return moved


@given(arrays(float, BANDS, elements=st.floats(0, 1e5)), st.integers(0, 800))
def test_a_shift_is_a_walk_along_the_bands(bands, days):
    assert shifted(bands, days) == pytest.approx(naive_shift(list(bands), days), abs=1e-6)


@given(arrays(float, (3, BANDS), elements=st.floats(0, 1e5)), st.integers(0, 800))
def test_a_shift_loses_nobody(bands, days):
    assert shifted(bands, days).sum(axis=1) == pytest.approx(bands.sum(axis=1))


@pytest.mark.parametrize(
    ("month_end", "days"),
    [
        # 24, 27, 30, 31 December; 17-20 and 23; 10-13 and 16; ...: Christmas takes two days.
        (date(2024, 12, 31), [4, 5, 5, 5, 5]),
        # 16-22 April holds Good Friday, a weekend and Easter Monday: the 16th, the 17th and the 22nd remain.
        (date(2025, 4, 30), [6, 3, 5, 5, 5]),
        (date(2024, 7, 31), [6, 5, 5, 5, 5]),
    ],
)
def test_entries_are_counted_in_working_days(month_end, days):
    assert entry_days(month_end).tolist() == days
    assert sum(days) == working_days(date.fromordinal(month_end.toordinal() - 35), month_end)


def steady(months: int, *, survival: float = 0.8) -> History:
    """One list that 1,000 a working day join in even weeks and that keeps `survival` of each band a month."""
    ends = month_ends(months)
    bands = np.zeros((1, months, BANDS))
    for i, end in enumerate(ends):
        if i:
            bands[:, i] = shifted(bands[:, i - 1], end.day) * survival
        bands[:, i, :5] = 1000 * entry_days(end)
    flat = np.zeros((1, months))
    reported = np.ones((1, months), dtype=bool)
    zero = np.zeros(1, dtype=np.int64)
    return History(ends, (("R00",),), bands, flat, flat, reported, zero, zero, zero)


def test_survival_that_was_put_in_comes_out():
    found = national_survival(recent_moves(steady(40)))
    assert found[5:80] == pytest.approx(np.full(75, 0.8))


def test_a_list_that_keeps_its_law_is_foretold_exactly():
    known, truth = steady(30), steady(33)
    ahead = rolled_forward(known, truth.months[30:], EVERYONE, by_specialty=False)
    assert ahead[0] == pytest.approx(truth.bands[0, 30:], rel=1e-6, abs=1e-6)


def test_a_merger_teaches_nothing_about_survival():
    plain = simulated(units=12, months=8, seed=3)
    merged = simulated(units=12, months=8, seed=3)
    # The first list doubles between the third and the fourth month: nobody survived twice over.
    merged.bands[0, 3:] = 2 * plain.bands[0, 3:]
    without = simulated(units=12, months=8, seed=3)
    without.bands[0, :3] = 2 * plain.bands[0, :3]
    without.bands[0, 3:] = 2 * plain.bands[0, 3:]
    found, unmerged = recent_moves(merged), recent_moves(without)
    ratio = found.moved[0, 10:40] / unmerged.moved[0, 10:40]
    assert (ratio < 1).all(), "the month of the merger is left out"
    assert national_survival(found)[10:40] == pytest.approx(national_survival(unmerged)[10:40], abs=0.01)


def test_a_missing_return_teaches_nothing_about_survival():
    history = simulated(units=12, months=8, seed=3)
    expected = national_survival(recent_moves(history))
    history.bands[0, 5] = 0
    history.reported[0, 5] = False
    assert national_survival(recent_moves(history))[10:40] == pytest.approx(expected[10:40], abs=0.01)


def test_a_slow_provider_is_kept_apart_and_a_small_cell_is_not():
    slow = simulated(units=20, months=10, seed=5)
    own = rolled_forward(slow, month_ends(11)[10:], np.ones(20, dtype=bool), by_specialty=False)
    tiny = History(
        slow.months, slow.keys, slow.bands / 1000, slow.starts, slow.stops, slow.reported, slow.provider,
        slow.treatment_function, slow.kind,
    )  # fmt: skip
    shrunk = rolled_forward(tiny, month_ends(11)[10:], np.ones(20, dtype=bool), by_specialty=False)

    def kept(ahead: np.ndarray, history: History) -> np.ndarray:
        return ahead[:, 0, 10:40].sum(axis=1) / history.bands[:, -1, 6:36].sum(axis=1)

    assert kept(shrunk, tiny).std() < kept(own, slow).std() / 2
