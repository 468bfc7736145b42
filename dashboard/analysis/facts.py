"""Band facts of a scope over censuses, or of its parts apart: what every indicator is computed from.

Two statements whatever the scope: the bands of the list, and the totals of all parts (flows have no use for
bands). A census at which a unit has no row at all is a gap, "not reported", and its figures are not known;
a unit that reported but has no row of one part has zero there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from dashboard.analysis.disclosure.seen import seen_of
from dashboard.scope.scope import Scope
from dashboard.store.cache import cached
from dashboard.store.compositions import compositions
from dashboard.store.counts import (
    BandTable,
    Selection,
    Totals,
    band_table,
    part_totals,
    read_together,
    stored_counts,
)
from dashboard.store.loaded_extracts import LoadedExtracts, loaded_extracts
from ingest.store.schema import WEEKLY
from rtt.disclosure.seen import Seen
from rtt.measures.band_facts import BandFacts, band_facts
from rtt.terms import parts
from rtt.terms.calendar import add_months
from rtt.terms.waits import BANDS
from rtt.terms.whole_month import Composition, parts_not_held

RECENT_MONTHS, RECENT_WEEKS = 3, 13
COUNTED = ("total", "share_within_18", "share_over_52")
"""The measures that `counted_facts` are good for."""
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """`facts` has shape (units, dates). A unit is an organisation, a specialty, or the one scope itself."""

    units: tuple[str, ...]
    dates: tuple[date, ...]
    facts: BandFacts
    reported: NDArray[np.bool_]
    seen: Seen | None = None  # for a reader from whom small numbers are hidden

    def unit(self, code: str) -> int | None:
        """Row of a unit, None if nobody waits there in any of the censuses."""
        return self.units.index(code) if code in self.units else None


def series(connection: Connection, scope: Scope) -> Facts:
    """The scope itself at every census of its window up to the chosen one; one unit."""
    facts = _until(facts_of(connection, every_census(scope), by=""), scope.recent)
    return _judged(connection, scope, _of_who_reported(scope, facts))


def _of_who_reported(scope: Scope, facts: Facts) -> Facts:
    """With the opening list of those who reported at its end: a list that was not sent was not removed.

    Where somebody reports again the opening list is not known: theirs was not sent.
    """
    missing, dates = scope.missing, facts.dates
    if not missing or not facts.units or scope.part != parts.INCOMPLETE:
        return facts
    opening, stops = np.array(facts.facts.opening), np.array(facts.facts.recent_stops)
    gone = [missing[day].codes if day in missing else frozenset() for day in dates]
    for at in range(1, len(dates)):
        if gone[at - 1] - gone[at]:
            opening[:, at] = np.nan
        elif gone[at]:
            # Of those who stopped with this month: the others were not in the list before either.
            new = (each for each in missing[dates[at]].absent if each.last == dates[at - 1])
            opening[:, at] -= sum(each.listed.total for each in new)
        if len(set(gone[max(0, at - RECENT_MONTHS + 1) : at + 1])) > 1:
            stops[:, at] = np.nan  # of more providers than the list, or of fewer
    return replace(facts, facts=replace(facts.facts, opening=opening, recent_stops=stops))


def every_census(scope: Scope) -> Selection:
    """The scope at every census of its window, also after the chosen one: read once, whichever is chosen."""
    return scope.selection(scope.window)


def listed(connection: Connection, scope: Scope, dates: tuple[date, ...]) -> Facts:
    """The scope itself at some censuses, its list alone."""
    facts = facts_of(connection, scope.selection(dates), by="", flows=False)
    return _judged(connection, scope, facts)


def specialties(connection: Connection, scope: Scope, dates: tuple[date, ...], *, flows: bool) -> Facts:
    """Each specialty of the scope, the total included; without `flows` in one statement."""
    selection = scope.selection(dates, each_function=True)
    return _judged(connection, scope, facts_of(connection, selection, by="treatment_function", flows=flows))


def _judged(connection: Connection, scope: Scope, facts: Facts) -> Facts:
    """With what may be seen, where small numbers are hidden; one statement more, the first time."""
    # A lead who sees the whole scope may still not see each of its specialties.
    if scope.source != WEEKLY or scope.reader.may_see_pathways:
        return facts
    return replace(facts, seen=seen_of(connection, scope, facts.units, facts.dates, facts.facts))


def _until(facts: Facts, dates: tuple[date, ...]) -> Facts:
    """The first dates of some facts, as if no later census were held: nothing in them looks ahead."""
    if len(dates) == len(facts.dates):
        return facts
    seen = np.asarray(facts.reported[:, : len(dates)].any(axis=1))
    arrays = (each.name for each in fields(BandFacts) if each.name != "part")
    shorter = {name: getattr(facts.facts, name)[seen, : len(dates)] for name in arrays}
    return Facts(
        units=tuple(unit for unit, there in zip(facts.units, seen, strict=True) if there),
        dates=dates,
        facts=replace(facts.facts, **shorter),
        reported=facts.reported[seen, : len(dates)],
    )


def read_bands(
    connection: Connection,
    *asked: tuple[Selection | None, str, bool],
    totals: Iterable[tuple[Selection, str]] = (),
) -> None:
    """Read in one statement what `facts_of` is about to be asked for, (selection, by, flows) of each, and the
    `totals` that `part_totals` is.
    """
    held = loaded_extracts(connection)
    wanted = [(selection, by, flows) for selection, by, flows in asked if selection]
    read_together(
        connection,
        bands=[(selection, _key(by)) for selection, by, _ in wanted],
        totals=[*totals, *((_all_parts(held, selection), by) for selection, by, flows in wanted if flows)],
    )


@cached
def facts_of(connection: Connection, selection: Selection, *, by: str, flows: bool = True) -> Facts:
    """Facts of a selection by unit; `by` is a column of `pathway_counts`, or '' for one unit.

    Without `flows` nothing but the list is known, and a unit is reported where it has a list.
    """
    held = loaded_extracts(connection)
    if flows:
        read_bands(connection, (selection, by, flows))
    table = band_table(connection, selection, _key(by))
    band_table.forget(connection, selection, _key(by))  # the facts made of it are what is kept
    if flows:
        totals = part_totals(connection, every := _all_parts(held, selection), by)
        part_totals.forget(connection, every, by)
    else:
        totals = _list_totals(table, selection.parts[0])
    return _from(connection, selection, held, table, totals, _grid_of(held, selection))


@cached
def counted_facts(connection: Connection, selection: Selection, *, by: str) -> Facts:
    """As `facts_of` without flows, of the counts that are stored beside the bands; one statement.

    Good for the `COUNTED` measures alone: where within 18 weeks, or beyond 52, somebody waits is not told. A
    series of everybody takes a twentieth of the reading.
    """
    rows = stored_counts(connection, selection, by, ("total", "unknown_clock_start", "within_18", "over_52"))
    order = {key: at for at, key in enumerate(dict.fromkeys((row[1], row[0]) for row in rows))}
    counts = np.zeros((len(order), 4), dtype=np.int64)
    if rows:
        at = [order[row[1], row[0]] for row in rows]
        np.add.at(counts, at, np.array([row[3:] for row in rows], dtype=np.int64))
    total, unknown, within, over = counts.T
    bands = np.zeros((len(order), BANDS), dtype=np.int64)
    bands[:, 0], bands[:, 18], bands[:, 52] = within, total - unknown - within - over, over
    table = BandTable(tuple(order), total, unknown, bands)
    held, totals = loaded_extracts(connection), _list_totals(table, selection.parts[0])
    return _from(connection, selection, held, table, totals, _grid_of(held, selection))


def _key(by: str) -> tuple[str, ...]:
    return ("census_date", by) if by else ("census_date",)


def _all_parts(held: LoadedExtracts, selection: Selection) -> Selection:
    return replace(selection, parts=parts.PARTS, dates=_grid_of(held, selection))


def _grid_of(held: LoadedExtracts, selection: Selection) -> tuple[date, ...]:
    """The censuses of a selection, and those before whose flows its first date needs."""
    censuses = held.censuses(selection.source)
    begin = max(0, censuses.index(selection.dates[0]) - _periods(selection.source))
    return censuses[begin : censuses.index(selection.dates[-1]) + 1]


def _from(
    connection: Connection,
    selection: Selection,
    held: LoadedExtracts,
    table: BandTable,
    totals: Totals,
    grid: tuple[date, ...],
) -> Facts:
    units = tuple(sorted({unit for _, unit, _ in totals}))
    amounts = _grid(totals, units, grid)
    if selection.source == "weekly":
        forget_missing_sections(amounts, held, grid)
    else:
        forget_missing_parts(amounts, compositions(connection), grid)
    forget_flows_not_told(amounts, selection)
    return _assembled(selection, held, table, amounts, units, grid)


def _periods(source: str) -> int:
    return RECENT_WEEKS if source == "weekly" else RECENT_MONTHS


def _list_totals(table: BandTable, part: str) -> Totals:
    return {
        (key[0], key[1] if len(key) > 1 else "", part): int(total)
        for key, total in zip(table.keys, table.total, strict=True)
    }


def _grid(totals: Totals, units: tuple[str, ...], grid: tuple[date, ...]) -> dict[str, Array]:
    """Totals by part as arrays (units, grid); nan where the unit reported nothing at all."""
    row = {unit: position for position, unit in enumerate(units)}
    column = {day: position for position, day in enumerate(grid)}
    amounts = {part: np.zeros((len(units), len(grid))) for part in parts.PARTS}
    reported = np.zeros((len(units), len(grid)), dtype=bool)
    for (day, unit, part), total in totals.items():
        if day in column:
            amounts[part][row[unit], column[day]] = total
            reported[row[unit], column[day]] = True
    return {part: np.where(reported, values, np.nan) for part, values in amounts.items()}


def _assembled(
    selection: Selection,
    held: LoadedExtracts,
    table: BandTable,
    amounts: dict[str, Array],
    units: tuple[str, ...],
    grid: tuple[date, ...],
) -> Facts:
    shown = selection.dates
    at = [grid.index(day) for day in shown]
    open_bands = {found.census_date: found.open_band for found in held.of(selection.source)}
    bands, unknown = _placed(table, units, shown)
    listed = amounts[selection.parts[0]]
    reported = ~np.isnan(listed[:, at])
    bands[~reported] = np.nan
    weekly = selection.source == "weekly"
    recent, days = _recent(amounts[parts.ADMITTED] + amounts[parts.NON_ADMITTED], grid, weekly)
    facts = band_facts(
        bands,
        part=selection.parts[0],
        open_band=np.array([open_bands[day] for day in shown])[None, :],
        unknown_clock_start=unknown,
        with_decision_to_admit=amounts[parts.WITH_DECISION_TO_ADMIT][:, at],
        starts=amounts[parts.NEW_PERIODS][:, at],
        stops_admitted=amounts[parts.ADMITTED][:, at],
        stops_non_admitted=amounts[parts.NON_ADMITTED][:, at],
        opening=_opening(listed, grid, weekly)[:, at],
        recent_stops=recent[:, at],
        recent_days=days[:, at],
    )
    return Facts(units, shown, facts, reported)


def _placed(table: BandTable, units: tuple[str, ...], shown: tuple[date, ...]) -> tuple[Array, Array]:
    """Bands (units, dates, 105) and unknown clock starts (units, dates) of a table keyed by date and unit."""
    bands = np.zeros((len(units), len(shown), table.bands.shape[-1]))
    unknown = np.zeros((len(units), len(shown)))
    row = {unit: position for position, unit in enumerate(units)}
    column = {day: position for position, day in enumerate(shown)}
    for position, (day, *unit) in enumerate(table.keys):
        where = row[unit[0] if unit else ""], column[day]
        bands[where], unknown[where] = table.bands[position], table.unknown[position]
    return bands, unknown


def forget_missing_sections(amounts: dict[str, Array], held: LoadedExtracts, grid: tuple[date, ...]) -> None:
    """A week whose clock stops or starts were not loaded has no zero flow: it has no known flow."""
    for section, missing in (("stops", parts.COMPLETED), ("starts", (parts.NEW_PERIODS,))):
        there = {e.census_date for e in held.extracts if e.source == "weekly" and e.section == section}
        absent = np.array([day not in there for day in grid], dtype=bool)
        for part in missing:
            amounts[part][:, absent] = np.nan


def forget_missing_parts(
    amounts: dict[str, Array], held: Mapping[date, Composition], grid: tuple[date, ...]
) -> None:
    """A part of the return that a month's file holds of nobody is not zero there: it is not known."""
    gone = [parts_not_held(day, held[day]) if day in held else () for day in grid]
    for part in amounts:
        amounts[part][:, [part in of_day for of_day in gone]] = np.nan


