"""What comes of the rows of one weekly file, and the steps that its three sections share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from ingest.extracts import Facts
from ingest.extracts import ptl_open as rules
from ingest.extracts.ptl_identity import with_identity
from ingest.extracts.ptl_mapping import TrackingList
from ingest.extracts.ptl_rows import with_function
from ingest.extracts.ptl_snapshot import Snapshot, faults_of_place
from ingest.extracts.ptl_table import Table
from ingest.extracts.ptl_values import Fault, LeftOut, leave_out, typed
from ingest.extracts.row_tuples import row_tuples
from ingest.problems import Problem, Refused
from ingest.schema import NONC


@dataclass(frozen=True, slots=True)
class Section:
    """The rows that are in, with `row` and, but for starts, `token`; and what became of the others."""

    rows: pl.DataFrame
    tables: Mapping[str, Facts]
    scope: Scope
    nonc: int
    outside_the_week: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows that count, how many were left out, set aside or repeated, and conditions not asked."""

    rows: pl.DataFrame
    left_out: LeftOut
    set_aside: Mapping[str, int]
    skipped: Sequence[str]
    duplicates: int


def in_scope(
    table: Table,
    snapshot: Snapshot,
    mapping: TrackingList,
    faults: Sequence[Fault],
    conditions: Sequence[rules.Condition],
) -> Scope:
    """The typed rows without faults, that meet the conditions, one for each period.

    Raises `Refused` where faults leave none of them: a census of nobody would be shown as an empty list.
    """
    rows = with_function(typed(table, mapping, snapshot.census_date))
    rows, left_out = leave_out(rows, [*faults_of_place(table, snapshot, mapping), *faults], table)
    rows, aside, skipped = rules.set_aside(rows, conditions)
    if rows.is_empty() and left_out.total():
        raise Refused([_nobody(table, left_out), *left_out.problems])
    kept = rules.one_per_period(with_identity(rows)).drop("identity", "referral")
    return Scope(kept, left_out, aside, skipped, rows.height - kept.height)


def _nobody(table: Table, left_out: LeftOut) -> Problem:
    value = f"{left_out.total():,} of {table.frame.height:,} rows left out, and none that counts"
    expected = "a row that can be counted, or the mapping under which these can"
    return Problem(table.file_name, "refusal", expected, "the file was refused", value=value)


def nonc(rows: pl.DataFrame) -> int:
    """How many rows are of non-English commissioners."""
    return rows.filter(pl.col("basis") == NONC).height


def facts(rows: pl.DataFrame, columns: tuple[str, ...], order: Sequence[str | pl.Expr] = ()) -> Facts:
    """Rows for a table, in this order, then by token; dates as ISO text, which both databases take."""
    chosen = rows.select(columns).with_columns(pl.selectors.date().cast(pl.String))
    return Facts(columns, row_tuples(chosen.sort(*order, "token")))
