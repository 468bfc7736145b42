"""The data-quality checks of a tracking list: on each waiting pathway, and on the rows that were left out.

A check counts, it does not mend: failing rows are in the figures unless the check says that they were left
out. Source: domain.md 7 line 14 (NHS England, Annex B, with the checks of a tracking list).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from ingest.extracts import Facts
from ingest.extracts.ptl.booking import LAST_DAY_WITHIN_18_WEEKS
from ingest.extracts.ptl.rows import ADMITTED, UNKNOWN, day, given
from ingest.store.schema import columns_of
from ingest.store.schema import quality as quality_table
from rtt.terms.treatment_functions import TOTAL

VALIDATED_WITHIN = timedelta(weeks=12)  # NHS England asks for a validation every twelve weeks

COLUMNS = columns_of(quality_table)


@dataclass(frozen=True, slots=True)
class Check:
    """A question to each row: whom it concerns, and who fails. `flag`: it is kept with the pathway."""

    key: str
    fails: pl.Expr
    concerns: pl.Expr
    flag: bool = True


def checks(columns: Sequence[str], rows: pl.DataFrame, census_date: date) -> list[Check]:
    """The checks that a file with these columns can be asked. Flags together stay under 100 characters."""
    every = pl.col("row").is_not_null()
    found = [
        Check("no_clock_start", pl.col("clock_start").is_null(), every),
        Check("unknown_treatment_function", pl.col("treatment_function") == UNKNOWN, every, flag=False),
        Check("no_identity", pl.col("no_identity"), every, flag=False),
        Check("implausible_date", pl.any_horizontal(_odd(rows)), every, flag=False),
    ]
    if "rtt_status" in columns:
        # Both count as open, so neither may hide a pathway that has stopped.
        found.append(Check("status_99", pl.col("rtt_status") == "99", every))
        found.append(Check("no_status", pl.col("rtt_status") == "", every))
    if "priority" in columns:
        found.append(Check("unknown_priority", pl.col("priority") == UNKNOWN, every))
    if "site" in columns:
        found.append(Check("unknown_site", pl.col("site_code") == UNKNOWN, every, flag=False))
    if "tci_date" in columns:
        # Nobody wrote down whether the patient came: the pathway may have stopped, or needs a new date.
        past = pl.col("tci_date") < census_date
        found.append(Check("tci_in_past", past, pl.col("tci_date").is_not_null()))
    if {"tci_date", "decision_to_admit"} <= set(columns):
        dated = pl.col("tci_date").is_not_null()
        found.append(Check("tci_without_dta", ~given(rows, "decision_to_admit"), dated))
    if {"list_type", "decision_to_admit"} <= set(columns):
        admitted, decided = pl.col("stage") == ADMITTED, given(rows, "decision_to_admit")
        found.append(Check("admitted_without_dta", ~decided, admitted))
        found.append(Check("dta_not_admitted", ~admitted, decided))
    if "last_validated" in columns:
        recent = (day(rows, "last_validated") >= census_date - VALIDATED_WITHIN).fill_null(False)
        found.append(Check("unvalidated", ~recent, pl.col("days_waited") > VALIDATED_WITHIN.days))
    return found


def _odd(rows: pl.DataFrame) -> list[pl.Expr]:
    return [pl.col(column) for column in rows.columns if column.startswith("odd_")] or [pl.lit(False)]


def flags(asked: Sequence[Check]) -> pl.Expr:
    """The failed checks of each row, space separated."""
    words = [
        pl.when((check.fails & check.concerns).fill_null(False)).then(pl.lit(check.key))
        for check in asked
        if check.flag
    ]
    return pl.concat_str(words, separator=" ", ignore_nulls=True) if words else pl.lit("")


def quality(
    rows: pl.DataFrame, asked: Sequence[Check], left_out: Mapping[str, int], *, provider: str, read: int
) -> Facts:
    """Failed and checked rows by check, for each specialty and all; then the rows left out, for all."""
    counts = [count for check in asked for count in _counts(check)]
    by_function = rows.group_by("treatment_function").agg(counts).sort("treatment_function")
    everything = rows.select(pl.lit(TOTAL).alias("treatment_function"), *counts)
    found: list[tuple[Any, ...]] = []
    for function, *measured in [*by_function.iter_rows(), *everything.iter_rows()]:
        for check, one in zip(asked, range(0, len(measured), 3), strict=True):
            failed, checked, within = measured[one : one + 3]
            found.append((check.key, provider, function, failed, checked, within, 1))
    found += [(key, provider, TOTAL, count, read, None, 0) for key, count in left_out.items()]
    return Facts(COLUMNS, found)


def _counts(check: Check) -> list[pl.Expr]:
    concerned = check.concerns.fill_null(False)
    failed = concerned & check.fails.fill_null(False)
    within = failed & (pl.col("days_waited") <= LAST_DAY_WITHIN_18_WEEKS).fill_null(False)
    measures = {"failed": failed, "checked": concerned, "within": within}
    return [
        pl.col("row").filter(mask).len().cast(pl.Int64).alias(f"{check.key} {name}")
        for name, mask in measures.items()
    ]
