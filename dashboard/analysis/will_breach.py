"""Who passes a threshold within a horizon: the question of the address, and the counts that answer it.

From the pathways of a tracking list for those who may see them, grouped in SQL. For everybody else, and for
what is published, from the week bands. Who is in time is `rtt.terms.booking`'s to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from dashboard.analysis.disclosure.seen import seen_of, seen_of_sites
from dashboard.analysis.facts import facts_of
from dashboard.scope.scope import Scope
from dashboard.store.cache import cached
from dashboard.store.pathway_groups import by_booking
from dashboard.store.pathways import Wanted
from ingest.store.schema import ENGLISH, WEEKLY
from rtt.disclosure.seen import Seen
from rtt.measures.band_facts import BandFacts, band_facts
from rtt.measures.disclosed import Count
from rtt.measures.will_breach import (
    Estimate,
    WillBreach,
    by_week_and_booking,
    days_to_month_end,
    from_bands,
    hides_a_band,
)
from rtt.terms.booking import BOOKINGS
from rtt.terms.parts import WITH_DECISION_TO_ADMIT
from rtt.terms.treatment_functions import TOTAL, in_order
from rtt.terms.waits import BANDS

USUAL_WEEKS, USUAL_HORIZON, MONTH = "18", "4", "month"
SPLIT_DAYS = 28
"""The one horizon at which those who may not see pathways are told who has a date: the difference between
two horizons would be a handful of pathways."""


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Those who pass, from pathways: counts of shape (functions, sites, weeks, len(BOOKINGS))."""

    functions: tuple[str, ...]
    sites: tuple[str, ...]
    counts: NDArray[np.int64]
    undecided_tci: int  # have an admission date and no decision to admit: counted by their appointment


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """Week bands (functions, 105) of the scope's specialties, those of all of them last as TOTAL."""

    functions: tuple[str, ...]
    bands: NDArray[np.float64]
    open_band: int
    seen: Seen | None = None  # of the specialties and of the scope, for who may not see small numbers
    seen_bands: NDArray[np.bool_] | None = None  # the limits of single week bands of the scope, (107)
    seen_sites: Mapping[str, Seen] = field(default_factory=dict)

    def estimate(self, will_breach: WillBreach) -> Estimate:
        """Those who pass, by specialty."""
        return from_bands(self.bands, will_breach, open_band=self.open_band)

    def hidden(self, will_breach: WillBreach) -> NDArray[np.bool_]:
        """By specialty and of all of them, whether the count may not be seen."""
        if self.seen is None:
            return np.zeros(len(self.functions), dtype=bool)
        hidden = ~_seen_breaching(self.seen, will_breach)
        if self.seen_bands is not None:
            hidden[-1] = bool(hides_a_band(self.hidden_bands(), will_breach).any())
        return hidden

    def hidden_bands(self) -> NDArray[np.bool_]:
        """The single week bands of the scope that may not be seen."""
        if self.seen is None:
            return np.zeros(BANDS, dtype=bool)
        limits = self.seen_bands
        return np.ones(BANDS, dtype=bool) if limits is None else ~(limits[1:-1] & limits[2:])

    def hidden_at(self, site: str, will_breach: WillBreach) -> bool:
        """Whether the count of a site may not be seen."""
        return self.seen is not None and not _seen_breaching(self.seen_sites[site], will_breach).all()


def _seen_breaching(seen: Seen, will_breach: WillBreach) -> NDArray[np.bool_]:
    """Of whole weeks alone, and between limits that suppression was told of."""
    weeks, rest = divmod(will_breach.days, 7)
    size = seen.count(Count("list"))[:, 0]
    if rest or not weeks:
        return np.zeros_like(size)
    return seen.count(Count("list", max(0, will_breach.weeks - weeks), will_breach.weeks))[:, 0]


def will_breach_of(scope: Scope) -> WillBreach:
    """The threshold and horizon of the address: 18 weeks and 4 weeks ahead if it says nothing."""
    assert scope.census is not None
    horizon = scope.filters.horizon or USUAL_HORIZON
    return WillBreach(
        weeks=int(scope.filters.threshold or USUAL_WEEKS),
        census=scope.census,
        days=days_to_month_end(scope.census) if horizon == MONTH else 7 * int(horizon),
    )


