"""From rows to band counts: every combination of site, stage, priority and specialty, alone or all together.

The cells are counted once; each roll-up adds cells, so that a filter with one value in each dimension is one
lookup. Rows of NONC are counted apart (basis). Works on a few thousand cells, whatever the length of the
list.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ingest.extracts import Facts
from ingest.extracts.ptl_snapshot import Snapshot
from ingest.schema import WEEKLY
from rtt.parts import NEW_PERIODS
from rtt.treatment_functions import TOTAL
from rtt.waits import BAND_COLUMNS, BANDS, over, within

DIMENSIONS = ("site_code", "treatment_function", "stage", "priority")
_KEY = (*DIMENSIONS, "part", "basis")
_ALL = {"site_code": "", "treatment_function": TOTAL, "stage": "", "priority": ""}

COLUMNS = (
    "source",
    "census_date",
    "level",
    "organisation_code",
    *_KEY,
    "total",
    "unknown_clock_start",
    "within_18",
    "over_18",
    "over_52",
    "over_65",
    "over_78",
    "over_104",
    *BAND_COLUMNS,
)

Counts = NDArray[np.int64]


def counted(rows: pl.DataFrame, snapshot: Snapshot) -> Facts:
    """The band counts of rows with `part`, `basis`, the dimensions and `week_band` (null: not known).

    A dimension that is '' in every row is not split.
    """
    cells = rows.group_by(*_KEY, "week_band").len()
    parts = [_rolled_up(cells, together) for together in _combinations(cells)]
    keys = [key for part_keys, _ in parts for key in part_keys]
    if not keys:
        return Facts(COLUMNS, [])
    counts = np.concatenate([part_counts for _, part_counts in parts])
    head = (WEEKLY, snapshot.census_date.isoformat(), "provider", snapshot.provider_code)
    measures = _measures(counts, new_periods=np.array([key[4] == NEW_PERIODS for key in keys]))
    return Facts(COLUMNS, [(*head, *key, *row) for key, row in zip(keys, measures.tolist(), strict=True)])


def _combinations(cells: pl.DataFrame) -> list[tuple[str, ...]]:
    """Every set of dimensions to take together; one that the file does not have is always together."""
    choices = [
        (True,) if (cells[dimension] == _ALL[dimension]).all() else (True, False) for dimension in DIMENSIONS
    ]
    return [
        tuple(dimension for dimension, together in zip(DIMENSIONS, choice, strict=True) if together)
        for choice in product(*choices)
    ]


def _rolled_up(cells: pl.DataFrame, together: tuple[str, ...]) -> tuple[list[tuple[Any, ...]], Counts]:
    """Keys, and their counts by band: shape (keys, 106), the last column for clock starts not known."""
    merged = cells.with_columns(pl.lit(_ALL[dimension]).alias(dimension) for dimension in together)
    grouped = merged.group_by(*_KEY, "week_band").agg(pl.col("len").sum())
    keys = grouped.select(_KEY).unique().sort(_KEY).with_row_index("at")
    placed = grouped.join(keys, on=_KEY)
    counts = np.zeros((keys.height, BANDS + 1), dtype=np.int64)
    counts[placed["at"].to_numpy(), placed["week_band"].fill_null(BANDS).to_numpy()] = placed[
        "len"
    ].to_numpy()
    return keys.select(_KEY).rows(), counts


def _measures(counts: Counts, *, new_periods: NDArray[np.bool_]) -> Counts:
    """Total, unknown starts, thresholds and bands of each row. A new period has no wait: its count alone."""
    total = counts.sum(axis=1)
    bands = np.where(new_periods[:, None], 0, counts[:, :BANDS])
    unknown = np.where(new_periods, 0, counts[:, BANDS])
    thresholds = [over(bands, weeks) for weeks in (18, 52, 65, 78, 104)]
    return np.column_stack([total, unknown, within(bands, 18), *thresholds, bands])
