"""What was absent from each month: the lists of providers that later sent none.

Three statements whatever the scope, and two where nobody was ever absent. What is made of it is `returns`.
"""

from __future__ import annotations

from collections import ChainMap, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from dashboard.scope.returns import (
    Absences,
    Estimate,
    Listed,
    Pair,
    Place,
    Returns,
    absences_of,
    settled_by,
)
from dashboard.store.absent_lists import LIST, Asked, Last, lists_of_absent
from dashboard.store.cache import cached, keeps
from dashboard.store.compositions import compositions
from dashboard.store.loaded_extracts import loaded_extracts
from dashboard.store.organisations import closures, senders
from ingest.extracts.published.published_measures import WITH_ESTIMATES
from ingest.store.schema import ENGLAND, MONTHLY, PUBLISHED
from rtt.terms.organisation_names import title_case

# Of more absent providers than these, those of each treatment function are not asked for: a month that is a
# cut-out lacks hundreds, and is a gap for every one of them anyway.
MOST_BY_FUNCTION = 60

Totals = dict[tuple[date, Place], int]


@dataclass(frozen=True, slots=True)
class _Absent:
    """Those who were absent, as `Returns` has it."""

    away: Mapping[Pair, tuple[date, ...]]
    names: Mapping[str, str]
    parts: Mapping[Place, Mapping[Pair, Listed]]
    nhs: frozenset[str]
    estimates: Mapping[date, Estimate]
    settled: Mapping[date, frozenset[str]]


@cached
def absences(connection: Connection, months: tuple[date, ...]) -> Absences:
    """Who was absent from which of these months; of months without any, nothing is said. Two statements."""
    return absences_of(senders(connection, months), months, closures(connection))


@cached
def returns_of(connection: Connection, months: tuple[date, ...], scope: Asked) -> Returns:
    """What the absent lists come to in every organisation, for the functions of the scope, and in the scope
    itself for each function; and what NHS England estimates for England. One statement, none where nobody was
    ever absent and no series of it is loaded.
    """
    gone = absences(connection, months)
    pairs = {pair for each in gone.values() for pair in each.items()}
    if not pairs and not any(each.source == PUBLISHED for each in loaded_extracts(connection).extracts):
        return Returns(months)
    asked = months, () if len(pairs) <= MOST_BY_FUNCTION else scope[2]
    own = _read_together(connection, asked, scope)
    absent, others = _absent(connection, *asked), _places(connection, months, scope[2])
    return Returns(
        months,
        gone,
        absent.away,
        absent.names,
        absent.parts,
        ChainMap(own, others),
        absent.nhs,
        absent.estimates,
        absent.settled,
    )


def _read_together(
    connection: Connection, asked: tuple[tuple[date, ...], tuple[str, ...]], scope: Asked
) -> Totals:
    """The lists of the scope; read with them what `_absent` and `_places` are about to be asked for."""
    months, of = asked[0], (asked[0], scope[2])
    lists = keeps(connection) and not _absent.has(connection, *asked)
    places = keeps(connection) and not _places.has(connection, *of)
    rows = _rows(connection, *asked, lists=lists, places=scope[2] if places else (), scope=scope)
    if lists:
        _absent.put(_absent_of(connection, rows, months), connection, *asked)
    if places:
        _places.put(_totals_of(rows, "place"), connection, *of)
    return _totals_of(rows, "scope")


@cached
def _absent(connection: Connection, months: tuple[date, ...], functions: tuple[str, ...]) -> _Absent:
    """Those who were absent, for some functions or for all; one statement."""
    return _absent_of(connection, _rows(connection, months, functions, lists=True), months)


@cached
def _places(connection: Connection, months: tuple[date, ...], functions: tuple[str, ...]) -> Totals:
    """The lists of every place in the months of a last list; one statement."""
    return _totals_of(_rows(connection, months, functions, places=functions), "place")


def _rows(
    connection: Connection, months: tuple[date, ...], functions: tuple[str, ...], **asked: Any
) -> list[Any]:
    """The rows of `lists_of_absent`, each with its month in place of its extract."""
    pairs = {pair for each in absences(connection, months).values() for pair in each.items()}
    lasts = {last for _, last in pairs}
    held = loaded_extracts(connection).of(MONTHLY)
    day_of = {each.id: each.census_date for each in held if each.census_date in lasts}
    providers = tuple(sorted({provider for provider, _ in pairs}))
    last = Last(tuple(day_of), tuple(sorted(lasts)), providers, functions)
    return [(row[0], day_of.get(row[1]), *row[2:]) for row in lists_of_absent(connection, last, **asked)]


def _totals_of(rows: Iterable[Any], kind: str) -> Totals:
    return {
        (month, (level, place, function)): int(counts[0])
        for of, month, level, function, place, _, _, _, *counts in rows
        if of == kind
    }


def _absent_of(connection: Connection, rows: Iterable[Any], months: tuple[date, ...]) -> _Absent:
    gone = absences(connection, months)
    away: dict[Pair, list[date]] = defaultdict(list)
    for month, pairs in gone.items():
        for pair in pairs.items():
            away[pair].append(month)
    names: dict[str, str] = {}
    parts: dict[Place, dict[Pair, Listed]] = defaultdict(lambda: defaultdict(Listed))
    homes = []
    detailed: set[Pair] = set()
    nhs: set[str] = set()
    for kind, last, who, function, place, icb, region, of, *counts in rows:
        pair = who, last
        if kind not in ("provider", "part") or pair not in away:
            continue
        listed = Listed(*map(int, counts))
        if kind == "part":
            detailed.add(pair)
            for level, code in (("commissioner", place), ("icb", icb), ("region", region)):
                parts[level, code, function][pair] += listed
        else:
            names[who] = title_case(place)
            nhs.update([who] if of == "nhs" else [])
            parts["england", ENGLAND, function][pair] = parts["provider", who, function][pair] = listed
            homes.append((pair, icb, region, function, listed))
    # A month that was loaded before whose patients wait where was kept: at home, all of them.
    for pair, icb, region, function, listed in homes:
        if pair not in detailed:
            parts["icb", icb, function][pair] = parts["region", region or "", function][pair] = listed
    found = {place: dict(listed) for place, listed in parts.items()}
    held = {month: each.total for month, each in compositions(connection).items()}
    estimates = _estimates((row for row in rows if row[0] == "published"), held)
    gaps = {pair: tuple(days) for pair, days in away.items()}
    settled = settled_by(gone, estimates, months)
    return _Absent(gaps, names, found, frozenset(nhs), estimates, settled)


def _estimates(rows: Iterable[Any], held: Mapping[date, int]) -> dict[date, Estimate]:
    """The newest word of NHS England on each month of which it reports the same list as we hold.

    Where its figure is another, the two are of different vintages, and its estimate is for other gaps.
    """
    printed: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for _, _, measure, _, month, vintage, _, _, value, *_ in rows:
        printed[month, vintage][measure] = value
    found: dict[date, Estimate] = {}
    for (month, vintage), values in sorted(printed.items()):
        names = [(measure, measure + WITH_ESTIMATES) for measure in LIST]
        if all(name in values for pair in names for name in pair):
            reported, whole = (Listed(*(round(values[pair[at]]) for pair in names)) for at in (0, 1))
            day = date.fromisoformat(month)
            if held.get(day) == reported.total:
                found[day] = Estimate(reported, whole, vintage)
    return found
