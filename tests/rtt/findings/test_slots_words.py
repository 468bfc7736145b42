"""What is said of more slots a week: one and many, none, and the words of a plan that are never used."""

from datetime import date

import pytest

from rtt.findings import slots_words as words
from tests.rtt.findings.test_plan_words import NEVER

BY = date(2027, 2, 7)


def answer(prevented, still, **others):
    asked = {"slots": 12, "each": False, "order": "longest", "weeks": 18, "by": BY} | others
    return words.answer_sentence(prevented=prevented, still=still, **asked)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            answer("34", "61"),
            (
                "With 12 more slots a week, longest wait first, 34 fewer pathways breach 18 weeks by 7 Feb "
                "2027; 61 still do."
            ),
        ),
        (
            answer("1", "1", slots=1, order="next"),
            (
                "With 1 more slot a week, next to breach first, 1 fewer pathway breaches 18 weeks by "
                "7 Feb 2027; 1 still does."
            ),
        ),
        (
            answer("0", "0", each=True, weeks=52),
            (
                "With 12 more slots a week in each specialty, longest wait first, no fewer pathways breach "
                "52 weeks by 7 Feb 2027; none still do."
            ),
        ),
        (
            words.over_sentence("1", 12, 18, 1),
            "First comes 1 already over 18 weeks without a date in time: at 12 a week that takes 1 week.",
        ),
        (
            words.needed_sentence(41, 9, most=0, each=False, too_late="3", weeks=18, by=BY),
            (
                "If nobody is to breach 18 weeks by 7 Feb 2027, it takes 41 more slots a week, longest wait "
                "first, or 9, next to breach first. Not counted in this: 3 whose last day "
                "in time was the day of the list."
            ),
        ),
        (
            words.needed_sentence(1, 0, most=5, each=True, too_late="0", weeks=18, by=BY),
            (
                "If at most 5 in each specialty are to breach 18 weeks by 7 Feb 2027, it takes 1 more slot a "
                "week, longest wait first, or 0, next to breach first. Each specialty has "
                "its own number."
            ),
        ),
        (
            words.other_sentence(52, "9", "0", "1"),
            (
                "At 52 weeks: of 9 who will breach unless treated, a slot comes in time for none; 1 still "
                "breaches."
            ),
        ),
        (
            answer("under 8", "withheld (small numbers)"),
            (
                "With 12 more slots a week, longest wait first, under 8 fewer pathways breach 18 weeks by 7 "
                "Feb 2027; a withheld number still do."
            ),
        ),
        (words.no_start_sentence(0), ""),
        (words.withheld_sentence(1), "1 specialty with small numbers is left out of all figures here."),
        (words.withheld_sentence(3), "3 specialties with small numbers are left out of all figures here."),
    ],
)
def test_a_sentence_says_one_and_many_and_none(said, sentence):
    assert said == sentence


def test_none_of_the_words_that_a_plan_never_uses():
    fixed = " ".join((*words.METHOD, words.NO_DATES, words.TOLD_AHEAD, words.NOT_SAVED, words.COST_OF_NEXT))
    fixed += answer("3", "4") + words.last_week_sentence(3, 1) + words.no_start_sentence(2)
    # Who can be reached, and who chooses to wait, are patients; what is counted are pathways.
    assert not [each for each in NEVER if each in fixed]
