"""Band vectors: the rows of `pathway_counts` a scope asks for, as arrays.

Every dimension is fixed by a `Selection`, so nothing is counted twice. Several specialties or trusts are
added up in numpy, where whole numbers stay whole on either database.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from dashboard.store.cache import cached, keeps
from dashboard.store.loaded_extracts import loaded_extracts
from ingest.store.schema import ENGLISH, pathway_counts
from rtt.terms.lineage import Block
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.waits import BAND_COLUMNS, BANDS

_TOTALS = ("total", "unknown_clock_start")
_UNIT = "organisation_code"
_OF = ":"  # between a level that is not the selection's own, and a code
_c = pathway_counts.c
_COUNTS = tuple(_c[name] for name in (*_TOTALS, *BAND_COLUMNS))

Totals = dict[tuple[date, str, str], int]  # census, unit, part
Owners = dict[tuple[date, str], str]  # census, code -> the code whose rows these are now


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The rows of one scope. Several codes or functions are added together unless they are asked for apart.

    Everything is named, dates and functions too: named values are looked up, ranges are read through.
    `blocks`: where rows of others count for these, every row that does, by month (`rtt.terms.lineage`).
    """

    source: str
    level: str
    codes: tuple[str, ...] | None  # None: every organisation of the level
    functions: tuple[str, ...] = (TOTAL,)
    site: str = ""
    stage: str = ""
    priority: str = ""
    parts: tuple[str, ...] = ("2",)
    dates: tuple[date, ...]
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class BandTable:
    """Band vectors by key: `keys[i]` names row i of `total`, `unknown` (n) and `bands` (n, 105)."""

    keys: tuple[tuple[Any, ...], ...]
    total: NDArray[np.int64]
    unknown: NDArray[np.int64]
    bands: NDArray[np.int64]

    def at(self, *key: Any) -> int | None:
        """The row of a key, None if the scope has no such row: nobody waits there."""
        return self.rows.get(key)

    @property
    def rows(self) -> dict[tuple[Any, ...], int]:
        """Row number by key."""
        return {key: row for row, key in enumerate(self.keys)}


@cached
def band_table(connection: Connection, selection: Selection, by: tuple[str, ...]) -> BandTable:
    """One statement: the bands of a selection, one row for each value of the columns in `by`.

    `by` names columns of `pathway_counts`: census_date, part, organisation_code, treatment_function.
    """
    columns = [_column(selection, name) for name in (*by, *_TOTALS, *BAND_COLUMNS)]
    rows: Sequence[Any] = connection.execute(select(*columns).where(*conditions(connection, selection))).all()
    if by == ("census_date", _UNIT) and (owners := _owners(selection)):
        rows = [(row[0], owners.get(tuple(row[:2]), row[1]), *row[2:]) for row in rows]
    return _added_up(rows, len(by))


@cached
def part_totals(connection: Connection, selection: Selection, by: str) -> Totals:
    """One statement: the total of each part of a selection by census and unit; `by` '' for one unit."""
    return _summed(connection.execute(_totals_of(connection, selection, by)).all(), _owners(selection))


def read_together(
    connection: Connection,
    *,
    bands: Iterable[tuple[Selection, tuple[str, ...]]],
    totals: Iterable[tuple[Selection, str]],
) -> None:
    """Read in one statement what `band_table` and `part_totals` are about to be asked for.

    A band table is named here by at most two columns, the census date first. What is remembered already is
    not read again; a connection that remembers nothing reads nothing here.
    """
    if not keeps(connection):
        return
    new_bands = [each for each in dict.fromkeys(bands) if not band_table.has(connection, *each)]
    new_totals = [each for each in dict.fromkeys(totals) if not part_totals.has(connection, *each)]
    if len(new_bands) + len(new_totals) < 2:
        return
    nothing = [null() for _ in (*_TOTALS[1:], *BAND_COLUMNS)]
    branches = [_bands_of(connection, *each) for each in new_bands]
    branches += [_totals_of(connection, *each).add_columns(*nothing) for each in new_totals]
    found = in_branches(connection, branches)
    for (selection, by), rows in zip(new_bands, found[: len(new_bands)], strict=True):
        keys = (0, 2)[: len(by)]
        owners = _owners(selection) if by[1:] == (_UNIT,) else {}
        if owners:
            rows = [(*row[:2], owners.get((row[0], row[2]), row[2]), *row[3:]) for row in rows]
        keyed = [(*(row[at] for at in keys), *row[3:-1]) for row in rows]
        band_table.put(_added_up(keyed, len(by)), connection, selection, by)
    for asked, rows in zip(new_totals, found[len(new_bands) :], strict=True):
        part_totals.put(_summed((row[:4] for row in rows), _owners(asked[0])), connection, *asked)


def in_branches(connection: Connection, branches: Sequence[Select[Any]]) -> list[list[tuple[Any, ...]]]:
    """The rows of each statement, read as one; each begins with a date, and ends with its number."""
    numbered = (branch.add_columns(literal(at)) for at, branch in enumerate(branches))
    rows: list[list[tuple[Any, ...]]] = [[] for _ in branches]
    days = Days()
    for row in driver_rows(connection, union_all(*numbered)):
        rows[row[-1]].append((days[row[0]], *row[1:]))
    return rows


def driver_rows(connection: Connection, statement: Executable) -> Sequence[tuple[Any, ...]]:
    """Rows as the driver gives them, dates too: row objects of SQLAlchemy take as long as the reading."""
    cursor = connection.execute(statement).cursor
    assert cursor is not None
    return cursor.fetchall()


