"""What stands beside a scope along each of its filters: the other sites, stages, priorities, specialties.

A figure of one site and the same figure of all sites are two addresses, and their difference is a third
figure. For a reader from whom small numbers are hidden, the scope's own figure is therefore judged among its
neighbours, as it would be in one table with them. Asked of tracking lists alone; a scope without a filter has
no neighbours and costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Select, literal, null, select, union_all

from dashboard.queries.choices import Choice
from dashboard.queries.counts import Selection
from dashboard.queries.memo import remembered
from ingest.schema import ENGLISH, pathway_counts
from rtt import parts, small_numbers
from rtt.band_facts import Floats
from rtt.waits import BAND_COLUMNS, BANDS

Mask = NDArray[np.bool_]
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
_COUNTED: dict[str, ColumnElement[Any]] = {
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
_FLOWS = {
    "starts": (parts.NEW_PERIODS,),
    "stops_admitted": (parts.ADMITTED,),
    "stops_non_admitted": (parts.NON_ADMITTED,),
    "stops": parts.COMPLETED,
    "with_decision_to_admit": (parts.WITH_DECISION_TO_ADMIT,),
}

PARTS_OF_SHARES = {
    "share_within_18": ("within_18", "over_18"),
    "share_over_52": ("over_52",),
    "share_stops_admitted": ("stops_admitted", "stops_non_admitted"),
    "share_with_decision_to_admit": ("with_decision_to_admit",),
}
"""What a share is the share of, and the rest, where that is a count of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """The neighbours of some units along one filter, the unit itself among them.

    counts: by key, (units, neighbours, dates). own: which of them the unit is made of. known: whose small
    numbers the reader sees anyway. bands: (units, neighbours, dates, 105), where asked for. places: where
    these dates stand among those of the unit.
    """

    counts: Mapping[str, Floats]
    own: Mask
    known: Mask
    bands: Floats | None
    places: tuple[int, ...]

    def with_bands(self) -> Floats:
        """The bands, which were asked for."""
        assert self.bands is not None
        return self.bands

    def withheld(self, counts: Floats) -> Mask:
        """Of counts (units, neighbours, dates, ...) those of the units not shown: (units, dates, ...).

        Some of what is hidden among the neighbours is the unit's and some is not, so that the difference of
        the two figures would tell it apart.
        """
        hidden = small_numbers.withheld(counts, axis=1, known=self.known)
        return np.asarray(hidden[:, self.own].any(axis=1) & hidden[:, ~self.own].any(axis=1))


def withheld_beside(beside: tuple[Beside, ...], key: str, shape: tuple[int, ...]) -> Mask:
    """Where what `key` counts is hidden along any filter: (units, dates), the oldest dates unjudged."""
    hidden = np.zeros(shape, dtype=bool)
    for each in beside:
        if key in each.counts:
            hidden[:, each.places] |= each.withheld(each.counts[key])
    return hidden


def bands_beside(beside: tuple[Beside, ...], shape: tuple[int, ...]) -> Mask:
    """The week bands hidden along any filter, (units, dates, 105)."""
    hidden = np.zeros((*shape, BANDS), dtype=bool)
    for each in beside:
        if each.bands is not None:
            hidden[:, each.places] |= each.withheld(each.bands)
    return hidden


def neighbours(
    connection: Connection,
    choice: Choice,
    selection: Selection,
    units: tuple[str, ...],
    *,
    bands: bool = False,
    flows: bool = False,
) -> tuple[Beside, ...]:
    """The neighbours of each unit, a specialty or '' for the scope itself; one statement, if any."""
    along = tuple(_filtered(choice, apart=units != ("",)))
    if not choice.conceals or not along or not units:
        return ()
    rows = _rows(connection, _asked(choice, selection, units, along, flows), bands)
    return tuple(_beside(choice, selection, units, each, rows, bands=bands, flows=flows) for each in along)


def _filtered(choice: Choice, *, apart: bool) -> Iterator[str]:
    """The filters in use. Specialties that are shown apart are judged among themselves in their table."""
    if choice.functions and not apart:
        yield FUNCTION
    if choice.filters.site:
        yield SITE
    if choice.stage:
        yield STAGE
    if choice.filters.priority:
        yield PRIORITY
    if choice.part == parts.WITH_DECISION_TO_ADMIT:
        yield DECISION


