"""Intervals: quantiles of past scores, wider where the record is short, on a scale no outlier can own."""

import numpy as np
import pytest

from rtt.forecast.monthly.history import CELLS
from rtt.forecast.monthly.intervals import Scores, quantiles, scales, scores, size_class

EVENLY = np.linspace(-1, 1, 2001)


@pytest.mark.parametrize(
    ("record", "horizon", "eighty"),
    [
        ({1: Scores(EVENLY, 100)}, 1, 0.8 * np.sqrt(1.01)),
        # Few origins are few months: 2 widen by sqrt(1.5).
        ({1: Scores(EVENLY, 2)}, 1, 0.8 * np.sqrt(1.5)),
        # One origin at 3 months is too few: the 2 months' record, widened by (3 / 2) ** 0.75.
        ({1: Scores(EVENLY, 9), 2: Scores(2 * EVENLY, 4), 3: Scores(9 * EVENLY, 1)}, 3,
         1.6 * 1.5**0.75 * np.sqrt(1.25)),
        # A scenario is widened from the longest horizon that is scored.
        ({6: Scores(EVENLY, 4)}, 24, 0.8 * 4**0.75 * np.sqrt(1.25)),
    ],
)  # fmt: skip
def test_the_eighty_per_cent_interval(record, horizon, eighty):
    assert quantiles(record, horizon)[-1, 1] == pytest.approx([-eighty, eighty])


@pytest.mark.parametrize("number", [1, 2, 19, 20, 400])
def test_bounds_are_quantiles_of_the_scores(number):
    values = np.random.default_rng(number).normal(size=number)
    ours = quantiles({1: Scores(values, 3)}, 1)[0] / np.sqrt(1 + 1 / 3)
    assert ours == pytest.approx(np.quantile(values, [[0.25, 0.75], [0.1, 0.9], [0.025, 0.975]]), rel=1e-14)


def test_wider_coverage_is_a_wider_interval():
    lower, upper = quantiles({1: Scores(EVENLY, 9)}, 1)[0].T
    assert (np.diff(lower) < 0).all()
    assert (np.diff(upper) > 0).all()


def test_without_a_record_there_is_no_interval():
    assert np.isnan(quantiles({}, 1)).all()
    assert np.isnan(quantiles({2: Scores(EVENLY, 9)}, 1)).all()


def test_a_unit_that_moves_more_has_a_wider_scale_but_one_jump_does_not_own_it():
    random = np.random.default_rng(2)
    steps = random.normal(size=(40, 24))
    steps[0] *= 3
    steps[1, 5] = 500
    values = np.cumsum(steps, axis=1)
    found = scales(values, np.zeros(40, dtype=np.int64), np.ones(40, dtype=bool))
    others = found[2:].mean()
    assert 1.7 < found[0] / others < 3
    assert found[1] / others < 1.4


def test_a_move_that_all_units_share_is_no_noise():
    random = np.random.default_rng(2)
    values = np.cumsum(random.normal(size=(40, 24)), axis=1)
    together = values + 50 * np.arange(24)
    one = np.zeros(40, dtype=np.int64), np.ones(40, dtype=bool)
    assert scales(together, *one) == pytest.approx(scales(values, *one))


def test_the_moves_of_one_list_without_others_are_its_own_scale():
    values = np.array([[0.0, 2, 1, 4, 4, 6], [0.0, 0, 0, 0, 0, 1]])
    found = scales(values, np.array([1, 0]), np.array([True, False]))
    # Five moves of 8 / 5 on average and six months of the pooled one, which is its own.
    assert found[0] == pytest.approx(8 / 5)
    assert found[1] > 0


def test_a_score_is_an_error_in_usual_months_on_the_scale_of_the_measure():
    said, was = np.array([100.0, 100.0]), np.array([144.0, 100.0])
    assert scores("over_52", said, was, np.array([0.5, 0.5])).tolist() == [4, 0]
    assert np.isnan(scores("over_52", said, was, np.zeros(2))).all()


def test_size_classes_begin_at_their_edge():
    sizes = np.array([np.nan, 0, 49, 50, 199, 200, 4999, 5000, 1e6])
    assert size_class(sizes, CELLS).tolist() == [0, 0, 0, 1, 2, 3, 6, 7, 7]
