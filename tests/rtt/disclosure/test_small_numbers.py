"""Small numbers: which counts and rates are hidden for what they are."""

import numpy as np
import pytest

from rtt.disclosure.small_numbers import about_rows, rate_withheld, small, without


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


def test_rows_of_a_file_are_told_to_the_next_ten():
    assert [about_rows(rows) for rows in (19, 20, 5624, 5626)] == [
        "under 20",
        "about 20",
        "about 5,620",
        "about 5,630",
    ]
