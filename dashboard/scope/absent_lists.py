"""What was absent from each month: the lists of providers that later sent none.

Three statements whatever the scope, and two where nobody was ever absent. What is made of it is `returns`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from dashboard.scope.returns import (
    Absences,
    Estimate,
    Kept,
    Listed,
    Pair,
    Place,
    Returns,
    absences_of,
    settled_by,
)
from dashboard.store.absent_lists import LIST, Asked, Last, lists_of_absent, lists_of_places
from dashboard.store.cache import cached, keeps
from dashboard.store.compositions import compositions
from dashboard.store.loaded_extracts import loaded_extracts
from dashboard.store.organisations import closures, senders
from ingest.extracts.published.published_measures import WITH_ESTIMATES
from ingest.store.schema import ENGLAND, MONTHLY, PUBLISHED
from rtt.terms.organisation_names import title_case

# Of more absent providers than these, those of each treatment function are not asked for: a month that is a
# cut-out lacks hundreds, and is a gap for every one of them anyway.
MOST_BY_FUNCTION = 300


class Months(NamedTuple):
    """The months held, and the `window` of them that is looked at."""

    held: tuple[date, ...]
    window: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class _Absent:
    """Those who were absent, as `Returns` has it."""

    away: Mapping[Pair, tuple[date, ...]]
    names: Mapping[str, str]
    parts: Mapping[Place, Mapping[Pair, Listed]]
    nhs: frozenset[str]


@cached
def absences(connection: Connection, months: tuple[date, ...]) -> Absences:
    """Who was absent from which of these months; of months without any, nothing is said. Two statements."""
    return absences_of(senders(connection, months), months, closures(connection))


@cached
def _gone(connection: Connection, months: Months) -> Absences:
    """The absences of the months looked at, by what is known of all."""
    return {day: gone for day, gone in absences(connection, months.held).items() if day in months.window}


@cached
def returns_of(connection: Connection, months: Months, scope: Asked) -> Returns:
    """What the absent lists come to in every organisation and specialty; and what NHS England estimates for
    England. Two statements, none for the next scope; one more for several trusts together. None where nobody
    was ever absent and no series of it is loaded.
    """
    gone = _gone(connection, months)
    pairs = {pair for each in gone.values() for pair in each.items()}
    if not pairs and not any(each.source == PUBLISHED for each in loaded_extracts(connection).extracts):
        return Returns(months.window)
    functions = () if len(pairs) <= MOST_BY_FUNCTION else scope[2]
    together = scope[0] == "provider" and len(scope[1]) > 1
    own = _read_together(connection, months, functions, scope if together else None)
    found = _returns(connection, months, functions)
    # Trusts taken together have a list that no other scope asks for.
    return replace(found, totals={**found.totals, **own}, kept=Kept()) if together else found


@cached
def _returns(connection: Connection, months: Months, functions: tuple[str, ...]) -> Returns:
    gone = _gone(connection, months)
    absent, estimates = _absent(connection, months, functions), _estimates(connection, months)
    return Returns(
        months.window,
        gone,
        absent.away,
        absent.names,
        absent.parts,
        _places(connection, absent),
        absent.nhs,
        estimates,
        settled_by(gone, estimates, months.window),
    )


def _read_together(
    connection: Connection, months: Months, functions: tuple[str, ...], scope: Asked | None
) -> dict[tuple[date, Place], int]:
    """The lists of the scope; read with them what `_absent` and `_estimates` are about to be asked for."""
    lists = keeps(connection) and not _absent.has(connection, months, functions)
    series = keeps(connection) and not _estimates.has(connection, months)
    if not (lists or series or scope):
        return {}
    rows = _rows(connection, months, functions, lists=lists, series=series, scope=scope)
    if lists:
        _absent.put(_absent_of(rows, _gone(connection, months)), connection, months, functions)
    if series:
        _estimates.put(_estimates_of(connection, rows), connection, months)
    return {
        (month, (level, place, function)): int(counts[0])
        for kind, month, level, function, place, _, _, _, *counts in rows
        if kind == "scope"
    }


@cached
def _estimates(connection: Connection, months: Months) -> dict[date, Estimate]:
    """What NHS England estimates for England; one statement."""
    return _estimates_of(connection, _rows(connection, months, (), series=True))


@cached
def _absent(connection: Connection, months: Months, functions: tuple[str, ...]) -> _Absent:
    """Those who were absent, for some functions or for all; one statement."""
    rows = _rows(connection, months, functions, lists=True)
    return _absent_of(rows, _gone(connection, months))


def _places(connection: Connection, absent: _Absent) -> dict[tuple[date, Place], int]:
    """The lists of each place that had anything of the last lists, in their months; one statement."""
    lasts: dict[tuple[str, str], set[date]] = defaultdict(set)
    functions = set()
    for (level, code, function), pairs in absent.parts.items():
        if level != "provider":
            lasts[level, code] |= {last for _, last in pairs}
            functions.add(function)
    asked = {place: sorted(days) for place, days in sorted(lasts.items())}
    rows = lists_of_places(connection, asked, tuple(sorted(functions))) if asked else ()
    return {(month, (level, code, function)): int(total) for level, code, month, function, total in rows}


def _rows(connection: Connection, months: Months, functions: tuple[str, ...], **asked: Any) -> list[Any]:
    """The rows of `lists_of_absent`, each with its month in place of its extract."""
    day_of = {held.id: held.census_date for held in loaded_extracts(connection).of(MONTHLY)}
    id_of = {day: one for one, day in day_of.items()}
    by_extract: dict[int, list[str]] = defaultdict(list)
    by_month: dict[str, list[date]] = defaultdict(list)
    gone = _gone(connection, months).values()
    for month, provider in sorted({(month, provider) for each in gone for provider, month in each.items()}):
        by_extract[id_of[month]].append(provider)
        by_month[provider].append(month)
    last = Last(by_extract, by_month, [day_of[one] for one in by_extract], functions)
    return [(row[0], day_of.get(row[1]), *row[2:]) for row in lists_of_absent(connection, last, **asked)]


def _absent_of(rows: Iterable[Any], gone: Absences) -> _Absent:
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
    return _Absent({pair: tuple(months) for pair, months in away.items()}, names, found, frozenset(nhs))


def _estimates_of(connection: Connection, rows: Iterable[Any]) -> dict[date, Estimate]:
    """The newest word of NHS England on each month of which it reports the same list as we hold.

    Where its figure is another, the two are of different vintages, and its estimate is for other gaps.
    """
    printed: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for kind, _, measure, _, month, vintage, _, _, value, *_ in rows:
        if kind == "published":
            printed[month, vintage][measure] = value
    held = {month: each.total for month, each in compositions(connection).items()}
    found: dict[date, Estimate] = {}
    for (month, vintage), values in sorted(printed.items()):
        names = [(measure, measure + WITH_ESTIMATES) for measure in LIST]
        if all(name in values for pair in names for name in pair):
            reported, whole = (Listed(*(round(values[pair[at]]) for pair in names)) for at in (0, 1))
            day = date.fromisoformat(month)
            if held.get(day) == reported.total:
                found[day] = Estimate(reported, whole, vintage)
    return found
