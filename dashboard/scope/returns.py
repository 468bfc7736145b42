"""Who did not report, how much of a scope that is, and what the scope would be with the last lists carried.

A provider that had a list and sends none is missing until it sends one again, or is known to have closed
(`ingest.store.closures`): a return cannot say why a list is not there. One that never sent another is taken
for closed after a year: of ten years not every merger is known, and England would have had a gap ever since.
What England, a region, an ICB or a commissioner counts then dips and comes back, and neither is a change:
such a month is a gap to every signal.

How much is missing is judged by the share of the scope that is shown. A region or an ICB counts its own
patients wherever they wait, so a provider's part of it is not the provider's list: `commissioned_list` says
which patients of whom it had.

Whose last list is carried is another question than whether the month is a gap (`Returns.carried`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from ingest.store.closures import has_closed
from rtt.terms.calendar import add_months
from rtt.terms.wording import list_text, month_text, plural, share_text

# The share of a scope's list from which on its missing providers count. Small providers come and go: in the
# twelve months to March 2025 those that stopped had at most 0.3 % of England and 0.4 % of a region in any
# month, and 0.9 % of an ICB, but for community trusts that left one ICB short by 8 %.
LEAST_SHARE = {"england": 0.005, "region": 0.005}
LEAST_SHARE_ELSEWHERE = 0.01
WHERE = {
    "england": "England",
    "region": "this region",
    "icb": "this ICB",
    "commissioner": "this commissioner",
    "provider": "this group",
}
LONGEST_WAIT = 12  # months that one is waited for that never sends a list again
LONGEST_CARRIED = LONGEST_WAIT  # months: older than a year, a list says nothing of today's
NAMED = 3  # missing providers named in a sentence

Absences = Mapping[date, Mapping[str, date]]
"""Month -> providers without a list in it that had one before -> the month of their last list."""

Place = tuple[str, str, str]  # level, organisation, treatment function
Pair = tuple[str, date]  # a provider, and the month of its last list


@dataclass(frozen=True, slots=True)
class Listed:
    """A list, or the part of one."""

    total: int = 0
    within_18: int = 0
    over_52: int = 0

    def __add__(self, other: Listed) -> Listed:
        return Listed(
            self.total + other.total, self.within_18 + other.within_18, self.over_52 + other.over_52
        )

    def __sub__(self, other: Listed) -> Listed:
        return Listed(
            self.total - other.total, self.within_18 - other.within_18, self.over_52 - other.over_52
        )


@dataclass(frozen=True, slots=True)
class Estimate:
    """England's list of a month in NHS England's own series: as reported, and with its estimates for trusts
    that did not report. `vintage`: the month in which it was published, "2026-05".
    """

    reported: Listed
    whole: Listed
    vintage: str


@dataclass(frozen=True, slots=True)
class Absent:
    """A provider that sent no list: its last month, what it had of the scope then, and the share of it."""

    code: str
    name: str
    last: date
    listed: Listed
    share: float
    is_nhs: bool = True

    def months_before(self, month: date) -> int:
        """For how many months, that one included, there has been no list."""
        return 12 * (month.year - self.last.year) + month.month - self.last.month


@dataclass(frozen=True, slots=True)
class Missing:
    """The providers of which a month of a scope has no list, largest first."""

    absent: tuple[Absent, ...]
    where: str = "England"  # "this ICB"

    @property
    def providers(self) -> int:
        return len(self.absent)

    @property
    def pathways(self) -> int:
        """How many waited there by the last lists."""
        return self.carried.total

    @property
    def carried(self) -> Listed:
        """The last lists together."""
        return sum((each.listed for each in self.absent), Listed())

    @property
    def codes(self) -> frozenset[str]:
        """Who is missing: two months that lack the same are equally short."""
        return frozenset(each.code for each in self.absent)


MOST_KEPT = 20_000
"""Scopes."""


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What was found of scopes, for the pages that ask of them again."""

    missing: dict[Any, Mapping[date, Missing]] = field(default_factory=dict)
    absent: dict[Any, tuple[Absent, ...]] = field(default_factory=dict)

    def bound(self) -> None:
        """Let go of all where it has become much: readers may ask for any specialties together."""
        if len(self.missing) > MOST_KEPT:
            self.missing.clear()
            self.absent.clear()