def split_of(connection: Connection, scope: Scope, will_breach: WillBreach) -> Split | None:
    """Those who pass by specialty, site, week and booking; None where the list's pathways are not held.

    One statement. None too where the reader may not see it.
    """
    # Of one whole list alone: what its table hides must not be a whole page of its own, nor what a group of
    # trusts tells less what its other trusts tell.
    told = scope.is_one_whole and will_breach.days == SPLIT_DAYS
    if scope.source != WEEKLY or (scope.conceals and not told):
        return None
    return _split(connection, counted_pathways(scope), will_breach)


def counted_pathways(scope: Scope) -> Wanted:
    """The pathways of a PTL that the figures of a scope count."""
    assert scope.census is not None
    listed = {held.provider_code for held in scope.loaded.of(WEEKLY) if held.census_date == scope.census}
    return Wanted(
        providers=tuple(code for code in scope.codes if code in listed),
        census=scope.census,
        basis=ENGLISH,
        functions=scope.functions,
        site=scope.filters.site,
        stage=scope.stage,
        decided=scope.part == WITH_DECISION_TO_ADMIT,
        priority=scope.filters.priority,
    )


@cached
def _split(connection: Connection, asked: Wanted, will_breach: WillBreach) -> Split | None:
    soon = replace(asked, waited=((will_breach.first_day, will_breach.last_day),))
    groups = by_booking(connection, soon, will_breach.last_day)
    if groups is None:
        return None
    functions = tuple(sorted({group[0] for group in groups}, key=in_order))
    sites = tuple(sorted({group[1] for group in groups}))
    numbers = np.array([group[2:] for group in groups], dtype=np.int64).reshape(-1, 2 + len(BOOKINGS))
    counts = by_week_and_booking(
        days_waited=numbers[:, 0],
        counts=numbers[:, 2:],
        places=(
            _places([group[0] for group in groups], functions),
            _places([group[1] for group in groups], sites),
        ),
        sizes=(len(functions), len(sites)),
        will_breach=will_breach,
    )
    return Split(functions, sites, counts, int(numbers[0, 1]) if groups else 0)


def _places(values: list[str], order: tuple[str, ...]) -> NDArray[np.int64]:
    at = {value: place for place, value in enumerate(order)}
    return np.array([at[value] for value in values], dtype=np.int64)


def bands_of(connection: Connection, scope: Scope) -> Bands:
    """The bands of every specialty of the scope and of all of them; one statement, more where small numbers
    are hidden.
    """
    assert scope.census is not None
    selection = scope.selection((scope.census,), each_function=True)
    facts = facts_of(connection, selection, by="treatment_function", flows=False)
    functions = scope.functions or scope.offered_functions
    rows = {code: facts.facts.bands[facts.units.index(code), 0] for code in facts.units}
    there = tuple(code for code in functions if code in rows and np.nansum(rows[code]) > 0)
    parts = [np.nan_to_num(rows[code]) for code in there]
    together = np.sum(parts, axis=0) if parts else np.zeros(BANDS)
    found = Bands((*there, TOTAL), np.array([*parts, together]), scope.open_band)
    if not scope.conceals:
        return found
    row = facts.unit(TOTAL)
    unknown = 0.0 if row is None else np.nan_to_num(facts.facts.unknown_clock_start[row])
    return _judged(connection, scope, there, found, band_facts(together[None], unknown_clock_start=unknown))


def _judged(
    connection: Connection, scope: Scope, there: tuple[str, ...], bands: Bands, facts: BandFacts
) -> Bands:
    assert scope.census is not None
    dates = (scope.census,)
    whole = seen_of(connection, scope, ("",), dates, facts)
    sites = tuple(code for code, _ in scope.sites)
    return replace(
        bands,
        seen=seen_of(connection, scope, (*there, ""), dates),
        seen_bands=None if whole.bands is None else whole.bands.reshape(-1),
        seen_sites={site: seen_of_sites(connection, scope, (site,), dates) for site in sites},
    )
