"""The counts of what stands beside a scope: which are asked for, how they are read. `beside` judges them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, literal, null, select, union_all

from dashboard.queries.choices import Choice
from dashboard.queries.counts import Selection
from dashboard.queries.memo import remembered
from ingest.schema import ENGLISH, pathway_counts
from rtt import parts
from rtt.band_facts import Floats
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
    units: tuple[str, ...]  # specialties apart, or '' for all that are looked up together
    functions: tuple[str, ...]
    every: tuple[str, ...]  # specialties that are offered
    sites: tuple[str, ...]
    along: tuple[str, ...]
    parts: tuple[str, ...]
    dates: tuple[date, ...]

    def values(self, along: str) -> tuple[str, ...]:
        """The neighbours along a filter. Those without a decision are no row: they are what is left."""
        neighbours: dict[str, tuple[str, ...]] = {
            FUNCTION: self.every,
            SITE: self.sites,
            STAGE: ("admitted", "non-admitted"),
            PRIORITY: ("1", "2", "3", "unknown"),
            DECISION: ("",),
        }
        return neighbours[along]

    def lists(self) -> tuple[str, ...]:
        """The parts of which every count is read; of the others, which are flows, the total alone."""
        listed = (self.selection.parts[0], parts.INCOMPLETE)
        return tuple(part for part in self.parts if part in listed)


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
        units,
        functions,
        choice.offered_functions,
        tuple(code for code, _ in choice.sites),
        along,
        tuple(dict.fromkeys((choice.part, *(parts.PARTS if flows else ())))),
        dates,
    )


@remembered
def counts_beside(connection: Connection, asked: Asked, bands: bool) -> dict[str, dict[str, Floats]]:
    """By filter and part (units, neighbours, dates, columns): COUNTED, then the bands where asked for; of a
    flow the total alone.
    """
    listed = asked.lists()
    flows = tuple(part for part in asked.parts if part not in listed)
    columns = _counts_and(bands)
    every = [_select(asked, along, listed, columns) for along in asked.along]
    if flows:
        # The total stands in an index.
        total = [_c.total, *(null() for _ in columns[1:])]
        every += [_select(asked, along, flows, total) for along in asked.along if along != DECISION]
    found = connection.execute(union_all(*every)).cursor
    assert found is not None
    rows: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for row in found.fetchall():  # as the driver gives them: row objects would take longer than to read them
        rows.setdefault((row[0], row[4]), []).append(row)
    return {
        along: {
            part: _placed(asked, along, rows.get((along, part), ()), 1 if part in flows else len(columns))
            for part in ((*listed, parts.INCOMPLETE) if along == DECISION else asked.parts)
        }
        for along in asked.along
    }


def _placed(asked: Asked, along: str, rows: Sequence[tuple[Any, ...]], width: int) -> Floats:
    """The first counts of the rows of one part, each where it belongs."""
    at_unit = {unit: place for place, unit in enumerate(asked.units)}
    at_value = {value: place for place, value in enumerate(asked.values(along))}
    # The drivers give a day as a date or as text.
    at_day = {key: place for place, day in enumerate(asked.dates) for key in (day, day.isoformat())}
    found = np.zeros((len(at_unit), len(at_value), len(asked.dates), width))
    if rows:
        at = (
            [0 if asked.units == ("",) else at_unit[row[2]] for row in rows],
            [at_value[row[1]] for row in rows],
            [at_day[row[3]] for row in rows],
        )
        np.add.at(found, at, np.array([row[5 : 5 + width] for row in rows], dtype=np.float64))
    return found


def _counts_and(bands: bool) -> list[ColumnElement[Any]]:
    """The counted columns, the total first, and the week bands where they are asked for."""
    wide = [_c[name] for name in BAND_COLUMNS] if bands else []
    return [*COUNTED.values(), *wide]


def _select(
    asked: Asked, along: str, own: Sequence[str], columns: Sequence[ColumnElement[Any]]
) -> Select[Any]:
    chosen = asked.selection
    values: dict[str, tuple[str, ...]] = {
        FUNCTION: asked.functions,
        SITE: (chosen.site,),
        STAGE: (chosen.stage,),
        PRIORITY: (chosen.priority,),
        DECISION: (*own, parts.INCOMPLETE) if along == DECISION else tuple(own),
    }
    if along != DECISION:
        values[along] = asked.values(along)
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
