"""What is said of a pace outside usual variation: in plain words, with what it means."""

from datetime import date

import pytest

from rtt.forecast.weekly.pace import Pace
from rtt.forecast.weekly.pace_words import REMOVALS, STARTS, STOPS, Told, of_specialties, sentences

ENDS = date(2026, 11, 15)


def _told(flow, share, name="", figure=True):
    return Told(flow, name, Pace(ENDS, share, 0.91, 1.09), figure)


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (
            _told(STOPS, 0.64),
            (
                "The last 3 weeks, to 15 Nov 2026, ran at 64% of usual clock stops (usual variation: 91% to "
                "109%). If this continues, more patients will be waiting than the estimate says."
            ),
        ),
        (
            _told(STARTS, 1.9),
            (
                "The last 3 weeks, to 15 Nov 2026, brought 190% of usual clock starts (usual variation: "
                "91% to 109%). If this continues, the list will be longer than the estimate says; forecasts "
                "take about six weeks to follow a change of referrals."
            ),
        ),
        (
            _told(REMOVALS, 2.5),
            (
                "The last 3 weeks, to 15 Nov 2026, saw 250% of usual removals without a clock stop (usual "
                "variation: 91% to 109%). If this continues, fewer patients will be waiting than the "
                "estimate says."
            ),
        ),
        (
            _told(STOPS, 0.1, "Urology", figure=False),
            (
                "The last 3 weeks in Urology, to 15 Nov 2026, ran well below usual clock stops. If this "
                "continues, more patients will be waiting than the estimate says."
            ),
        ),
    ],
)
def test_how_it_ran_and_what_it_means(told, text) -> None:
    assert sentences([told]) == [text]


def test_specialties_are_named_the_furthest_first() -> None:
    told = [_told(STOPS, 0.6, "ENT"), _told(STOPS, 0.0, "Urology"), _told(STARTS, 2.1, "Dermatology")]
    assert of_specialties(told) == [
        (
            "Outside their own usual clock stops in the last 3 weeks: Urology (0% of usual) and ENT (60% of "
            "usual). Their estimates assume that most of this is temporary."
        ),
        (
            "Outside their own usual clock starts in the last 3 weeks: Dermatology (210% of usual). Their "
            "estimates take about six weeks to follow."
        ),
    ]


@pytest.mark.parametrize(("more", "end"), [(1, "1 other specialty"), (3, "3 other specialties")])
def test_many_specialties_are_counted(more, end) -> None:
    told = [_told(STOPS, 0.3, f"Specialty {at}") for at in range(5 + more)]
    assert f"and {end}. " in of_specialties(told)[0]


def test_no_figure_of_a_specialty_where_none_may_be_shown() -> None:
    (said,) = of_specialties([_told(STOPS, 0.07, "Urology", figure=False)])
    assert "Urology (below usual)" in said
    assert "%" not in said


def test_nothing_is_said_of_nothing() -> None:
    assert sentences([]) == of_specialties([]) == []
