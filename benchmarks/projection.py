"""Seconds to project every organisation x specialty, and to back-test all origins.

Run it as `python -m benchmarks.projection`. The promises, on two cores: 4,000 series refitted and issued in
under 10 s, the back-test of all origins in under 60 s. The lists are drawn at random: speed depends on how
many there are and how long, not on what they say.
"""

import time

import numpy as np

from rtt.backtest import trials
from rtt.calendar import add_months, month_end
from rtt.history import CELLS, EnglandSeries, History, rolled_up
from rtt.projection import project
from rtt.waits import BANDS

PROVIDERS_OF_CELLS, FUNCTIONS, YEAR, YEARS_OF_SERIES = 174, 23, 12, 12


def lists(months: int) -> History:
    """About 4,000 cells of 20 to 20,000 pathways that wander."""
    random = np.random.default_rng(1)
    units = PROVIDERS_OF_CELLS * FUNCTIONS
    size = np.exp(random.uniform(3, 9.9, (units, 1)) + random.normal(0, 0.03, (units, months)).cumsum(axis=1))
    shape = np.exp(-np.arange(BANDS) / random.uniform(12, 25, (units, 1, 1)))
    bands = random.poisson(size[..., None] * shape / shape.sum(axis=2, keepdims=True)).astype(float)
    first = month_end(np.datetime64("2022-04-01").item())
    ends = tuple(add_months(first, i) for i in range(months))
    provider, function = np.divmod(np.arange(units), FUNCTIONS)
    keys = tuple((f"R{p:03d}", f"C_{f:03d}") for p, f in zip(provider, function, strict=True))
    flow = np.rint(bands.sum(axis=2) / 4)
    return History(ends, keys, bands, flow, flow, bands.sum(axis=2) > 0, provider, function)


def series(history: History) -> EnglandSeries:
    """England's long series that ends with the sum of the lists."""
    whole = rolled_up(history, np.zeros(len(history.keys), dtype=np.int64), (("England",),)).bands[0]
    before = 12 * YEARS_OF_SERIES - len(whole)
    past = np.concatenate([np.repeat(whole[:1], before, axis=0), whole])
    months = tuple(add_months(history.months[-1], i - len(past) + 1) for i in range(len(past)))
    total = past.sum(axis=1)
    return EnglandSeries(months, total, 100 * past[:, :18].sum(axis=1) / total, past[:, 52:].sum(axis=1))


def main() -> None:
    for years in (1, 3):
        history = lists(years * YEAR)
        england = series(history)
        start = time.perf_counter()
        project(history, england, CELLS)
        issued = time.perf_counter()
        trials(history, england, CELLS)
        end = time.perf_counter()
        what = f"{len(history.keys):,} series of {years * YEAR} months"
        print(f"projection: {what} issued in {issued - start:.1f} s")
        print(f"projection: {what} back-tested at all origins in {end - issued:.1f} s")


if __name__ == "__main__":
    main()
