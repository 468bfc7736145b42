"""Seconds to project every organisation x specialty, and to back-test all origins.

Run it as `python -m benchmarks.projection`. The promises, on two cores: every series (some 4,000 of providers
and as many of regions, ICBs and commissioners) refitted in under 10 s, the back-test of all origins in under
60 s. The lists are drawn at random: speed depends on how many there are and how long, not on what they say.
"""

import time

import numpy as np

from ingest.forecasts.issue import commissioned_score_of, projected, whole_score_of
from ingest.forecasts.monthly_inputs import Inputs
from rtt.forecast.monthly.history import (
    CELLS,
    COMMISSIONED,
    ENGLAND,
    PROVIDERS,
    EnglandSeries,
    History,
    rolled_up,
)
from rtt.terms.calendar import add_months, month_end
from rtt.terms.waits import BANDS

FUNCTIONS, YEAR, YEARS_OF_SERIES = 23, 12, 12
# As in the return of March 2025, providers with a list of each treatment function.
ORGANISATIONS = {"provider": 174, "region": 8, "icb": 43, "commissioner": 128}


def lists(months: int, organisations: int) -> History:
    """Their cells, of 20 to 20,000 pathways that wander."""
    random = np.random.default_rng(1)
    units = organisations * FUNCTIONS
    size = np.exp(random.uniform(3, 9.9, (units, 1)) + random.normal(0, 0.03, (units, months)).cumsum(axis=1))
    shape = np.exp(-np.arange(BANDS) / random.uniform(12, 25, (units, 1, 1)))
    bands = random.poisson(size[..., None] * shape / shape.sum(axis=2, keepdims=True)).astype(float)
    first = month_end(np.datetime64("2022-04-01").item())
    ends = tuple(add_months(first, i) for i in range(months))
    provider, function = np.divmod(np.arange(units), FUNCTIONS)
    keys = tuple((f"R{p:03d}", f"C_{f:03d}") for p, f in zip(provider, function, strict=True))
    flow = np.rint(bands.sum(axis=2) / 4)
    independent = (provider % 10 == 9).astype(np.int64)
    return History(ends, keys, bands, flow, flow, bands.sum(axis=2) > 0, provider, function, independent)


def together(cells: History) -> History:
    """The organisations whose cells these are."""
    names = dict.fromkeys(key[0] for key in cells.keys)
    return rolled_up(cells, cells.provider, tuple((name, "C_999") for name in names))


def every_level(months: int) -> Inputs:
    """What is forecast from so many months."""
    cells = {level: lists(months, number) for level, number in ORGANISATIONS.items()}
    providers = together(cells["provider"])
    whole = rolled_up(providers, np.zeros(len(providers.keys), dtype=np.int64), (("", "C_999"),))
    commissioned = [
        each
        for level, parts in COMMISSIONED
        for each in ((level, together(cells[level.name])), (parts, cells[level.name]))
    ]
    return Inputs(
        histories=((ENGLAND, whole), (PROVIDERS, providers), (CELLS, cells["provider"])),
        commissioned=tuple(commissioned),
        england=series(cells["provider"]),
        revision=0,
        file_name="",
    )


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
        inputs = every_level(years * YEAR)
        start = time.perf_counter()
        projected(inputs)
        issued = time.perf_counter()
        whole_score_of(inputs)
        commissioned_score_of(inputs)
        end = time.perf_counter()
        what = f"{sum(len(history.keys) for _, history in inputs.levels):,} series of {years * YEAR} months"
        print(f"projection: {what} issued in {issued - start:.1f} s")
        print(f"projection: {what} back-tested at all origins in {end - issued:.1f} s")


if __name__ == "__main__":
    main()
