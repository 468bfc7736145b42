"""What comes of the rows of one weekly file, and the steps that its three sections share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from ingest.extracts import Facts
from ingest.extracts.ptl import open_list as rules
from ingest.extracts.ptl.dates import refuse_misread
from ingest.extracts.ptl.fields import FIELDS
from ingest.extracts.ptl.identity import with_identity
from ingest.extracts.ptl.mapping import TrackingList
from ingest.extracts.ptl.rows import with_function
from ingest.extracts.ptl.share import nobody, refuse_large_part, refuse_set_aside
from ingest.extracts.ptl.snapshot import Snapshot, faults_of_place
from ingest.extracts.ptl.table import Table
from ingest.extracts.ptl.values import Fault, LeftOut, leave_out, possible_dates, typed
from ingest.extracts.row_tuples import row_tuples
from ingest.files.problems import Refused
from ingest.store.schema import NONC


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
    set_aside: Sequence[tuple[int, str]]  # how many rows, and why
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

    Raises `Refused` where a date column is misread, or a large part of the rows does not count.
    """
    census_date = snapshot.census_date
    refuse_misread(table, mapping, _dates_that_count(table), lambda key: possible_dates(key, census_date))
    rows = with_function(typed(table, mapping, census_date))
    rows, left_out = leave_out(rows, [*faults_of_place(table, snapshot, mapping), *faults], table)
    refuse_large_part(table, mapping, left_out)
    rows, aside, skipped = rules.set_aside(rows, conditions)
    if rows.is_empty() and left_out.total():
        raise Refused([nobody(table, left_out), *left_out.problems])
    why = {each.field: each.why(aside[each.field]) for each in conditions if each.field in aside}
    kept = rules.one_per_period(with_identity(rows)).drop("identity", "referral")
    duplicates = rows.height - kept.height
    refuse_set_aside(table, mapping, _no_longer_waiting(conditions, aside, duplicates))
    set_aside = [(aside[field], words) for field, words in why.items()]
    return Scope(kept, left_out, set_aside, skipped, duplicates)


def _dates_that_count(table: Table) -> list[str]:
    return [
        key
        for key in table.frame.columns
        if key in FIELDS and FIELDS[key].kind == "date" and key != "week_ending"
    ]


def _no_longer_waiting(
    conditions: Sequence[rules.Condition], aside: Mapping[str, int], duplicates: int
) -> list[tuple[int, str]]:
    said = [
        (aside[each.field], f"are no part of the open list: {each.several}")
        for each in conditions
        if each.takes_off and each.field in aside
    ]
    return [*said, (duplicates, "repeat the issuer, pathway identifier, referral and clock start of another")]


def nonc(rows: pl.DataFrame) -> int:
    """How many rows are of non-English commissioners."""
    return rows.filter(pl.col("basis") == NONC).height


def facts(rows: pl.DataFrame, columns: tuple[str, ...], order: Sequence[str | pl.Expr] = ()) -> Facts:
    """Rows for a table, in this order, then by token; dates as ISO text, which both databases take."""
    chosen = rows.select(columns).with_columns(pl.selectors.date().cast(pl.String))
    return Facts(columns, row_tuples(chosen.sort(*order, "token")))
