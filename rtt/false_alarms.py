"""How often a chart flags a point although nothing changed: what a page must say beside its signals.

The rates are looked up in `reference/spc_false_alarms.csv`, which `table()` makes with the charts of
`rtt.spc` themselves, from 100,000 series in which nothing happens: independent normal values for a flow, a
random walk without drift for a stock. Real series with a season or long spells (autocorrelation) give more:
for those the rates are a least, not an estimate.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from typing import get_args

import numpy as np

from rtt.spc import FEWEST_POINTS, MOST_POINTS, Kind, flow_charts, stock_charts
from rtt.spc_rules import Bools
from rtt.spc_settings import Rules, TwoSigma

RUNS = 100_000
SEED = 20260331
COLUMNS = ("kind", "two_sigma", "length", "points", "latest", "anywhere")


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """Shares (0 to 1) of series without any change whose latest point, and any point at all, is flagged."""

    latest: float
    anywhere: float


def false_alarms(*, kind: Kind, rules: Rules, points: int) -> FalseAlarms:
    """The rates for charts of this many points (a stock's are its changes), 13 or more; from 36 on as for 36.

    ValueError for fewer: trial limits are not judged.
    """
    if points < FEWEST_POINTS:
        raise ValueError(f"{points} points make trial limits, which are not judged")
    return _published()[kind, rules.two_sigma, rules.length, min(points, MOST_POINTS)]


def false_alarm_words(rates: FalseAlarms, *, series: int) -> str:
    """What a page with this many series says: the share of latest points, and how many series that is."""
    expected = rates.latest * series
    number = "fewer than one" if expected < 1 else f"about {expected:.0f}"
    return (
        f"If nothing had changed, {rates.latest:.1%} of latest points would still be flagged: {number} of "
        f"the {series:,} series here. Expect more where seasons or long spells matter."
    )


def simulate(*, kind: Kind, rules: Rules, points: int, runs: int, seed: int) -> FalseAlarms:
    """The rates found in `runs` simulated series in which nothing happens, the same for the same seed."""
    noise = np.random.default_rng(seed).normal(size=(runs, points))
    if kind == "stock":
        walk = np.concatenate([np.zeros((runs, 1)), noise.cumsum(axis=1)], axis=1)
        charts = stock_charts(walk, rules=rules)
    else:
        charts = flow_charts(noise, rules=rules)
    flagged: Bools = np.logical_or.reduce(charts.high | charts.low, axis=0)
    return FalseAlarms(latest=float(flagged[:, -1].mean()), anywhere=float(flagged.any(axis=1).mean()))


def table(*, runs: int = RUNS, seed: int = SEED) -> list[tuple[str | int, ...]]:
    """Rows of the reference table, in COLUMNS: every kind, setting and number of points from 13 to 36."""
    rows: list[tuple[str | int, ...]] = []
    settings = product(get_args(Kind), get_args(TwoSigma), (6, 7, 8), range(FEWEST_POINTS, MOST_POINTS + 1))
    for kind, two_sigma, length, points in settings:
        rules = Rules(length=length, two_sigma=two_sigma)
        found = simulate(kind=kind, rules=rules, points=points, runs=runs, seed=seed)
        rows.append((kind, two_sigma, length, points, f"{found.latest:.4f}", f"{found.anywhere:.4f}"))
    return rows


@cache
def _published() -> dict[tuple[str, str, int, int], FalseAlarms]:
    path = resources.files("rtt") / "reference" / "spc_false_alarms.csv"
    return {
        (row["kind"], row["two_sigma"], int(row["length"]), int(row["points"])): FalseAlarms(
            latest=float(row["latest"]), anywhere=float(row["anywhere"])
        )
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    }
