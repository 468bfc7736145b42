"""The monthly full extract of the region, in the layout NHS England has published since April 2021.

Written from the pathways, with the return's own habits: absent zero rows, blank totals, C_999 beside the detail.
It knows nothing of the product's reader.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample_data import places, season
from sample_data.blemishes import unknown_start
from sample_data.pathways import ADMITTED, NON_ADMITTED, Simulation, week_bands
from sample_data.profile import FUNCTIONS

Flags = NDArray[np.bool_]

BANDS = 105
PARTS = (
    ("Part_1A", "Completed Pathways For Admitted Patients"),
    ("Part_1B", "Completed Pathways For Non-Admitted Patients"),
    ("Part_2", "Incomplete Pathways"),
    ("Part_2A", "Incomplete Pathways with DTA"),
    ("Part_3", "New RTT Periods - All Patients"),
)
IDENTIFIERS = (
    "Period", "Provider Parent Org Code", "Provider Parent Name", "Provider Org Code", "Provider Org Name",
    "Commissioner Parent Org Code", "Commissioner Parent Name", "Commissioner Org Code", "Commissioner Org Name",
    "RTT Part Type", "RTT Part Description", "Treatment Function Code", "Treatment Function Name",
)
BAND_HEADINGS = (*(f"Gt {b:02d} To {b + 1:02d} Weeks SUM 1" for b in range(BANDS - 1)), "Gt 104 Weeks SUM 1")
TOTALS = ("Total", "Patients with unknown clock start date", "Total All")


@dataclass(frozen=True, slots=True)
class Counts:
    """One part of one month: waits in bands, and what the return counts beside them, by group.

    `banded` has the shape (trusts, commissioners, functions, bands); `unbanded` the same without the last axis:
    unknown clock starts for 1A and 1B, new periods for 3, zero for 2 and 2A.
    """

    banded: NDArray[np.int64]
    unbanded: NDArray[np.int64]


def published_months(until: date, months: int) -> list[date]:
    """The `months` newest month ends whose extract is out by `until`: the second Thursday two months after."""
    end = until.replace(day=1) - timedelta(days=1)
    while _publication(end) > until:
        end = end.replace(day=1) - timedelta(days=1)
    ends = [end]
    while len(ends) < months:
        ends.insert(0, ends[0].replace(day=1) - timedelta(days=1))
    return ends


def _publication(month_end: date) -> date:
    first = (month_end + timedelta(days=32)).replace(day=1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 7)


def file_name(month_end: date) -> str:
    """The csv's name as NHS England gives it."""
    month = f"{calendar.month_name[month_end.month]}-{month_end.year}"
    return f"{month_end:%Y%m%d}-RTT-{month}-full-extract.csv"


def counts(truth: Simulation, month_end: date) -> tuple[Counts, ...]:
    """The five parts of the return, in the order of `PARTS`, blemishes included: some clock starts are unknown."""
    last, first = season.day_number(month_end), season.day_number(month_end.replace(day=1))
    known, start = ~unknown_start(truth), truth.referrals.start
    result = []
    for kind in (ADMITTED, NON_ADMITTED):
        ended = truth.ended(first, last, kind)
        banded = _banded(truth, ended & known, truth.stop - start)
        result.append(Counts(banded, _banded(truth, ended & ~known, start * 0).sum(axis=-1)))
    for open_then in (truth.open_on(last), truth.decided_on(last)):
        banded = _banded(truth, open_then & known, last - start)
        result.append(Counts(banded, np.zeros(banded.shape[:-1], np.int64)))
    started = _banded(truth, truth.started(first, last) & known, start * 0)
    result.append(Counts(started * 0, started.sum(axis=-1)))
    return tuple(result)


def write(truth: Simulation, month_end: date, folder: Path) -> Path:
    """Write one month and return where it lies."""
    path = folder / file_name(month_end)
    frame(truth, month_end).write_csv(path, line_terminator="\r\n", quote_style="necessary")
    return path


def frame(truth: Simulation, month_end: date) -> pl.DataFrame:
    """The month as the 121 columns of the extract; a null is written as an empty cell."""
    parts = [
        _part_rows(truth, month_end, name, described, part)
        for (name, described), part in zip(PARTS, counts(truth, month_end), strict=True)
    ]
    rows = pl.concat([rows for part in parts for rows in part])
    order = ("Provider Org Code", "Commissioner Org Code", "RTT Part Type", "Treatment Function Code")
    return rows.sort(order)


def _banded(truth: Simulation, chosen: Flags, days: NDArray[np.integer]) -> NDArray[np.int64]:
    who = truth.referrals
    shape = (len(truth.trusts), len(places.COMMISSIONERS), len(FUNCTIONS), BANDS)
    at = (who.trust[chosen], who.commissioner[chosen], who.function[chosen], week_bands(days[chosen]))
    cells = np.ravel_multi_index(at, shape)
    return np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape)


def _part_rows(
    truth: Simulation, month_end: date, name: str, described: str, part: Counts
) -> Iterator[pl.DataFrame]:
    period = f"RTT-{calendar.month_name[month_end.month]}-{month_end.year}"
    for t, trust in enumerate(truth.trusts):
        if not places.submits(trust, year=month_end.year, month=month_end.month):
            continue
        for c, commissioner in enumerate(places.COMMISSIONERS):
            banded, unbanded = _with_total(part.banded[t, c]), _with_total(part.unbanded[t, c])
            present = banded.sum(axis=1) + unbanded > 0
            if not present.any():
                continue
            parent_name = places.ICB_NAME if commissioner.parent else ""
            texts = (
                period, places.ICB_CODE, places.ICB_NAME, trust.code, trust.name, commissioner.parent, parent_name,
                commissioner.code, commissioner.name, name, described,
            )
            yield _rows(texts, name, banded, unbanded, present, blank=trust.code == places.BLANK_FOR_ZERO)


def _with_total(detail: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([detail, detail.sum(axis=0, keepdims=True)])


def _rows(
    texts: tuple[str, ...],
    part: str,
    banded: NDArray[np.int64],
    unbanded: NDArray[np.int64],
    present: Flags,
    *,
    blank: bool,
) -> pl.DataFrame:
    codes = np.array([*(f.row for f in FUNCTIONS), "C_999"])[present]
    names = np.array([*(f.name for f in FUNCTIONS), "Total"])[present]
    head = pl.DataFrame({"Treatment Function Code": codes, "Treatment Function Name": names}).select(
        *(pl.lit(text or None, pl.String).alias(heading) for heading, text in zip(IDENTIFIERS[:11], texts, strict=True)),
        pl.all(),
    )
    bands = pl.DataFrame(banded[present], schema=list(BAND_HEADINGS))
    if part == "Part_3":
        bands = bands.with_columns(pl.lit(None, pl.Int64).alias(h) for h in BAND_HEADINGS)
    elif blank:
        bands = bands.select(pl.when(pl.col(h) > 0).then(pl.col(h)).alias(h) for h in BAND_HEADINGS)
    total, unknown = pl.Series(banded[present].sum(axis=1)), pl.Series(unbanded[present])
    completed = part.startswith("Part_1")
    empty = pl.lit(None, pl.Int64)
    tail = pl.DataFrame({"total": total, "unknown": unknown}).select(
        (pl.col("total") if completed else empty).alias(TOTALS[0]),
        (pl.col("unknown") if completed else empty).alias(TOTALS[1]),
        (pl.col("total") + pl.col("unknown")).alias(TOTALS[2]),
    )
    return pl.concat([head, bands, tail], how="horizontal")
