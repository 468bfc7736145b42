"""Seconds to chart 20,000 series of 36 months: every provider, specialty and measure of the summary table.

Run it as `python -m benchmarks.spc`. The promise is under 3 s.
"""

import time
from collections.abc import Callable

import numpy as np

from rtt.spc import ControlCharts, directions, flow_charts, stock_charts

SERIES, MONTHS, REPEATS = 20_000, 36, 5


def fastest(chart: Callable[[np.ndarray], ControlCharts], levels: np.ndarray) -> float:
    """The best of a few runs, signals and the direction of each point's first-named one included."""
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        directions(chart(levels))
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main() -> None:
    random = np.random.default_rng(1)
    levels = random.integers(20, 5000, size=(SERIES, 1)) + random.normal(size=(SERIES, MONTHS)).cumsum(axis=1)
    levels[random.random(levels.shape) < 0.02] = np.nan
    for name, chart in (("flows", flow_charts), ("stocks", stock_charts)):
        print(f"spc: {SERIES:,} {name} of {MONTHS} months in {fastest(chart, levels):.2f} s")


if __name__ == "__main__":
    main()
