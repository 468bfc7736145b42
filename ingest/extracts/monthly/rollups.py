"""From the rows of a monthly extract to wide facts at every level, all treatment functions together included.

ICB and region are the commissioner's. NONC, non-English commissioners, stands apart (basis 'nonc') and is in
no published figure. Published totals (C_999) are not read: they are made here from their parts.
"""

from collections.abc import Sequence
from datetime import date

import polars as pl

from ingest.extracts.organisations import NON_ENGLISH
from ingest.store.schema import ENGLAND, ENGLISH, MONTHLY, NONC, columns_of, commissioned_list, pathway_counts
from rtt.terms.parts import INCOMPLETE
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.waits import BAND_COLUMNS

_THRESHOLDS = (52, 65, 78, 104)
FACT_COLUMNS = columns_of(pathway_counts)
COMMISSIONED_COLUMNS = columns_of(commissioned_list)
_CELL = ("level", "organisation_code", "part", "treatment_function", "basis")


def monthly_facts(table: pl.DataFrame, *, census_date: date, bands: Sequence[str]) -> pl.DataFrame:
    """`pathway_counts` without `extract_id`, in the order of FACT_COLUMNS and of the table's key.

    `table` has provider, commissioner, icb, region, part, treatment_function, total_all,
    unknown_clock_start and `bands`, the last of which is open.
    """
    counts = ["total_all", "unknown_clock_start", *bands]
    keys = ("provider", "commissioner", "icb", "region", "part", "treatment_function")
    parts = (
        table.select(*keys, *counts)
        .filter(pl.col("treatment_function") != TOTAL)
        .with_columns(
            basis=pl.when(pl.col("commissioner") == NON_ENGLISH).then(pl.lit(NONC)).otherwise(pl.lit(ENGLISH))
        )
    )
    # C_999 is the published total of the other functions: kept, it would count every patient twice.
    # Each wider level is added up from the one below, which has far fewer rows than the file.
    places = ("commissioner", "icb", "region")
    commissioners = parts.group_by(*places, *_CELL[2:]).agg(pl.col(counts).sum())
    english = commissioners.filter(pl.col("basis") == ENGLISH)
    icbs = english.group_by("icb", "region", *_CELL[2:]).agg(pl.col(counts).sum())
    levels = {
        "commissioner": commissioners,
        "england": commissioners.with_columns(england=pl.lit(ENGLAND)),
        "icb": icbs,
        "provider": parts,
        "region": icbs,
    }
    rows = pl.concat(_grouped(table, level, counts) for level, table in levels.items())
    return _finished(_with_all_functions(rows, counts), census_date=census_date, bands=bands)


def commissioned_lists(table: pl.DataFrame, *, bands: Sequence[str]) -> pl.DataFrame:
    """`commissioned_list` without `extract_id`: English part 2 by provider, commissioner and function."""
    each = (
        table.lazy()
        .filter(
            pl.col("part") == INCOMPLETE,
            pl.col("commissioner") != NON_ENGLISH,
            pl.col("treatment_function") != TOTAL,
            pl.col("total_all") != 0,
        )
        .select(
            pl.col("provider").alias("provider_code"),
            "treatment_function",
            pl.col("commissioner").alias("commissioner_code"),
            pl.col("total_all").fill_null(0).alias("total"),
            within_18=pl.sum_horizontal(bands[:18]),
            over_52=pl.sum_horizontal(bands[52:]),
        )
    )
    counts = ("total", "within_18", "over_52")
    together = each.group_by("provider_code", "commissioner_code").agg(pl.col(*counts).sum())
    together = together.with_columns(treatment_function=pl.lit(TOTAL)).select(COMMISSIONED_COLUMNS)
    return (
        pl.concat([each.select(COMMISSIONED_COLUMNS), together])
        .sort("provider_code", "treatment_function", "commissioner_code")
        .collect()
    )


def _grouped(table: pl.DataFrame, level: str, counts: Sequence[str]) -> pl.DataFrame:
    place = (pl.lit(level).alias("level"), pl.col(level).alias("organisation_code"))
    return table.select(*place, *_CELL[2:], *counts).group_by(_CELL).agg(pl.col(counts).sum())


def _with_all_functions(rows: pl.DataFrame, counts: Sequence[str]) -> pl.DataFrame:
    everything = rows.group_by("level", "organisation_code", "part", "basis").agg(pl.col(counts).sum())
    return pl.concat([rows, everything.with_columns(treatment_function=pl.lit(TOTAL)).select(rows.columns)])


def _finished(facts: pl.DataFrame, *, census_date: date, bands: Sequence[str]) -> pl.DataFrame:
    open_band = len(bands) - 1
    absent = BAND_COLUMNS[len(bands) :]
    over = {
        f"over_{weeks}": pl.sum_horizontal(bands[weeks:]) if weeks <= open_band else pl.lit(None, pl.Int32)
        for weeks in _THRESHOLDS
    }
    return (
        # The published extract leaves out rows with nothing; so do the facts.
        facts.filter(pl.col("total_all") != 0)
        .with_columns(
            source=pl.lit(MONTHLY),
            census_date=pl.lit(census_date.isoformat()),
            site_code=pl.lit(""),
            stage=pl.lit(""),
            priority=pl.lit(""),
            total=pl.col("total_all"),  # "Total" is blank for part 2
            within_18=pl.sum_horizontal(bands[:18]),
            over_18=pl.sum_horizontal(bands[18:]),
            **over,
            **{name: pl.lit(0, pl.Int32) for name in absent},
        )
        .select(FACT_COLUMNS)
        .sort("level", "organisation_code", "part", "treatment_function", "basis")
    )
