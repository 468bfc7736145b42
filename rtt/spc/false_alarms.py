"""How often a chart flags a point although nothing changed: what a page must say beside its signals.

The rates are looked up in `rtt/reference/spc_false_alarms.csv`, which `benchmarks/false_alarms.py` makes with
the charts themselves from simulated series in which nothing happens.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from rtt.spc.charts import FEWEST_POINTS, ControlCharts, Kind, lag_one_autocorrelation
from rtt.spc.expected import MOST_POINTS
from rtt.spc.settings import Rules
from rtt.terms import reference
from rtt.terms.arrays import Floats

Period = Literal["month", "week"]


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """Shares (0 to 1) of series without any change whose latest point, and any point at all, is flagged."""

    latest: float
    anywhere: float


def false_alarms(
    *, kind: Kind, rules: Rules, points: int, period: Period = "month", correlation: float = 0.0
) -> FalseAlarms:
    """The rates for charts of this many points (a stock's are its changes), 13 or more; from 36 on as for 36.

    correlation: of a stock's changes, as `carried_over` estimates it, the mean over the series of a page; a
    flow's plays no part. ValueError for fewer points: trial limits are not judged.
    """
    if points < FEWEST_POINTS:
        raise ValueError(f"{points} points make trial limits, which are not judged")
    rows = _published()[kind, period, rules.two_sigma, rules.length, min(points, MOST_POINTS)]
    estimated, latest, anywhere = (np.array(column) for column in zip(*rows, strict=True))
    return FalseAlarms(
        latest=float(np.interp(correlation, estimated, latest)),
        anywhere=float(np.interp(correlation, estimated, anywhere)),
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """How many series were judged, on how many points at most, and what they carry over, on average."""

    series: int = 0
    points: int = 0
    correlation: float = 0.0

    def with_more(self, other: "Judged") -> "Judged":
        series = self.series + other.series
        carried = self.series * self.correlation + other.series * other.correlation
        return Judged(series, max(self.points, other.points), carried / series if series else 0.0)


def judged(values: Floats, centre: Floats, points: int) -> Judged:
    """Of charts that were judged: values and centre (series, time), and the points of their limits."""
    carried = lag_one_autocorrelation(values - centre)
    known = carried[~np.isnan(carried)]
    return Judged(len(values), points, float(known.mean()) if known.size else 0.0)


def carried_over(charts: ControlCharts) -> Floats:
    """(series,) the correlation of each charted period with the one before, estimated; nan where unknown."""
    return lag_one_autocorrelation(charts.values - charts.centre)


def false_alarm_words(rates: FalseAlarms, *, series: int) -> str:
    """What a page with this many series says: the share of latest points, and how many series that is."""
    expected = rates.latest * series
    number = "fewer than one" if expected < 1 else f"about {expected:.0f}"
    return (
        f"If nothing had changed, {rates.latest:.1%} of latest points would still be flagged: {number} of "
        f"the {series:,} series here."
    )


@cache
def _published() -> dict[tuple[str, str, str, int, int], list[tuple[float, float, float]]]:
    found: dict[tuple[str, str, str, int, int], list[tuple[float, float, float]]] = {}
    for row in reference.table("spc_false_alarms"):
        key = (row["kind"], row["period"], row["two_sigma"], int(row["length"]), int(row["points"]))
        rates = (float(row["estimated"]), float(row["latest"]), float(row["anywhere"]))
        found.setdefault(key, []).append(rates)
    return found
