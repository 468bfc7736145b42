"""What was absent from each month: the lists of providers that later sent none.

Three statements whatever the scope, and two where nobody was ever absent. What is made of it is `returns`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from dashboard.scope.returns import (
    Absences,
    Estimate,
    Listed,
    Place,
    Returns,
    absences_of,
    settled_by,
)
from dashboard.store.absent_lists import LIST, Asked, lists_of_absent
from dashboard.store.cache import cached
from dashboard.store.compositions import compositions
from dashboard.store.loaded_extracts import loaded_extracts
from dashboard.store.organisations import closures, senders
from ingest.extracts.published.published_measures import WITH_ESTIMATES
from ingest.store.schema import ENGLAND, MONTHLY, PUBLISHED
from rtt.terms.organisation_names import title_case

# Of more absent providers than these, those of each treatment function are not asked for: a month that is a
# cut-out lacks hundreds, and is a gap for every one of them anyway.
MOST_BY_FUNCTION = 60


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
    day_of = {held.id: held.census_date for held in loaded_extracts(connection).of(MONTHLY)}
    lasts = {last for _, last in pairs}
    ids = [one for one, day in day_of.items() if day in lasts]
    functions = () if len(pairs) <= MOST_BY_FUNCTION else scope[2]
    providers = sorted({provider for provider, _ in pairs})
    rows = lists_of_absent(connection, ids, providers, functions, sorted(lasts), scope)
    held = {month: each.total for month, each in compositions(connection).items()}
    estimates = _estimates((row for row in rows if row[0] == "published"), held)
    placed = [(row[0], day_of[row[1]], *row[2:]) for row in rows if row[0] != "published"]
    found = _placed(months, gone, placed, pairs)
    return replace(found, estimates=estimates, settled=settled_by(gone, estimates, months))


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


def _placed(
    months: tuple[date, ...], gone: Absences, rows: Iterable[Any], pairs: Collection[tuple[str, date]]
) -> Returns:
    names: dict[str, str] = {}
    totals: dict[tuple[date, Place], int] = {}
    parts: dict[tuple[str, date], dict[Place, Listed]] = defaultdict(lambda: defaultdict(Listed))
    homes = []
    detailed: set[tuple[str, date]] = set()
    nhs = set()
    for kind, month, who, function, place, icb, region, of, *counts in rows:
        if kind == "total":
            totals[month, (who, place, function)] = int(counts[0])
        elif (who, month) in pairs:
            listed, mine = Listed(*map(int, counts)), parts[who, month]
            if kind == "part":
                detailed.add((who, month))
                for level, code in (("commissioner", place), ("icb", icb), ("region", region)):
                    mine[level, code, function] += listed
            else:
                names[who] = title_case(place)
                nhs.update([who] if of == "nhs" else [])
                mine["england", ENGLAND, function] = mine["provider", who, function] = listed
                homes.append(((who, month), icb, region, function, listed))
    # A month that was loaded before whose patients wait where was kept: at home, all of them.
    for pair, icb, region, function, listed in homes:
        if pair not in detailed:
            parts[pair]["icb", icb, function] = parts[pair]["region", region or "", function] = listed
    found = {pair: dict(listed) for pair, listed in parts.items()}
    return Returns(months, gone, names, found, totals, frozenset(nhs))