class Days(dict[Any, date]):
    """The dates of values of a driver: SQLite keeps dates as text."""

    def __missing__(self, value: Any) -> date:
        self[value] = day = value if isinstance(value, date) else date.fromisoformat(value)
        return day


def _bands_of(connection: Connection, selection: Selection, by: tuple[str, ...]) -> Select[Any]:
    """Census date, part and unit, the total, unknown starts and bands."""
    unit = _column(selection, by[1]) if len(by) > 1 else literal("")
    return select(_c.census_date, _c.part, unit, *_COUNTS).where(*conditions(connection, selection))


def _totals_of(connection: Connection, selection: Selection, by: str) -> Select[Any]:
    """Census date, part, unit and total."""
    unit: ColumnElement[str] = _column(selection, by) if by else literal("")
    units = [_c.level, _c[by]] if by == _UNIT and selection.blocks else [_c[by]] if by else []
    return (
        select(_c.census_date, _c.part, unit, func.sum(_c.total))
        .where(*conditions(connection, selection))
        .group_by(_c.census_date, _c.part, *units)
    )


def _summed(rows: Iterable[Sequence[Any]], owners: Owners) -> Totals:
    found: Totals = {}
    for day, part, unit, total in rows:
        key = day, owners.get((day, unit), unit), part
        found[key] = found.get(key, 0) + int(total)
    return found


def _column(selection: Selection, name: str) -> ColumnElement[Any]:
    """A column; a code that is not of the selection's own level says of which it is."""
    if name != _UNIT or not any(each.level != selection.level for each in selection.blocks):
        return _c[name]
    return case((_c.level == selection.level, _c[name]), else_=_c.level + _OF + _c[name])


def _owners(selection: Selection) -> Owners:
    """Whose the rows are that stand under another code, as `_column` reads it, in a month."""
    return {
        (day, code if each.level == selection.level else f"{each.level}{_OF}{code}"): owner
        for each in selection.blocks
        for code, owner in each.units
        for day in each.dates
        if day in selection.dates
    }


def conditions(connection: Connection, selection: Selection) -> Iterable[Any]:
    """The WHERE of a selection. What its blocks share is said in each: so each is found by an index."""
    shared = [
        _c.source == selection.source,
        _c.part.in_(selection.parts),
        _c.site_code == selection.site,
        _c.stage == selection.stage,
        _c.priority == selection.priority,
        _c.basis == ENGLISH,
        _c.treatment_function.in_(selection.functions),
    ]
    own = Block(selection.level, selection.codes, selection.dates)
    each = [
        and_(*_of_block(connection, selection, block), *shared)
        for block in selection.blocks or (own,)
        if any(day in block.dates for day in selection.dates)
    ]
    yield or_(*each) if each else false()


def _of_block(connection: Connection, selection: Selection, block: Block) -> Iterable[Any]:
    dates = tuple(day for day in block.dates if day in selection.dates)
    yield _c.level == block.level
    yield _c.census_date.in_(dates)
    if block.codes is not None:
        yield _c.organisation_code.in_(block.codes)
    else:
        yield _c.extract_id.in_(loaded_extracts(connection).ids(selection.source, dates))


def peer_rows(
    connection: Connection, source: str, levels: Collection[str], census: date, part: str
) -> Sequence[Any]:
    """(level, unit, specialty, within 18, of known clock start, over 52, in all) of every unit of some
    levels; one statement.
    """
    statement = select(
        _c.level,
        _c.organisation_code,
        _c.treatment_function,
        _c.within_18,
        _c.total - _c.unknown_clock_start,
        _c.over_52,
        _c.total,
        # For its sake alone SQLite looks the month up: it is in no index, and of one that holds every column
        # that is asked for it would read all months through.
        _c.over_18,
    ).where(
        _c.source == source,
        _c.level.in_(levels),
        _c.census_date == census,
        _c.part == part,
        _c.site_code == "",
        _c.stage == "",
        _c.priority == "",
        _c.basis == ENGLISH,
    )
    return [row[:-1] for row in connection.execute(statement)]


def stored_counts(
    connection: Connection, selection: Selection, by: str, names: Sequence[str]
) -> Sequence[Any]:
    """(unit, census, part, counts stored beside the bands) of a selection; one statement.

    Several organisations or specialties of one unit are added up in numpy: quicker than a GROUP BY.
    """
    columns = (_column(selection, by), _c.census_date, _c.part, *(_c[name] for name in names))
    days = Days()
    asked = driver_rows(connection, select(*columns).where(*conditions(connection, selection)))
    rows = [(unit, days[day], *rest) for unit, day, *rest in asked]
    owners = _owners(selection) if by == _UNIT else {}
    return [(owners.get((row[1], row[0]), row[0]), *row[1:]) for row in rows] if owners else rows


def _added_up(rows: Sequence[Any], width: int) -> BandTable:
    keys = [tuple(row[:width]) for row in rows]
    order = {key: position for position, key in enumerate(dict.fromkeys(keys))}
    sums = np.zeros((len(order), 2 + BANDS), dtype=np.int64)
    if rows:
        numbers = np.array([row[width:] for row in rows], dtype=np.int64)
        np.add.at(sums, [order[key] for key in keys], numbers)
    return BandTable(tuple(order), sums[:, 0], sums[:, 1], sums[:, 2:])
