"""Filters held against what the database has.

An address can ask for a trust that is not in the month, or for both a tracking list and England. `resolve`
finds the nearest scope that exists; what it had to change for that it says in a sentence (`nearest` has the
rule of each filter). It decides nothing about pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Connection

from dashboard.filters import Filters
from dashboard.scope import nearest
from dashboard.scope.absent_lists import absences, returns_of
from dashboard.scope.nearest import ENGLAND_ITSELF, LEVEL_NAMES, PART_OF_ENGLAND_ITSELF
from dashboard.scope.organisations import organisations
from dashboard.scope.returns import NOTHING_MISSING, Missing, Returns
from dashboard.server.access import ANYBODY, Reader, Visit
from dashboard.store.cache import cached
from dashboard.store.compositions import beside_words, lacking_in, lacking_of_a_provider_in, uneven_months
from dashboard.store.counts import Selection
from dashboard.store.loaded_extracts import LoadedExtracts, Organisation, loaded_extracts
from dashboard.store.written import Group, groups
from ingest.store.schema import MONTHLY, WEEKLY
from rtt.spc.settings import DEFAULT_RULES, Rules
from rtt.terms import parts
from rtt.terms.treatment_functions import TOTAL, in_order, short_name_of
from rtt.terms.wording import list_text

__all__ = ["ENGLAND_ITSELF", "LEVEL_NAMES", "Scope", "compared_with", "resolve", "scope_words"]


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope that exists: what every query, control and sentence of a page starts from."""

    filters: Filters  # settled: what the address would say
    loaded: LoadedExtracts
    source: str  # '' on an empty database
    census: date | None
    previous: date | None  # the census before it, if held
    open_band: int
    organisation: Organisation
    codes: tuple[str, ...]  # the organisation's code, or those of a group's trusts, to be added together
    organisations: tuple[Organisation, ...]  # everybody in the census
    functions: tuple[str, ...]  # chosen; () means all together
    offered_functions: tuple[str, ...]
    sites: tuple[tuple[str, str], ...]  # code, name
    groups: tuple[Group, ...]
    notices: tuple[str, ...]
    rules: Rules = DEFAULT_RULES  # of every process control chart; a setting, not in the address
    visit: Visit | None = None  # who asks, when, under what settings; None: nobody in particular
    returns: Returns = field(default=NOTHING_MISSING, compare=False)  # who did not send a monthly return
    lacking: tuple[str, ...] = ()  # what this month lacks of a whole one, in words
    lacking_own: tuple[str, ...] = ()  # what it lacks of a single provider's return
    beside_whole: str = ""  # by how much it falls short of the last whole month before it
    uneven: Mapping[str, frozenset[date]] = field(default_factory=dict, compare=False)

    @property
    def reader(self) -> Reader:
        """Who asks."""
        return self.visit.reader if self.visit else ANYBODY

    @property
    def conceals(self) -> bool:
        """Whether small numbers stay hidden: those of a tracking list, from who may not see its pathways."""
        own = self.reader.sees_all_of(self.functions, self.filters.site)
        return self.source == WEEKLY and not own

    @property
    def missing(self) -> Mapping[date, Missing]:
        """Month -> what is missing of this scope; months that are whole are not named."""
        return self.missing_of(self.organisation.level, self.codes, self.functions)

    def missing_of(
        self, level: str, codes: tuple[str, ...], functions: tuple[str, ...] = ()
    ) -> Mapping[date, Missing]:
        """As `missing`, of another scope of the same months. A provider's own list is there or is not."""
        if level == "provider" and len(codes) == 1:
            return {}
        return self.returns.of(level, codes, functions or (TOTAL,))

    @property
    def gaps(self) -> frozenset[date]:
        """The months in which the figure lacks a part of the scope: no change to or from them is one."""
        return self.gaps_of(self.organisation.level, self.codes, self.functions)

    def gaps_of(self, level: str, codes: tuple[str, ...], functions: tuple[str, ...] = ()) -> frozenset[date]:
        """As `gaps`, of another scope of the same months."""
        kinds = ["functions"] if not functions else []
        kinds += ["places"] if level == "england" else []
        cut = (day for kind in kinds for day in self.uneven.get(kind, ()))
        return frozenset(self.missing_of(level, codes, functions)) | frozenset(cut)

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
        return PART_OF_ENGLAND_ITSELF if self.lacking else ENGLAND_ITSELF

    @property
    def is_part(self) -> bool:
        """Whether a site, a part of the list or a priority is asked for."""
        return bool(self.filters.site or self.filters.pathway or self.filters.priority)

    @property
    def is_whole(self) -> bool:
        """Whether the whole list of the organisation is asked for, without a filter."""
        return not (self.functions or self.is_part)

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
        return tuple(each for each in held if self.census and each <= self.census)

    def selection(self, dates: tuple[date, ...], *, each_function: bool = False, by: str = "") -> Selection:
        """The rows of this scope: together, `each_function` apart, or every organisation of a level `by`."""
        every = (*self.offered_functions, TOTAL)
        return Selection(
            source=self.source,
            level=by or self.organisation.level,
            codes=None if by else self.codes,
            functions=every if each_function else self.functions or (TOTAL,),
            site=self.filters.site,
            stage=self.stage,
            priority=self.filters.priority,
            parts=(self.part,),
            dates=dates,
        )


