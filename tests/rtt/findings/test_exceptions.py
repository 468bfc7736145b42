"""Which findings are exceptions, what is said of the rest, and what a forecast adds."""

from dataclasses import replace
from datetime import date

import pytest

from rtt.findings.exceptions import NOT_JUDGED, Expected, exception_of, forecast_of, overall_sentence
from rtt.findings.findings import Finding, Population, Remark
from rtt.measures.standards import applicable
from rtt.spc.assurance import Met

CENSUS = date(2026, 10, 31)
STANDARD = applicable("share_within_18", on=CENSUS)
FINDING = Finding(
    indicator_key="share_within_18",
    value=0.603,
    numerator=603,
    denominator=1000,
    unit="share",
    scope=Population("england", "ENG", "England"),
    census_date=CENSUS,
    source="monthly",
    status="published",
    standard=STANDARD,
)
CONCERNING = Remark("signal", "concerning", "Concerning: 9 changes in a row downwards.", "square")
CALM = Remark("signal", "no significant change", "No significant change.", "circle")


@pytest.mark.parametrize(
    ("remarks", "met", "word"),
    [
        ((), None, None),
        ((CALM,), Met(3, 12, 0), None),
        ((CONCERNING,), Met(12, 12, 0), "concerning"),
        ((CALM,), Met(0, 12, 0), "standard not met"),
        ((CONCERNING,), Met(0, 12, 0), "concerning"),
        ((CALM,), Met(0, 0, 12), None),  # no census had both a figure and a standard
    ],
)
def test_a_measure_is_an_exception_when_it_worsens_or_never_meets_its_standard(remarks, met, word):
    found = exception_of(replace(FINDING, remarks=remarks), met, STANDARD)
    assert (found.word if found else None) == word


def test_an_exception_says_both_reasons():
    found = exception_of(replace(FINDING, remarks=(CONCERNING,)), Met(0, 12, 0), STANDARD)
    assert found is not None
    assert found.sentence == "Concerning: 9 changes in a row downwards. The 92% standard: met in 0 of 12."


def test_a_forecast_is_written_as_its_finding_is():
    found = forecast_of(FINDING, Expected(date(2027, 1, 31), 0.6149, 0.6051, 0.6248))
    assert found.sentence == (
        "Within 18 weeks: 61.5% forecast for 31 Jan 2027 if clocks start and stop at the present rate; "
        "80% interval 60.5% to 62.5%."
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["no significant change"] * 14, "No significant change in 14 of 14 measures."),
        (
            ["no significant change"] * 11 + ["concerning"] * 2 + ["improving"],
            "No significant change in 11 of 14 measures; 2 concerning; 1 improving.",
        ),
        ([NOT_JUDGED] * 14, "None of 14 measures can be judged yet: too few points."),
        (
            ["concerning", NOT_JUDGED],
            "No significant change in 0 of 2 measures; 1 concerning; 1 not judged yet.",
        ),
        (["special cause, neither improvement nor concern"],
         "No significant change in 0 of 1 measure; 1 special cause with neither improvement nor concern."),
    ],
)  # fmt: skip
def test_what_did_not_change_is_said_too(words, sentence):
    assert overall_sentence(words) == sentence