def _judged(selection: Selection) -> tuple[int, ...]:
    """The places of the dates that are judged."""
    number = len(selection.dates)
    a_year_before = (number - YEAR,) if number >= YEAR else ()
    return (*a_year_before, *range(max(0, number - NEWEST), number))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the rows are looked up by: hashable, so that they can be kept."""

    selection: Selection
    functions: tuple[str, ...]
    every: tuple[str, ...]  # specialties that are offered
    sites: tuple[str, ...]
    along: tuple[str, ...]
    parts: tuple[str, ...]
    dates: tuple[date, ...]


def _asked(
    choice: Choice, selection: Selection, units: tuple[str, ...], along: tuple[str, ...], flows: bool
) -> _Asked:
    dates = tuple(selection.dates[place] for place in _judged(selection))
    functions = selection.functions if units == ("",) else units
    if along == (FUNCTION,):
        # Every specialty is a neighbour, whichever is chosen: read for all of them, and for any census, once.
        functions = ()
        recent = choice.holdings.censuses(selection.source)[-MOST_TOGETHER:]
        dates = recent if set(dates) <= set(recent) else dates
    return _Asked(
        replace(selection, functions=functions, dates=()),
        functions,
        choice.offered_functions,
        tuple(code for code, _ in choice.sites),
        along,
        tuple(dict.fromkeys((choice.part, *(parts.PARTS if flows else ())))),
        dates,
    )


@remembered
def _rows(connection: Connection, asked: _Asked, bands: bool) -> list[tuple[Any, ...]]:
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
    return [*_COUNTED.values(), *wide]


def _select(
    asked: _Asked, along: str, own: Sequence[str], columns: Sequence[ColumnElement[Any]]
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


def _beside(
    choice: Choice,
    selection: Selection,
    units: tuple[str, ...],
    along: str,
    rows: list[tuple[Any, ...]],
    *,
    bands: bool,
    flows: bool,
) -> Beside:
    places = _judged(selection)
    days = {key for place in places for key in _as_driven(selection.dates[place])}
    here = [row for row in rows if row[0] == along and row[3] in days]
    values = tuple(sorted({row[1] for row in here}))
    listed, totals = _placed(choice, here, units, values, [selection.dates[place] for place in places])
    if along == DECISION:
        # The rest of the list is no row: it is the list less those with a decision.
        listed, values = np.concatenate([listed, totals.pop(parts.INCOMPLETE) - listed], axis=1), ("2A", "")
    counts = {key: listed[..., place] for place, key in enumerate(_COUNTED)}
    if flows and along != DECISION:
        counts |= {key: np.sum([totals[part][..., 0] for part in of], axis=0) for key, of in _FLOWS.items()}
    return Beside(
        counts,
        own=np.array([_is_own(choice, along, value) for value in values], dtype=bool),
        known=np.array([_is_known(choice, along, value) for value in values], dtype=bool),
        bands=listed[..., len(_COUNTED) :] if bands else None,
        places=places,
    )


def _placed(
    choice: Choice,
    rows: list[tuple[Any, ...]],
    units: tuple[str, ...],
    values: tuple[str, ...],
    dates: list[date],
) -> tuple[Floats, dict[str, Floats]]:
    """The counts (units, values, dates, columns) of the list, and of every part by itself."""
    every = tuple(dict.fromkeys((choice.part, *parts.PARTS)))
    width = len(rows[0]) - 5 if rows else len(_COUNTED) + BANDS
    found = np.zeros((len(every), len(units), len(values), len(dates), width))
    at_value = {value: place for place, value in enumerate(values)}
    at_day = {key: place for place, day in enumerate(dates) for key in _as_driven(day)}
    at_unit = {unit: place for place, unit in enumerate(units)}
    here = [row for row in rows if units == ("",) or row[2] in at_unit]
    if here:
        at = (
            [every.index(row[4]) for row in here],
            [0 if units == ("",) else at_unit[row[2]] for row in here],
            [at_value[row[1]] for row in here],
            [at_day[row[3]] for row in here],
        )
        np.add.at(found, at, np.array([row[5:] for row in here], dtype=np.float64))
    return found[0], dict(zip(every, found, strict=True))


def _as_driven(day: date) -> tuple[date, str]:
    """The drivers give a day as a date or as text."""
    return day, day.isoformat()


def _is_own(choice: Choice, along: str, value: str) -> bool:
    filters = choice.filters
    chosen: dict[str, tuple[str, ...]] = {
        DECISION: (parts.WITH_DECISION_TO_ADMIT,),
        FUNCTION: choice.functions,
        SITE: (filters.site,),
        STAGE: (choice.stage,),
        PRIORITY: (filters.priority,),
    }
    return value in chosen[along]


def _is_known(choice: Choice, along: str, value: str) -> bool:
    """A service lead sees the own specialties and sites."""
    if along == FUNCTION:
        return choice.reader.sees_all_of((value,), choice.filters.site)
    return along == SITE and choice.reader.sees_all_of(choice.functions, value)
