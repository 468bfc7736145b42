"""The clock stops (parts 1A and 1B) and clock starts (part 3) of a week.

A file may hold more than its week (a rolling list, a stop written down late): the counts take the week from
Monday to its Sunday by date, as the return takes its month, and the rest is said.
"""

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from ingest.extracts.ptl import open_list as rules
from ingest.extracts.ptl.facts import counted
from ingest.extracts.ptl.fields import OPEN_STATUSES, STATUSES
from ingest.extracts.ptl.identity import with_tokens
from ingest.extracts.ptl.mapping import TrackingList
from ingest.extracts.ptl.rows import ADMITTED, NON_ADMITTED, stage_on_the_list, with_dimensions, with_wait
from ingest.extracts.ptl.section import Section, facts, in_scope, nonc
from ingest.extracts.ptl.snapshot import Snapshot
from ingest.extracts.ptl.table import Table
from ingest.extracts.ptl.values import Fault
from ingest.store.schema import clock_stop, columns_of
from rtt.terms.parts import ADMITTED as PART_ADMITTED
from rtt.terms.parts import NEW_PERIODS
from rtt.terms.parts import NON_ADMITTED as PART_NON_ADMITTED

WEEK = timedelta(weeks=1)
TREATED, REMOVED, OTHER = "treated", "removed", "other"
# 33, a first appointment not attended, nullifies the clock: the return has no stop for it.
_KIND = {"30": TREATED} | dict.fromkeys(("31", "32", "34", "35", "36"), OTHER)
_ADMITTED_WORDS = ("ADMITTED", "A", "1A", "IRTT")
_NON_ADMITTED_WORDS = ("NON-ADMITTED", "NON ADMITTED", "NONADMITTED", "N", "NA", "1B", "ORTT")
CLOCK_STOP = columns_of(clock_stop)


def clock_stops(table: Table, snapshot: Snapshot, mapping: TrackingList, key: bytes) -> Section:
    """The stops of the week, and every stop of the file by token, for the movement.

    Status 33 nullifies the period: no stop is reported, the pathway has merely left the list.
    """
    census = snapshot.census_date
    faults = _faults_of_stops(table.frame.columns, snapshot)
    scope = in_scope(table, snapshot, mapping, faults, rules.lasting_conditions())
    rows = with_tokens(scope.rows, key, census_date=census)
    rows = with_wait(with_dimensions(rows, snapshot.provider_code, mapping), pl.col("clock_stop"))
    rows = rows.with_columns(
        pl.lit(census).alias("census_date"),
        pl.lit(snapshot.provider_code).alias("provider_code"),
        stopped_on=pl.col("clock_stop"),
        kind=_kind(rows),
        stage=_stage_of_stop(rows),
    )
    reported = rows.filter(pl.col("kind") != REMOVED)
    # Written down late, a stop would otherwise count in the week of its entry.
    of_the_week = reported.filter(pl.col("stopped_on") > census - WEEK).with_columns(part=_part_of_stop())
    tables = {
        "clock_stop": facts(rows.select(CLOCK_STOP).sort("token")),
        "pathway_counts": counted(of_the_week, snapshot),
    }
    return Section(rows, tables, scope, nonc(of_the_week), reported.height - of_the_week.height)


def clock_starts(table: Table, snapshot: Snapshot, mapping: TrackingList) -> Section:
    """The new periods of the week. Nothing of the single pathway is kept."""
    census = snapshot.census_date
    unknown = Fault("clock_start", "the clock start date", pl.col("clock_start").is_null())
    faults = [*rules.faults_of_start(census), unknown]
    scope = in_scope(table, snapshot, mapping, faults, rules.lasting_conditions())
    rows = with_wait(with_dimensions(scope.rows, snapshot.provider_code, mapping), census)
    of_the_week = rows.filter(pl.col("clock_start") > census - WEEK).with_columns(
        pl.lit("").alias("stage"), pl.lit(NEW_PERIODS).alias("part")
    )
    tables = {"pathway_counts": counted(of_the_week, snapshot)}
    return Section(of_the_week, tables, scope, nonc(of_the_week), rows.height - of_the_week.height)


def _faults_of_stops(columns: Sequence[str], snapshot: Snapshot) -> list[Fault]:
    stopped, status = pl.col("clock_stop"), pl.col("rtt_status")
    future = stopped > snapshot.census_date
    faults = [
        *rules.faults_of_start(snapshot.census_date),
        *rules.faults_of_stop(),
        Fault("clock_stop", "the clock stop date", stopped.is_null()),
        Fault("clock_stop", "a date on or before the census", future, check="stop_in_future"),
    ]
    if "rtt_status" in columns:
        waiting = status.is_in(OPEN_STATUSES) | ~status.is_in(STATUSES)
        faults.append(Fault("rtt_status", "an RTT status that stops the clock", waiting))
    return faults


def _kind(rows: pl.DataFrame) -> pl.Expr:
    """How the period ended; a file without statuses lists treatments, as far as one can tell."""
    if "rtt_status" not in rows.columns:
        return pl.lit(TREATED)
    return (
        pl.when(pl.col("rtt_status").is_null())
        .then(pl.lit(OTHER))
        .otherwise(pl.col("rtt_status").replace_strict(_KIND, default=REMOVED, return_dtype=pl.String))
    )


def _stage_of_stop(rows: pl.DataFrame) -> pl.Expr:
    """As the trust says; else admitted where a pathway of the admitted list was treated."""
    treated = pl.col("rtt_status").fill_null("30") == "30" if "rtt_status" in rows.columns else pl.lit(True)
    by_list = pl.when(treated).then(stage_on_the_list(rows)).otherwise(pl.lit(NON_ADMITTED))
    if "completed_type" not in rows.columns:
        return by_list
    said = pl.col("completed_type")
    return (
        pl.when(said.is_in(_ADMITTED_WORDS))
        .then(pl.lit(ADMITTED))
        .when(said.is_in(_NON_ADMITTED_WORDS))
        .then(pl.lit(NON_ADMITTED))
        .otherwise(by_list)
    )


def _part_of_stop() -> pl.Expr:
    admitted = pl.col("stage") == ADMITTED
    return pl.when(admitted).then(pl.lit(PART_ADMITTED)).otherwise(pl.lit(PART_NON_ADMITTED))
