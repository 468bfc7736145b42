"""Of what each month of the return consists: its providers, regions, ICBs, specialties and parts.

What a whole month holds, and what a month lacks of it, is `rtt.whole_month`. Made-up data is as whole as it
was made: it says of itself that it is a sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, literal, select, union_all

from dashboard.queries.holdings import holdings
from dashboard.queries.memo import remembered
from ingest.schema import ENGLISH, MONTHLY, extract, organisation, pathway_counts
from rtt.parts import INCOMPLETE
from rtt.whole_month import Composition, lacking, shortfall, uneven

Compositions = Mapping[date, Composition]
_NO_PLACE = (
    "-",
    "",
    "unknown",
)  # commissioned by NHS England itself, by nobody of England, by an unknown ICB


def statement() -> Select[Any]:
    """(kind, level or part, month, how many organisations or functions, England's list)."""
    o, c = organisation.c, pathway_counts.c
    people = (
        select(literal("organisations"), o.level, extract.c.census_date, func.count(), literal(0))
        .join(extract, extract.c.id == o.extract_id)
        .where(extract.c.source == MONTHLY, o.level.in_(("provider", "region", "icb")))
        .where(o.code.not_in(_NO_PLACE))
        .group_by(o.level, extract.c.census_date)
    )
    # The functions of a part, all of them together included, whose row is the largest.
    parts = (
        select(literal("part"), c.part, c.census_date, func.count(), func.max(c.total))
        .where(c.source == MONTHLY, c.level == "england", c.basis == ENGLISH)
        .group_by(c.part, c.census_date)
    )
    both = union_all(people, parts).subquery()
    return select(*both.c)


@remembered
def compositions(connection: Connection) -> Compositions:
    """Month -> what it consists of. One statement."""
    return compositions_of(connection.execute(statement()))


def compositions_of(rows: Iterable[Any]) -> Compositions:
    """The compositions by the rows of `statement`."""
    found: dict[date, dict[str, Any]] = {}
    for kind, what, month, count, total in rows:
        mine = found.setdefault(month, {"parts": frozenset(), "functions": 0})
        if kind == "organisations":
            mine[f"{what}s"] = int(count)
        else:
            mine["parts"] |= {what}
            mine["functions"] = max(mine["functions"], int(count) - 1)
            if what == INCOMPLETE:
                mine["total"] = int(total)
    return {month: Composition(**mine) for month, mine in found.items()}


def lacking_in(connection: Connection, month: date | None) -> tuple[str, ...]:
    """What a month held lacks of a whole one, in words; () of made-up data."""
    held = compositions(connection).get(month) if month else None
    if month is None or held is None or holdings(connection).kind != "real":
        return ()
    return lacking(month, held)


def beside_words(connection: Connection, month: date) -> str:
    """By how much a month falls short of the last whole one before it; '' where none is held."""
    held = compositions(connection)
    whole = [day for day in held if day < month and not lacking(day, held[day])]
    return shortfall(held[month], held[max(whole)], max(whole)) if whole else ""


@remembered
def uneven_months(connection: Connection) -> Mapping[str, frozenset[date]]:
    """'places' and 'functions' -> the months that lack some which whole months held have."""
    held = compositions(connection)
    if holdings(connection).kind != "real":
        return {}
    kinds = {month: uneven(month, mine, held.items()) for month, mine in held.items()}
    return {
        kind: frozenset(month for month, found in kinds.items() if kind in found)
        for kind in ("places", "functions")
    }
