"""Small numbers: what is hidden, and that nobody can subtract his way back to it."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtt.small_numbers import SMALLEST_SHOWN, rate_withheld, small, withheld, without

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
