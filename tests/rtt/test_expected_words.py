"""The words of an expectation: always with its interval, never as a count."""

from datetime import date

import pytest

from rtt import expected_words as words

DAY = date(2026, 12, 13)


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (words.shown(411.7, 400.1, 423.4), "412 (400 to 424)"),
        (words.shown(0.2, 0.0, 0.9), "0 (0 to 1)"),
        (words.shown(1934.8, 1884.7, 1985.0), "1,935 (1,884 to 1,985)"),
        (words.shown(65.51, 64.82, 66.2, share=True), "65.5% (64.8% to 66.2%)"),
        (words.not_known(), "No pathways"),
        (words.Shown("under 8", words.NOTHING), "under 8"),
    ],
)
def test_a_figure_and_its_interval(figure, text) -> None:
    assert words.with_interval(figure) == text


def test_the_title() -> None:
    shown = words.shown(411.7, 400.1, 423.4)
    assert words.title(shown, DAY) == "About 412 (400 to 424) can be expected to pass 18 weeks by 13 Dec 2026"
    hidden = words.Shown("under 8", words.NOTHING)
    assert words.title(hidden, DAY) == "Under 8 can be expected to pass 18 weeks by 13 Dec 2026"


def test_the_sentence() -> None:
    assert words.sentence(
        words.shown(42, 37, 47),
        words.shown(1935, 1885, 1985),
        words.shown(65.5, 64.8, 66.2, share=True),
        ends=DAY,
        whose="Urology",
    ) == (
        "By 13 Dec 2026 in Urology, 42 (37 to 47) can be expected to pass 52 weeks; 1,935 (1,885 to 1,985) "
        "would then wait over 18 weeks, and 65.5% (64.8% to 66.2%) of the list within 18 weeks."
    )


def test_too_short_a_record() -> None:
    assert words.too_few(1, 12).startswith("Expectations need 12 weekly lists")
    assert "1 list is held" in words.too_few(1, 12)
    assert "7 lists are held" in words.too_few(7, 12)
