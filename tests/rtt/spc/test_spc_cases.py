"""Hand-worked cases of every rule: the table in tests/spec/spc_rules.csv, and limits worked out by hand.

In the table a dot is a missing period; `high` and `low` say which points each rule flags, counted from 0.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from rtt.spc.charts import directions, flow_charts, phases_from, stock_charts
from rtt.spc.rules import RULES
from rtt.spc.settings import Rules

TABLE = Path(__file__).parents[2] / "spec" / "spc_rules.csv"
CASES = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


def numbers(text):
    return [np.nan if part == "." else float(part) for part in text.split()]


def flagged(flags):
    """{rule: positions} of one series, rules without a flag left out."""
    return {
        rule: np.flatnonzero(row).tolist() for rule, row in zip(RULES, flags[:, 0], strict=True) if row.any()
    }


def expected(text):
    """ "shift 3-9; outside 4,6" -> {"shift": [3, ..., 9], "outside": [4, 6]}"""
    found = {}
    for part in filter(None, text.split("; ")):
        rule, places = part.split()
        ends = [place.partition("-") for place in places.split(",")]
        found[rule] = [at for first, _, last in ends for at in range(int(first), int(last or first) + 1)]
    return found


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_each_rule_flags_the_points_worked_out_by_hand(case):
    charts = {"flow": flow_charts, "stock": stock_charts}[case["kind"]](
        numbers(case["values"]), rules=Rules(length=int(case["length"]), two_sigma=case["two_sigma"])
    )
    assert flagged(charts.high) == expected(case["high"])
    assert flagged(charts.low) == expected(case["low"])


def test_limits_are_the_mean_and_2_66_average_moving_ranges():
    # 1 3 2 4: mean 2.5; ranges 2 1 2, mean 5/3; none reaches 3.267 x 5/3 = 5.4.
    chart = flow_charts([1, 3, 2, 4])
    assert chart.centre[0, 0] == 2.5
    assert chart.upper[0] == pytest.approx([2.5 + 2.66 * 5 / 3] * 4)
    assert chart.lower[0] == pytest.approx([2.5 - 2.66 * 5 / 3] * 4)


def test_moving_ranges_are_screened_once_and_the_mean_is_not():
    # 0 1 0 1 0 1 0 1 11: ranges 1 x 7 and 10; mean 17/8, cut 6.94: the 10 goes, 1 stays. Mean 15/9.
    chart = flow_charts([0, 1, 0, 1, 0, 1, 0, 1, 11])
    assert chart.centre[0, 0] == pytest.approx(15 / 9)
    assert chart.upper[0, 0] == pytest.approx(15 / 9 + 2.66)


def test_screening_is_done_once_only():
    # Ranges 1 x 14, 5, 30: mean 49/16, cut 10.005: 30 goes. Once more, 19/15 x 3.267 = 4.1 would take the 5.
    values = [0, 1] * 7 + [0, 5, 35]
    assert flow_charts(values).upper[0, 0] - flow_charts(values).centre[0, 0] == pytest.approx(2.66 * 19 / 15)


def test_a_range_of_exactly_the_cut_is_left_out():
    # 35 ranges sum to 35,000: mean 1,000, cut 3,267, which is the largest of them. The rest sum to 31,733.
    ranges = np.array([934] * 11 + [933] * 23 + [3267])
    assert ranges.sum() == 35_000
    values = np.concatenate([[0], (ranges * (-1) ** np.arange(35)).cumsum()])
    chart = flow_charts(values)
    assert chart.upper[0, 0] - chart.centre[0, 0] == pytest.approx(2.66 * 31_733 / 34)


def test_a_constant_series_has_limits_equal_to_its_mean():
    chart = flow_charts([0.1] * 20)
    assert chart.upper[0] == pytest.approx([0.1] * 20)
    assert chart.lower[0] == pytest.approx([0.1] * 20)


def test_a_series_with_one_jump_keeps_limits_because_only_the_unscreened_range_varies():
    # 0 x 9 then 5 x 9: ranges 0 x 16 and 5, mean 5/17; screening leaves zeros alone, so 5/17 stands.
    chart = flow_charts([0] * 9 + [5] * 9)
    assert chart.upper[0, 0] == pytest.approx(2.5 + 2.66 * 5 / 17)


def test_a_gap_has_no_moving_range_on_either_side():
    # 1 3 . 9 8: ranges 2 and 1, not the 6 across the gap; mean 21/4.
    chart = flow_charts([1, 3, np.nan, 9, 8])
    assert chart.centre[0, 0] == 21 / 4
    assert chart.upper[0, 0] == pytest.approx(21 / 4 + 2.66 * 1.5)


def test_limits_come_from_the_last_36_points_of_the_phase_and_judge_all():
    early, late = [100.0] * 4, [0.0, 1.0] * 18
    chart = flow_charts(early + late)
    assert chart.centre[0].tolist() == [0.5] * 40
    assert chart.points[0].tolist() == [36] * 40
    assert flagged(chart.high)["outside"] == [0, 1, 2, 3]


def test_a_gap_is_not_one_of_the_36_points():
    chart = flow_charts([7.0, *[np.nan] * 4, *[0.0, 1.0] * 17, 7.0])
    assert chart.points[0, 0] == 36


@pytest.mark.parametrize(("points", "trial"), [(12, True), (13, False)])
def test_limits_from_fewer_than_13_points_are_trial_limits(points, trial):
    assert flow_charts([1, 2] * 6 + [1] * (points - 12)).trial[0, -1] == trial
    # A stock is charted as its changes: 13 censuses give 12 of them.
    assert stock_charts([1, 2] * 6 + [1] * (points - 11)).trial[0, -1] == trial


def test_a_rebase_gives_each_phase_its_own_limits():
    chart = flow_charts([1, 3, 1, 3, 11, 15, 11, 15], phases=phases_from(8, (4,)))
    assert chart.centre[0].tolist() == [2, 2, 2, 2, 13, 13, 13, 13]
    assert chart.upper[0] == pytest.approx([2 + 2.66 * 2] * 4 + [13 + 2.66 * 4] * 4)


def test_no_run_crosses_a_rebase():
    # Rising all along, but 6 + 6 points: no trend; each phase has 3 below and 3 above its mean: no shift.
    rising = list(range(12))
    assert flagged(flow_charts(rising).high)["trend"] == rising
    assert not flow_charts(rising, phases=phases_from(12, (6,))).high.any()


def test_a_rebase_differs_from_series_to_series():
    phases = [[0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 1, 1, 1]]
    chart = flow_charts([[1, 3, 1, 3, 11, 15, 11, 15]] * 2, phases=phases)
    assert chart.centre.tolist() == [[7.5] * 8, [2] * 4 + [13] * 4]


def test_the_step_into_a_new_phase_of_a_stock_is_no_signal():
    levels = [10, 11, 10, 11, 10, 11, 90, 91, 90, 91, 90, 91]
    assert flagged(stock_charts(levels).high) == {"outside": [6]}
    rebased = stock_charts(levels, phases=phases_from(12, (6,)))
    assert np.isnan(rebased.values[0, 6])
    assert not rebased.high.any()


def test_rebase_positions_outside_the_series_are_ignored():
    assert phases_from(4, (-1, 0, 2, 4, 9)).tolist() == [0, 0, 1, 1]


def test_a_point_in_a_rise_and_a_fall_takes_the_direction_of_what_follows():
    up_then_down = [10, 0, 11, 1, 12, 2, 3, 4, 5, 6, 7, 8, 7, 6, 5, 4, 3, 2, 11, 1, 12, 2, 10]
    found = directions(flow_charts(up_then_down))[0]
    assert (found[10], found[11], found[12]) == (1, -1, -1)


def test_a_missing_month_has_no_signal():
    chart = flow_charts([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, np.nan])
    assert directions(chart)[0, -1] == 0


def test_an_empty_a_single_and_an_unknown_series_are_charted_without_signals():
    for values in ([[]], [[5.0]], [[np.nan] * 3]):
        chart = flow_charts(values)
        assert not chart.high.any()
        assert not chart.low.any()
        assert chart.trial.all()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"values": [[1, np.inf]]}, "infinite"),
        ({"values": [[1, 2, 3]], "phases": [0, 1, 0]}, "phase numbers fall"),
        ({"values": [[[1]]]}, "dimensions"),
    ],
)
def test_what_cannot_be_charted_is_refused(given, message):
    with pytest.raises(ValueError, match=message):
        flow_charts(**given)


@pytest.mark.parametrize("settings", [{"length": 5}, {"length": 9}, {"two_sigma": "near"}])
def test_settings_that_do_not_exist_are_refused(settings):
    with pytest.raises(ValueError, match=r"shift is|two_sigma is"):
        Rules(**settings)
