"""The monthly full extract of the region, in the layout NHS England has published since April 2021.

Written from the pathways, with the return's own habits: absent zero rows, blank totals, C_999 beside the
detail. It knows nothing of the product's reader.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtt.terms.calendar import add_months, next_due_monthly
from sample_data import places, season
from sample_data.blemishes import unknown_start
from sample_data.csv_files import write_csv
from sample_data.pathways import ADMITTED, NON_ADMITTED, Simulation, week_bands
from sample_data.profile import FUNCTIONS

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]

BANDS = 105
PARTS = (
    ("Part_1A", "Completed Pathways For Admitted Patients"),
    ("Part_1B", "Completed Pathways For Non-Admitted Patients"),
    ("Part_2", "Incomplete Pathways"),
    ("Part_2A", "Incomplete Pathways with DTA"),
    ("Part_3", "New RTT Periods - All Patients"),
)
IDENTIFIERS = (
    "Period",
    "Provider Parent Org Code",
    "Provider Parent Name",
    "Provider Org Code",
    "Provider Org Name",
    "Commissioner Parent Org Code",
    "Commissioner Parent Name",
    "Commissioner Org Code",
    "Commissioner Org Name",
    "RTT Part Type",
    "RTT Part Description",
    "Treatment Function Code",
    "Treatment Function Name",
)
BAND_HEADINGS = (*(f"Gt {b:02d} To {b + 1:02d} Weeks SUM 1" for b in range(BANDS - 1)), "Gt 104 Weeks SUM 1")
TOTALS = ("Total", "Patients with unknown clock start date", "Total All")


@dataclass(frozen=True, slots=True)
class Counts:
    """One part of one month: waits in bands, and what the return counts beside them, by group.

    `banded` has the shape (trusts, commissioners, functions, bands); `unbanded` the same without the last
    axis: unknown clock starts for 1A and 1B, new periods for 3, zero for 2 and 2A.
    """

    banded: Whole
    unbanded: Whole


def published_months(until: date, months: int) -> list[date]:
    """The `months` newest month ends that are out by `until`: on the second Thursday two months later."""
    newest = add_months(until, -1)
    while next_due_monthly(add_months(newest, -1)) > until:  # the day on which `newest` is published
        newest = add_months(newest, -1)
    return [add_months(newest, -back) for back in reversed(range(months))]


def file_name(month_end: date) -> str:
    month = f"{calendar.month_name[month_end.month]}-{month_end.year}"
    return f"{month_end:%Y%m%d}-RTT-{month}-full-extract.csv"


def counts(truth: Simulation, month_end: date) -> tuple[Counts, ...]:
    """The five parts of the return, in the order of `PARTS`, with the unknown clock starts."""
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
    path = folder / file_name(month_end)
    write_csv(frame(truth, month_end), path)
    return path


def frame(truth: Simulation, month_end: date) -> pl.DataFrame:
    """The month as the 121 columns of the extract; a null is written as an empty cell."""
    period = f"RTT-{calendar.month_name[month_end.month]}-{month_end.year}"
    sent = np.array([places.submits(t, year=month_end.year, month=month_end.month) for t in truth.trusts])
    parts = [
        _part_rows(truth, part, sent, period=period, name=name, described=described)
        for (name, described), part in zip(PARTS, counts(truth, month_end), strict=True)
    ]
    order = ("Provider Org Code", "Commissioner Org Code", "RTT Part Type", "Treatment Function Code")
    return pl.concat(parts).sort(order)


def _banded(truth: Simulation, chosen: Flags, days: NDArray[np.integer]) -> Whole:
    who = truth.referrals
    shape = (len(truth.trusts), len(places.COMMISSIONERS), len(FUNCTIONS), BANDS)
    at = (who.trust[chosen], who.commissioner[chosen], who.function[chosen], week_bands(days[chosen]))
    cells = np.ravel_multi_index(at, shape)
    return np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape)


def _part_rows(
    truth: Simulation, part: Counts, sent: Flags, *, period: str, name: str, described: str
) -> pl.DataFrame:
    """The part's rows that hold a pathway, with a total row for every provider and commissioner."""
    banded, unbanded = _with_total(part.banded, axis=2), _with_total(part.unbanded, axis=2)
    present = (banded.sum(axis=3) + unbanded > 0) & sent[:, None, None]
    trust, commissioner, function = np.nonzero(present)
    head = _identifiers(truth, trust, commissioner, function).select(
        pl.lit(period).alias(IDENTIFIERS[0]),
        pl.col(IDENTIFIERS[1:9]),
        pl.lit(name).alias(IDENTIFIERS[9]),
        pl.lit(described).alias(IDENTIFIERS[10]),
        pl.col(IDENTIFIERS[11:]),
    )
    blank = np.array([t.code == places.BLANK_FOR_ZERO for t in truth.trusts])[trust] | (name == "Part_3")
    bands = _bands(banded[present], blank)
    totals = _totals(banded[present].sum(axis=1), unbanded[present], completed=name.startswith("Part_1"))
    return pl.concat([head, bands, totals], how="horizontal")


def _with_total(detail: Whole, *, axis: int) -> Whole:
    """The detail with C_999 behind it: the sum over the treatment functions."""
    return np.concatenate([detail, detail.sum(axis=axis, keepdims=True)], axis=axis)


def _identifiers(truth: Simulation, trust: Whole, commissioner: Whole, function: Whole) -> pl.DataFrame:
    """Who and what each row is about; unknown names and parents are null."""
    payers, treatments = places.COMMISSIONERS, [*((f.row, f.name) for f in FUNCTIONS), ("C_999", "Total")]
    looked_up: dict[str, tuple[Whole, Sequence[str | None]]] = {
        "Provider Parent Org Code": (trust, [places.ICB_CODE for _ in truth.trusts]),
        "Provider Parent Name": (trust, [places.ICB_NAME for _ in truth.trusts]),
        "Provider Org Code": (trust, [t.code for t in truth.trusts]),
        "Provider Org Name": (trust, [t.name for t in truth.trusts]),
        "Commissioner Parent Org Code": (commissioner, [c.parent or None for c in payers]),
        "Commissioner Parent Name": (commissioner, [places.ICB_NAME if c.parent else None for c in payers]),
        "Commissioner Org Code": (commissioner, [c.code for c in payers]),
        "Commissioner Org Name": (commissioner, [c.name or None for c in payers]),
        "Treatment Function Code": (function, [code for code, _ in treatments]),
        "Treatment Function Name": (function, [text for _, text in treatments]),
    }
    return pl.DataFrame({heading: pl.Series(texts)[at] for heading, (at, texts) in looked_up.items()})


def _bands(banded: Whole, blank: Flags) -> pl.DataFrame:
    frame = pl.DataFrame(banded, schema=list(BAND_HEADINGS)).with_columns(blank=pl.Series(blank))
    shown = pl.col(BAND_HEADINGS).ne(0) | ~pl.col("blank")
    return frame.select(pl.when(shown).then(pl.col(BAND_HEADINGS)))


def _totals(known: Whole, unbanded: Whole, *, completed: bool) -> pl.DataFrame:
    """Total, unknown clock starts and Total All: only completed pathways fill the first two."""
    columns = {TOTALS[0]: known, TOTALS[1]: unbanded, TOTALS[2]: known + unbanded}
    frame = pl.DataFrame(columns)
    return frame if completed else frame.with_columns(pl.lit(None, pl.Int64).alias(h) for h in TOTALS[:2])
