"""A scope as if every trust had reported: beside the reported figures, never instead of them.

Of England's whole list NHS England's own estimate stands where its series gives one; everywhere else the last
list of each trust that did not report is carried (`dashboard.scope.returns` says whose, and for how long).
A list has three counts by provider and commissioner, so five measures can be told.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dashboard.scope.returns import NAMED, Absent, Listed
from dashboard.scope.scope import Scope
from ingest.store.schema import MONTHLY
from rtt.findings.findings import Finding, display
from rtt.terms.parts import INCOMPLETE
from rtt.terms.wording import list_text, month_text, number_text, plural

AS_IF = "As if every trust had reported"
LEAST_NAMED = 0.02
"""Of what is carried, the share that a trust must have to be named."""
KEYS = ("share_within_18", "total", "over_18", "over_52", "share_over_52")


@dataclass(frozen=True, slots=True)
class AsIf:
    """What a month lacks of a scope: `added` to what was reported it is whole.

    `carried`: whose last lists these are, largest first; () for NHS England's own estimate, which was
    published in the month `vintage`.
    """

    month: date
    added: Listed
    carried: tuple[Absent, ...] = ()
    vintage: str = ""

    @property
    def how(self) -> str:
        """What was added, in words: "the last list of X (RX1) is carried: 6,527 pathways from July 2025"."""
        if not self.carried:
            published = month_text(date(int(self.vintage[:4]), int(self.vintage[5:7]), 1))
            more = number_text(self.added.total)
            return f"NHS England’s own estimate for missing trusts adds {more} (series of {published})"
        large = [each for each in self.carried[:NAMED] if each.listed.total >= LEAST_NAMED * self.added.total]
        named = [f"{_name(each)} with {_size(each)}" for each in large]
        if more_of := self.carried[len(large) :]:
            size = plural(sum(each.listed.total for each in more_of), "pathway")
            named.append(f"{len(more_of)} more with {size}")
        if len(self.carried) == 1:
            (one,) = self.carried
            return f"the last list of {_name(one)} is carried: {_size(one)}"
        return f"the last lists of {len(self.carried)} trusts are carried: {list_text(named)}"


def _name(each: Absent) -> str:
    return each.code if each.name in ("", each.code) else f"{each.name} ({each.code})"


def _size(each: Absent) -> str:
    return f"{plural(each.listed.total, 'pathway')} from {month_text(each.last)}"


def as_if_of(scope: Scope, months: Collection[date] | None = None) -> Mapping[date, AsIf]:
    """Month -> what it lacks, of those of these months that lack anything; None: all up to the chosen one."""
    if scope.source != MONTHLY or scope.part != INCOMPLETE or scope.is_part:
        return {}
    # A file that was cut out of a month lacks most of England: that is no missing return.
    cut = {day for days in scope.shortfall.uneven.values() for day in days}
    told = (scope.returns.absences.keys() | scope.returns.estimates.keys()) - cut
    asked = scope.recent if months is None else [month for month in scope.recent if month in months]
    found = {month: _in_month(scope, month) for month in asked if month in told}
    return {month: each for month, each in found.items() if each is not None}


def _in_month(scope: Scope, month: date) -> AsIf | None:
    word = scope.returns.estimates.get(month)
    if scope.organisation.level == "england" and scope.is_whole and word is not None:
        added = word.whole - word.reported
        return AsIf(month, added, vintage=word.vintage) if added != Listed() else None
    carried = scope.carried(month)
    return AsIf(month, sum((each.listed for each in carried), Listed()), carried) if carried else None


def whole(finding: Finding, lacks: AsIf) -> Finding | None:
    """The finding as if every trust had reported; None for a measure of which no list tells."""
    key, added = finding.indicator_key, lacks.added
    more = {
        "total": (added.total, 0),
        "over_18": (added.total - added.within_18, 0),
        "over_52": (added.over_52, 0),
        "share_within_18": (added.within_18, added.total),
        "share_over_52": (added.over_52, added.total),
    }.get(key)
    if more is None or finding.value is None or finding.numerator is None:
        return None
    numerator = finding.numerator + more[0]
    if finding.unit != "share":
        return replace(finding, value=numerator, numerator=numerator, status=AS_IF.lower(), earlier=None)
    assert finding.denominator is not None
    denominator = finding.denominator + more[1]
    return replace(
        finding,
        value=numerator / denominator,
        numerator=numerator,
        denominator=denominator,
        status=AS_IF.lower(),
        earlier=None,
    )


def as_if_findings(scope: Scope, findings: Sequence[Finding | None]) -> list[Finding]:
    """Those of some findings, oldest first, whose month lacks something, as if every trust had reported."""
    lacks = as_if_of(scope, {each.census_date for each in findings if each})
    pairs = [(each, lacks[each.census_date]) for each in findings if each and each.census_date in lacks]
    return [beside for each, missing in pairs if (beside := whole(each, missing)) is not None]


def as_if_words(finding: Finding, scope: Scope) -> str:
    """ "Reported: 7,310,000. As if every trust had reported: 7,401,256; the last list of ... is carried.";
    '' where nothing is missing of its month, or the measure is not one that a list tells.
    """
    lacks = as_if_of(scope, {finding.census_date}).get(finding.census_date)
    beside = whole(finding, lacks) if lacks else None
    if lacks is None or beside is None:
        return ""
    return f"Reported: {display(finding)}. {AS_IF}: {display(beside)}; {lacks.how}."
