"""The twelve published extracts as the arrays that projections take: English pathways, functions apart."""

import csv
import re
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from rtt.calendar import month_end
from rtt.history import EnglandSeries, History
from rtt.waits import BANDS

SERIES = "reference/england_timeseries_vintage_2026-05__to_2025-03.csv"
UNIT = ["Provider Org Code", "Treatment Function Code"]
PART = "RTT Part Type"
STARTS, STOPS, INCOMPLETE = ("Part_3",), ("Part_1A", "Part_1B"), ("Part_2",)


def cells(published: Path) -> History:
    """Every provider x treatment function of `national/`, oldest month first."""
    paths = sorted((published / "national").glob("*.zip"))
    months = [date.fromisoformat(re.sub(r"(....)(..)(..).*", r"\1-\2-\3", path.name)) for path in paths]
    counts = [_month(path) for path in paths]
    keys = sorted({key for month in counts for part in month.values() for key in part})
    bands = np.zeros((len(keys), len(months), BANDS))
    starts, stops = np.zeros((2, len(keys), len(months)))
    index = {key: i for i, key in enumerate(keys)}
    for m, month in enumerate(counts):
        for key, row in month["incomplete"].items():
            bands[index[key], m] = row[:BANDS]
        for name, into in (("starts", starts), ("stops", stops)):
            for key, row in month[name].items():
                into[index[key], m] = row[-1]
    provider, treatment_function = (
        np.unique([key[i] for key in keys], return_inverse=True)[1] for i in (0, 1)
    )
    # A trust's code has three characters and begins with R.
    independent = np.array([not (len(key[0]) == 3 and key[0].startswith("R")) for key in keys], dtype=int)
    reported = bands.sum(axis=2) > 0
    return History(
        tuple(months), tuple(keys), bands, starts, stops, reported, provider, treatment_function, independent
    )


def england(published: Path) -> EnglandSeries:
    """England's incomplete pathways as published, from the first month with all three measures."""
    with (published / SERIES).open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["incomplete.over52"]]

    def column(name: str) -> np.ndarray:
        return np.array([float(row[f"incomplete.{name}"]) for row in rows])

    months = tuple(month_end(date.fromisoformat(f"{row['month']}-01")) for row in rows)
    return EnglandSeries(months, column("total"), 100 * column("pct18"), column("over52"))


def _month(path: Path) -> dict[str, dict[tuple[str, str], tuple[int, ...]]]:
    with zipfile.ZipFile(path) as archive:
        content = archive.read(archive.namelist()[0])
    header = content[: content.index(b"\r\n")].decode().split(",")
    counts = header[13:]
    schema = {name: pl.Int64 if name in counts else pl.String for name in header}
    # NONC is outside every published English figure, and C_999 is the sum of the other functions.
    english = pl.read_csv(content, schema=schema).filter(
        pl.col("Commissioner Org Code") != "NONC", pl.col("Treatment Function Code") != "C_999"
    )
    named = {"incomplete": INCOMPLETE, "starts": STARTS, "stops": STOPS}
    return {name: _sums(english.filter(pl.col(PART).is_in(parts)), counts) for name, parts in named.items()}


def _sums(rows: pl.DataFrame, counts: list[str]) -> dict[tuple[str, str], tuple[int, ...]]:
    sums = rows.group_by(UNIT).agg(pl.col(name).fill_null(0).sum() for name in counts)
    return {row[:2]: row[2:] for row in sums.iter_rows()}
