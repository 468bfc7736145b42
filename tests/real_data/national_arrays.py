"""England as published, read from the reference file by itself, as the arrays that projections take."""

import csv
from datetime import date
from pathlib import Path

import numpy as np

from rtt.forecast.monthly.history import ENGLAND, EnglandSeries, History
from rtt.terms.calendar import month_end
from rtt.terms.waits import BANDS

SERIES = "reference/england_timeseries_vintage_2026-05__to_2025-03.csv"


def england(published: Path) -> EnglandSeries:
    """England's incomplete pathways as published, from the first month with all three measures."""
    with (published / SERIES).open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["incomplete.over52"]]

    def column(name: str) -> np.ndarray:
        return np.array([float(row[f"incomplete.{name}"]) for row in rows])

    months = tuple(month_end(date.fromisoformat(f"{row['month']}-01")) for row in rows)
    return EnglandSeries(months, column("total"), 100 * column("pct18"), column("over52"))


def as_one_list(series: EnglandSeries, first: date) -> History:
    """The series from a month on as a history of one list, whose bands give its list, share and over 52."""
    since = series.months.index(first)
    months, total = series.months[since:], series.total[since:]
    over_52 = series.over_52[since:]
    over_18 = total * (100 - series.share_within_18[since:]) / 100
    bands = np.zeros((1, len(months), BANDS))
    bands[0, :, 5], bands[0, :, 20], bands[0, :, 60] = total - over_18, over_18 - over_52, over_52
    flow, one = np.full((1, len(months)), 1.5e6), np.zeros(1, dtype=np.int64)
    reported = np.ones((1, len(months)), dtype=bool)
    return History(months, ((ENGLAND.name,),), bands, flow, flow, reported, one, one, one)
