"""Band vectors: the rows of `pathway_counts` a scope asks for, as arrays.

Every dimension is fixed by a `Selection`, so nothing is counted twice. Several specialties or trusts are
added up in numpy, where whole numbers stay whole on either database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from dashboard.queries.holdings import holdings
from dashboard.queries.memo import remembered
from ingest.schema import ENGLISH, pathway_counts
from rtt.treatment_functions import TOTAL
from rtt.waits import BAND_COLUMNS, BANDS

_TOTALS = ("total", "unknown_clock_start")
_c = pathway_counts.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The rows of one scope. Several codes or functions are added together unless they are asked for apart.

    Everything is named, dates and functions too: named values are looked up, ranges are read through.
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


@remembered
def band_table(connection: Connection, selection: Selection, by: tuple[str, ...]) -> BandTable:
    """One statement: the bands of a selection, one row for each value of the columns in `by`.

    `by` names columns of `pathway_counts`: census_date, part, organisation_code, treatment_function.
    """
    names = (*by, *_TOTALS, *BAND_COLUMNS)
    rows = connection.execute(
        select(*(_c[name] for name in names)).where(*conditions(connection, selection))
    ).all()
    return _added_up(rows, len(by))


def conditions(connection: Connection, selection: Selection) -> Iterable[Any]:
    """The WHERE of a selection."""
    yield _c.source == selection.source
    yield _c.level == selection.level
    yield _c.part.in_(selection.parts)
    yield _c.site_code == selection.site
    yield _c.stage == selection.stage
    yield _c.priority == selection.priority
    yield _c.basis == ENGLISH
    yield _c.treatment_function.in_(selection.functions)
    yield _c.census_date.in_(selection.dates)
    if selection.codes is not None:
        yield _c.organisation_code.in_(selection.codes)
    else:
        yield _c.extract_id.in_(holdings(connection).ids(selection.source, selection.dates))


def _added_up(rows: Sequence[Any], width: int) -> BandTable:
    keys = [tuple(row[:width]) for row in rows]
    order = {key: position for position, key in enumerate(dict.fromkeys(keys))}
    sums = np.zeros((len(order), 2 + BANDS), dtype=np.int64)
    if rows:
        numbers = np.array([row[width:] for row in rows], dtype=np.int64)
        np.add.at(sums, [order[key] for key in keys], numbers)
    return BandTable(tuple(order), sums[:, 0], sums[:, 1], sums[:, 2:])
