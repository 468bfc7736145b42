"""Of what each month of the return consists: its providers, regions, ICBs, specialties and parts.

What a whole month holds, and what a month lacks of it, is `rtt.terms.whole_month`. A month that lacks
something is loaded, for a trust's own cut-out of the national file is of use to that trust; it is never
called England.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, literal, select, union_all

from ingest.extracts import Facts
from ingest.extracts.organisations import NON_ENGLISH
from ingest.files.problems import Problem, note
from ingest.store.schema import ENGLISH, MONTHLY, extract, organisation, pathway_counts
from rtt.terms.parts import INCOMPLETE
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.whole_month import Composition, lacking, shortfall
from rtt.terms.wording import list_text

# Commissioned by NHS England itself, by nobody of England, by an ICB whose region is not known.
NO_PLACE = ("-", "", "unknown")


def statement() -> Select[Any]:
    """(kind, level or part, month, how many organisations or functions, England's list) of months held."""
    o, c = organisation.c, pathway_counts.c
    people = (
        select(literal("organisations"), o.level, extract.c.census_date, func.count(), literal(0))
        .join(extract, extract.c.id == o.extract_id)
        .where(
            extract.c.source == MONTHLY,
            (o.level.in_(("provider", "region", "icb")) & o.code.not_in(NO_PLACE))
            | ((o.level == "commissioner") & (o.code == NON_ENGLISH)),
        )
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


def compositions_of(rows: Iterable[Any]) -> Mapping[date, Composition]:
    """Month -> what it consists of, by the rows of `statement`."""
    found: dict[date, dict[str, Any]] = {}
    for kind, what, month, count, total in rows:
        mine = found.setdefault(month, {"parts": frozenset(), "functions": 0, "has_nonc": False})
        if what == "commissioner":
            mine["has_nonc"] = True
        elif kind == "organisations":
            mine[f"{what}s"] = int(count)
        else:
            mine["parts"] |= {what}
            mine["functions"] = max(mine["functions"], int(count) - 1)
            if what == INCOMPLETE:
                mine["total"] = int(total)
    return {month: Composition(**mine) for month, mine in found.items()}


def composition_of(parsed: Mapping[str, Facts]) -> Composition:
    """What a file that was only read consists of, by its facts."""
    people, counts = parsed["organisation"], parsed["pathway_counts"]
    level, code = (people.columns.index(name) for name in ("level", "code"))
    named = Counter(row[level] for row in people.rows if row[code] not in NO_PLACE)
    has_nonc = any((row[level], row[code]) == ("commissioner", NON_ENGLISH) for row in people.rows)
    names = ("level", "basis", "part", "treatment_function", "total")
    at = [counts.columns.index(name) for name in names]
    england = [row for row in counts.rows if (row[at[0]], row[at[1]]) == ("england", ENGLISH)]
    functions = Counter(row[at[2]] for row in england if row[at[3]] != TOTAL)
    totals = {row[at[2]]: row[at[4]] for row in england if row[at[3]] == TOTAL}
    return Composition(
        providers=named["provider"],
        regions=named["region"],
        icbs=named["icb"],
        functions=max(functions.values(), default=0),
        parts=frozenset(functions),
        total=int(totals.get(INCOMPLETE, 0)),
        has_nonc=has_nonc,
    )


def partial_beside_whole(connection: Connection) -> frozenset[date]:
    """The months that are not whole where others are: no forecast can go on from one or through one."""
    held = compositions_of(connection.execute(statement()))
    partial = frozenset(month for month, mine in held.items() if lacking(month, mine))
    return partial if len(partial) < len(held) else frozenset()


def whole_notes(
    connection: Connection, file: str, month: date, mine: Composition | None = None
) -> list[Problem]:
    """What a month lacks of a whole one, and by how much it falls short of the last whole one before it.

    `mine`: of a file that was only read; else the month is held.
    """
    held = dict(compositions_of(connection.execute(statement())))
    if mine is not None:
        held[month] = mine
    if month not in held:
        return []
    if not (gone := lacking(month, held[month])):
        return [] if held[month].has_nonc else [_without_nonc(file)]
    notes = [
        note(
            file,
            f"This is not a whole month of England: it holds {list_text(list(gone))}. "
            "It is marked PARTIAL and is not shown as England.",
        )
    ]
    whole = [day for day in held if day < month and not lacking(day, held[day])]
    if whole:
        words = shortfall(held[month], held[max(whole)], max(whole))
        notes.append(note(file, f"Beside the last whole month: {words}."))
    return notes


def _without_nonc(file: str) -> Problem:
    return note(
        file,
        "It has no rows of non-English commissioners (NONC), which each published month has. Published "
        "figures leave them out, so these are the same.",
        field="Commissioner Org Code",
    )
