"""What was said, beside what came: errors, intervals, and the words for them."""

from datetime import date
from math import isnan, nan

import pytest

from rtt.forecast.monthly.forecast_words import (
    METHODS,
    figure_text,
    jump_sentence,
    method_sentence,
    target_sentence,
)
from rtt.forecast.monthly.skill import HALF_OF_CELLS, NO_CHANGE
from rtt.forecast.score.issued import Issued, scored, tallies
from rtt.forecast.score.words import error_text, skill_text


def said(measure="share_within_18", value=60.0, last=58.0, horizon=1):
    return Issued(
        origin=date(2025, 3, 31),
        target=date(2025, 4, 30),
        horizon=horizon,
        measure=measure,
        value=value,
        limits=((value - 1, value + 1), (value - 2, value + 2), (value - 4, value + 4)),
        last=last,
    )


@pytest.mark.parametrize(
    ("actual", "error", "error_naive", "held"),
    [
        (60.5, 0.5, 2.5, (True, True, True)),
        (61.0, 1.0, 3.0, (True, True, True)),
        (61.5, 1.5, 3.5, (False, True, True)),
        (57.0, 3.0, 1.0, (False, False, True)),
        (55.0, 5.0, 3.0, (False, False, False)),
    ],
)
def test_a_forecast_is_scored_beside_the_naive_forecast(actual, error, error_naive, held):
    found = scored(said(), actual, "first")
    assert (found.error, found.error_naive, found.held) == (error, error_naive, held)


def test_a_list_is_scored_in_per_cent_of_the_list_that_came():
    found = scored(said("total", value=900.0, last=1100.0), 1000.0, "revision 1")
    assert (found.error, found.error_naive, found.vintage) == (
        pytest.approx(10),
        pytest.approx(10),
        "revision 1",
    )


def test_a_tally_compares_mean_errors_and_counts_intervals():
    lines = [scored(said(), actual, "first") for actual in (60.5, 57.0)] + [
        scored(said(horizon=3), 58.0, "first")
    ]
    one, three = tallies(lines)
    assert (one.horizon, one.n, one.error, one.error_naive, one.held) == (1, 2, 1.75, 1.75, (1, 1, 2))
    assert one.skill == 0
    assert three.skill is None  # the last value was right: nothing can be better than that


def test_a_naive_forecast_that_is_not_known_is_left_out_of_the_comparison_alone():
    lines = [scored(said(last=last), 60.5, "first") for last in (58.0, nan, 59.0)]
    (tally,) = tallies(lines)
    assert (tally.n, tally.compared) == (3, 2)
    assert (tally.error, tally.error_naive) == (0.5, 2.0)
    assert tally.skill == pytest.approx(1 - 0.5 / 2.0)
    (alone,) = tallies(lines[1:2])
    assert (alone.compared, alone.skill) == (0, None)
    assert isnan(alone.error_naive)


@pytest.mark.parametrize(
    ("measure", "value", "words"),
    [
        ("share_within_18", 60.04, "60.0%"),
        ("share_within_18", 100.0, "100.0%"),
        ("total", 48212.4, "48,212"),
        ("median", 14.04, "14.0 weeks"),
    ],
)
def test_a_figure_is_written_in_its_unit(measure, value, words):
    assert figure_text(measure, value) == words


@pytest.mark.parametrize(
    ("measure", "error", "words"),
    [
        ("share_within_18", 0.82, "0.8 points"),
        ("share_within_18", 1.0, "1.0 point"),
        ("total", 1.88, "1.9% of the list"),
        ("over_52", 142.2, "142 pathways"),
        ("over_52", 1.0, "1 pathway"),
        ("median", 0.44, "0.4 weeks"),
    ],
)
def test_an_error_is_written_in_its_unit(measure, error, words):
    assert error_text(measure, error) == words


@pytest.mark.parametrize(
    ("skill", "words"),
    [(0.083, "8% better"), (-0.03, "3% worse"), (0.004, "no better"), (None, "Not known")],
)
def test_skill_is_said_beside_the_naive_forecast_also_where_it_loses(skill, words):
    assert skill_text(skill) == words


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (60.5, "inside the 50% interval"),
        (61.9, "inside the 80% interval"),
        (63.9, "inside the 95% interval"),
        (65.0, "above the 95% interval"),
        (50.0, "below the 95% interval"),
    ],
)
def test_a_target_is_placed_beside_the_intervals(target, words):
    assert words in target_sentence(said(), target, "The milestone")


def test_where_the_record_shows_no_skill_the_naive_forecast_is_named_with_its_reason():
    """Fault 17: no skill and skill that is not proven are both said plainly."""
    words = method_sentence("total", "last value", [-0.02, -0.01], 8)
    assert "the naive forecast (no change) is shown, with the interval of its own past errors" in words
    assert "do not show that the method does better (2% worse to 1% worse)" in words
    words = method_sentence("total", "last value", [0.08, 0.3], 8)
    assert "Back-tests from 8 months do not show beyond chance that the method does better" in words
    assert "8% better to 30% better" in words


def test_every_method_is_named_in_plain_words():
    said = {each: method_sentence("total", each, [0.1], 8) for each in METHODS if each != NO_CHANGE}
    assert len({*said.values()}) == len(METHODS) - 1
    assert "half the sum of the forecasts of its specialties" in said[HALF_OF_CELLS]
    assert all(words.endswith("10% better than the naive forecast (no change).") for words in said.values())


@pytest.mark.parametrize(
    ("last", "before", "words"),
    [
        (10_790, 5_239, "The list grew by 106.0% in the month to 31 Dec 2024"),
        (7_000, 10_000, "The list fell by 30.0%"),
        (11_500, 10_000, ""),
        (8_500, 10_000, ""),
        (11_501, 10_000, "The list grew by 15.0%"),
        (10_000, None, "There was no return in the month before 31 Dec 2024"),
    ],
)
def test_a_list_that_jumped_is_named_beside_its_forecast(last, before, words):
    found = jump_sentence(date(2024, 12, 31), last, before)
    assert found.startswith(words)
    assert bool(found) == bool(words)
    assert not found or found.endswith("Forecasts made in such a month are often far off.")
    assert "No past forecast could be scored yet" in method_sentence("total", "fixed blend", [], 0)
