"""What a chart says: signals in words, icons in which shape, word and arrow agree, assurance."""

import numpy as np
import pytest

from rtt.spc.assurance import level_caution, met_in_last, met_words
from rtt.spc.charts import flow_charts, phases_from, stock_charts
from rtt.spc.reading import limits_note, one, variation, variation_icon, variation_sentence

QUIET = [5, -5, 5, -5, 5, -5, 5, -5, 5, -5, 5, -5]


def flow(values, **settings):
    return one(flow_charts([values], **settings), 0)


def stock(levels, **settings):
    return one(stock_charts([levels], **settings), 0)


def words(reading, at=-1):
    return [signal.words for signal in reading.signals[at]]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([*QUIET, 40], ["above the upper limit"]),
        ([*QUIET, -40], ["below the lower limit"]),
        ([-5, 5, *[-1, -5] * 3, *[5, 1] * 4], ["8 points in a row above what was expected"]),
        ([*[5, 1] * 4, -5, 5, *[-1, -5] * 4], ["8 points in a row below what was expected"]),
        ([*QUIET, -9, -6, -3, 0, 3, 6, 9], ["7 points in a row rising"]),
        ([*QUIET[::-1], 9, 6, 3, 0, -3, -6, -9], ["7 points in a row falling"]),
        ([*[1, -1] * 11, 5, 1, 5], ["2 of 3 points in a row far above what was expected"]),
        ([*[1, -1] * 11, -5, -1, -5], ["2 of 3 points in a row far below what was expected"]),
        (QUIET, []),
    ],
)
def test_a_flow_says_which_rule_was_broken_and_for_how_long(values, said):
    assert words(flow(values)) == said


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ([10, 4, 10, 4, 10, 11, 15, 17, 22, 23, 30, 31, 35], ["9 changes in a row upwards"]),
        ([*[10, 11] * 7, 3], ["a fall beyond the limits of change"]),
        ([*[10, 11] * 7, 30], ["a rise beyond the limits of change"]),
    ],
)
def test_a_stock_speaks_of_changes(levels, said):
    assert words(stock(levels)) == said


def test_every_point_of_a_run_tells_the_length_of_the_whole_run():
    reading = stock([10, 4, 10, 4, 10, 11, 15, 17, 22, 23, 30, 31, 35, 34])
    assert [signal.run for t in range(4, 13) for signal in reading.signals[t]] == [9] * 9
    assert reading.signals[13] == ()


def test_a_run_ends_at_a_rebase():
    values = [*[-9, 9] * 4, *range(1, 8), *range(8, 15)]
    whole, rebased = flow(values), flow(values, phases=phases_from(22, (15,)))
    assert {signal.run for signal in whole.signals[14] if signal.rule == "trend"} == {14}
    assert {signal.run for signal in rebased.signals[14] if signal.rule == "trend"} == {7}


def test_a_run_on_one_side_ends_at_a_rebase_on_both_of_its_sides():
    low, high = [-1, -9, -1, -9, -1, -9, -1], [1, 9, 1, 9, 1, 9, 1]
    reading = flow([*low, *high, *high, *low], phases=phases_from(28, (14,)))
    assert [[signal.run for signal in reading.signals[t]] for t in (13, 14)] == [[7], [7]]


def test_conflicting_signals_are_both_told_and_the_first_named_gives_the_icon():
    # Seven points below average, the last seven of them rising: a falling shift and a rising trend at once.
    reading = flow([9, 2, 9, 2, 9, 2, 9, 2, 9, 2, 9, 2, 9, -11, -9, -8, -6, -5, -3, -1])
    found = variation(reading, good="higher")
    assert [signal.rule for signal in found.signals] == ["trend"]
    assert [signal.rule for signal in found.against] == ["shift"]
    assert found.icon.meaning == "improving"
    assert variation_sentence(found) == (
        "Improving: 7 points in a row rising. At the same time: 7 points in a row below what was expected."
    )


@pytest.mark.parametrize(
    ("direction", "good", "meaning", "word", "shape", "arrow"),
    [
        ("up", "higher", "improving", "improving", "triangle-up", "up"),
        ("down", "lower", "improving", "improving", "triangle-down", "down"),
        ("up", "lower", "concerning", "concerning", "square", "up"),
        ("down", "higher", "concerning", "concerning", "square", "down"),
        ("up", None, "neutral", "special cause, neither improvement nor concern", "diamond", "up"),
        ("down", None, "neutral", "special cause, neither improvement nor concern", "diamond", "down"),
        (None, "higher", "common cause", "no significant change", "circle", None),
        (None, "lower", "common cause", "no significant change", "circle", None),
        (None, None, "common cause", "no significant change", "circle", None),
    ],
)
def test_shape_word_and_arrow_agree(direction, good, meaning, word, shape, arrow):
    icon = variation_icon(direction, good=good)
    assert (icon.meaning, icon.word, icon.shape, icon.arrow) == (meaning, word, shape, arrow)


def test_a_growing_list_is_concerning_with_the_arrow_up():
    found = variation(stock([*[10, 4] * 4, 10, 11, 15, 17, 22, 23, 30, 31, 35]), good="lower")
    assert (found.icon.word, found.icon.arrow) == ("concerning", "up")
    assert variation_sentence(found) == "Concerning: 9 changes in a row upwards."


def test_no_signal_is_said_too():
    assert variation_sentence(variation(flow([*QUIET, 5]), good="lower")) == "No significant change."


def test_no_icon_under_13_points_and_a_note_instead():
    reading = flow(QUIET)
    assert variation(reading, good="higher") is None
    assert limits_note(reading) == "Trial limits: 12 points, 13 are needed to judge variation."
    assert limits_note(flow([*QUIET, 5])) is None
    assert limits_note(flow([5])) == "Trial limits: 1 point, 13 are needed to judge variation."


def test_no_icon_just_after_a_rebase():
    assert variation(flow([*QUIET, *QUIET], phases=phases_from(24, (20,))), good="higher") is None


def test_no_icon_for_a_missing_month_nor_one_carried_over():
    reading = flow([*QUIET, *[5, -5] * 3, 40, np.nan])
    assert variation(reading, good="higher") is None
    assert variation(reading, good="higher", at=-2).icon.word == "improving"


def test_no_icon_without_two_neighbouring_months():
    assert variation(flow([1, np.nan] * 13 + [1]), good="higher") is None


@pytest.mark.parametrize(
    ("levels", "standards", "good", "said"),
    [
        ([58.0] * 14, 92, "higher", "met in 0 of 12"),
        ([93.0] * 3 + [58.0] * 10 + [92.0], 92, "higher", "met in 2 of 12"),
        ([0, 1, 0, 3], 0, "lower", "met in 2 of 4"),
        ([93, np.nan, 91], 92, "higher", "met in 1 of 2 (1 of the last 3 without figure or standard)"),
        (
            [60, 60, 60],
            [np.nan, 65, 60],
            "higher",
            "met in 1 of 2 (1 of the last 3 without figure or standard)",
        ),
        ([np.nan], 92, "higher", "no census to judge (1 of the last 1 without figure or standard)"),
    ],
)
def test_a_stock_is_assured_by_the_censuses_that_met_the_standard(levels, standards, good, said):
    assert met_words(met_in_last(levels, standards, good=good)) == said


def test_limits_on_a_level_come_with_their_correlation_and_a_caution():
    assert "correlation 0.85" in level_caution(0.8512)
