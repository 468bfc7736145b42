"""The counts of months that forecasts, back-tests and plans are made from: each month is read once for all.

English pathways only, as every published figure; treatment functions apart, since C_999 is their sum. Rows
are read as arrays, and added up for whom they count (`ingest.forecasts.lineage`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from struct import Struct
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from ingest.forecasts.lineage import lineage_of
from ingest.store.schema import ENGLISH, MONTHLY, pathway_counts
from rtt.terms.arrays import AnyInts, Floats, Ints
from rtt.terms.lineage import Block
from rtt.terms.parts import COMPLETED, INCOMPLETE, NEW_PERIODS
from rtt.terms.sums import added_up
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.waits import BAND_COLUMNS

Key = tuple[str, str]  # organisation, treatment function


@dataclass(frozen=True, slots=True)
class Counted:
    """What is read of a month: the rows of some parts, and their columns."""

    parts: tuple[str, ...]
    columns: tuple[str, ...]


LISTS = Counted((INCOMPLETE,), BAND_COLUMNS)
STARTS = Counted((NEW_PERIODS,), ("total",))
STOPS = Counted(COMPLETED, ("total",))
STOPPED = Counted(COMPLETED, (*BAND_COLUMNS, "total"))


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows to be added up: places of organisation, treatment function and month, each (rows,), and the counts
    (rows, columns).
    """

    organisation: Ints
    function: Ints
    month: Ints
    counts: AnyInts


class MonthsRead:
    """What was read of months, by the file that they came from: a month that is loaded anew is read anew."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}  # of codes of organisations and of treatment functions
        self._read: dict[tuple[int, str, Counted], Rows] = {}
        self._placed: dict[Any, tuple[list[Key], list[Floats]]] = {}

    def cells(
        self,
        connection: Connection,
        held: Sequence[Any],
        level: str,
        counted: Sequence[Counted],
        *,
        then: bool,
    ) -> tuple[list[Key], list[Floats]]:
        """Each specialty of each organisation of a level that any of these rows is of, in order; and their
        counts, (cells, months, columns) of each of `counted`.

        `held`: the extracts of the months. Organisations are those of the newest of them, or with `then`
        those of each month.
        """
        months = tuple(row.census_date for row in held)
        blocks = () if then else lineage_of(connection, held).blocks(level, None, months)
        blocks = blocks or (Block(level, None, months),)
        asked = tuple(row.load_id for row in held), tuple(counted), blocks
        if asked not in self._placed:
            # Of one run of months: who asks for another needs this one no more.
            self._placed = {each: kept for each, kept in self._placed.items() if each[0] == asked[0]}
            rows = [self._rows(connection, held, blocks, each) for each in counted]
            self._placed[asked] = self._cells(rows, len(months))
        return self._placed[asked]

    def _cells(self, found: Sequence[Rows], months: int) -> tuple[list[Key], list[Floats]]:
        codes = sorted(self._places)
        rank = np.empty(len(codes), dtype=np.int64)
        rank[[self._places[code] for code in codes]] = np.arange(len(codes))
        pairs = [rank[rows.organisation] * len(codes) + rank[rows.function] for rows in found]
        kept = np.unique(np.concatenate(pairs))
        keys = [(codes[at // len(codes)], codes[at % len(codes)]) for at in kept.tolist()]
        return keys, [
            _placed(rows, np.searchsorted(kept, own), len(keys), months)
            for rows, own in zip(found, pairs, strict=True)
        ]

    def _rows(
        self, connection: Connection, held: Sequence[Any], blocks: Sequence[Block], counted: Counted
    ) -> Rows:
        extracts = {each.census_date: (at, each) for at, each in enumerate(held)}
        found: list[Rows] = []
        for block in blocks:
            for day in block.dates:
                at, extract = extracts[day]
                rows = self._month(connection, extract, block.level, counted)
                found.append(self._counting_for(rows, block, at))
        organisation, function, month = (
            np.concatenate([getattr(each, name) for each in found])
            for name in ("organisation", "function", "month")
        )
        return Rows(organisation, function, month, np.concatenate([each.counts for each in found]))

    def _counting_for(self, rows: Rows, block: Block, month: int) -> Rows:
        """The rows of a month that a block has, with whose they are now."""
        if block.codes is not None:
            among = np.isin(rows.organisation, [self._place(code) for code in block.codes])
            rows = Rows(rows.organisation[among], rows.function[among], rows.month[among], rows.counts[among])
        now = [(self._place(code), self._place(owner)) for code, owner in block.units]
        owners = np.arange(len(self._places))
        for code, owner in now:
            owners[code] = owner
        return Rows(owners[rows.organisation], rows.function, np.full_like(rows.month, month), rows.counts)

    def _month(self, connection: Connection, extract: Any, level: str, counted: Counted) -> Rows:
        asked = extract.load_id, level, counted
        if asked not in self._read:
            self._read[asked] = self._of_month(connection, extract, level, counted)
        return self._read[asked]

    def _of_month(self, connection: Connection, extract: Any, level: str, counted: Counted) -> Rows:
        c = pathway_counts.c
        rows = connection.execute(
            select(c.organisation_code, c.treatment_function, *(c[name] for name in counted.columns)).where(
                c.source == MONTHLY,
                c.level == level,
                c.census_date == extract.census_date,
                c.part.in_(counted.parts),
                c.basis == ENGLISH,
                c.treatment_function != TOTAL,
                c.site_code == "",
                c.stage == "",
                c.priority == "",
            )
        ).all()
        width = len(counted.columns)
        # Numbers packed row by row are an array at once; made of tuples it costs four times as much.
        pack = Struct(f"{width}i").pack
        counts = np.frombuffer(b"".join([pack(*each[2:]) for each in rows]), dtype=np.intc)
        organisation, function = (np.array([self._place(each[at]) for each in rows], int) for at in (0, 1))
        return Rows(organisation, function, np.zeros_like(function), counts.reshape(len(rows), width))

    def _place(self, code: str) -> int:
        return self._places.setdefault(code, len(self._places))


def _placed(rows: Rows, cell: Ints, cells: int, months: int) -> Floats:
    counts = rows.counts[:, 0] if rows.counts.shape[1] == 1 else rows.counts
    sums = added_up(counts, cell * months + rows.month, cells * months)
    return sums.reshape(cells, months, -1)
