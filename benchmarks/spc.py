"""Seconds to chart 20,000 series: every provider, specialty and measure of the summary table.

Random series of 36 months for the rules alone; then the data path of the page, from the database to icons:
every provider by specialty by six measures of RTT_DATABASE_URL (or RTT_HOME), if it holds monthly extracts.
Run it as `python -m benchmarks.spc`. The promise is under 3 s.
"""

import time
from collections.abc import Callable

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.parts_over_time import MEASURES, latest_signals, parts_over_time
from dashboard.cli import clock
from dashboard.filters import Filters
from dashboard.scope.scope import Scope, resolve
from dashboard.server.access import ANYBODY, Enquiry
from dashboard.settings.settings import from_environment
from dashboard.store.cache import reading
from dashboard.store.counts import Selection
from dashboard.store.served import served_engine
from rtt.spc.charts import ControlCharts, directions, flow_charts, stock_charts
from rtt.terms.treatment_functions import TOTAL

SERIES, MONTHS, REPEATS = 20_000, 36, 5


def fastest(chart: Callable[[np.ndarray], ControlCharts], levels: np.ndarray) -> float:
    """The best of a few runs, signals and the direction of each point's first-named one included."""
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        directions(chart(levels))
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def page_path(connection: Connection, scope: Scope) -> tuple[int, float, float]:
    """Series charted, seconds to read them, seconds to chart them and find each icon: one specialty a time.

    That is how a page asks: a specialty across all providers, or a provider across all its specialties.
    """
    read = charted = 0.0
    series = 0
    for function in (*scope.offered_functions, TOTAL):
        start = time.perf_counter()
        found = parts_over_time(connection, _everybody(scope, function), "organisation_code")
        between = time.perf_counter()
        latest_signals(found, scope.rules)
        read, charted = read + between - start, charted + time.perf_counter() - between
        series += len(MEASURES) * len(found.units)
    return series, read, charted


def _everybody(scope: Scope, function: str) -> Selection:
    return Selection(source="monthly", level="provider", codes=None, functions=(function,), dates=scope.dates)


def main() -> None:
    random = np.random.default_rng(1)
    levels = random.integers(20, 5000, size=(SERIES, 1)) + random.normal(size=(SERIES, MONTHS)).cumsum(axis=1)
    levels[random.random(levels.shape) < 0.02] = np.nan
    for name, chart in (("flows", flow_charts), ("stocks", stock_charts)):
        print(f"spc: {SERIES:,} {name} of {MONTHS} months in {fastest(chart, levels):.2f} s")
    with reading(served_engine(from_environment())) as connection:
        scope = resolve(
            connection, Filters(source="monthly"), Enquiry(ANYBODY, clock.today(), from_environment())
        )
        if scope.source == "monthly":
            series, read, charted = page_path(connection, scope)
            print(
                f"spc: {series:,} series of {len(scope.dates)} months, every provider and specialty by "
                f"{len(MEASURES)} measures: charted in {charted:.2f} s, read in {read:.2f} s"
            )
        else:
            print("spc: no monthly extract is held, so the data path of the page was not timed")


if __name__ == "__main__":
    main()
