"""What is not whole about a census, in words and figures, for every page, pack, screen and email.

A list that was not sent is never put in place of what was reported: the figures with the last lists carried
stand beside the reported ones, and say what they are.
"""

from dataclasses import dataclass
from datetime import date

from dashboard.analysis.as_if import AS_IF, as_if_of, whole
from dashboard.analysis.findings import Figures
from dashboard.scope.returns import LONGEST_CARRIED, Absent, missing_words
from dashboard.scope.scope import Scope
from ingest.store.schema import MONTHLY
from rtt.findings.findings import display
from rtt.findings.sentences import name
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.wording import list_text, month_text

AS_IF_WORDS = (
    "This stands beside the reported figures, never in their place, and no signal is judged on it. A list is "
    f"carried for {LONGEST_CARRIED} months at most."
)
AS_IF_COLUMNS = ("Measure", "Reported", AS_IF)
MEASURES = ("total", "share_within_18", "over_52")


@dataclass(frozen=True, slots=True)
class NotReported:
    """A month and a provider without a list in it; `counts`: enough of the scope for a gap.

    `not_carried`: why its last list does not stand in for it, in words; '' where it does.
    """

    month: date
    absent: Absent
    counts: bool
    not_carried: str = ""


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
    """Measure, as reported, and as if every trust had reported; [] where nobody is missing."""
    lacks = as_if_of(scope).get(scope.census) if scope.census else None
    if lacks is None:
        return []
    found = [figures.find(key) for key in MEASURES]
    pairs = [(each, whole(each, lacks)) for each in found if each is not None]
    return [(name(each), display(each), display(beside)) for each, beside in pairs if beside is not None]


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
            found += [
                NotReported(
                    month,
                    each,
                    each.code in counted,
                    scope.returns.why_not_carried(month, each, counted),
                )
                for each in everybody
            ]
    return found
