"""Which measures a board should hear about, and the sentence of the rest.

A measure is an exception when its newest point is a concerning signal, or when its standard was met in none
of the last censuses. Causes and actions are for people to write.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rtt.findings.findings import Finding, Remark, display, remarks_of
from rtt.findings.sentences import name
from rtt.measures.standards import Standard, standard_words
from rtt.spc.assurance import Met, met_words
from rtt.terms import wording

CONCERNING, UNCHANGED, NOT_JUDGED = "concerning", "no significant change", "not judged yet"


@dataclass(frozen=True, slots=True)
class Expected:
    """What was forecast of a finding's measure, in its unit: the middle, and where 80 in 100 should lie."""

    on: date
    value: float
    low: float
    high: float


def exception_of(finding: Finding, met: Met | None, standard: Standard | None) -> Remark | None:
    """Why this measure is an exception, as a remark; None if it is not. Looks at the finding's own signal."""
    reasons = [remark for remark in remarks_of(finding, "signal") if remark.word == CONCERNING]
    never = met is not None and standard is not None and met.known > 0 and met.met == 0
    if not reasons and not never:
        return None
    told = [reason.sentence for reason in reasons]
    if never and met is not None and standard is not None:
        named = standard_words(standard)
        told.append(f"{named[0].upper()}{named[1:]}: {met_words(met)}.")
    mark = reasons[0].mark if reasons else "square"
    return Remark("exception", CONCERNING if reasons else "standard not met", " ".join(told), mark)


def forecast_of(finding: Finding, expected: Expected) -> Remark:
    middle, low, high = (
        display(replace(finding, value=value, census_date=expected.on, withheld=""))
        for value in (expected.value, expected.low, expected.high)
    )
    sentence = (
        f"{name(finding)}: {middle} forecast for {wording.date_text(expected.on)} if clocks start and stop "
        f"at the present rate; 80% interval {low} to {high}."
    )
    return Remark("forecast", middle, sentence)


def overall_sentence(words: Sequence[str]) -> str:
    """ "No significant change in 11 of 14 measures; 2 concerning, 1 improving." `words`: one of each measure.

    The word is that of its variation, or NOT_JUDGED where its limits are still trial.
    """
    judged = [word for word in words if word != NOT_JUDGED]
    if not judged:
        return f"None of {wording.plural(len(words), 'measure')} can be judged yet: too few points."
    same = sum(word == UNCHANGED for word in judged)
    others = [word for word in dict.fromkeys(judged) if word != UNCHANGED]
    told = [f"No significant change in {same} of {wording.plural(len(words), 'measure')}"]
    told += [f"{judged.count(word)} {word.replace(', ', ' with ')}" for word in others]
    waiting = len(words) - len(judged)
    told += [f"{waiting} not judged yet"] if waiting else []
    return "; ".join(told) + "."
