"""Small numbers: what is hidden, and that nobody can subtract his way back to it."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtt.small_numbers import (
    SMALLEST_SHOWN,
    nested_withheld,
    rate_withheld,
    small,
    tells_unknown,
    withheld,
    without,
)

TABLE = [
    # counts that are shown with their total, and what is hidden of them (x)
    ([0, 0, 0], "..."),
    ([8, 9, 10], "..."),
    ([3, 20, 50], "xx."),  # a single small one drags the next smallest along
    ([50, 3, 20], ".xx"),
    ([3, 5, 50], "xx."),  # 8 could be 1 + 7, 2 + 6, ...
    ([1, 1, 50, 60], "xxx."),  # 2 can only be 1 + 1
    ([7, 7, 50, 60], "xxx."),  # 14 can only be 7 + 7
    ([3, 0, 0], "x.."),  # nobody else there: the total is small too, and hidden as such
    ([1, 0, 9], "x.x"),  # zero is no one and hides nothing
    ([np.nan, 3, 20], ".xx"),
]


@pytest.mark.parametrize(("counts", "expected"), TABLE)
def test_which_parts_of_a_total_are_withheld(counts, expected):
    assert "".join("x" if hidden else "." for hidden in withheld(counts)) == expected


def test_counts_of_one_to_seven_are_small_and_zero_is_not():
    assert small(range(10)).tolist() == [False, *[True] * 7, False, False]


@pytest.mark.parametrize(
    ("numerator", "denominator", "hidden"),
    [
        (10, 19, True),
        (10, 20, False),
        (0, 0, False),  # nobody to divide by: there is no rate to hide
        (7, 100, True),
        (8, 100, False),
        (0, 100, False),
        (100, 100, False),
        (95, 100, True),  # the other five are as few
        (None, 19, True),
        (None, 20, False),
    ],
)
def test_no_rate_on_few_and_none_that_counts_few(numerator, denominator, hidden):
    assert bool(rate_withheld(numerator, denominator)) is hidden


def test_what_is_hidden_is_not_there():
    assert np.isnan(without(np.array([3.0, 9.0]), np.array([True, False]))).tolist() == [True, False]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=6))
def test_subtraction_never_gives_a_small_count_while_there_is_another_part_to_hide(counts):
    hidden = withheld(counts)
    if hidden.all() or not small(counts).any():
        return
    left = sum(count for count, mask in zip(counts, hidden, strict=True) if mask)
    places = int(hidden.sum())
    # Every way in which hidden parts of one or more could make up what is left.
    ways = [way for way in itertools.product(range(1, left + 1), repeat=places) if sum(way) == left]
    shown_others = [count for count, mask in zip(counts, hidden, strict=True) if not mask and count > 0]
    if shown_others:
        for position in range(places):
            assert len({way[position] for way in ways}) > 1


@given(st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=1, max_size=5))
def test_every_column_of_many_tables_is_judged_by_itself(rows):
    table = np.array(rows, dtype=float)
    together = withheld(table, axis=1)
    assert together.tolist() == [withheld(row).tolist() for row in table]
    assert withheld(table.T, axis=0).T.tolist() == together.tolist()


def test_every_small_count_is_hidden():
    counts = np.arange(40.0).reshape(8, 5)
    assert withheld(counts)[small(counts)].all()
    assert SMALLEST_SHOWN == 8


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([100, 40, 20], "..."),
        ([100, 96, 20], ".x."),  # 4 are left between the first two
        ([100, 96, 94], ".xx"),  # 6 between the first and the last
        ([100, 40, 3], "..x"),
        ([100, 100, 100], "..."),  # nobody lies between
        ([5, 5, 0], "xx."),
        ([100, np.nan, 96], "..x"),
        ([20, 9, 0], "..."),
    ],
)
def test_of_nested_counts_no_two_shown_are_a_small_number_apart(counts, expected):
    hidden = nested_withheld(counts)
    shown = [count for count, gone in zip(counts, hidden, strict=True) if not gone and count == count]
    assert not [one - other for one, other in itertools.combinations(shown, 2) if 0 < one - other < 8]
    assert "".join("x" if gone else "." for gone in hidden) == expected


@given(st.lists(st.integers(0, 40), min_size=1, max_size=7))
def test_whatever_the_nested_counts_their_differences_tell_nothing(steps):
    counts = np.cumsum(steps)[::-1].astype(float)
    hidden = nested_withheld(counts)
    shown = counts[~hidden]
    apart = [one - other for one, other in itertools.combinations(shown, 2)]
    assert not small([*shown, *apart]).any()


@given(st.integers(20, 3000), st.floats(0, 0.9), st.integers(1, 7))
def test_a_share_is_hidden_where_it_fits_one_small_number_of_unknown_starts_alone(total, share, unknown):
    over = int(share * (total - unknown))

    def printed(number):
        known = total - number
        return int(1000 * (known - over) / known + 0.5)

    fits = [number for number in range(1, 8) if printed(number) == printed(unknown)]
    assert bool(tells_unknown(total, over, unknown)) is (fits == [unknown])
