"""Whether to rely on the forecasts of the last half year, against sums made by hand."""

from datetime import date, timedelta
from math import nan

import pytest

from rtt.forecast.score.issued import Issued, Scored
from rtt.forecast.score.verdict import FEWEST, Verdict, evidence_sentence, recent_verdict, verdict_sentence

UNTIL = date(2026, 11, 22)
LIMITS = ((0.0, 1.0), (0.0, 2.0), (0.0, 3.0))


def figure(error, naive, *, days_ago=0):
    target = UNTIL - timedelta(days_ago)
    said = Issued(target - timedelta(28), target, 4, "passing_18", 1.0, LIMITS, 1.0)
    return Scored(said, 1.0, "first", error, naive, (True, True, True))


def test_the_errors_of_the_half_year_are_compared_with_those_of_no_change():
    found = recent_verdict(
        [
            *(figure(error, 8.0, days_ago=7 * at) for at, error in enumerate((2.0, 4.0, 6.0, 8.0))),
            figure(999.0, 1.0, days_ago=200),  # before the half year
            figure(999.0, 1.0, days_ago=-7),  # after the census looked at
            figure(999.0, nan),  # nothing to compare with
        ],
        until=UNTIL,
    )
    assert found == Verdict(4, 5.0, 8.0)
    assert found.skill == pytest.approx(0.375)


def test_of_fewer_than_four_figures_nothing_is_said():
    few = [figure(1.0, 9.0) for _ in range(FEWEST - 1)]
    assert recent_verdict(few, until=UNTIL) is None
    assert "plan with the count" in verdict_sentence(None)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Verdict(9, 12.0, 10.0), "Worse than no change in the last six months: do not rely on it."),
        (Verdict(9, 10.0, 10.0), "No better than no change in the last six months: do not rely on it."),
        (Verdict(9, 9.99, 10.0), "No better than no change in the last six months: do not rely on it."),
        (Verdict(9, 0.0, 0.0), "No better than no change in the last six months: do not rely on it."),
        (
            Verdict(9, 5.0, 10.0),
            "Better than no change in the last six months: you can plan with it, and with its interval.",
        ),
        (Verdict(9, 12.0, 10.0, back_test=True), "Worse than no change in the back-test: do not rely on it."),
    ],
)
def test_the_sentence_says_whether_to_rely_on_it(found, words):
    assert verdict_sentence(found) == words


def test_what_it_follows_from_is_said_with_both_errors():
    words = evidence_sentence(Verdict(9, 4.5, 11.0), "passing_18", what="4 weeks ahead", places=1)
    assert words.startswith("9 figures 4 weeks ahead, as issued: the mean error was 4.5 pathways.")
    assert words.endswith("11.0 pathways off.")
    tested = evidence_sentence(Verdict(1, 4.5, 11.0, back_test=True), "passing_18", what="ahead")
    assert "made afterwards from past data" in tested
