"""Filters held against what the database has.

An address can ask for a trust that is not in the month, or for both a tracking list and England. `resolve`
finds the nearest scope that exists; what it had to change for that it says in a sentence (`nearest` has the
rule of each filter). It decides nothing about pages.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from dashboard.filters import EVERY, THEN, Filters
from dashboard.scope import beside, nearest
from dashboard.scope.absent_lists import Months, absences, returns_of
from dashboard.scope.lineage import ended_before, lineage_at
from dashboard.scope.nearest import ENGLAND_ITSELF, LEVEL_NAMES, PART_OF_ENGLAND_ITSELF
from dashboard.scope.returns import NOTHING_MISSING, Absent, Missing, Returns
from dashboard.scope.rights import own_list_first, with_trusts
from dashboard.scope.shortfall import NO_SHORTFALL, Shortfall, shortfall_of
from dashboard.scope.unplaced import unplaced_words
from dashboard.server.access import ANYBODY, Enquiry, Reader
from dashboard.settings.areas import Area
from dashboard.settings.settings import CHECKOUT, Settings
from dashboard.store.cache import cached
from dashboard.store.counts import Selection
from dashboard.store.loaded_extracts import LoadedExtracts, Organisation, loaded_extracts
from dashboard.store.organisations import organisations
from dashboard.store.written import Group, groups
from ingest.store.schema import MONTHLY, WEEKLY
from rtt.spc.settings import Rules
from rtt.terms import parts
from rtt.terms.lineage import SUMS, WHOLE, Block, Lineage
from rtt.terms.treatment_functions import TOTAL, in_order, short_name_of
from rtt.terms.wording import list_text

__all__ = ["ENGLAND_ITSELF", "LEVEL_NAMES", "Scope", "compared_with", "resolve", "scope_words"]

YEARS_BEFORE = 4
"""Charts draw three years, each month beside the one a year before; limits are of the newest 36 changes."""

NOBODY = Enquiry(ANYBODY, date.min, Settings(home=CHECKOUT))
"""In the scopes that are kept for whoever asks next."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope that exists, with who asks: what every query, control and sentence of a page starts from.

    Only `resolve` and the methods below make one.
    """

    filters: Filters  # as resolved: what the address would say
    enquiry: Enquiry
    loaded: LoadedExtracts
    source: str  # '' on an empty database
    census: date | None
    organisation: Organisation
    codes: tuple[str, ...]  # the organisation's code, or those of a group's trusts, to be added together
    functions: tuple[str, ...]  # chosen; () means all together
    organisations: tuple[Organisation, ...]  # everybody in the census, with its sites and specialties
    groups: tuple[Group, ...]
    notices: tuple[str, ...]
    returns: Returns = field(default=NOTHING_MISSING, compare=False)  # who did not send a monthly return
    shortfall: Shortfall = field(default=NO_SHORTFALL, compare=False)  # what the months held lack
    lineage: Lineage | None = field(default=None, compare=False)  # of monthly returns: what counts for whom
    unplaced: str = field(default="", compare=False)  # what of the months before nobody can place, in words
    # What `gaps_of` and `_joined` found: a page asks of the same few scopes for each of its figures.
    _gaps: dict[tuple[Any, ...], frozenset[date]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _whose: dict[tuple[str, tuple[str, ...]], tuple[str, tuple[str, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def seen_by(self, reader: Reader) -> Scope:
        """The same as somebody else sees it: the public of a pack, a wall screen."""
        return replace(self, enquiry=replace(self.enquiry, reader=reader))

    def asking(self, **changes: Any) -> Scope:
        """The same with other settings of the page in the address: fields of `Filters`."""
        return replace(self, filters=replace(self.filters, **changes))

    def of_england(self) -> Scope:
        """The same specialties in England, or in what the month holds of it."""
        return replace(self, organisation=self.england, codes=(self.england.code,))

    def of_trust(self, code: str) -> Scope:
        """The same in one trust of a group."""
        return replace(self, codes=(code,))

    def of_all_trusts(self, codes: tuple[str, ...]) -> Scope:
        """The same of the lists of these trusts together, as England's."""
        return replace(self, organisation=self.england, codes=codes)

    @property
    def reader(self) -> Reader:
        """Who asks, with the rights that hold in this scope: of a PTL, at every trust that it is of."""
        reader = self.enquiry.reader
        return reader.at(self.codes) if self.source == WEEKLY else reader

    def areas_in(self, trust: str) -> tuple[Area, ...]:
        """What of the list of one trust the reader sees anyway, whether or not it is shown by itself here."""
        return self.enquiry.reader.areas_in(trust)

    @property
    def is_known_in_part(self) -> bool:
        """Whether the reader knows some lists of these better than their sum, from which it may take them."""
        return len(self.codes) > 1 and any(
            self.areas_in(code) != self.reader.areas_in(code) for code in self.codes
        )

    @property
    def rules(self) -> Rules:
        """Those of every process control chart; a setting, not in the address."""
        return self.enquiry.settings.rules

    @property
    def previous(self) -> date | None:
        """The census before the chosen one, if held."""
        return next(iter(self.dates[-2:-1]), None)

    @property
    def open_band(self) -> int:
        """The last week band of the census, which has no end."""
        return next(each.open_band for each in self.loaded.of(self.source) if each.census_date == self.census)

    @property
    def offered_functions(self) -> tuple[str, ...]:
        """The specialties of the census, in the order of the return."""
        codes = (each.code for each in self.organisations if each.level == "function" and each.code != TOTAL)
        return tuple(sorted(codes, key=in_order))

    @property
    def sites(self) -> tuple[tuple[str, str], ...]:
        """Code and name of the sites of a PTL."""
        listed = self.organisations if self.source == WEEKLY else ()
        return tuple((each.code, each.name) for each in listed if each.level == "site")

    @property
    def conceals(self) -> bool:
        """Whether small numbers are suppressed: those of a PTL, for who may not see its pathways."""
        return self.source == WEEKLY and not self.reader.sees_all_of(self.functions, self.filters.site)

    @property
    def missing(self) -> Mapping[date, Missing]:
        """Month -> what is missing of this scope; months that are whole are not named."""
        return self.missing_of(self.organisation.level, self.codes, self.functions)

    def missing_of(
        self, level: str, codes: tuple[str, ...], functions: tuple[str, ...] = ()
    ) -> Mapping[date, Missing]:
        """As `missing`, of another scope of the same months. A provider's own list is there or is not."""
        of_level, every = self._joined(level, codes)
        if of_level == "provider" and len(every) == 1:
            return {}
        found = self.returns.of(of_level, every, functions or (TOTAL,), shown_as=level)
        if level == "provider" and len(codes) == 1:
            return {month: replace(gone, where="this trust") for month, gone in found.items()}
        return found

    def carried(self, month: date) -> tuple[Absent, ...]:
        """Those whose last list stands in for what they did not send of this scope, largest first."""
        level, codes = self.organisation.level, self.codes
        of_level, every = self._joined(level, codes)
        if of_level == "provider" and len(every) == 1:
            return ()
        functions = self.functions or (TOTAL,)
        return self.returns.carried(month, of_level, every, functions, shown_as=level)

    @property
    def gaps(self) -> frozenset[date]:
        """The months in which the figure lacks a part of the scope: no change to or from them is one."""
        return self.gaps_of(self.organisation.level, self.codes, self.functions)

    def gaps_of(self, level: str, codes: tuple[str, ...], functions: tuple[str, ...] = ()) -> frozenset[date]:
        """As `gaps`, of another scope of the same months."""
        asked = level, codes, functions
        if asked not in self._gaps:
            self._gaps[asked] = self._gaps_in(*asked)
        return self._gaps[asked]

    def _gaps_in(self, level: str, codes: tuple[str, ...], functions: tuple[str, ...]) -> frozenset[date]:
        kinds = ["functions"] if not functions else []
        kinds += ["places"] if level == "england" else []
        cut = {day for kind in kinds for day in self.shortfall.uneven.get(kind, ())}
        cut |= self._unplaced(level, codes).keys()
        return frozenset(self.missing_of(level, codes, functions)) | cut

    def gaps_of_unit(self, unit: str, by: str) -> frozenset[date]:
        """The gaps of one row of a table: a specialty, an organisation of the level `by`, '' the scope."""
        if by == "treatment_function" and unit not in ("", TOTAL):
            return self.gaps | self.gaps_of(self.organisation.level, self.codes, (unit,))
        if by and by != "treatment_function":
            return self.gaps_of(by, (unit,), self.functions)
        return self.gaps

    @property
    def england(self) -> Organisation:
        """England, or what the month holds of it."""
        return PART_OF_ENGLAND_ITSELF if self.shortfall.words else ENGLAND_ITSELF

    @property
    def beside(self) -> tuple[Scope, ...]:
        """The same of each place that the reader has put beside this one."""
        places = beside.organisations_of(self.filters.beside, (self.england, *self.organisations))
        return tuple(replace(self, organisation=each, codes=(each.code,)) for each in places)

    @property
    def is_part(self) -> bool:
        """Whether a site, a part of the list or a priority is asked for."""
        return bool(self.filters.site or self.filters.pathway or self.filters.priority)

    @property
    def is_whole(self) -> bool:
        """Whether the whole list of the organisation is asked for, without a filter."""
        return not (self.functions or self.is_part)

    @property
    def is_one_whole(self) -> bool:
        """Whether it is the whole list of one organisation: a group less its other trusts is a trust."""
        return self.is_whole and len(self.codes) == 1

    @property
    def part(self) -> str:
        """The waiting list asked for: 2, or 2A "with a decision to admit"."""
        return parts.WITH_DECISION_TO_ADMIT if self.filters.pathway == "dta" else parts.INCOMPLETE

    @property
    def stage(self) -> str:
        """Admitted or non-admitted part of a tracking list; '' for all."""
        return self.filters.pathway if self.filters.pathway in ("admitted", "non-admitted") else ""

    @property
    def dates(self) -> tuple[date, ...]:
        """The censuses held up to the chosen one, oldest first."""
        held = self.loaded.censuses(self.source)
        return held[: bisect_right(held, self.census)] if self.census else ()

    @property
    def window(self) -> tuple[date, ...]:
        """The censuses that pages read: of the chosen one's year and of the years before that shape what is
        drawn and judged, or all where the address asks for all. In whole years, so that the next census that
        is chosen finds them read.
        """
        held = self.loaded.censuses(self.source)
        filters, at = self.filters, self.census
        if at is None or filters.points == EVERY or filters.since:
            return held
        return tuple(day for day in held if at.year - YEARS_BEFORE <= day.year <= at.year)

    @property
    def recent(self) -> tuple[date, ...]:
        """The censuses of the window up to the chosen one: those that a series of the scope has."""
        return tuple(day for day in self.window if self.census and day <= self.census)

    def since(self, before: date | None) -> tuple[date, ...]:
        """The census compared with, where there is one, and the chosen one."""
        return tuple(day for day in (before, self.census) if day)

    @property
    def unplaced_months(self) -> dict[date, frozenset[str]]:
        """Month -> the commissioners that may have been a part of this scope, and that nobody can place."""
        return self._unplaced(self.organisation.level, self.codes)

    def _unplaced(self, level: str, codes: tuple[str, ...]) -> dict[date, frozenset[str]]:
        if self._as_now is None:
            return {}
        return self._as_now.unplaced(level, codes, self.loaded.censuses(self.source))

    @property
    def history(self) -> tuple[date, ...]:
        """The months held, and of a trust those of published workbooks where the reader asks for them."""
        held = self.loaded.censuses(self.source)
        if not self.filters.since or self.organisation.level not in WHOLE:
            return held
        return tuple(sorted({*held, *self.loaded.published_months}))

    @property
    def has_predecessors(self) -> bool:
        """Whether months before count otherwise for this scope as now than as it was then."""
        place = self.organisation
        return self.lineage is not None and bool(self.lineage.blocks(place.level, self.codes, self.history))

    @property
    def is_joined(self) -> bool:
        """Whether what became a part of this scope is added up with it."""
        return self.has_predecessors and self._as_now is not None

    @property
    def shows_usual_history(self) -> bool:
        """Whether months before a merger are as everybody has them who does not choose."""
        return self.is_joined or not self.has_predecessors

    def is_joined_at(self, day: date) -> bool:
        """Whether the figures of a census held are added up of others than its own of that day."""
        if self._as_now is None:
            return False
        return bool(self._as_now.blocks(self.organisation.level, self.codes, (day,)))

    @property
    def _as_now(self) -> Lineage | None:
        return None if self.filters.history == THEN else self.lineage

    @property
    def joined_codes(self) -> tuple[str, ...]:
        """The codes of everybody whose rows count for this scope: of an ICB or region, of commissioners."""
        return self._joined(self.organisation.level, self.codes)[1]

    def _joined(self, level: str, codes: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """The level and the codes of everybody whose rows count for these."""
        if self._as_now is None:
            return level, codes
        if (level, codes) not in self._whose:
            self._whose[level, codes] = self._as_now.joined(level, codes, self.loaded.censuses(self.source))
        return self._whose[level, codes]

    def _blocks(self, level: str, codes: tuple[str, ...] | None) -> tuple[Block, ...]:
        if self.lineage is None:
            return ()
        return self.lineage.blocks(level, codes, self.loaded.censuses(self.source))

    def codes_in(self, months: Sequence[date]) -> Mapping[date, tuple[str, ...]] | None:
        """Month, held or not -> whose figures of it count for this scope; None of an ICB or region that is
        now the sum of other commissioners.
        """
        own = dict.fromkeys(months, self.codes)
        if self._as_now is None:
            return own
        if self.organisation.level in SUMS:
            return None if self.is_joined else own
        blocks = self._as_now.blocks(self.organisation.level, self.codes, tuple(months))
        return own | {day: each.codes for each in blocks if each.codes is not None for day in each.dates}

    def selection(
        self,
        dates: tuple[date, ...],
        *,
        each_function: bool = False,
        by: str = "",
        only: tuple[str, ...] | None = None,
    ) -> Selection:
        """The rows of this scope: together, `each_function` apart, or every organisation of a level `by`, or
        `only` some of it.
        """
        every = (*self.offered_functions, TOTAL)
        level, codes = (by, only) if by else (self.organisation.level, self.codes)
        return Selection(
            source=self.source,
            level=level,
            codes=codes,
            functions=every if each_function else self.functions or (TOTAL,),
            site=self.filters.site,
            stage=self.stage,
            priority=self.filters.priority,
            parts=(self.part,),
            dates=dates,
            blocks=() if self._as_now is None else self._blocks(level, codes),
        )


def resolve(connection: Connection, filters: Filters, enquiry: Enquiry) -> Scope:
    """The scope an address means; three statements, and one more where a provider was ever absent, or where
    rights are bound to organisations.

    What is dated after the day of the enquiry is as if it were not held.
    """
    # Only where something is dated so: what was made yesterday is remembered today.
    until = enquiry.today if loaded_extracts(connection).ahead(enquiry.today) else None
    # Groups are written by people, at any time: only what is made from them can be remembered.
    enquiry = with_trusts(connection, enquiry)
    filters = own_list_first(filters, loaded_extracts(connection), enquiry.reader)
    found = _resolved(connection, filters, tuple(groups(connection)), until)
    return replace(found, enquiry=enquiry)


@cached
def _resolved(
    connection: Connection, filters: Filters, saved: tuple[Group, ...], until: date | None
) -> Scope:
    """The scope of nobody in particular: whoever asks next has another name, and the same scope."""
    held = loaded_extracts(connection)
    held = held.until(until) if until else held
    notices: list[str] = []
    source = nearest.source(filters, held, notices)
    census = nearest.census(filters, held, source, notices)
    if census is None:
        return Scope(filters, NOBODY, held, "", None, ENGLAND_ITSELF, (), (), (), saved, tuple(notices))
    monthly = source == MONTHLY
    listed = organisations(
        connection, tuple(held.ids(source, [census])), "england" if monthly else "provider"
    )
    if monthly and (last := ended_before(connection, filters, listed, held, census)) is not None:
        notices.append(last.words)
        census, filters = last.month, replace(filters, census=last.month)
        listed = organisations(connection, tuple(held.ids(source, [census])), "england")
    dates = held.censuses(source)
    absent = absences(connection, dates).get(census, {}) if monthly else {}
    shortfall = shortfall_of(connection, census) if monthly else NO_SHORTFALL
    filters, together, of_group = nearest.group(filters, saved, listed, absent, notices)
    organisation = together or nearest.organisation(
        filters, source, listed, notices, is_part=bool(shortfall.words), absent=absent
    )
    scope = Scope(
        filters=filters,
        enquiry=NOBODY,
        loaded=held,
        source=source,
        census=census,
        organisation=organisation,
        codes=of_group or (organisation.code,),
        functions=(),
        organisations=listed,
        groups=saved,
        notices=(),
        shortfall=shortfall,
    )
    functions = nearest.functions(filters, scope.offered_functions, notices)
    is_england = organisation.level == "england"
    resolved = replace(
        filters,
        source=source if filters.source or len(held.sources) > 1 else "",
        census=filters.census and census,
        tf=functions,
        org="" if together or is_england else organisation.code,
        level=filters.level if is_england else organisation.level,
        kind=nearest.kind(filters, organisation, notices),
        compare=nearest.compare(filters, dates, source, census, notices),
        beside=beside.codes(filters, source, organisation, (scope.england, *listed), notices),
        add="",
        **nearest.splits(filters, source, [code for code, _ in scope.sites], notices),
    )
    found = replace(
        scope,
        filters=resolved,
        functions=functions,
        notices=tuple(notices),
        lineage=lineage_at(connection, census, until) if monthly else None,
    )
    if not monthly:
        return found
    found = replace(found, unplaced=unplaced_words(connection, found))
    every = found.joined_codes if organisation.level == "provider" else scope.codes
    # A provider's own list is there or is not, whatever the specialty.
    alone = organisation.level == "provider" and len(every) == 1 and not resolved.beside
    asked = organisation.level, every, (not alone and functions) or (TOTAL,)
    return replace(found, returns=returns_of(connection, Months(dates, found.window), asked))


def compared_with(scope: Scope, usual: str) -> date | None:
    """The census to compare with: the reader's, else the page's `usual`, else the longest step back held."""
    if scope.census is None:
        return None
    held = scope.dates
    for step in dict.fromkeys((scope.filters.compare or usual, "year", "quarter", "previous")):
        wanted = nearest.step_back(held, scope.source, scope.census, step)
        if wanted is not None:
            return wanted
    return None


def scope_words(scope: Scope) -> str:
    """The scope in words, "RTD Newcastle, ENT and Urology", for titles and captions."""
    words = scope.organisation.name
    if scope.functions:
        words += ", " + list_text([short_name_of(code) for code in scope.functions])
    return words
