"""England's published series: years of steady worsening carry signals, for stocks are judged around zero."""

import csv

import numpy as np
import pytest

from rtt.spc.charts import LIMIT_FACTOR, flow_charts, lag_one_autocorrelation, stock_charts

pytestmark = pytest.mark.real_data

SERIES = "reference/england_timeseries_vintage_2026-05__to_2025-03.csv"


@pytest.fixture(scope="module")
def england(published):
    """(measure, first month, last month) -> figures as submitted, without estimates for missing trusts."""
    with (published / SERIES).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    def window(measure, first, last):
        within = [row for row in rows if first <= row["month"] <= last]
        if measure == "month_of_year":
            return np.array([int(row["month"][5:]) for row in within])
        return np.array([float(row[measure]) for row in within])

    return window


WORSENING = [
    ("incomplete.total", "2021-06", "2023-09", "high", 24, 27, 1),
    ("incomplete.pct18", "2021-09", "2023-09", "low", 7, 24, 0),
]


@pytest.mark.parametrize(
    ("measure", "first", "last", "worse", "signals", "changes", "around_mean"), WORSENING
)
def test_steady_worsening_is_a_signal(england, measure, first, last, worse, signals, changes, around_mean):
    levels = england(measure, first, last)
    charts = stock_charts(levels)
    flagged = getattr(charts, worse).any(axis=0)[0]
    assert (int(flagged.sum()), int((~np.isnan(charts.values)).sum())) == (signals, changes)
    better = charts.low if worse == "high" else charts.high
    assert not better.any()


@pytest.mark.parametrize(
    ("measure", "first", "last", "worse", "signals", "changes", "around_mean"), WORSENING
)
def test_around_the_mean_change_it_would_be_the_norm(
    england, measure, first, last, worse, signals, changes, around_mean
):
    """Why the centre is zero. The one signal left on list size is a month in which the list *fell*."""
    charts = flow_charts(np.diff(england(measure, first, last)))
    assert int((charts.high | charts.low).any(axis=(0, 1)).sum()) == around_mean
    assert not getattr(charts, worse).any()


def test_limits_of_the_list_are_those_of_its_screened_moving_ranges(england):
    levels = england("incomplete.total", "2021-06", "2023-09")
    ranges = np.abs(np.diff(np.diff(levels)))
    kept = ranges[ranges < 3.267 * ranges.mean()]
    assert stock_charts(levels).upper[0, -1] == pytest.approx(LIMIT_FACTOR * kept.mean())


def test_limits_on_the_level_of_the_list_flag_nearly_every_month(england):
    """The 36 months to March 2025: such limits say nothing about any one month."""
    charts = flow_charts(england("incomplete.total", "2022-04", "2025-03"))
    assert (charts.high | charts.low).any(axis=(0, 1)).mean() > 0.9


@pytest.mark.parametrize("stock", ["incomplete.total", "incomplete.pct18", "incomplete.over52"])
def test_a_stock_carries_over_from_month_to_month_and_a_flow_does_not(england, stock):
    level = lag_one_autocorrelation(england(stock, "2022-04", "2025-03"))[0]
    clock_starts = lag_one_autocorrelation(england("new.new_periods", "2022-04", "2025-03"))[0]
    assert level > 0.75
    assert clock_starts < 0


def test_the_change_of_the_share_within_18_weeks_does_not_carry_over(england):
    changes = np.diff(england("incomplete.pct18", "2022-04", "2025-03"))
    assert abs(lag_one_autocorrelation(changes)[0]) < 0.2


def test_what_pages_judge_still_signals_the_growth_of_the_list_and_the_fall_of_long_waits(england):
    """The season is taken out of a stock's changes; years of growth, and of decline, stay signals."""

    def judged(measure, first, last):
        months = england("month_of_year", first, last)
        return stock_charts(england(measure, first, last), turn=(months - 1) / 12)

    grown = judged("incomplete.total", "2021-06", "2023-09")
    assert grown.high.any(axis=0).sum() >= 20
    assert not grown.low.any()
    fallen = judged("incomplete.over52", "2023-03", "2025-03")
    assert fallen.low.any(axis=0).sum() >= 12
    assert not fallen.high.any()
