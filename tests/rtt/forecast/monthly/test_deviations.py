"""Deviations and their weights: against literal second implementations, and at the ends of the scale."""

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rtt.forecast.monthly.deviations import PRIOR, Rows, centred, known_median, off_scale, on_scale, ridge

VALUES = st.floats(-1e3, 1e3)


def naive_centred(values: list[float], among: list[bool]) -> list[float]:
    inside = [v for v, use in zip(values, among, strict=True) if use]
    median = float(np.median(inside))
    limit = 4 * 1.4826 * float(np.median([abs(v - median) for v in inside]))
    return [min(max(v - median, -limit), limit) for v in values]


@given(arrays(float, 9, elements=VALUES), st.lists(st.booleans(), min_size=8, max_size=8))
def test_centring_takes_the_median_and_clips_at_four_robust_deviations(values, others):
    among = [True, *others]
    found = centred(values[:, None], np.array(among))[:, 0]
    assert found == pytest.approx(naive_centred(values.tolist(), among), abs=1e-9)


@given(arrays(float, (7, 3), elements=VALUES | st.just(np.nan)))
def test_a_median_leaves_out_what_is_not_known(values):
    columns = [[value for value in column if not np.isnan(value)] for column in values.T]
    expected = [statistics.median(column) if column else np.nan for column in columns]
    assert known_median(values) == pytest.approx(expected, nan_ok=True)


def test_what_is_not_known_deviates_for_nobody():
    nothing = np.full((4, 1), np.nan)
    assert centred(nothing, np.ones(4, dtype=bool)).tolist() == [[0]] * 4
    assert centred(nothing, np.zeros(4, dtype=bool)).tolist() == [[0]] * 4


def rows(seed: int, n: int, weights: np.ndarray, noise: float = 0.0) -> Rows:
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, len(weights))) * np.array([1.0, 30.0, 0.1])
    return Rows(x, x @ weights + noise * random.normal(size=n))


def test_the_ridge_is_least_squares_on_rows_added_for_the_prior():
    made = [rows(seed, 50, np.array([1.0, -0.2, 3.0]), noise=2) for seed in (1, 2)]
    prior, penalty = np.array([0.5, 0.0, 0.1]), 300.0
    x, y = np.concatenate([r.features for r in made]), np.concatenate([r.moved for r in made])
    added = np.sqrt(penalty) * np.diag(x.std(axis=0))
    expected = np.linalg.lstsq(np.vstack([x, added]), np.concatenate([y, added @ prior]), rcond=None)[0]
    assert ridge(made, prior, penalty) == pytest.approx(expected)


def test_much_evidence_finds_the_truth_and_none_leaves_the_prior():
    truth, prior = np.array([1.0, -0.2, 3.0]), np.array([0.5, 0.0, 0.1])
    assert ridge([rows(1, 200_000, truth)], prior, 300) == pytest.approx(truth, rel=0.01)
    assert ridge([Rows(np.zeros((0, 3)), np.zeros(0))], prior, 300) == pytest.approx(prior)
    assert ridge([Rows(np.zeros((40, 3)), np.ones(40))], prior, 300) == pytest.approx(prior)


@pytest.mark.parametrize("measure", ["total", "share_within_18", "over_52", "over_18", "median"])
def test_a_measure_comes_back_from_its_scale(measure):
    values = np.array([1.0, 18.0, 99.5])
    assert off_scale(measure, on_scale(measure, values)) == pytest.approx(values)


@pytest.mark.parametrize("measure", ["total", "share_within_18", "over_52", "over_18", "median"])
@given(value=st.floats(-500, 500))
def test_no_value_off_the_scale_is_negative_and_no_share_over_a_hundred(measure, value):
    found = float(off_scale(measure, np.array([value]))[0])
    assert found >= 0
    assert measure != "share_within_18" or found <= 100


def test_the_fixed_blend_is_that_of_the_method():
    # Methods 9.2 d: P 0.6 cP; R 0.5 cY and 0.1 of the three-month change; L 0.1 cL and 0.2 of it.
    assert PRIOR["share_within_18"].tolist() == [0.6, 0, 0, 0, 0, 0, 0]
    assert PRIOR["over_52"].tolist() == [0.5, 0, 0.1]
    assert PRIOR["total"].tolist() == [0.1, 0, 0.2, 0]
