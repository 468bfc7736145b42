"""The rows of what stands beside a scope: which are asked for and how they are read. `beside` judges them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, literal, null, select, union_all

from dashboard.queries.choices import Choice
from dashboard.queries.counts import Selection
from dashboard.queries.memo import remembered
from ingest.schema import ENGLISH, pathway_counts
from rtt import parts
from rtt.waits import BAND_COLUMNS

FUNCTION, SITE, STAGE, PRIORITY, DECISION = "treatment_function", "site_code", "stage", "priority", "part"
NEWEST, YEAR = 37, 53
"""Of a long series the censuses judged: those that a page draws, and the one a year before the last."""
MOST_TOGETHER = 104
"""Censuses whose specialties are read for every choice of one at once: two years of lists."""

_c = pathway_counts.c


def _bands(first: int, after: int) -> ColumnElement[int]:
    total: ColumnElement[int] = _c[BAND_COLUMNS[first]]
    for name in BAND_COLUMNS[first + 1 : after]:
        total = total + _c[name]
    return total


# By the key of the indicator that counts the same, where there is one.
COUNTED: dict[str, ColumnElement[Any]] = {
    "total": _c.total,
    "unknown": _c.unknown_clock_start,
    "within_18": _c.within_18,
    "over_18": _c.over_18,
    "over_40": _c.over_52 + _bands(40, 52),
    "over_52": _c.over_52,
    "over_65": _c.over_65,
    "over_78": _c.over_78,
    "over_104": _c.over_104,
    "passing_18_in_4_weeks": _bands(14, 18),
    "passing_52_in_4_weeks": _bands(48, 52),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rows are looked up by: hashable, so that they can be kept."""

    selection: Selection
    functions: tuple[str, ...]
    every: tuple[str, ...]  # specialties that are offered
    sites: tuple[str, ...]
    along: tuple[str, ...]
    parts: tuple[str, ...]
    dates: tuple[date, ...]


def asked_of(
    choice: Choice, selection: Selection, units: tuple[str, ...], along: tuple[str, ...], flows: bool
) -> Asked:
    dates = tuple(selection.dates[place] for place in judged(selection))
    functions = selection.functions if units == ("",) else units
    if along == (FUNCTION,):
        # Every specialty is a neighbour, whichever is chosen: read for all of them, and for any census, once.
        functions = ()
        recent = choice.holdings.censuses(selection.source)[-MOST_TOGETHER:]
        dates = recent if set(dates) <= set(recent) else dates
    return Asked(
        replace(selection, functions=functions, dates=()),
        functions,
        choice.offered_functions,
        tuple(code for code, _ in choice.sites),
        along,
        tuple(dict.fromkeys((choice.part, *(parts.PARTS if flows else ())))),
        dates,
    )


@remembered
def rows_beside(connection: Connection, asked: Asked, bands: bool) -> list[tuple[Any, ...]]:
    """Filter, neighbour, specialty, census, part, then the counts; named values are looked up."""
    listed = (asked.selection.parts[0], parts.INCOMPLETE)
    own, others = ([part for part in asked.parts if (part in listed) is of] for of in (True, False))
    every = [_select(asked, along, own, _counts_and(bands)) for along in asked.along]
    if others:
        # Of a flow the total alone, which stands in an index.
        total = [_c.total, *(null() for _ in _counts_and(bands)[1:])]
        every += [_select(asked, along, others, total) for along in asked.along if along != DECISION]
    found = connection.execute(union_all(*every)).cursor
    assert found is not None
    return found.fetchall()  # as the driver gives them: row objects would take longer than to read them


def _counts_and(bands: bool) -> list[ColumnElement[Any]]:
    """The counted columns, the total first, and the week bands where they are asked for."""
    wide = [_c[name] for name in BAND_COLUMNS] if bands else []
    return [*COUNTED.values(), *wide]


def _select(
    asked: Asked, along: str, own: Sequence[str], columns: Sequence[ColumnElement[Any]]
) -> Select[Any]:
    chosen = asked.selection
    values: dict[str, tuple[str, ...]] = {
        FUNCTION: asked.every if along == FUNCTION else asked.functions,
        SITE: asked.sites if along == SITE else (chosen.site,),
        STAGE: ("admitted", "non-admitted") if along == STAGE else (chosen.stage,),
        PRIORITY: ("1", "2", "3", "unknown") if along == PRIORITY else (chosen.priority,),
        DECISION: (*own, parts.INCOMPLETE) if along == DECISION else tuple(own),
    }
    return select(
        literal(along).label("along"),
        (literal("") if along == DECISION else _c[along]).label("value"),
        _c[FUNCTION],
        _c.census_date,
        _c.part,
        *columns,
    ).where(
        _c.source == chosen.source,
        _c.level == chosen.level,
        _c.organisation_code.in_(chosen.codes or ()),
        _c.basis == ENGLISH,
        _c.census_date.in_(asked.dates),
        *(_c[name].in_(wanted) for name, wanted in values.items()),
    )


def judged(selection: Selection) -> tuple[int, ...]:
    """The places of the dates that are judged."""
    number = len(selection.dates)
    a_year_before = (number - YEAR,) if number >= YEAR else ()
    return (*a_year_before, *range(max(0, number - NEWEST), number))
