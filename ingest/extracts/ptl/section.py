"""What comes of the rows of one weekly file, and the steps that its three sections share.

A list of which a large part does not count is refused: its rest would be shown as the whole. What a mapping
may allow is a share of the rows left out (most_left_out). Rows of lists that are not RTT, and planned
admissions, are declared so by whoever made the file, and are not meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from ingest.extracts import Facts
from ingest.extracts.ptl import open_list as rules
from ingest.extracts.ptl.dates import date_fields, refuse_misread
from ingest.extracts.ptl.identity import with_identity
from ingest.extracts.ptl.mapping import TrackingList
from ingest.extracts.ptl.rows import with_function
from ingest.extracts.ptl.snapshot import Snapshot, faults_of_place
from ingest.extracts.ptl.table import Table
from ingest.extracts.ptl.values import Fault, LeftOut, leave_out, possible_dates, typed
from ingest.extracts.row_tuples import FrameRows
from ingest.files.problems import Problem, Refused, refused_whole
from ingest.store.schema import NONC
from rtt.terms.wording import number_text, plural, share_text

# Of a short list a few rows are a large share: (at least so many rows, above this share) is a large part too.
_LARGE_PARTS = ((10, 0.0), (5, 0.25), (1, 0.5))
FEWEST_ROWS = 5  # excluded by one rule, for a share to say anything
MOST_SET_ASIDE = 0.5  # by a rule that excludes pathways that no longer wait, or repeated rows


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
    dated = [key for key in date_fields(table) if key != "week_ending"]
    refuse_misread(table, mapping, dated, lambda key: possible_dates(key, census_date))
    rows = with_function(typed(table, mapping, census_date))
    rows, left_out = leave_out(rows, [*faults_of_place(table, snapshot, mapping), *faults], table)
    _refuse_large_part(table, mapping, left_out)
    rows, aside, skipped = rules.set_aside(rows, conditions)
    if rows.is_empty() and left_out.total():
        raise Refused([_nobody(table, left_out), *left_out.problems])
    kept = rules.one_per_period(with_identity(rows)).drop("identity", "referral")
    duplicates = rows.height - kept.height
    _refuse_set_aside(table, mapping, _no_longer_waiting(conditions, aside, duplicates))
    set_aside = [
        (gone, f"{'its' if gone == 1 else 'their'} {each.not_met}")
        for each in conditions
        if (gone := aside.get(each.field, 0))
    ]
    return Scope(kept, left_out, set_aside, skipped, duplicates)


def _no_longer_waiting(
    conditions: Sequence[rules.Condition], aside: Mapping[str, int], duplicates: int
) -> list[tuple[int, str]]:
    said = [
        (aside[each.field], f"are not open pathways: their {each.not_met}")
        for each in conditions
        if each.takes_off and each.field in aside
    ]
    return [*said, (duplicates, "repeat the issuer, pathway identifier, referral and clock start of another")]


def nonc(rows: pl.DataFrame) -> int:
    return rows.filter(pl.col("basis") == NONC).height


def facts(rows: pl.DataFrame) -> Facts:
    """Rows for a table of these columns; dates as ISO text, which both databases take."""
    return Facts(tuple(rows.columns), FrameRows(rows.with_columns(pl.selectors.date().cast(pl.String))))


def _refuse_large_part(table: Table, mapping: TrackingList, left_out: LeftOut) -> None:
    gone, rows = left_out.total(), table.frame.height
    if gone == rows:
        raise Refused([_nobody(table, left_out), *left_out.problems])
    allowed = mapping.most_left_out
    if any(gone >= fewest and gone > max(share, allowed) * rows for fewest, share in _LARGE_PARTS):
        why = "cannot be counted, for the reasons below"
        raise Refused([_whole(table, mapping, gone, why), *left_out.problems])


def _nobody(table: Table, left_out: LeftOut) -> Problem:
    """The refusal of a list of which no row counts: it would be shown as an empty one."""
    rows = table.frame.height
    sentence = (
        f"{left_out.total():,} of {plural(rows, 'row')} left out: none can be counted. Correct the rows, or "
        "describe in a mapping how the file is written."
    )
    return refused_whole(table.file_name, sentence)


def _refuse_set_aside(table: Table, mapping: TrackingList, counts: Sequence[tuple[int, str]]) -> None:
    """Raise `Refused` where one rule takes over half of the rows off the list; `counts`: (rows, why)."""
    limit = max(mapping.most_left_out, MOST_SET_ASIDE)
    for gone, why in counts:
        if gone > limit * table.frame.height and gone >= FEWEST_ROWS:
            raise Refused([_whole(table, mapping, gone, why)])


def _whole(table: Table, mapping: TrackingList, gone: int, why: str) -> Problem:
    rows = table.frame.height
    sentence = (
        f"{number_text(gone)} of {plural(rows, 'row')} ({share_text(gone / rows)}) {why}. The rest would be "
        "shown as the whole PTL, so the file is refused. Correct the file or the mapping; if the file is "
        f"right, raise most_left_out under [list] in the mapping (now {mapping.most_left_out:g})."
    )
    return refused_whole(table.file_name, sentence)
