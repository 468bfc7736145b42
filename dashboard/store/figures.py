"""The rows of the table of figures: every dimension fixed, straight from the facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from ingest.store.schema import ENGLAND, ENGLISH, MONTHLY, NONC, WEEKLY, extract, organisation, pathway_counts
from rtt.terms.lineage import Block
from rtt.terms.waits import BAND_COLUMNS

KEYS = ("census_date", "organisation_code", "part", "treatment_function")
COUNTS = (
    "total",
    "unknown_clock_start",
    "within_18",
    "over_18",
    "over_52",
    "over_65",
    "over_78",
    "over_104",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureScope:
    """Which figures: None means everything of that kind, so the default is all that is held for England."""

    level: str = "england"
    source: str | None = None
    first: date | None = None  # censuses from `first` to `last`, both included
    last: date | None = None
    organisation: str | None = None
    part: str | None = None
    treatment_function: str | None = None
    include_nonc: bool = False
    history: str = ""  # "then": organisations as each month had them; else those of the last month asked for

    def until(self, today: date) -> FigureScope:
        """The same without censuses dated after today."""
        return replace(self, last=min(self.last or today, today))


def censuses(connection: Connection, scope: FigureScope) -> list[tuple[str, date, int]]:
    """Source, day and open band of each, oldest first within a source."""
    c = extract.c
    statement = select(c.source, c.census_date, c.open_band).distinct()
    statement = statement.where(c.source.in_([scope.source] if scope.source else [MONTHLY, WEEKLY]))
    if scope.first:
        statement = statement.where(c.census_date >= scope.first)
    if scope.last:
        statement = statement.where(c.census_date <= scope.last)
    rows = connection.execute(statement.order_by(c.source, c.census_date))
    return [(source, census, open_band) for source, census, open_band in rows]


def names(connection: Connection, source: str, census: date, level: str) -> dict[str, str]:
    """Code -> name, as this census has it."""
    statement = (
        select(organisation.c.code, organisation.c.name)
        .join(extract, extract.c.id == organisation.c.extract_id)
        .where(extract.c.source == source, extract.c.census_date == census, organisation.c.level == level)
    )
    return {ENGLAND: "England"} | {row.code: row.name for row in connection.execute(statement)}


def count_rows(
    connection: Connection, source: str, census: date, scope: FigureScope, blocks: Sequence[Block] = ()
) -> Sequence[Any]:
    """KEYS, COUNTS and week bands of one census; English commissioners and others apart if both are asked.

    `blocks`: the rows that count for the organisations asked for, where others' do. Then several rows have
    the same KEYS, to be added up. One statement for each block of the census.
    """
    own = Block(scope.level, (scope.organisation,) if scope.organisation else None, (census,))
    found: list[Any] = []
    for block in blocks or (own,):
        if census in block.dates:
            owners = dict(block.units)
            rows = _rows_of_block(connection, source, census, scope, block)
            found += ((row[0], owners.get(row[1], row[1]), *row[2:]) for row in rows) if owners else rows
    return found


def _rows_of_block(
    connection: Connection, source: str, census: date, scope: FigureScope, block: Block
) -> Sequence[Any]:
    c = pathway_counts.c
    statement = select(*(c[name] for name in (*KEYS, *COUNTS, *BAND_COLUMNS))).where(
        # By its extracts: that is the index for a census of many organisations.
        c.extract_id.in_(
            select(extract.c.id).where(extract.c.source == source, extract.c.census_date == census)
        ),
        c.level == block.level,
        *([] if block.codes is None else [c.organisation_code.in_(block.codes)]),
        c.site_code == "",
        c.stage == "",
        c.priority == "",
        c.basis.in_([ENGLISH, NONC] if scope.include_nonc else [ENGLISH]),
    )
    for column, wanted in (
        (c.part, scope.part),
        (c.treatment_function, scope.treatment_function),
    ):
        if wanted is not None:
            statement = statement.where(column == wanted)
    return connection.execute(statement).all()
