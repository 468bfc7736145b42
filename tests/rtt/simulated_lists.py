"""Simulated waiting lists with a known law, for tests of projections: binomial leavers, Poisson joiners.

Each month every pathway waits on with a chance set by its week band, and new ones join by working day. The
chances drift as `clearing` says, so a trend can be made, and turned, at will.
"""

from dataclasses import replace
from datetime import date

import numpy as np

from rtt.forecast.monthly.cohort import entry_days, shifted
from rtt.forecast.monthly.history import NHS, EnglandSeries, History
from rtt.terms.calendar import add_months
from rtt.terms.waits import BANDS

FIRST = date(2022, 4, 30)


def month_ends(months: int, first: date = FIRST) -> tuple[date, ...]:
    return tuple(add_months(first, i) for i in range(months))


def simulated(
    *, units: int, months: int, seed: int, clearing: np.ndarray | None = None, smallest: float = 6000
) -> History:
    """`units` lists of `months` months; `clearing` (months,) multiplies the chance of leaving, 1 = steady."""
    random = np.random.default_rng(seed)
    clearing = np.ones(months) if clearing is None else clearing
    size = smallest * np.exp(random.uniform(0.3, 2, units))
    leaving = np.clip(random.normal(0.17, 0.02, units)[:, None] + np.linspace(0, 0.15, BANDS), 0.02, 0.9)
    ends = month_ends(months)
    bands = np.zeros((units, months, BANDS))
    present = _steady(size, leaving)
    for i, end in enumerate(ends):
        days = end.day
        chance = 1 - np.clip(leaving * clearing[i] * random.lognormal(0, 0.03, (units, 1)), 0, 1)
        present = random.binomial(np.rint(shifted(present, days)).astype(int), chance).astype(float)
        joining = size[:, None] * 0.0115 * entry_days(end) * 0.95 ** np.arange(5)
        present[:, :5] = random.poisson(joining)
        bands[:, i] = present
    flow = np.rint(size * 0.25)[:, None] * np.ones(months)
    index = np.arange(units)
    keys = tuple((f"R{i:02d}",) for i in range(units))
    reported = np.ones((units, months), dtype=bool)
    kind = np.full(units, NHS)
    return History(ends, keys, bands, flow, flow * 0.9, reported, index, index % 5, kind)


def newest(history: History, months: int) -> History:
    """The last `months` months of a history: what is loaded, where England's series goes further back."""
    return replace(
        history,
        months=history.months[-months:],
        bands=history.bands[:, -months:],
        starts=history.starts[:, -months:],
        stops=history.stops[:, -months:],
        reported=history.reported[:, -months:],
    )


def england_of(history: History) -> EnglandSeries:
    """The series of the sum of a history's lists."""
    bands = history.bands.sum(axis=0)
    total = bands.sum(axis=1)
    return EnglandSeries(
        history.months, total, 100 * bands[:, :18].sum(axis=1) / total, bands[:, 52:].sum(axis=1)
    )


def _steady(size: np.ndarray, leaving: np.ndarray) -> np.ndarray:
    survival = np.cumprod(1 - leaving / 4.35, axis=1)
    return np.rint(size[:, None] * survival / survival.sum(axis=1, keepdims=True))