def resolve(connection: Connection, filters: Filters, *, today: date | None = None) -> Scope:
    """The scope an address means; three statements, and one more where a provider was ever absent.

    What is dated after `today` is as if it were not held.
    """
    # Only where something is dated so: what was made yesterday is remembered today.
    until = today if today and loaded_extracts(connection).ahead(today) else None
    # Groups are written by people, at any time: only what is made from them can be remembered.
    return _resolved(connection, filters, tuple(groups(connection)), until)


@cached
def _resolved(
    connection: Connection, filters: Filters, saved: tuple[Group, ...], until: date | None
) -> Scope:
    held = loaded_extracts(connection)
    held = held.until(until) if until else held
    notices: list[str] = []
    source = nearest.source(filters, held, notices)
    census = nearest.census(filters, held, source, notices)
    if census is None:
        return Scope(
            filters, held, "", None, None, 104, ENGLAND_ITSELF, (), (), (), (), (), saved, tuple(notices)
        )
    listed = organisations(
        connection, tuple(held.ids(source, [census])), "provider" if source == "weekly" else "england"
    )
    dates = held.censuses(source)
    monthly = source == MONTHLY
    absent = absences(connection, dates).get(census, {}) if monthly else {}
    lacking = lacking_in(connection, census) if monthly else ()
    filters, together, of_group = nearest.group(filters, saved, listed, absent, notices)
    organisation = together or nearest.organisation(
        filters, source, listed, notices, is_part=bool(lacking), absent=absent
    )
    sites = tuple((o.code, o.name) for o in listed if o.level == "site" and source == "weekly")
    offered = tuple(
        sorted((o.code for o in listed if o.level == "function" and o.code != TOTAL), key=in_order)
    )
    functions = nearest.functions(filters, offered, notices)
    resolved = replace(
        filters,
        source=source if filters.source or len(held.sources) > 1 else "",
        census=filters.census and census,
        tf=functions,
        org="" if together or organisation.level == "england" else organisation.code,
        level=filters.level if organisation.level == "england" else organisation.level,
        kind=nearest.kind(filters, organisation, notices),
        compare=nearest.compare(filters, held.censuses(source), source, census, notices),
        **nearest.splits(filters, source, [code for code, _ in sites], notices),
    )
    position = dates.index(census)
    codes = of_group or (organisation.code,)
    asked = organisation.level, codes, functions or (TOTAL,)
    return Scope(
        resolved,
        held,
        source,
        census,
        dates[position - 1] if position else None,
        next(h for h in held.of(source) if h.census_date == census).open_band,
        organisation,
        codes,
        listed,
        functions,
        offered,
        sites,
        saved,
        tuple(notices),
        returns=returns_of(connection, dates, asked) if monthly else NOTHING_MISSING,
        lacking=lacking,
        lacking_own=lacking_of_a_provider_in(connection, census) if lacking else (),
        beside_whole=beside_words(connection, census) if lacking else "",
        uneven=uneven_months(connection) if monthly else {},
    )


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
