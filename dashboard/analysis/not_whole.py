"""What is not whole about a census, in words and figures, for every page, pack, screen and email.

A list that was not sent is never put in place of what was reported: the figures with the last lists carried
stand beside the reported ones, and say what they are.
"""

from dataclasses import dataclass, replace
from datetime import date

from dashboard.analysis.findings import Figures
from dashboard.scope.returns import Absent, missing_words
from dashboard.scope.scope import Scope
from ingest.store.schema import MONTHLY
from rtt.findings.findings import Finding, display
from rtt.findings.sentences import name
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.wording import list_text, month_text

AS_IF = "As if every provider had reported"
AS_IF_WORDS = (
    "The last lists of the providers that did not report are added to the reported figures. This is not "
    "a published figure, and no signal is judged on it."
)
AS_IF_COLUMNS = ("Measure", "Reported", "With the last lists carried forward")


@dataclass(frozen=True, slots=True)
class NotReported:
    """A month and a provider without a list in it; `counts`: enough of the scope for a gap."""

    month: date
    absent: Absent
    counts: bool


def not_whole_words(scope: Scope) -> list[str]:
    """What the month's file lacks of a whole one, and who did not report; [] for a whole month of all."""
    words = []
    if scope.organisation.level == "provider":
        if scope.shortfall.of_a_provider:
            words.append(f"PARTIAL: this month’s file holds {list_text(list(scope.shortfall.of_a_provider))}")
    elif scope.shortfall.words:
        beside = f"; {scope.shortfall.beside}" if scope.shortfall.beside else ""
        holds = list_text(list(scope.shortfall.words))
        words.append(f"PARTIAL, not England: this month’s file holds {holds}{beside}")
    if scope.census and scope.census in scope.missing:
        words.append(f"PART MISSING: {missing_words(scope.missing[scope.census])}")
    return words


def not_judged_words(scope: Scope) -> str:
    """Why no signal of this census is judged; '' where signals are."""
    month = next((day for day in (scope.census, scope.previous) if day in scope.gaps), None)
    return f"No signal is judged: part of {month_text(month)} is missing." if month else ""


def as_if(scope: Scope, figures: Figures) -> list[tuple[str, str, str]]:
    """Measure, as reported, and with the last lists carried; [] where nobody is missing."""
    if not scope.census or scope.census not in scope.missing or scope.part != "2":
        return []
    carried = scope.missing[scope.census].carried
    total, over = figures.find("total"), figures.find("over_52")
    share = figures.find("share_within_18")
    rows = [
        _beside(total, carried.total),
        _beside(share, carried.within_18, carried.total),
        _beside(over, carried.over_52),
    ]
    return [row for row in rows if row is not None]


def _beside(finding: Finding | None, more: int, of: int = 0) -> tuple[str, str, str] | None:
    if finding is None or finding.value is None:
        return None
    value = finding.value + more
    if of and finding.numerator is not None and finding.denominator is not None:
        value = (finding.numerator + more) / (finding.denominator + of)
    return name(finding), display(finding), display(replace(finding, value=value))


def not_reported(scope: Scope) -> list[NotReported]:
    """Who did not report in which month up to the chosen one, newest month and largest list first."""
    if scope.source != MONTHLY or scope.census is None:
        return []
    level, codes = scope.organisation.level, scope.codes
    if level == "provider" and len(codes) == 1:
        return []
    functions = scope.functions or (TOTAL,)
    found = []
    for month in sorted(scope.returns.absences, reverse=True):
        if month <= scope.census:
            counted = scope.missing[month].codes if month in scope.missing else frozenset()
            everybody = scope.returns.absent(month, level, codes, functions)
            found += [NotReported(month, each, each.code in counted) for each in everybody]
    return found
