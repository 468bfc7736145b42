"""Band facts of a scope over censuses, or of its parts apart: what every indicator is computed from.

Two statements whatever the scope: the bands of the list, and the totals of all parts (flows have no use for
bands). A census at which a unit has no row at all is a gap, "not reported", and its figures are not known;
a unit that reported but has no row of one part has zero there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from dashboard.queries.beside import Beside, neighbours
from dashboard.queries.choices import Choice
from dashboard.queries.counts import BandTable, Selection, band_table, conditions
from dashboard.queries.holdings import Holdings, holdings
from dashboard.queries.memo import remembered
from ingest.schema import pathway_counts
from rtt import parts
from rtt.band_facts import BandFacts, band_facts
from rtt.calendar import add_months

RECENT_MONTHS, RECENT_WEEKS = 3, 13
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """`facts` has shape (units, dates). A unit is an organisation, a specialty, or the one scope itself."""

    units: tuple[str, ...]
    dates: tuple[date, ...]
    facts: BandFacts
    reported: NDArray[np.bool_]
    beside: tuple[Beside, ...] = ()  # for a reader from whom small numbers are hidden

    def unit(self, code: str) -> int | None:
        """Row of a unit, None if nobody waits there in any of the censuses."""
        return self.units.index(code) if code in self.units else None


def series(connection: Connection, choice: Choice) -> Facts:
    """The scope itself at every census held up to the chosen one; one unit."""
    return _judged(connection, choice, choice.selection(choice.dates), by="", flows=True)


def listed(connection: Connection, choice: Choice, dates: tuple[date, ...]) -> Facts:
    """The scope itself at some censuses, its list alone, with what is needed to hide single week bands."""
    return _judged(connection, choice, choice.selection(dates), by="", flows=False, bands=True)


def specialties(
    connection: Connection, choice: Choice, dates: tuple[date, ...], *, flows: bool, bands: bool = False
) -> Facts:
    """Each specialty of the scope, the total included; without `flows` in one statement.

    `bands`: single week bands are shown of them, and must be hidden where they are small.
    """
    selection = choice.selection(dates, each_function=True)
    return _judged(connection, choice, selection, by="treatment_function", flows=flows, bands=bands)


def _judged(
    connection: Connection, choice: Choice, selection: Selection, *, by: str, flows: bool, bands: bool = False
) -> Facts:
    """With what stands beside the scope; that is one statement more, where small numbers are hidden."""
    facts = facts_of(connection, selection, by=by, flows=flows)
    beside = neighbours(connection, choice, selection, facts.units, bands=bands, flows=flows)
    return replace(facts, beside=beside)


def organisations_of(
    connection: Connection, choice: Choice, level: str, dates: tuple[date, ...], *, flows: bool
) -> Facts:
    """Each organisation of a level, with the specialties chosen; without `flows` in one statement."""
    return facts_of(connection, choice.selection(dates, by=level), by="organisation_code", flows=flows)


@remembered
def facts_of(connection: Connection, selection: Selection, *, by: str, flows: bool = True) -> Facts:
    """Facts of a selection by unit; `by` is a column of `pathway_counts`, or '' for one unit.

    Without `flows` nothing but the list is known, and a unit is reported where it has a list.
    """
    held = holdings(connection)
    shown = selection.dates
    # Flows of the three months before the first date are needed too.
    censuses = held.censuses(selection.source)
    begin = max(0, censuses.index(shown[0]) - _periods(selection.source))
    grid = censuses[begin : censuses.index(shown[-1]) + 1]
    if flows and not by and _is_narrow(selection):
        # A few hundred rows: all parts with their bands are read sooner than a second statement is made.
        every = replace(selection, parts=parts.PARTS, dates=grid)
        whole = band_table(connection, every, ("census_date", "part"))
        table, totals = _of_list(whole, selection), _part_totals(whole)
        return _from(selection, held, table, totals, grid)
    table = band_table(connection, selection, ("census_date", by) if by else ("census_date",))
    if flows:
        totals = _totals(connection, replace(selection, parts=parts.PARTS, dates=grid), by)
    else:
        totals = _list_totals(table, selection.parts[0])
    return _from(selection, held, table, totals, grid)


def _from(
    selection: Selection,
    held: Holdings,
    table: BandTable,
    totals: dict[tuple[date, str, str], int],
    grid: tuple[date, ...],
) -> Facts:
    units = tuple(sorted({unit for _, unit, _ in totals}))
    amounts = _grid(totals, units, grid)
    if selection.source == "weekly":
        forget_missing_sections(amounts, held, grid)
    return _assembled(selection, held, table, amounts, units, grid)


def _is_narrow(selection: Selection) -> bool:
    """Whether a census has few rows for each part: of one organisation, of one or two specialties."""
    return selection.codes is not None and len(selection.codes) == 1 and len(selection.functions) <= 2


def _of_list(whole: BandTable, selection: Selection) -> BandTable:
    """The list at the dates that are shown, keyed by date alone."""
    shown = set(selection.dates)
    at = [row for row, (day, part) in enumerate(whole.keys) if part == selection.parts[0] and day in shown]
    keys = tuple((whole.keys[row][0],) for row in at)
    return BandTable(keys, whole.total[at], whole.unknown[at], whole.bands[at])


def _part_totals(whole: BandTable) -> dict[tuple[date, str, str], int]:
    return {(day, "", part): int(total) for (day, part), total in zip(whole.keys, whole.total, strict=True)}


def _periods(source: str) -> int:
    return RECENT_WEEKS if source == "weekly" else RECENT_MONTHS


def _totals(connection: Connection, selection: Selection, by: str) -> dict[tuple[date, str, str], int]:
    """Total of every part by census and unit."""
    c = pathway_counts.c
    unit = [c[by]] if by else []
    statement = (
        select(c.census_date, c.part, func.sum(c.total), *unit)
        .where(*conditions(connection, selection))
        .group_by(c.census_date, c.part, *unit)
    )
    rows = connection.execute(statement)
    return {(day, found[0] if found else "", part): int(total) for day, part, total, *found in rows}


def _list_totals(table: BandTable, part: str) -> dict[tuple[date, str, str], int]:
    return {
        (key[0], key[1] if len(key) > 1 else "", part): int(total)
        for key, total in zip(table.keys, table.total, strict=True)
    }


def _grid(
    totals: dict[tuple[date, str, str], int], units: tuple[str, ...], grid: tuple[date, ...]
) -> dict[str, Array]:
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
    held: Holdings,
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


def forget_missing_sections(amounts: dict[str, Array], held: Holdings, grid: tuple[date, ...]) -> None:
    """A week whose clock stops or starts were not loaded has no zero flow: it has no known flow."""
    for section, missing in (("stops", parts.COMPLETED), ("starts", (parts.NEW_PERIODS,))):
        there = {e.census_date for e in held.extracts if e.source == "weekly" and e.section == section}
        absent = np.array([day not in there for day in grid], dtype=bool)
        for part in missing:
            amounts[part][:, absent] = np.nan


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
    """Stops and days of the last three months: of those of its periods that are held without a gap."""
    sums, days = np.full_like(stops, np.nan), np.full_like(stops, np.nan)
    for end in range(len(grid)):
        begin = end
        while (
            begin > 0
            and end - begin + 1 < (RECENT_WEEKS if weekly else RECENT_MONTHS)
            and _adjacent(grid[begin - 1], grid[begin], weekly)
        ):
            begin -= 1
        window = stops[:, begin : end + 1]
        length = np.array([7 if weekly else day.day for day in grid[begin : end + 1]], dtype=float)
        known = ~np.isnan(window)
        sums[:, end] = np.where(known[:, -1], np.nansum(window, axis=1), np.nan)
        days[:, end] = (known * length).sum(axis=1)
    return sums, np.where(days > 0, days, np.nan)