def forget_flows_not_told(amounts: dict[str, Array], selection: Selection) -> None:
    """A flow that no file tells of this part of the list is not zero there: it is not known.

    A clock start has no site and no stage yet. Starts and stops are of the whole list: who joined or left
    its part with a decision to admit is nowhere counted.
    """
    silent: tuple[str, ...] = (parts.NEW_PERIODS,) if selection.site or selection.stage else ()
    if selection.parts[0] == parts.WITH_DECISION_TO_ADMIT:
        silent = (*parts.COMPLETED, parts.NEW_PERIODS)
    for part in silent:
        amounts[part][:] = np.nan


@lru_cache(maxsize=4096)
def _adjacent(earlier: date, later: date, weekly: bool) -> bool:
    return (later - earlier).days == 7 if weekly else add_months(earlier, 1) == later


def _opening(listed: Array, grid: tuple[date, ...], weekly: bool) -> Array:
    """The list at the census just before; not known across a gap."""
    opening = np.full_like(listed, np.nan)
    for position in range(1, len(grid)):
        if _adjacent(grid[position - 1], grid[position], weekly):
            opening[:, position] = listed[:, position - 1]
    return opening


def _recent(stops: Array, grid: tuple[date, ...], weekly: bool) -> tuple[Array, Array]:
    """Stops and days of the last three months; nan where those are not all held, one after the other."""
    sums, days = np.full_like(stops, np.nan), np.full_like(stops, np.nan)
    periods = RECENT_WEEKS if weekly else RECENT_MONTHS
    length = np.array([7 if weekly else day.day for day in grid], dtype=float)
    for end in range(periods - 1, len(grid)):
        recent = slice(end - periods + 1, end + 1)
        if all(_adjacent(*two, weekly) for two in pairwise(grid[recent])):
            known = ~np.isnan(stops[:, recent])
            sums[:, end] = np.where(known[:, -1], np.nansum(stops[:, recent], axis=1), np.nan)
            days[:, end] = (known * length[recent]).sum(axis=1)
    return sums, np.where(days > 0, days, np.nan)
