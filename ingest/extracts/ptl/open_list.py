"""The open list: which rows of a file are waiting pathways, and what the database keeps of each.

Rows outside RTT, planned admissions and periods that have ended are no faults: they are counted and set
aside. Source: domain.md 2.2 (the rules), after Recording and reporting RTT v5.0 and the Data Dictionary.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from ingest.extracts.ptl.fields import (
    ADMITTED_LISTS,
    NON_ADMITTED_LISTS,
    OPEN_STATUSES,
    OTHER_LISTS,
    STATUSES,
)
from ingest.extracts.ptl.values import Fault

RTT_MEASURED = "01"  # waiting time measurement type of the Data Dictionary
PLANNED = "13"  # admission method of the Data Dictionary
# Validation corrects a clock start: a row with another is another period, not a repeated row.
SAME_PERIOD = ("identity", "referral", "clock_start")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the open list, on a column that a file may lack."""

    field: str
    not_met: str  # what is so of a row that fails it: "its ..." or "their ..."
    holds: pl.Expr
    takes_off: bool = False  # what once waited, so that a list of little else is probably another file


def lasting_conditions() -> tuple[Condition, ...]:
    """What a start and a stop must meet too: RTT, and not planned. A blank cell never takes a patient off."""
    outside = pl.col("list_type").is_in(OTHER_LISTS).fill_null(False)
    measured = (pl.col("measurement_type").str.zfill(2) == RTT_MEASURED).fill_null(True)
    unplanned = (pl.col("admission_method") != PLANNED).fill_null(True)
    return (
        Condition("list_type", "waiting list type is not RTT", ~outside),
        Condition("measurement_type", "waiting time is not measured by RTT", measured),
        # Planned care has no RTT clock until it is overdue (the guidance, section 5).
        Condition("admission_method", "admission is planned", unplanned),
    )


def conditions(census_date: date) -> tuple[Condition, ...]:
    """What a row must be to stand on the open list."""
    # A stop dated after the census has not happened yet: the pathway waits at the census.
    ended = (pl.col("clock_stop") > census_date).fill_null(True)
    waits = pl.col("rtt_status").is_in(OPEN_STATUSES).fill_null(True)
    return (
        *lasting_conditions(),
        Condition("clock_stop", "RTT period has ended", ended, takes_off=True),
        Condition("rtt_status", "RTT status has stopped the clock", waits, takes_off=True),
    )


def faults(columns: Sequence[str], census_date: date) -> list[Fault]:
    """Rows that cannot be counted, whatever list they are on."""
    found = faults_of_start(census_date)
    if "clock_stop" in columns:
        found += faults_of_stop()
    # A code that nobody knows may be a stop: to count the row as open would be a guess.
    if "rtt_status" in columns:
        found.append(_unknown_code("rtt_status", STATUSES, "an RTT status of the Data Dictionary"))
    if "list_type" in columns:
        lists = (*ADMITTED_LISTS, *NON_ADMITTED_LISTS, *OTHER_LISTS)
        found.append(_unknown_code("list_type", lists, "a waiting list type such as ORTT or IRTT"))
    return found


def faults_of_start(census_date: date) -> list[Fault]:
    """A clock start that is no date, and a service that the return does not list."""
    expected = "a date on or before the census, such as 2026-03-31 or 31/03/2026, within ten years"
    return [
        Fault("clock_start", expected, pl.col("odd_clock_start")),
        Fault(
            "clock_start",
            "a date on or before the census",
            pl.col("clock_start") > census_date,
            check="start_in_future",
        ),
        Fault(
            "treatment_function",
            "a treatment function of the return's guidance",
            pl.col("function").is_null() & pl.col("treatment_function").is_not_null(),
        ),
    ]


def faults_of_stop() -> list[Fault]:
    """A clock stop that is no date, or lies before its start."""
    return [
        Fault("clock_stop", "a date, such as 2026-03-31 or 31/03/2026", pl.col("odd_clock_stop")),
        Fault(
            "clock_stop",
            "a date on or after the clock start",
            pl.col("clock_stop") < pl.col("clock_start"),
            check="end_before_start",
        ),
    ]


def _unknown_code(field: str, known: Sequence[str], expected: str) -> Fault:
    return Fault(field, expected, ~pl.col(field).is_in(known))


def set_aside(
    rows: pl.DataFrame, asked: Sequence[Condition]
) -> tuple[pl.DataFrame, dict[str, int], list[str]]:
    """The rows that meet the conditions; how many do not, by field; the fields whose column is missing."""
    counts: dict[str, int] = {}
    skipped = []
    for condition in asked:
        if condition.field not in rows.columns:
            skipped.append(condition.field)
            continue
        kept = rows.filter(condition.holds)
        if gone := rows.height - kept.height:
            counts[condition.field] = gone
        rows = kept
    return rows, counts, skipped


def one_per_period(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each issuer, pathway identifier, referral and clock start: the last written. In file order.

    Rows that nothing identifies are all kept: alike is not the same.
    """
    known = pl.col("identity").is_not_null()
    return rows.filter(~known | (pl.struct(SAME_PERIOD).is_last_distinct()))
