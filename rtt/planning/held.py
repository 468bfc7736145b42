"""Lists that the arithmetic would carry away, and how they are held.

Pathways appear without a clock start, above all among the longest waits: more clocks stop there than the list
held. What appears is a share of those who are there. While the stops of a week are shared among ever more
pathways, fewer of each are treated, and what appears compounds: one provider of 21,133 would have 681 million
pathways after four years. In a list that would grow so, no more appear in a week band than are treated there,
for it is by their clock stop that they are known of. All other lists are carried as they are.

Source: docs/planning.md, "A projection".
"""

from dataclasses import replace
from datetime import date

import numpy as np

from rtt.planning.projection import bands_on, projected
from rtt.planning.rates import Rates, chosen
from rtt.terms.arrays import Bools, Floats
from rtt.terms.calendar import add_months

RUNAWAY = 0.05
"""Of the list: more in the open band than this, and than twice today's, is no list that there could be."""
LEAST_AHEAD = 12
"""Months: lists are judged a year ahead, or on the day that is asked for where that is later."""


def judged_on(census: date, due: date) -> date:
    """The day on which it is judged which lists would be carried away."""
    return max(due, add_months(census, LEAST_AHEAD))


def runs_away(waiting: Floats, later: Floats, joined: Floats) -> Bools:
    """Which lists (..., 105) the arithmetic has carried away by a later day: those whose longest waits went
    off, and those of more pathways than were there or `joined` (...,) since.
    """
    open_band, total = later[..., -1], later.sum(axis=-1)
    longest = (open_band > RUNAWAY * total) & (open_band > 2 * waiting[..., -1]) & (total > 0)
    return np.asarray(longest | (total > waiting.sum(axis=-1) + joined))


def held(waiting: Floats, rates: Rates, census: date, due: date) -> Rates:
    """The rates of lists (units, 105), those held that going on as now would carry away."""
    return held_as_now(waiting, rates, census, due)[0]


def held_as_now(waiting: Floats, rates: Rates, census: date, due: date) -> tuple[Rates, Floats]:
    """The same, and the lists (units, 105) that going on as now leads to on the day that is asked for."""
    going_on = projected(waiting, rates, census, tuple(sorted({due, judged_on(census, due)})))
    away = runs_away(waiting, going_on.bands[-1], going_on.starts.sum(axis=0))
    found = replace(rates, held=rates.held | away)
    as_now = going_on.bands[0]
    if away.any():
        as_now[away] = bands_on(waiting[away], chosen(found, away), census, due)
    return found, as_now
