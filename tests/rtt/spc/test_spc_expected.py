"""Flows are judged against their season and the point before: held against a plain regression."""

import numpy as np
import pytest

from rtt.spc.charts import judged_flow_charts, phases_from, stock_charts

RANDOM = np.random.default_rng(7)
TURN = (np.arange(36) % 12) / 12
WAVE = 2.0 * np.sin(2 * np.pi * TURN)


def fit(y, x):
    return x @ np.linalg.lstsq(x, y, rcond=None)[0]


def naive_expected(values, turn):
    """One series without gaps: least squares by numpy's own solver, step by step."""
    n = len(values)
    base = np.array([[1.0, np.cos(2 * np.pi * t), np.sin(2 * np.pi * t)] for t in turn])
    now, before, rows = values[1:], values[:-1], base[1:]
    off_now, off_before = now - fit(now, rows), before - fit(before, rows)
    found = (off_now @ off_before) / (off_before @ off_before)
    carried = np.clip(found + (1 + 3 * found) / n, -0.5, 0.9)
    usual = fit(values, base)
    last = np.concatenate([[usual[0]], values[:-1]])
    return fit(values - carried * last, base) + carried * last


@pytest.mark.parametrize("points", [13, 20, 36])
def test_what_is_expected_of_a_flow_is_what_a_plain_regression_expects(points):
    values = 100 + RANDOM.normal(size=points).cumsum() + WAVE[:points]
    charts = judged_flow_charts(values, turn=TURN[:points])
    assert charts.centre[0] == pytest.approx(naive_expected(values, TURN[:points]))


def test_a_pure_season_is_no_signal():
    charts = judged_flow_charts([50 + WAVE, 50 - 3 * WAVE], turn=TURN)
    assert charts.centre == pytest.approx(charts.values)
    assert not (charts.high | charts.low).any()


@pytest.mark.parametrize("make", [judged_flow_charts, stock_charts])
def test_a_constant_series_has_limits_on_itself_and_no_signal(make):
    charts = make([[0.1] * 24, [0.0] * 24, [7_000.0] * 24], turn=TURN[:24])
    assert not (charts.high | charts.low).any()
    assert charts.upper[:, -1] == pytest.approx(charts.centre[:, -1], abs=1e-6)


@pytest.mark.parametrize("points", [13, 24, 36])
def test_a_jump_of_the_newest_point_is_a_signal(points):
    values = 100 + RANDOM.normal(size=(200, points))
    values[:, -1] += 8
    charts = judged_flow_charts(values, turn=TURN[:points])
    assert charts.high[0, :, -1].mean() > 0.9


def test_a_gap_and_a_new_phase_carry_nothing_over():
    values = 100 + RANDOM.normal(size=30)
    values[20] = np.nan
    phases = phases_from(30, (10,))
    charts = judged_flow_charts(values, turn=None, phases=phases)
    alone = judged_flow_charts(values[10:], turn=None)
    assert charts.centre[0, 10:] == pytest.approx(alone.centre[0], nan_ok=True)
    assert np.isnan(charts.values[0, 20])
    assert not (charts.high | charts.low)[:, 0, 20].any()
    assert charts.centre[0, 21] == pytest.approx(np.nanmean(values[10:]), abs=1.0)


def test_only_the_newest_36_points_of_a_phase_shape_what_is_expected():
    late = 100 + RANDOM.normal(size=36)
    turn = (np.arange(46) % 12) / 12
    for early in (np.zeros(10), np.full(10, 1e6)):
        found = judged_flow_charts(np.concatenate([early, late]), turn=turn)
        alone = judged_flow_charts(late, turn=turn[10:])
        # The oldest of the 36 is left out where another stands before it.
        assert found.centre[0, -1] == pytest.approx(alone.centre[0, -1], rel=0.01)


def test_a_scaled_series_has_the_same_signals():
    values = 100 + RANDOM.normal(size=(50, 24))
    values[:25, -1] += 6
    plain = judged_flow_charts(values, turn=TURN[:24])
    scaled = judged_flow_charts(values * 1_000 + 5e5, turn=TURN[:24])
    assert (plain.high == scaled.high).all()
    assert (plain.low == scaled.low).all()


def test_a_stock_under_two_years_keeps_its_season_and_is_the_ordinary_chart():
    levels = (RANDOM.normal(size=24) + WAVE[:24]).cumsum()
    plain, own = stock_charts(levels), stock_charts(levels, turn=TURN[:24])
    assert own.centre[0, 1:] == pytest.approx(0.0)
    assert own.upper == pytest.approx(plain.upper, nan_ok=True)
    assert (own.high == plain.high).all()


def test_the_season_of_a_stocks_changes_is_taken_out_and_its_drift_is_not():
    changes = WAVE + 3.0
    levels = np.concatenate([[0.0], changes.cumsum()])
    charts = stock_charts(levels, turn=np.concatenate([[TURN[0] - 1 / 12], TURN]))
    assert charts.centre[0, 1:] == pytest.approx(WAVE)
    assert charts.high[:, 0, -1].any()


def test_weeks_have_no_season():
    levels = np.concatenate([[0.0], WAVE.cumsum()])
    assert stock_charts(levels, turn=None).centre[0, 1:] == pytest.approx(0.0)


@pytest.mark.parametrize("early", [[3, 1, 0, 2], [9], [1, 0, 0, 0, 0, 0, 1]])
def test_a_figure_that_is_nearly_always_zero_has_no_season(early):
    """Fault 14: a wave fitted to a few early figures made each zero after them "concerning"."""
    values = np.zeros(36)
    values[: len(early)] = early
    levels = stock_charts(values, turn=TURN)
    assert not (levels.high | levels.low)[:, 0, 12:].any()
    flows = judged_flow_charts(values, turn=TURN)
    assert flows.centre[0] == pytest.approx(values.mean())


def test_a_stock_that_did_not_change_is_no_rise_and_no_fall():
    changes = RANDOM.normal(size=(200, 36)) + WAVE
    changes[:, -1] = 0.0
    levels = np.concatenate([np.zeros((200, 1)), changes.cumsum(axis=1)], axis=1)
    levels[:, -1] = levels[:, -2]
    charts = stock_charts(levels, turn=np.concatenate([[TURN[0] - 1 / 12], TURN]))
    assert not (charts.high | charts.low)[:, :, -1].any()
