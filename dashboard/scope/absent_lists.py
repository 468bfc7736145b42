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

from dashboard.scope.returns import Absences, Listed, Pair, Place, Returns, absences_of
from dashboard.store.absent_lists import Asked, Last, lists_of_absent
from dashboard.store.cache import cached, keeps
from dashboard.store.loaded_extracts import loaded_extracts
from dashboard.store.organisations import closures, senders
from ingest.store.schema import ENGLAND, MONTHLY
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


@cached
def absences(connection: Connection, months: tuple[date, ...]) -> Absences:
    """Who was absent from which of these months; of months without any, nothing is said. Two statements."""
    return absences_of(senders(connection, months), months, closures(connection))


@cached
def returns_of(connection: Connection, months: tuple[date, ...], scope: Asked) -> Returns:
    """What the absent lists come to in every organisation, for the functions of the scope, and in the scope
    itself for each function. One statement, none where nobody was ever absent.
    """
    gone = absences(connection, months)
    pairs = {pair for each in gone.values() for pair in each.items()}
    if not pairs:
        return Returns(months)
    asked = months, () if len(pairs) <= MOST_BY_FUNCTION else scope[2]
    own = _read_together(connection, asked, scope)
    absent, others = _absent(connection, *asked), _places(connection, months, scope[2])
    return Returns(months, gone, absent.away, absent.names, absent.parts, ChainMap(own, others))


def _read_together(
    connection: Connection, asked: tuple[tuple[date, ...], tuple[str, ...]], scope: Asked
) -> Totals:
    """The lists of the scope; read with them what `_absent` and `_places` are about to be asked for."""
    months, of = asked[0], (asked[0], scope[2])
    lists = keeps(connection) and not _absent.has(connection, *asked)
    places = keeps(connection) and not _places.has(connection, *of)
    rows = _rows(connection, *asked, lists=lists, places=scope[2] if places else (), scope=scope)
    if lists:
        _absent.put(_absent_of(rows, absences(connection, months)), connection, *asked)
    if places:
        _places.put(_totals_of(rows, "place"), connection, *of)
    return _totals_of(rows, "scope")


@cached
def _absent(connection: Connection, months: tuple[date, ...], functions: tuple[str, ...]) -> _Absent:
    """Those who were absent, for some functions or for all; one statement."""
    rows = _rows(connection, months, functions, lists=True)
    return _absent_of(rows, absences(connection, months))


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
    return [(row[0], day_of[row[1]], *row[2:]) for row in lists_of_absent(connection, last, **asked)]


def _totals_of(rows: Iterable[Any], kind: str) -> Totals:
    return {
        (month, (level, place, function)): int(counts[0])
        for of, month, level, function, place, _, _, *counts in rows
        if of == kind
    }


def _absent_of(rows: Iterable[Any], gone: Absences) -> _Absent:
    away: dict[Pair, list[date]] = defaultdict(list)
    for month, pairs in gone.items():
        for pair in pairs.items():
            away[pair].append(month)
    names: dict[str, str] = {}
    parts: dict[Place, dict[Pair, Listed]] = defaultdict(lambda: defaultdict(Listed))
    homes = []
    detailed: set[Pair] = set()
    for kind, last, who, function, place, icb, region, *counts in rows:
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
            parts["england", ENGLAND, function][pair] = parts["provider", who, function][pair] = listed
            homes.append((pair, icb, region, function, listed))
    # A month that was loaded before whose patients wait where was kept: at home, all of them.
    for pair, icb, region, function, listed in homes:
        if pair not in detailed:
            parts["icb", icb, function][pair] = parts["region", region or "", function][pair] = listed
    found = {place: dict(listed) for place, listed in parts.items()}
    return _Absent({pair: tuple(months) for pair, months in away.items()}, names, found)
