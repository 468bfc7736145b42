"""What was absent from each month: the lists of providers that later sent none.

Three statements whatever the scope, and two where nobody was ever absent. What is made of it is `returns`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection

from dashboard.scope.returns import Absences, Listed, Place, Returns, absences_of
from dashboard.store.absent_lists import Asked, lists_of_absent
from dashboard.store.cache import cached
from dashboard.store.loaded_extracts import loaded_extracts
from dashboard.store.organisations import closures, senders
from ingest.store.schema import ENGLAND, MONTHLY
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
    itself for each function. One statement, none where nobody was ever absent.
    """
    gone = absences(connection, months)
    pairs = {pair for each in gone.values() for pair in each.items()}
    if not pairs:
        return Returns(months)
    day_of = {held.id: held.census_date for held in loaded_extracts(connection).of(MONTHLY)}
    lasts = {last for _, last in pairs}
    ids = [one for one, day in day_of.items() if day in lasts]
    functions = () if len(pairs) <= MOST_BY_FUNCTION else scope[2]
    providers = sorted({provider for provider, _ in pairs})
    rows = lists_of_absent(connection, ids, providers, functions, sorted(lasts), scope)
    return _placed(months, gone, [(row[0], day_of[row[1]], *row[2:]) for row in rows], pairs)


def _placed(
    months: tuple[date, ...], gone: Absences, rows: Iterable[Any], pairs: Collection[tuple[str, date]]
) -> Returns:
    names: dict[str, str] = {}
    totals: dict[tuple[date, Place], int] = {}
    parts: dict[tuple[str, date], dict[Place, Listed]] = defaultdict(lambda: defaultdict(Listed))
    homes = []
    detailed: set[tuple[str, date]] = set()
    for kind, month, who, function, place, icb, region, *counts in rows:
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
                mine["england", ENGLAND, function] = mine["provider", who, function] = listed
                homes.append(((who, month), icb, region, function, listed))
    # A month that was loaded before whose patients wait where was kept: at home, all of them.
    for pair, icb, region, function, listed in homes:
        if pair not in detailed:
            parts[pair]["icb", icb, function] = parts[pair]["region", region or "", function] = listed
    return Returns(months, gone, names, {pair: dict(found) for pair, found in parts.items()}, totals)
