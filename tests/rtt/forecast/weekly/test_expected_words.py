"""The words of an expectation: always with its interval, never as a count."""

from dataclasses import replace
from datetime import date
from math import nan

import pytest

from rtt.forecast.score.issued import Tally
from rtt.forecast.weekly import expected_words as words
from rtt.measures.will_breach import WillBreach

DAY = date(2026, 12, 13)


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (words.shown(411.7, 399.9, 424.4), "412 (400 to 424)"),
        (words.shown(0.2, 0.0, 0.9), "0 (0 to 0)"),
        (words.shown(0.6, 0.0, 1.9), "1 (0 to 1)"),
        (words.shown(2.6, 2.2, 2.9), "3 (3 to 3)"),
        (words.shown(1934.8, 1884.7, 1985.0), "1,935 (1,885 to 1,985)"),
        (words.shown(65.51, 64.82, 66.2, share=True), "65.5% (64.8% to 66.2%)"),
        (words.not_known(), "No pathways"),
        (words.Shown("under 8", words.NOTHING), "under 8"),
    ],
)
def test_a_figure_and_its_interval(figure, text) -> None:
    assert words.with_interval(figure) == text


@pytest.mark.parametrize("low", [0.0, 3.2, 7.0])
@pytest.mark.parametrize("width", [0.5, 2.0, 5.7])
def test_the_bounds_shown_hold_the_whole_numbers_that_the_interval_holds(low, width) -> None:
    """Fault 18: bounds rounded outwards hold more often than they say, of small counts far more."""
    value, high = low + width / 2, low + width
    first, last = (int(each) for each in words.shown(value, low, high).interval.split(" to "))
    within = {count for count in range(20) if low <= count <= high}
    assert set(range(first, last + 1)) - within <= {round(value)}
    assert within <= set(range(first, last + 1))


def test_the_title() -> None:
    shown = words.shown(411.7, 399.9, 424.4)
    assert words.title(shown, DAY) == (
        "About 412 (400 to 424) can be expected to breach 18 weeks by 13 Dec 2026"
    )
    hidden = words.Shown("under 8", words.NOTHING)
    assert words.title(hidden, DAY) == "Under 8 can be expected to breach 18 weeks by 13 Dec 2026"


def test_the_sentence() -> None:
    assert words.sentence(
        words.shown(42, 37, 47),
        words.shown(1935, 1885, 1985),
        words.shown(65.5, 64.8, 66.2, share=True),
        ends=DAY,
        whose="Urology",
    ) == (
        "By 13 Dec 2026 in Urology, 42 (37 to 47) can be expected to breach 52 weeks; 1,935 (1,885 to "
        "1,985) would then wait over 18 weeks, and 65.5% (64.8% to 66.2%) of the list within 18 weeks."
    )


def test_too_short_a_record() -> None:
    assert words.too_few(1, 12).startswith("Forecasts need 12 weekly lists")
    assert "1 list is loaded" in words.too_few(1, 12)
    assert "7 lists are loaded" in words.too_few(7, 12)


def test_a_short_record_says_what_waits_now() -> None:
    present = words.present_text(1935, 42, 65.51)
    assert words.too_few(7, 12, present).endswith(
        "the best estimate is no change: 1,935 over 18 weeks, 42 over 52 weeks, 65.5% within 18 weeks."
    )
    assert words.too_few(7, 12).endswith("the best estimate is no change.")


def test_title_and_sentence_speak_of_the_threshold_asked_for() -> None:
    passing, over = words.shown(42, 37, 47), words.shown(133, 120, 147)
    assert words.title(passing, DAY, weeks=52) == (
        "About 42 (37 to 47) can be expected to breach 52 weeks by 13 Dec 2026"
    )
    said = words.sentence(
        words.shown(411.7, 399.9, 424.4), over, words.shown(65.5, 64.8, 66.2, share=True), ends=DAY, whose="",
        weeks=52,
    )  # fmt: skip
    assert said == (
        "By 13 Dec 2026, 412 (400 to 424) can be expected to breach 18 weeks; 133 (120 to 147) would "
        "then wait over 52 weeks, and 65.5% (64.8% to 66.2%) of the list within 18 weeks."
    )
    assert words.other_threshold(26) == "Estimates are made for 18 and 52 weeks, not for 26."
    assert words.other_threshold(18) == words.other_threshold(52) == ""


# The score

ISSUED = (date(2026, 9, 6), date(2026, 9, 13))
TALLY = Tally(4, 3, 5.14, 20.0, 0.743, (1, 3, 3), 3)


SINCE = "2 forecasts issued since 6 Sep 2026"
NEXT = "can be scored with the PTL of 13 Dec 2026."
WITHHELD = f"{SINCE}; 9 figures scored. 2 figures withheld (small numbers)."
HELD = "4 weeks ahead, 3 of 3 figures lay within their 80% interval; the mean error was 5.1 pathways"


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"issued": (), "scored": 0}, "No forecast of this PTL has been issued yet."),
        ({"scored": 0}, f"{SINCE}. No figure can be scored yet. The first {NEXT}"),
        ({"scored": 0, "next_target": None}, f"{SINCE}. No figure can be scored yet."),
        (
            {"scored": 1, "tally": None, "next_target": None},
            f"{SINCE}; 1 figure scored. None 4 weeks ahead can be shown yet.",
        ),
        (
            {"withheld": 2},
            f"{WITHHELD} {HELD}, that of no change 20.0 pathways, 74% better. The next {NEXT}",
        ),
        (
            {"tally": replace(TALLY, error_naive=4.11, skill=-0.25), "next_target": None},
            f"{SINCE}; 9 figures scored. {HELD}, that of no change 4.1 pathways, 25% worse.",
        ),
        (
            {"tally": replace(TALLY, error_naive=nan, skill=None, compared=0), "next_target": None},
            f"{SINCE}; 9 figures scored. {HELD}.",
        ),
    ],
)
def test_the_sentence_of_the_score(said, text) -> None:
    usual = {"issued": ISSUED, "scored": 9, "withheld": 0, "next_target": DAY, "weeks": 4, "tally": TALLY}
    assert words.score_sentence(words.ScoreSoFar(**{**usual, **said}), "passing_18") == text


@pytest.mark.parametrize(
    ("measure", "error", "text"),
    [
        ("passing_18", 11.66, "11.7 pathways"),
        ("over_52", 1.0, "1.0 pathway"),
        ("total", 1.16, "1.2% of the list"),
        ("share_within_18", 0.4, "0.4 points"),
        ("passing_52", nan, "Not known"),
    ],
)
def test_an_error_to_one_decimal_in_its_unit(measure, error, text) -> None:
    assert words.error_text(measure, error) == text


def test_what_could_not_be_scored_is_said() -> None:
    assert words.score_note(0) == words.SCORE_NOTE
    assert words.score_note(1).endswith(
        "1 figure of past days is not scored: no PTL of that day, or of a week before it, is loaded."
    )


def test_the_caption_of_the_chart() -> None:
    passing = WillBreach(weeks=18, census=date(2026, 11, 15), days=28)
    caption = words.chart_caption(
        words.shown(411.7, 399.9, 424.4), "483", passing, left_out="1 of 2 is not drawn."
    )
    assert caption.startswith(
        "Of the 483 at risk of breaching 18 weeks by 13 Dec 2026, 412 (400 to 424) can be expected"
    )
    assert caption.endswith(" 1 of 2 is not drawn.")
    assert words.chart_caption(words.not_known(), "", passing, left_out="").startswith("Grey bar")
