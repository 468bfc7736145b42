"""From rows to band counts: every combination of site, stage, priority and specialty, alone or all together.

The cells are counted once; each roll-up adds cells, so that a filter with one value in each dimension is one
lookup. Rows of NONC are counted apart (basis). Works on a few thousand cells, whatever the length of the
list.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ingest.extracts import Facts
from ingest.extracts.ptl.snapshot import Snapshot
from ingest.store.schema import WEEKLY, columns_of, pathway_counts
from rtt.terms.parts import NEW_PERIODS
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.waits import BANDS, over, within

DIMENSIONS = ("site_code", "treatment_function", "stage", "priority")
_KEY = (*DIMENSIONS, "part", "basis")
_ALL = {"site_code": "", "treatment_function": TOTAL, "stage": "", "priority": ""}

_HEAD = ("source", "census_date", "level", "organisation_code", *_KEY)
COLUMNS = (*_HEAD, *(name for name in columns_of(pathway_counts) if name not in _HEAD))

Counts = NDArray[np.int64]


def counted(rows: pl.DataFrame, snapshot: Snapshot) -> Facts:
    """The band counts of rows with `part`, `basis`, the dimensions and `week_band` (null: not known).

    A dimension that is '' in every row is not split.
    """
    cells = _cells(rows)
    parts = [_rolled_up(cells, together) for together in _combinations(cells)]
    keys = [key for part_keys, _ in parts for key in part_keys]
    if not keys:
        return Facts(COLUMNS, [])
    counts = np.concatenate([part_counts for _, part_counts in parts])
    head = (WEEKLY, snapshot.census_date.isoformat(), "provider", snapshot.provider_code)
    measures = _measures(counts, new_periods=np.array([key[4] == NEW_PERIODS for key in keys]))
    return Facts(COLUMNS, [(*head, *key, *row) for key, row in zip(keys, measures.tolist(), strict=True)])


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells that hold anybody: `at[i]` (cells,) points into `values[i]`, the sorted texts of key i."""

    values: tuple[tuple[str, ...], ...]
    at: tuple[Counts, ...]
    band: Counts  # BANDS where the clock start is not known
    count: Counts


def _cells(rows: pl.DataFrame) -> _Cells:
    grouped = rows.group_by(*_KEY, "week_band").len()
    values, at = [], []
    for name in _KEY:
        texts, places = np.unique(grouped[name].to_numpy().astype(str), return_inverse=True)
        values.append(tuple(texts.tolist()))
        at.append(places.astype(np.int64))
    # The guidance wants pathways with an unknown start counted: in the total, in no band.
    band = grouped["week_band"].cast(pl.Int64).fill_null(BANDS).to_numpy()
    return _Cells(tuple(values), tuple(at), band, grouped["len"].cast(pl.Int64).to_numpy())


def _combinations(cells: _Cells) -> list[tuple[bool, ...]]:
    """For each dimension whether it is taken together; one that the file does not have always is."""
    choices = [
        (True,) if values in ((), (_ALL[name],)) else (True, False)
        for name, values in zip(DIMENSIONS, cells.values, strict=False)
    ]
    return list(product(*choices))


def _rolled_up(cells: _Cells, together: tuple[bool, ...]) -> tuple[list[tuple[str, ...]], Counts]:
    """Keys in order, and their counts by band: (keys, 106), the last column for clock starts not known."""
    texts = [
        (_ALL[name],) if whole else values
        for name, whole, values in zip(_KEY, (*together, False, False), cells.values, strict=True)
    ]
    place = np.zeros(len(cells.count), dtype=np.int64)
    for values, at in zip(texts, cells.at, strict=True):
        place = place * len(values) + (at if len(values) > 1 else 0)
    found, row = np.unique(place, return_inverse=True)
    counts = np.zeros((len(found), BANDS + 1), dtype=np.int64)
    np.add.at(counts, (row, cells.band), cells.count)
    places = np.unravel_index(found, [len(values) for values in texts])
    columns = [[values[i] for i in at.tolist()] for values, at in zip(texts, places, strict=True)]
    return list(zip(*columns, strict=True)), counts


def _measures(counts: Counts, *, new_periods: NDArray[np.bool_]) -> Counts:
    """Total, unknown starts, thresholds and bands of each row. A new period has no wait: its count alone."""
    total = counts.sum(axis=1)
    bands = np.where(new_periods[:, None], 0, counts[:, :BANDS])
    unknown = np.where(new_periods, 0, counts[:, BANDS])
    thresholds = [over(bands, weeks) for weeks in (18, 52, 65, 78, 104)]
    return np.column_stack([total, unknown, within(bands, 18), *thresholds, bands])
