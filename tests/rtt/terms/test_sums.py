"""Rows are added up as a loop over them would, to the last digit."""

import numpy as np
import pytest

from rtt.terms.sums import MOST_GROUPED, added_up


def naive(values, by, groups):
    sums = np.zeros((groups, *values.shape[1:]))
    for row, group in zip(values, by, strict=True):
        sums[group] += row
    return sums


@pytest.mark.parametrize("shape", [(), (3,), (2, 105)])
@pytest.mark.parametrize("rows", [0, 1, 40, 3 * MOST_GROUPED])
def test_rows_are_added_up_by_group_from_the_first_to_the_last(shape, rows):
    draw = np.random.default_rng(rows)
    values = draw.lognormal(0, 8, (rows, *shape))
    for by in (draw.integers(0, 7, rows), np.zeros(rows, dtype=np.int64), np.arange(rows)[::-1]):
        groups = int(by.max(initial=-1)) + 2  # and one of which there is no row
        assert np.array_equal(added_up(values, by, groups), naive(values, by, groups))


def test_whole_numbers_become_fractions():
    counts = np.array([[2_000_000_000, 1], [2_000_000_000, 2]], dtype=np.intc)
    assert added_up(counts, np.zeros(2, dtype=np.int64), 1).tolist() == [[4e9, 3.0]]
