"""Every part of a scope over time, charted at once: specialties or organisations by measure.

One statement reads the stored counts (total, within 18 weeks, over 52), not the bands: twenty times less to
read, and all that these measures need. Only the newest points are read: older ones shape neither the limits
nor the latest signal. Medians need the bands and are charted for the scope alone (`control_charts`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.control_charts import (
    charts_of,
    every_period,
    is_per_working_day,
    per_working_day,
    turns,
    without_gaps,
)
from dashboard.analysis.disclosure.seen import seen_of, seen_of_providers
from dashboard.analysis.facts import forget_flows_not_told, forget_missing_parts, forget_missing_sections
from dashboard.scope.scope import Scope
from dashboard.store.cache import cached
from dashboard.store.compositions import compositions
from dashboard.store.counts import Selection, stored_counts
from dashboard.store.loaded_extracts import loaded_extracts
from rtt.disclosure import small_numbers
from rtt.disclosure.seen import Seen
from rtt.disclosure.shares import share_seen
from rtt.disclosure.small_numbers import Mask, Shown
from rtt.measures.calculations import Measure, count, share
from rtt.measures.indicators import INDICATORS
from rtt.spc.charts import Kind, directions
from rtt.spc.expected import MOST_POINTS
from rtt.spc.false_alarms import Judged, judged
from rtt.spc.reading import Direction, Icon, variation_icon
from rtt.spc.settings import Rules
from rtt.terms import parts
from rtt.terms.arrays import Floats

# The changes of a stock need one census more than there are changes.
PERIODS = MOST_POINTS + 1
_COUNTED = ("total", "unknown_clock_start", "within_18", "over_52")


@dataclass(frozen=True, slots=True, eq=False)
class PartsOverTime:
    """Stored counts by unit and period: `listed` of the list, `totals` of each part; (units, days)."""

    source: str
    list_part: str
    units: tuple[str, ...]
    days: tuple[date, ...]
    listed: dict[str, Floats]
    totals: dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Latest:
    """One cell: the newest figure and its icon; None where it is not known, or where limits are trial."""

    value: float | None
    icon: Icon | None
    words: str = ""  # what stands in place of a small number, or of one that is only about right


@dataclass(frozen=True, slots=True)
class Signals:
    """Cells by measure, one for each unit. counted: by kind what was judged."""

    units: tuple[str, ...]
    cells: dict[str, list[Latest]]
    counted: dict[Kind, Judged]


MEASURES: dict[str, Callable[[PartsOverTime], Measure]] = {
    "share_within_18": lambda of: share(
        of.listed["within_18"], of.listed["total"] - of.listed["unknown_clock_start"]
    ),
    "total": lambda of: count(of.listed["total"]),
    "over_52": lambda of: count(of.listed["over_52"]),
    "share_over_52": lambda of: share(of.listed["over_52"], of.listed["total"]),
    "starts": lambda of: count(of.totals[parts.NEW_PERIODS]),
    "stops": lambda of: count(of.totals[parts.ADMITTED] + of.totals[parts.NON_ADMITTED]),
}


def latest_signals(
    found: PartsOverTime,
    rules: Rules,
    *,
    seen: Seen | None = None,
    gaps: Mapping[str, Collection[date]] = MappingProxyType({}),
) -> Signals:
    """The newest point of every measure of every unit; all series of one kind are charted together.

    seen: what may be seen of them; the rest is taken out first, so that no icon or limit is made of it. gaps:
    of each unit the months of which a part is missing; nothing is judged there.
    """
    cells: dict[str, list[Latest]] = {}
    counted: dict[Kind, Judged] = {}
    kinds: tuple[Kind, ...] = ("stock", "flow")
    for kind in kinds:
        shown = {
            key: _shown(key, measure(found), found, seen)
            for key, measure in MEASURES.items()
            if INDICATORS[key].kind == kind
        }
        series = [
            _without_gaps(gaps, key, _as_charted(found, key, values), found)
            for key, (values, _) in shown.items()
        ]
        charts = charts_of(kind, np.concatenate(series), turn=turns(found.days, found.source), rules=rules)
        ways = directions(charts)[:, -1].tolist()
        able = ~charts.trial[:, -1] & ~np.isnan(charts.values[:, -1])
        points = int(charts.points[:, -1].max(initial=0))
        counted[kind] = judged(charts.values[able], charts.centre[able], points)
        signals = iter(zip(ways, able.tolist(), strict=True))
        for key, (values, words) in shown.items():
            newest = zip(values[:, -1].tolist(), words, strict=True)
            cells[key] = [_cell(key, value, said, *next(signals)) for value, said in newest]
    return Signals(found.units, {key: cells[key] for key in MEASURES}, counted)


def _without_gaps(
    gaps: Mapping[str, Collection[date]], key: str, values: Floats, found: PartsOverTime
) -> Floats:
    if not any(gaps.values()):
        return values
    rows = zip(found.units, values, strict=True)
    return np.stack([without_gaps(gaps.get(unit, ()), key, row, found.days) for unit, row in rows])


def _shown(key: str, measure: Measure, found: PartsOverTime, seen: Seen | None) -> tuple[Floats, list[str]]:
    """The values that may be shown, and what stands for the newest ones that may not, or only roughly."""
    values, hidden, about = _told(key, measure, found, seen)
    if seen is None:
        return values, [""] * len(values)
    discloses = INDICATORS[key].discloses
    few = small_numbers.small(values) & (discloses.form == "count")
    newest = zip(*(each[:, -1].tolist() for each in (values, hidden, few, about)), strict=True)
    words = [
        (small_numbers.UNDER if small else small_numbers.WITHHELD)
        if gone
        else (f"about {round(100 * value)}%" if roughly else "")
        for value, gone, small, roughly in newest
    ]
    return small_numbers.without(values, hidden), words


def hidden_of(key: str, found: PartsOverTime, seen: Seen | None) -> Mask:
    """Which figures of a measure (units, days) may not be seen, or only roughly: they tell no change."""
    told = _told(key, MEASURES[key](found), found, seen)
    return np.asarray(told.suppressed | told.about)


def _told(key: str, measure: Measure, found: PartsOverTime, seen: Seen | None) -> Shown:
    """The values as far as they may be seen."""
    values, nothing = np.asarray(measure.value, dtype=np.float64), np.zeros(measure.value.shape, dtype=bool)
    discloses, of = INDICATORS[key].discloses, found.listed
    if seen is None:
        return Shown(values, nothing, nothing)
    if discloses.form != "share":
        return Shown(values, ~seen.figure(discloses), nothing)
    total, unknown = of["total"], of["unknown_clock_start"]
    over = total - unknown - of["within_18"]
    share = share_seen(discloses, values, seen, total=total, over=over, unknown=unknown)
    few = small_numbers.rate_withheld(None, total if measure.denominator is None else measure.denominator)
    return share._replace(suppressed=share.suppressed | few)


def seen_over_time(connection: Connection, scope: Scope, found: PartsOverTime, by: str) -> Seen | None:
    """What the reader may see of the parts, (units, days); None where nothing is hidden."""
    if not scope.conceals:
        return None
    held = set(scope.loaded.censuses(scope.source))
    at = [place for place, day in enumerate(found.days) if day in held]
    days = tuple(found.days[place] for place in at)
    of = seen_of if by == "treatment_function" else seen_of_providers
    seen = of(connection, scope, found.units, days)

    def spread(mask: Mask) -> Mask:
        # Of a day without a list nothing is known.
        wide = np.ones((len(found.units), len(found.days)), dtype=bool)
        wide[:, at] = mask
        return wide

    return seen.each(spread)


def _cell(key: str, value: float, words: str, direction: int, judged: bool) -> Latest:
    way: Direction | None = "up" if direction > 0 else "down" if direction < 0 else None
    icon = variation_icon(way, good=INDICATORS[key].good) if judged else None
    return Latest(None if value != value else value, icon, words)


def _as_charted(found: PartsOverTime, key: str, levels: Floats) -> Floats:
    return (
        per_working_day(levels, found.days) if is_per_working_day(INDICATORS[key], found.source) else levels
    )


@cached
def parts_over_time(connection: Connection, selection: Selection, by: str) -> PartsOverTime:
    """The newest periods of a selection, one unit for each value of `by`; one statement."""
    list_part = selection.parts[0]
    grid = every_period(selection.dates, selection.source)[-PERIODS:]
    wanted = tuple(day for day in selection.dates if day >= grid[0])
    every = tuple(dict.fromkeys((*selection.parts, *parts.COMPLETED, parts.NEW_PERIODS)))
    rows = stored_counts(connection, replace(selection, dates=wanted, parts=every), by, _COUNTED)
    units = tuple(sorted({row[0] for row in rows}))
    counts = _placed(rows, units, grid, every)
    totals = {part: counts[position, 0] for position, part in enumerate(every)}
    if selection.source == "weekly":
        forget_missing_sections(totals, loaded_extracts(connection), grid)
    else:
        forget_missing_parts(totals, compositions(connection), grid)
    forget_flows_not_told(totals, selection)
    listed = dict(zip(_COUNTED, counts[every.index(list_part)], strict=True))
    return PartsOverTime(selection.source, list_part, units, grid, listed, totals)


def _placed(
    rows: Sequence[Any], units: tuple[str, ...], grid: tuple[date, ...], every: tuple[str, ...]
) -> Floats:
    """(part, count, unit, day). Nan in a gap: where a unit has no row of any part on that day.

    A unit that reported but has no row of a part has nobody in it.
    """
    at_part, at_unit, at_day = (
        {value: position for position, value in enumerate(values)} for values in (every, units, grid)
    )
    values = np.zeros((len(every), len(units), len(grid), len(_COUNTED)))
    reported = np.zeros((len(units), len(grid)), dtype=bool)
    if rows:
        unit = [at_unit[row[0]] for row in rows]
        day = [at_day[row[1]] for row in rows]
        counts = np.array([row[3:] for row in rows], dtype=np.float64)
        np.add.at(values, ([at_part[row[2]] for row in rows], unit, day), counts)
        reported[unit, day] = True
    values[:, ~reported] = np.nan
    return np.moveaxis(values, -1, 1)
