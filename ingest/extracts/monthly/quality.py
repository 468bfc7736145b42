"""What looks odd within a month, counted by provider. Beside the month before:
`ingest.extracts.monthly.month_before`.

None of it refuses a file and all of it stays in the figures. The return's guidance names the questions and no
thresholds; ours are the constants below. Rows stand under a provider where something was found and under
England always, so that a page can tell "none of 445" from "not asked".

Source: NHS England, Recording and reporting RTT waiting times, v5.0, annex B.
"""

from dataclasses import replace

import numpy as np
import polars as pl

from ingest.extracts.monthly.sums import Month
from ingest.store.schema import ENGLAND
from rtt.terms.parts import COMPLETED, INCOMPLETE, NEW_PERIODS, WITH_DECISION_TO_ADMIT
from rtt.terms.treatment_functions import TOTAL

QUALITY_COLUMNS = ("check_key", "organisation_code", "treatment_function", "failed", "checked", "counted")
# Keys of checks; those beside the month before are made again when either month changes.
# Keys are kept in databases: their words can change on the pages, never here.
UNKNOWN_START, FIRST_WEEK = "unknown_clock_start", "first_week"
ADMISSION_ABOVE_LIST, FEW_STARTS = "dta_above_list", "new_periods_below_first_bands"
PART_MISSING, IDENTICAL, BIG_CHANGE = "part_missing", "identical_to_last_month", "big_change"
BESIDE_LAST_MONTH = (PART_MISSING, IDENTICAL, BIG_CHANGE)

FIRST_BANDS = 4  # weeks: who joined in the month should be a new period of it

Row = tuple[str, str, str, int, int, int]


def within_month(month: Month, above: pl.DataFrame) -> list[Row]:
    """Rows of `quality` from the rows of one extract, in the order of QUALITY_COLUMNS.

    `above`: the rows of `ingest.extracts.monthly.checks.admission_above_list`.
    """
    provider, _, _, part, _ = month.parts.sized
    counts = replace(month.parts, cells=month.parts.cells.of_first(FIRST_BANDS)).by(provider, part)
    bands = counts.cells.between((0, 1))
    sums = pl.DataFrame(
        {
            "provider": [month.names[0][at] for at in counts.keys[0]],
            "part": [month.names[-2][at] for at in counts.keys[1]],
            "unknown_clock_start": counts.unknown.astype(np.int64),
            "total_all": counts.total.astype(np.int64),
            "first": bands[:, 0].astype(np.int64),
            "first_bands": bands.sum(axis=1).astype(np.int64),
        }
    )
    completed = sums.filter(pl.col("part").is_in(COMPLETED))
    return [
        *_counted(UNKNOWN_START, completed, failed="unknown_clock_start", checked="total_all"),
        *_counted(FIRST_WEEK, completed, failed="first", checked="total_all"),
        *_counted(FEW_STARTS, _few_starts(sums), failed="failed", checked="checked"),
        *_counted(ADMISSION_ABOVE_LIST, _above_list(month, above), failed="failed", checked="checked"),
    ]


def _few_starts(sums: pl.DataFrame) -> pl.DataFrame:
    waiting = sums.filter(pl.col("part") == INCOMPLETE)
    starts = sums.filter(pl.col("part") == NEW_PERIODS).select("provider", starts="total_all")
    return waiting.join(starts, on="provider", how="left").select(
        "provider",
        failed=(pl.col("starts").fill_null(0) < pl.col("first_bands")).cast(pl.Int64),
        checked=pl.lit(1),
    )


def _above_list(month: Month, above: pl.DataFrame) -> pl.DataFrame:
    failed = above.group_by("provider").agg(failed=pl.len())
    rows = np.bincount(
        month.rows.keys[0][month.of_part(WITH_DECISION_TO_ADMIT)], minlength=len(month.names[0])
    )
    checked = pl.DataFrame({"provider": month.names[0], "checked": rows}).filter(pl.col("checked") > 0)
    return checked.join(failed, on="provider", how="left").with_columns(pl.col("failed").fill_null(0))


def _counted(key: str, table: pl.DataFrame, *, failed: str, checked: str) -> list[Row]:
    rows = table.group_by("provider").agg(pl.col(failed).sum(), pl.col(checked).sum()).sort("provider").rows()
    england = (key, ENGLAND, TOTAL, sum(row[1] for row in rows), sum(row[2] for row in rows), 1)
    return [england, *((key, provider, TOTAL, bad, of, 1) for provider, bad, of in rows if bad)]
