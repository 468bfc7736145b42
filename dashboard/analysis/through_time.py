"""What is said of organisations that merged, and of a return that changed: the mark on a chart, the sentence
of a page, pack or file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from dashboard.filters import THEN
from dashboard.scope.scope import Scope
from ingest.store.schema import MONTHLY
from rtt.terms.lineage import SUMS
from rtt.terms.successions import Succession, became_words
from rtt.terms.wording import date_text, list_text

Names = dict[str, str]
AS_THEN = "Months before are shown as they were then; forecasts and plans are as now."
"""A forecast of one half of a trust would begin with a jump."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened to the scope itself on a day: "RAP merged into it, 1 Jan 2025"."""

    day: date
    words: str
    label: str = ""  # what stands on the chart, where it is not the words


# Source: NHS England, RTT overview time series, note 11; recording and reporting guidance, section 10.1.1.
COMMUNITY_OUT = Mark(
    date(2024, 2, 1),
    "Consultant-led community services left the return, 1 Feb 2024",
    "Community services out",
)
BANDS_TO_104 = Mark(
    date(2021, 4, 1),
    "Until March 2021 waits of over 52 weeks were one band, so longer ones are not known",
    "Bands beyond 52 weeks begin",
)
OTHERS_SPLIT = Mark(
    date(2021, 4, 1),
    "Until March 2021 the five “Other” specialties were one row of the return",
    "“Other” split into five",
)
_OTHERS = {"X02", "X03", "X04", "X05", "X06"}
_BEYOND_52 = {"over_65", "over_78", "over_104"}


def changes_of_the_return(scope: Scope, measure: str = "") -> tuple[Mark, ...]:
    """When what the scope counts changed with the return itself, in the months held, oldest first."""
    dates = scope.loaded.censuses(scope.source)
    if scope.source != MONTHLY or scope.loaded.kind != "real" or not dates:
        return ()
    found = [OTHERS_SPLIT] if _OTHERS & set(scope.functions) else []
    found += [BANDS_TO_104] if measure in _BEYOND_52 else []
    found.append(COMMUNITY_OUT)
    return tuple(each for each in found if dates[0] < each.day <= dates[-1])


def marks_of(scope: Scope) -> tuple[Mark, ...]:
    """The mergers that lie in the months shown, oldest first; those of an area whose commissioners moved."""
    if not scope.has_predecessors:
        return ()
    dates = scope.history
    found = [
        Mark(day, f"{_words(scope, facts)}, {date_text(day)}")
        for day, facts in _by_day(predecessors(scope))
        if dates[0] < day <= dates[-1]
    ]
    told = {each.day for each in found}
    found += [
        Mark(day, f"Its commissioners changed, {date_text(day)}")
        for day in _regrouped(scope)
        if day not in told
    ]
    return tuple(sorted(found, key=lambda mark: mark.day))


def predecessors(scope: Scope) -> tuple[Succession, ...]:
    """The facts by which others became a part of the scope, oldest first."""
    if scope.lineage is None:
        return ()
    return scope.lineage.predecessors(scope.organisation.level, scope.codes)


def became(scope: Scope) -> tuple[Succession, ...]:
    """What has become of the scope since the census that is shown; () for what still is."""
    if scope.lineage is None or len(scope.codes) != 1:
        return ()
    newest = scope.loaded.censuses(MONTHLY)[-1]
    facts = scope.lineage.successions.of(scope.codes[0], newest)
    return tuple(each for each in facts if scope.census and each.on > scope.census)


def history_words(scope: Scope) -> str:
    """How the months before a merger are counted, in a sentence; '' where there was none."""
    if not scope.has_predecessors:
        return " ".join(filter(None, (scope.unplaced, _split_words(scope))))
    marks = [mark.words for mark in marks_of(scope)]
    happened = f"{list_text(marks)}. " if marks else ""
    if scope.filters.history == THEN:
        return f"{happened}{AS_THEN}"
    if scope.organisation.level in SUMS:
        left = f" {scope.unplaced}" if scope.unplaced else ""
        return (
            f"{happened}Months before are the sum of its commissioners (sub-ICBs) of now, wherever they "
            f"were then.{left}"
        )
    return (
        f"{happened}Months before are shown with it added up."
        if len(marks) == 1
        else (f"{happened}Months before are shown with them added up.")
    )


def _split_words(scope: Scope) -> str:
    """Of a trust that has a part of one that was divided: nobody can say which, so nothing is added up."""
    lineage, codes = scope.lineage, scope.codes
    if lineage is None or len(codes) != 1 or scope.organisation.level in SUMS:
        return ""
    facts = [each for each in lineage.successions.into(codes[0], lineage.at) if each.successor == codes[0]]
    dates = scope.loaded.censuses(scope.source)
    divided = [lineage.successions.of(each.code, each.on) for each in facts if dates[0] < each.on]
    named = {each.code: each.name for each in scope.organisations if each.level == scope.organisation.level}
    said = [f"{became_words(each, named)}: its months before are not added up." for each in divided]
    return " ".join(said)


def became_sentence(scope: Scope) -> str:
    """ "RAP merged into Royal Free London NHS FT (RAL) on 1 Jan 2025."; '' for what still is."""
    facts = became(scope)
    named = {each.code: each.name for each in scope.organisations if each.level == scope.organisation.level}
    return f"{became_words(facts, named)}." if facts else ""


def _words(scope: Scope, facts: Sequence[Succession]) -> str:
    """ "RA1 and RA2 merged into it"; of an area "It took in QH8, and parts of QJG and QM7"."""
    lineage = scope.lineage
    assert lineage is not None
    divided = [each.code for each in facts if len(lineage.successions.of(each.code, each.on)) > 1]
    whole = [each.code for each in facts if each.code not in divided]
    if scope.organisation.level not in SUMS:
        return f"{list_text(whole or divided)} merged into it"
    parts = f"parts of {list_text(divided)}" if divided else ""
    return f"It took in {', and '.join(filter(None, (list_text(whole) if whole else '', parts)))}"


def _by_day(facts: Sequence[Succession]) -> list[tuple[date, list[Succession]]]:
    return [(day, list(group)) for day, group in groupby(facts, key=lambda each: each.on)]


def _regrouped(scope: Scope) -> list[date]:
    """The first days of the months from which on the sum of commissioners is the published figure."""
    level = scope.organisation.level
    if level not in SUMS or scope.lineage is None:
        return []
    dates = scope.loaded.censuses(scope.source)
    blocks = scope.lineage.blocks(level, scope.codes, dates)
    other = {day for each in blocks if each.level != level for day in each.dates}
    last = max(other, default=None)
    return [last + timedelta(days=1)] if last and last != dates[-1] else []
