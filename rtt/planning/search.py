"""The least further stops a week that bring a list to a target by a date.

Searched by brackets, since more stops in today's order can lower the share for months: short waiters are
treated too. Where twice the stops of now do not meet, the answer is "not by doubling the stops", not a
number.

Source: docs/planning.md, "Stops needed".
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from rtt.planning.projection import Scenario, projected, shares
from rtt.planning.rates import Rates
from rtt.terms.arrays import Bools, Floats

# Per cent of the stops of now.
BRACKETS = (0.0, 1.25, 2.5, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 40.0, 50.0, 75.0, 100.0)
BISECTIONS = 20
LONGEST_FIRST, TODAYS_ORDER = "longest first", "today's order"


@dataclass(frozen=True, slots=True)
class Goal:
    """What the arithmetic must reach on `due`: shares of the list as fractions; nan asks nothing."""

    share: Floats
    due: date
    most_over_52: float = np.nan


def fraction_needed(waiting: Floats, rates: Rates, census: date, goal: Goal, order: str) -> Floats:
    """The least fraction of the stops of now, (...,), to be added; nan where doubling them does not meet.

    `waiting` (..., 105) are the lists at the census; each is searched by itself.
    """

    def meets(fractions: Floats, among: Bools) -> Bools:
        some = Rates(rates.treated[among], rates.removed[among], rates.starts[among], rates.stops[among])
        wanted = np.broadcast_to(goal.share, among.shape)[among]
        return _meets(waiting[among], some, census, goal, wanted, order, fractions)

    return searched(meets, waiting.shape[:-1])


def fraction_of_all(waiting: Floats, rates: Rates, census: date, goal: Goal, order: str) -> float:
    """The same for lists (units, 105) that are added up: each gets the same fraction more; nan if none."""

    def meets(fractions: Floats, _among: Bools) -> Bools:
        scenario = _scenario(rates, order, fractions[0])
        bands = projected(waiting, rates, census, (goal.due,), scenario).bands[-1].sum(axis=0)
        return np.atleast_1d(_reached(bands, goal, np.asarray(goal.share)))

    return float(searched(meets, (1,))[0])


def searched(meets: Callable[[Floats, Bools], Bools], shape: tuple[int, ...]) -> Floats:
    """The first bracket that meets, bisected; `meets` is asked of the lists that are still open alone."""
    low, high = np.zeros(shape), np.full(shape, np.nan)
    unmet = np.ones(shape, dtype=bool)
    for percent in BRACKETS:
        if not unmet.any():
            break
        found = np.zeros(shape, dtype=bool)
        found[unmet] = meets(np.full(int(unmet.sum()), percent / 100), unmet)
        high[found] = percent / 100
        low[unmet & ~found] = percent / 100
        unmet &= ~found
    open_to = np.isfinite(high) & (high > 0)
    for _ in range(BISECTIONS if open_to.any() else 0):
        middle = ((low + high) / 2)[open_to]
        met = meets(middle, open_to)
        high[open_to] = np.where(met, middle, high[open_to])
        low[open_to] = np.where(met, low[open_to], middle)
    return high


def _meets(
    waiting: Floats, rates: Rates, census: date, goal: Goal, wanted: Floats, order: str, fractions: Floats
) -> Bools:
    scenario = _scenario(rates, order, fractions)
    bands = projected(waiting, rates, census, (goal.due,), scenario).bands[-1]
    return _reached(bands, goal, wanted)


def _reached(bands: Floats, goal: Goal, wanted: Floats) -> Bools:
    total, share, over_52 = shares(bands)
    met = np.isnan(wanted) | (share >= wanted)
    if not np.isnan(goal.most_over_52):
        met &= over_52 <= goal.most_over_52 * total
    return np.asarray(met | (total <= 0))


def _scenario(rates: Rates, order: str, fractions: Floats | float) -> Scenario:
    """Further stops in the one order or the other; both are of the stops of now."""
    if order == LONGEST_FIRST:
        return Scenario(extra=fractions * rates.stops)
    return Scenario(stops=fractions)
