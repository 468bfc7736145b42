"""What was absent from each month, read from the database: the lists of providers that later sent none.

Three statements whatever the scope, and two where nobody was ever absent. What is made of it is `returns`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from dashboard.scope.returns import Absences, Listed, Place, Returns, absences_of
from dashboard.store.cache import cached
from dashboard.store.counts import Selection, conditions
from dashboard.store.loaded_extracts import loaded_extracts
from ingest.store.closures import recorded
from ingest.store.schema import ENGLAND, ENGLISH, MONTHLY, commissioned_list, organisation, pathway_counts
from rtt.terms.parts import INCOMPLETE

# Of more absent providers than these, those of each treatment function are not asked for: a month that is a
# cut-out lacks hundreds, and is a gap for every one of them anyway.
MOST_BY_FUNCTION = 60

Asked = tuple[str, tuple[str, ...], tuple[str, ...]]  # level, organisations, treatment functions
_c = pathway_counts.c


def lists_statement(connection: Connection, months: tuple[date, ...]) -> Select[Any]:
    """(month, provider, pathways) of every list of these months."""
    lists = Selection(source=MONTHLY, level="provider", codes=None, parts=(INCOMPLETE,), dates=months)
    return select(_c.census_date, _c.organisation_code, _c.total).where(*conditions(connection, lists))


@cached
def absences(connection: Connection, months: tuple[date, ...]) -> Absences:
    """Who was absent from which of these months; of months without any, nothing is said. Two statements."""
    closed = {row.provider_code: row.closed_on for row in connection.execute(recorded())}
    return absences_of(connection.execute(lists_statement(connection, months)), months, closed)


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
    rows = connection.execute(
        union_all(
            _whole_lists(ids, providers, functions),
            _parts_of_lists(ids, providers, functions),
            _lists_of_scopes(ids, sorted(lasts), scope),
        )
    ).all()
    return _placed(months, gone, [(row[0], day_of[row[1]], *row[2:]) for row in rows], pairs)


def _whole_lists(ids: Collection[int], providers: Collection[str], functions: Collection[str]) -> Select[Any]:
    """A provider's list, with its name, its home ICB and the region of that."""
    theirs, icbs = aliased(organisation), aliased(organisation)
    return (
        select(
            literal("provider"),
            _c.extract_id,
            _c.organisation_code,
            _c.treatment_function,
            theirs.c.name,
            theirs.c.parent_code,
            icbs.c.parent_code,
            _c.total,
            _c.within_18,
            _c.over_52,
        )
        .join(theirs, _is(theirs, _c.extract_id, "provider", _c.organisation_code))
        .outerjoin(icbs, _is(icbs, _c.extract_id, "icb", theirs.c.parent_code))
        .where(
            *_is_list(ids),
            _c.level == "provider",
            _c.organisation_code.in_(providers),
            *([_c.treatment_function.in_(functions)] if functions else []),
        )
    )


def _parts_of_lists(
    ids: Collection[int], providers: Collection[str], functions: Collection[str]
) -> Select[Any]:
    """What a provider had of each commissioner's patients, with the ICB and region of that."""
    parts, commissioners, icbs = commissioned_list.c, aliased(organisation), aliased(organisation)
    return (
        select(
            literal("part"),
            parts.extract_id,
            parts.provider_code,
            parts.treatment_function,
            parts.commissioner_code,
            commissioners.c.parent_code,
            icbs.c.parent_code,
            parts.total,
            parts.within_18,
            parts.over_52,
        )
        .join(commissioners, _is(commissioners, parts.extract_id, "commissioner", parts.commissioner_code))
        .join(icbs, _is(icbs, parts.extract_id, "icb", commissioners.c.parent_code))
        .where(
            parts.extract_id.in_(ids),
            parts.provider_code.in_(providers),
            *([parts.treatment_function.in_(functions)] if functions else []),
        )
    )


def _lists_of_scopes(ids: Collection[int], lasts: Collection[date], scope: Asked) -> Select[Any]:
    level, codes, functions = scope
    own = (_c.level == level) & _c.organisation_code.in_(codes)
    nothing = literal("")
    return select(
        literal("total"),
        _c.extract_id,
        _c.level,
        _c.treatment_function,
        _c.organisation_code,
        nothing,
        nothing,
        _c.total,
        _c.within_18,
        _c.over_52,
    ).where(
        *_is_list(ids),
        _c.census_date.in_(lasts),
        or_(own, (_c.level != "provider") & _c.treatment_function.in_(functions)),
    )


def _is_list(ids: Collection[int]) -> list[Any]:
    return [
        _c.source == MONTHLY,
        _c.part == INCOMPLETE,
        _c.basis == ENGLISH,
        _c.extract_id.in_(ids),
    ]


def _is(table: Any, extract_id: Any, level: str, code: Any) -> Any:
    return (table.c.extract_id == extract_id) & (table.c.level == level) & (table.c.code == code)


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
                names[who] = place
                mine["england", ENGLAND, function] = mine["provider", who, function] = listed
                homes.append(((who, month), icb, region, function, listed))
    # A month that was loaded before whose patients wait where was kept: at home, all of them.
    for pair, icb, region, function, listed in homes:
        if pair not in detailed:
            parts[pair]["icb", icb, function] = parts[pair]["region", region or "", function] = listed
    return Returns(months, gone, names, {pair: dict(found) for pair, found in parts.items()}, totals)