@dataclass(frozen=True, slots=True, eq=False)
class Returns:
    """Every absence of the months held, and what it comes to in any scope asked for.

    away: the months of each absence. parts: of each place, what those who were absent had of it last.
    """

    months: tuple[date, ...]
    absences: Absences = field(default_factory=dict)
    away: Mapping[Pair, tuple[date, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[Place, Mapping[Pair, Listed]] = field(default_factory=dict)
    totals: Mapping[tuple[date, Place], int] = field(default_factory=dict)
    nhs: frozenset[str] = frozenset()
    estimates: Mapping[date, Estimate] = field(default_factory=dict)
    settled: Mapping[date, frozenset[str]] = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept, repr=False)

    def of(
        self, level: str, codes: tuple[str, ...], functions: tuple[str, ...], *, shown_as: str = ""
    ) -> Mapping[date, Missing]:
        """Month -> what is missing of a scope; months that are whole are not named. `shown_as`: the level of
        the scope, where its rows are of another: an ICB's of its commissioners.
        """
        asked = level, codes, functions, shown_as or level
        if (found := self.kept.missing.get(asked)) is None:
            found = self.kept.missing[asked] = self._missing(*asked)
            self.kept.bound()
        return found

    def absent(
        self, month: date, level: str, codes: tuple[str, ...], functions: tuple[str, ...]
    ) -> list[Absent]:
        """Everybody absent from a month who had anything of the scope before, largest first."""
        gone = self.absences.get(month, {})
        return [each for each in self._absent(level, codes, functions) if gone.get(each.code) == each.last]

    def _absent(self, level: str, codes: tuple[str, ...], functions: tuple[str, ...]) -> tuple[Absent, ...]:
        """Everybody who was absent once and had anything of the scope before, largest first."""
        asked = level, codes, functions
        if (known := self.kept.absent.get(asked)) is None:
            places = [(level, code, function) for code in codes for function in functions]
            listed: dict[Pair, Listed] = defaultdict(Listed)
            for place in places:
                for pair, part in self.parts.get(place, {}).items():
                    listed[pair] += part
            of = {last: sum(self.totals.get((last, place), 0) for place in places) for _, last in listed}
            found = (
                Absent(
                    provider,
                    self.names.get(provider, provider),
                    last,
                    mine,
                    mine.total / of[last],
                    provider in self.nhs,
                )
                for (provider, last), mine in listed.items()
                if mine.total and of[last]
            )
            known = tuple(sorted(found, key=lambda each: (-each.listed.total, each.code)))
            self.kept.absent[asked] = known
        return known

    def carried(
        self,
        month: date,
        level: str,
        codes: tuple[str, ...],
        functions: tuple[str, ...],
        *,
        shown_as: str = "",
    ) -> tuple[Absent, ...]:
        """Those whose last list stands in for the one that was not sent, largest first."""
        whole = self.of(level, codes, functions, shown_as=shown_as)
        counted = whole[month].codes if month in whole else frozenset()
        everybody = self.absent(month, level, codes, functions)
        return tuple(each for each in everybody if not self.why_not_carried(month, each, counted))

    def why_not_carried(self, month: date, absent: Absent, counted: Collection[str]) -> str:
        """In words, why a last list is not carried; '' where it is. `counted`: the codes that make a gap."""
        if absent.code in self.settled.get(month, ()):
            return "NHS England counts no trust as missing"
        if absent.months_before(month) > LONGEST_CARRIED:
            return f"its list is over {LONGEST_CARRIED} months old"
        if not absent.is_nhs and absent.code not in counted:
            return "an independent provider with a small list"
        return ""

    def _missing(
        self, level: str, codes: tuple[str, ...], functions: tuple[str, ...], shown_as: str
    ) -> Mapping[date, Missing]:
        everybody: dict[date, list[Absent]] = defaultdict(list)
        for each in self._absent(level, codes, functions):
            for month in self.away[each.code, each.last]:
                everybody[month].append(each)
        needed = LEAST_SHARE.get(shown_as, LEAST_SHARE_ELSEWHERE)
        found = {}
        for month, absent in sorted(everybody.items()):
            # Those that stopped together are judged together: many small ones at once are one large gap.
            since: dict[date, float] = defaultdict(float)
            for each in absent:
                since[each.last] += each.share
            if counted := tuple(each for each in absent if since[each.last] >= needed):
                found[month] = Missing(counted, WHERE[shown_as])
        return found


NOTHING_MISSING = Returns(())


def missing_words(gone: Missing) -> str:
    """ "X TRUST (RX1) did not report; it held 6,527 pathways, 24.1% of this ICB, in July 2025"."""
    if len(gone.absent) == 1:
        return f"{_name(gone.absent[0])} did not report; it had {_held(gone, gone.absent[0])}"
    named = [f"{_name(each)} had {_held(gone, each)}" for each in gone.absent[:NAMED]]
    if more := gone.absent[NAMED:]:
        size = plural(sum(each.listed.total for each in more), "pathway")
        named.append(f"{len(more)} more had {size}")
    return f"{plural(gone.providers, 'provider')} did not report: {list_text(named)}"


def _name(absent: Absent) -> str:
    return absent.code if absent.name in ("", absent.code) else f"{absent.name} ({absent.code})"


def _held(gone: Missing, absent: Absent) -> str:
    size, share = plural(absent.listed.total, "pathway"), share_text(absent.share)
    return f"{size}, {share} of {gone.where}, in {month_text(absent.last)}"


def settled_by(
    absences: Absences, estimates: Mapping[date, Estimate], months: tuple[date, ...]
) -> dict[date, frozenset[str]]:
    """Month -> the absent providers of which NHS England has said that nothing is missing.

    Where its series adds no estimate to a month, whoever was absent then has stopped for good, and is not
    missing later either until it sends a list again.
    """
    found: dict[date, frozenset[str]] = {}
    gone: frozenset[str] = frozenset()
    for month in months:
        absent = frozenset(absences.get(month, {}))
        word = estimates.get(month)
        gone = absent if word is not None and word.whole == word.reported else gone & absent
        if gone:
            found[month] = gone
    return found


def absences_of(
    sent: Mapping[date, Collection[str]],
    months: tuple[date, ...],
    closed: Mapping[str, date] = MappingProxyType({}),
) -> Absences:
    """The absences by who sent a list of anybody in each of these months, oldest first.

    `closed`: the closures that were recorded, beside those that the package knows.
    """
    newest = {provider: month for month in months for provider in sent.get(month, ())}
    found: dict[date, Mapping[str, date]] = {}
    last: dict[str, date] = {}
    for before, month in pairwise(months):
        last |= dict.fromkeys(sent.get(before, ()), before)
        gone = {
            provider: seen
            for provider, seen in last.items()
            if provider not in sent.get(month, ())
            and (newest[provider] > month or month <= add_months(seen, LONGEST_WAIT))
            and not has_closed(provider, month, closed)
        }
        if gone:
            found[month] = gone
    return found
