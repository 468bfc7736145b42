"""Filters held against what the database has.

An address can ask for a trust that is not in the month, or for both a tracking list and England. `settle`
finds the nearest scope that exists and says in a sentence what it had to change. It decides nothing about
pages.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from dashboard.filters import Filters
from dashboard.queries.counts import Selection
from dashboard.queries.holdings import Holdings, Organisation, holdings, organisations
from dashboard.queries.memo import remembered
from ingest.schema import ENGLAND
from rtt import parts
from rtt.treatment_functions import TOTAL, in_order, short_name_of
from rtt.wording import date_text, list_text

ENGLAND_ITSELF = Organisation("england", ENGLAND, "England", "", "", "")
LEVEL_NAMES = {
    "england": "England",
    "region": "Region",
    "icb": "ICB",
    "provider": "Trust or provider",
    "commissioner": "Commissioner",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A scope that exists: what every query, control and sentence of a page starts from."""

    filters: Filters  # settled: what the address would say
    holdings: Holdings
    source: str  # '' on an empty database
    census: date | None
    previous: date | None  # the census before it, if held
    open_band: int
    organisation: Organisation
    organisations: tuple[Organisation, ...]  # everybody in the census
    functions: tuple[str, ...]  # chosen; () means all together
    offered_functions: tuple[str, ...]
    sites: tuple[tuple[str, str], ...]  # code, name
    notices: tuple[str, ...]

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
        held = self.holdings.censuses(self.source)
        return tuple(each for each in held if self.census and each <= self.census)

    def selection(self, dates: tuple[date, ...], *, each_function: bool = False, by: str = "") -> Selection:
        """The rows of this scope: together, `each_function` apart, or every organisation of a level `by`."""
        every = (*self.offered_functions, TOTAL)
        return Selection(
            source=self.source,
            level=by or self.organisation.level,
            codes=None if by else (self.organisation.code,),
            functions=every if each_function else self.functions or (TOTAL,),
            site=self.filters.site,
            stage=self.stage,
            priority=self.filters.priority,
            parts=(self.part,),
            dates=dates,
        )


@remembered
def settle(connection: Connection, filters: Filters) -> Choice:
    """The scope an address means; two statements."""
    held = holdings(connection)
    notices: list[str] = []
    source = _source(filters, held, notices)
    census = _census(filters, held, source, notices)
    if census is None:
        return _nothing(filters, held)
    listed = organisations(
        connection, tuple(held.ids(source, [census])), "provider" if source == "weekly" else "england"
    )
    organisation = _organisation(filters, source, listed, notices)
    sites = tuple((o.code, o.name) for o in listed if o.level == "site" and source == "weekly")
    offered = tuple(
        sorted((o.code for o in listed if o.level == "function" and o.code != TOTAL), key=in_order)
    )
    functions = _known("specialty", filters.tf, offered, notices)
    settled = replace(
        filters,
        source=source if filters.source or len(held.sources) > 1 else "",
        census=filters.census and census,
        tf=functions,
        org=organisation.code if organisation.level != "england" else "",
        level=filters.level if organisation.level == "england" else organisation.level,
        **_splits(filters, source, [code for code, _ in sites], notices),
    )
    dates = held.censuses(source)
    position = dates.index(census)
    found = next(h for h in held.of(source) if h.census_date == census)
    return Choice(
        settled,
        held,
        source,
        census,
        dates[position - 1] if position else None,
        found.open_band,
        organisation,
        listed,
        functions,
        offered,
        sites,
        tuple(notices),
    )


def _nothing(filters: Filters, held: Holdings) -> Choice:
    return Choice(filters, held, "", None, None, 104, ENGLAND_ITSELF, (), (), (), (), ())


def _source(filters: Filters, held: Holdings, notices: list[str]) -> str:
    if filters.source and filters.source not in held.sources and held.sources:
        wanted = "weekly tracking list" if filters.source == "weekly" else "monthly extract"
        notices.append(f"No {wanted} is loaded; the other source is shown.")
    if filters.source in held.sources:
        return filters.source
    # The tracking list is the newer of the two, and the one a trust acts on.
    if "weekly" in held.sources and filters.level in ("", "provider"):
        return "weekly"
    return held.sources[0] if held.sources else ""


def _census(filters: Filters, held: Holdings, source: str, notices: list[str]) -> date | None:
    dates = held.censuses(source)
    if not dates:
        return None
    if filters.census and filters.census not in dates:
        earlier = [held for held in dates if held <= filters.census]
        nearest = earlier[-1] if earlier else dates[0]
        notices.append(f"There is no census on {date_text(filters.census)}; {date_text(nearest)} is shown.")
        return nearest
    return filters.census or dates[-1]


def _organisation(
    filters: Filters, source: str, listed: tuple[Organisation, ...], notices: list[str]
) -> Organisation:
    if source == "weekly":
        trusts = [o for o in listed if o.level == "provider"]
        found = [o for o in trusts if o.code == filters.org]
        if (filters.org and not found) or filters.level not in ("", "provider"):
            notices.append("The tracking list knows only its own trust, which is shown.")
        return found[0] if found else trusts[0]
    level = filters.level or ("provider" if filters.org else "england")
    if level == "england":
        if filters.org:
            notices.append(f"“{filters.org}” and England contradict each other; England is shown.")
        return ENGLAND_ITSELF
    for organisation in listed:
        if organisation.level == level and organisation.code == filters.org:
            return organisation
    if filters.org:
        notices.append(
            f"There is no {LEVEL_NAMES[level].lower()} “{filters.org}” in this census; England is shown."
        )
    else:
        notices.append("Choose one from the list; until then the figures are for England.")
    return ENGLAND_ITSELF


def _known(
    what: str, wanted: tuple[str, ...], offered: tuple[str, ...], notices: list[str]
) -> tuple[str, ...]:
    for code in wanted:
        if code not in offered and code != TOTAL:
            notices.append(f"There is no {what} “{code}” in this census; it was left out.")
    return tuple(code for code in wanted if code in offered)


def _splits(filters: Filters, source: str, sites: list[str], notices: list[str]) -> dict[str, str]:
    kept = {"site": filters.site, "pathway": filters.pathway, "priority": filters.priority}
    if source == "monthly":
        if filters.pathway in ("admitted", "non-admitted"):
            notices.append(
                "The monthly return does not split those waiting into admitted and non-admitted "
                "(part 2 less 2A is not “non-admitted”); choose “with decision to admit” instead."
            )
            kept["pathway"] = ""
        if filters.site or filters.priority:
            notices.append(
                "The monthly return knows neither sites nor priorities; those filters were ignored."
            )
            kept["site"] = kept["priority"] = ""
    elif filters.site and filters.site not in sites:
        notices.append(f"There is no site “{filters.site}” in this list; all sites are shown.")
        kept["site"] = ""
    return kept


def scope_words(choice: Choice) -> str:
    """The scope in words, "RTD Newcastle, ENT and Urology", for titles and captions."""
    words = choice.organisation.name
    if choice.functions:
        words += ", " + list_text([short_name_of(code) for code in choice.functions])
    return words
