"""England, its regions and ICBs at a weekly census: sums of what its trusts have.

A sum has no sites, which are a trust's own; every other dimension stays, so that a filter is one lookup as in
a trust's own rows. Who is missing is not made up for here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from ingest.store.schema import ENGLAND, WEEKLY, columns_of, pathway_counts

COLUMNS = columns_of(pathway_counts)
_KEY = ("level", "organisation_code", "site_code", "treatment_function", "part", "stage", "priority", "basis")
_MEASURES = tuple(name for name in COLUMNS if name not in (*_KEY, "source", "census_date"))


def sums_of(
    counts: Iterable[pl.DataFrame], above: Mapping[str, tuple[str, str]], *, census: date
) -> pl.DataFrame:
    """The rows of `pathway_counts` above the trusts. `counts`: a trust's own, one section each.

    `above`: trust -> the codes of its ICB and its region; where they are '' it counts for England alone.
    """
    own = [rows.filter(pl.col("site_code") == "").select(*_KEY, *_MEASURES) for rows in counts]
    if not own:
        return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    every = pl.concat(own)
    icb = {who: codes[0] for who, codes in above.items()}
    region = {who: codes[1] for who, codes in above.items()}
    levels = (("england", dict.fromkeys(above, ENGLAND)), ("region", region), ("icb", icb))
    sums = [
        every.with_columns(
            pl.lit(level).alias("level"),
            pl.col("organisation_code").replace_strict(codes, default="", return_dtype=pl.String),
        )
        .filter(pl.col("organisation_code") != "")
        .group_by(_KEY)
        .agg(pl.col(_MEASURES).cast(pl.Int64).sum())
        for level, codes in levels
    ]
    whole = pl.concat(sums).sort(_KEY)
    return whole.with_columns(
        pl.lit(WEEKLY).alias("source"), pl.lit(census.isoformat()).alias("census_date")
    ).select(COLUMNS)
