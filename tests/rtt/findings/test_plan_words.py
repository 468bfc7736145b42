"""What is said of plans and initiatives: rounding, chances, and the words that are never used."""

import re
from datetime import date

import pytest

from rtt.findings import initiative_words, plan_words
from rtt.planning.initiatives import Evaluation, Method
from rtt.planning.needs import Needed, Stops

NEVER = (
    "will meet", "on track", "patients", "optimal", "required staff", "proves", "caused", "significant",
    "inefficient", "wrong order", "failing", "unachievable",
)  # fmt: skip
DUE = date(2026, 3, 31)
NONE, SOME, NOT = Stops(0.0, 0.0), Stops(31.05, 2.98), Stops(None, None)


def needed(longest=SOME, todays=SOME, **others):
    given = dict.fromkeys(Needed._fields, longest) | {"todays_order": todays} | others
    return Needed(**given)


@pytest.mark.parametrize(
    ("stops", "words"),
    [
        (NONE, "no more clock stops"),
        (Stops(0.4, 0.1), "fewer than 8 more clock stops a week"),
        (Stops(7.9, 1.0), "fewer than 8 more clock stops a week"),
        (Stops(8.4, 1.0), "about 8 more clock stops a week (1.0%)"),
        (SOME, "about 31 more clock stops a week (3%)"),
        (Stops(33.68, 3.2), "about 34 more clock stops a week (3%)"),
        (Stops(124.6, 12.0), "about 125 more clock stops a week (12%)"),
        (Stops(1425.49, 25.4), "about 1,430 more clock stops a week (25%)"),
        (Stops(24072.3, 6.7), "about 24,100 more clock stops a week (7%)"),
        (NOT, "not by doubling the stops"),
    ],
)
def test_stops_have_two_digits_under_a_hundred_and_three_above(stops, words):
    assert plan_words.stops_text(stops) == words


def test_no_more_digits_are_told_than_the_range_supports():
    assert plan_words.rounded(1425.49, 12_000) == 1_000
    assert plan_words.rounded(1425.49, 300) == 1_430
    assert plan_words.rounded(31.05, 4) == 31


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.0, "under 1 in 40"),
        (0.024, "under 1 in 40"),
        (0.447836, "45 in 100"),
        (0.976, "over 39 in 40"),
        (1.0, "over 39 in 40"),
    ],
)
def test_a_chance_beyond_the_interval_is_told_as_its_end(chance, words):
    assert plan_words.chance_text(chance) == words


def test_the_answer_names_its_chance_where_there_is_a_forecast_alone():
    goal = plan_words.goal_words(62.779, DUE)
    assert goal == "62.8% within 18 weeks by 31 Mar 2026"
    assert plan_words.needed_sentence(needed(), goal, forecast=True) == (
        f"About 31 more clock stops a week (3%), longest waiters first, give an even chance of {goal}."
    )
    assert "chance" not in plan_words.needed_sentence(needed(), goal, forecast=False)
    assert plan_words.needed_sentence(needed(NONE), goal, forecast=True).startswith("No more clock stops")
    assert "not by doubling the stops" in plan_words.needed_sentence(needed(NOT), goal, forecast=True)


def test_an_order_in_which_more_of_the_same_does_not_help_is_named():
    said = plan_words.other_order_sentence(needed(todays=NOT))
    assert said == "In today’s order: not by doubling the stops, for short waiters are treated too."
    assert plan_words.other_order_sentence(needed(NONE, NONE)) == ""


def test_a_range_of_one_figure_is_no_range():
    assert plan_words.months_sentence(needed()) == "It hardly depends on which months are taken."
    apart = needed(half_life_3=Stops(60.0, 5.0), half_life_none=Stops(116.4, 10.0))
    assert plan_words.months_sentence(apart) == "Depends on which months are taken: 31 to 116 a week."


def every_sentence():
    goals = [plan_words.goal_words(62.8, DUE), plan_words.goal_words(None, DUE, 1.0)]
    for longest in (NONE, Stops(3.0, 0.5), SOME, NOT):
        for todays in (NONE, SOME, NOT):
            found = needed(longest, todays)
            for goal in goals:
                for forecast in (True, False):
                    yield plan_words.needed_sentence(found, goal, forecast=forecast)
            yield plan_words.other_order_sentence(found)
            yield plan_words.safer_sentence(found)
            yield plan_words.months_sentence(found)
    for seen in (0.0, 0.2, 0.35, 0.5, 0.65, 0.75, 1.0, 1.3):
        yield plan_words.seen_sentence(seen)
    yield plan_words.steady_sentence(21_133, 4_820)
    yield plan_words.outlook_sentence("Going on as now", 61.5, 0.45)
    yield from plan_words.METHOD
    yield from plan_words.NOT_KNOWN
    yield from initiative_words.METHOD
    yield from (initiative_words.ALREADY_MOVING, initiative_words.WORST_TENTH, initiative_words.NOT_FIRST)
    for measure in initiative_words.UNITS:
        for rank in (0.01, 0.5):
            for false_start in (0.05, 0.5):
                yield initiative_words.verdict_text(measure, evaluation(rank, false_start))
                yield initiative_words.smallest_sentence(measure, evaluation(rank, false_start))


def evaluation(rank, false_start, effect=5.6):
    own, before = Method(effect, rank, 6.7, 0.1), Method(0.1, false_start, 3.0, 0.1)
    return Evaluation(own, own, before, before)


@pytest.mark.parametrize("words", NEVER)
def test_a_word_that_promises_or_blames_is_never_used(words):
    # A stop is told not to be a patient: that is what its readers must not read.
    said = [
        each for each in every_sentence() if "neither a patient" not in each and "How ill the" not in each
    ]
    assert [each for each in said if words in each.lower()] == []


def test_capacity_never_stands_for_stops_and_p_only_in_the_panel_of_methods():
    for each in every_sentence():
        assert "capacity" not in each.lower()
        assert not re.search(r"\bp\b ?=", each)
    assert any(column.startswith("p,") for column in initiative_words.METHOD_COLUMNS)


def test_the_words_that_readers_know_are_used():
    said = " ".join(every_sentence())
    for words in (
        "clock stops",
        "pathway",
        "about",
        "if things go on as they have",
        "even chance",
        "four chances in five",
        "longest waiters first",
        "today’s order",
        "appeared without a start",
        "annot tell yet",
        "hanged more than the rest of England",
        "hold",
    ):
        assert words in said, words


def test_a_verdict_needs_both_methods_and_a_quiet_start():
    said = initiative_words.verdict_text("share_within_18", evaluation(0.01, 0.5))
    assert said == "Changed more than the rest of England by +5.6 points, rarer than 1 in 20."
    unsure = initiative_words.verdict_text("share_within_18", evaluation(0.06, 0.5))
    assert unsure == "Cannot tell yet: an effect under 6.7 points could not be seen."
    moving = initiative_words.verdict_text("share_within_18", evaluation(0.01, 0.05))
    assert moving == initiative_words.ALREADY_MOVING
