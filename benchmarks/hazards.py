"""Seconds to score a tracking list of 100,000 pathways, and to learn the hazards behind it.

Run it as `python -m benchmarks.hazards`. The promise, on two cores: under 5 s from the counted weeks to the
chance of every pathway and the expected breaches four weeks on. The pathways are drawn at random: speed
depends on how many there are and in how many states, not on what they say.
"""

import time
from datetime import date

import numpy as np

from rtt.forecast.weekly.expected import Listing, chance_of_each, expected
from rtt.forecast.weekly.hazards import hazards
from rtt.forecast.weekly.states import DATE_STATES, PRIORITIES, STAGES, Grid
from rtt.forecast.weekly.weeks import COUNTED, WEEK, Week, learnt
from rtt.terms.treatment_functions import ROWS
from rtt.terms.waits import BANDS

PATHWAYS, WEEKS = 100_000, 26
CENSUS = date(2026, 11, 15)


def pathways(grid: Grid, random: np.random.Generator) -> Listing:
    """A list with waits that thin out and every combination of stage, priority and date."""
    band = np.minimum(random.exponential(14, PATHWAYS).astype(np.int64), BANDS - 1)
    states = grid.states(
        function=random.integers(0, len(grid.functions), PATHWAYS),
        stage=random.integers(0, len(STAGES), PATHWAYS),
        priority=random.integers(0, len(PRIORITIES), PATHWAYS),
        band=band,
        date_state=random.integers(0, DATE_STATES, PATHWAYS),
    )
    return Listing(CENSUS, states, 7 * band + 7, np.ones(PATHWAYS))


def week(listing: Listing, ends: date, random: np.random.Generator) -> Week:
    """A week of the list in which a share of it leaves."""
    states, at_risk = np.unique(listing.states, return_counts=True)
    counts = np.zeros((len(states), len(COUNTED)))
    counts[:, 0] = at_risk
    counts[:, 1] = random.binomial(at_risk, 0.05)
    counts[:, 3] = random.binomial(at_risk - counts[:, 1].astype(np.int64), 0.01)
    return Week(ends - WEEK, ends, states, counts)


def main() -> None:
    random = np.random.default_rng(1)
    grid = Grid(tuple(code for code in sorted(ROWS) if code != "C_999"))
    listing = pathways(grid, random)
    weeks = [week(listing, CENSUS - back * WEEK, random) for back in range(WEEKS - 1, -1, -1)]
    start = time.perf_counter()
    lists = [*(each.list_before(grid) for each in weeks), grid.counts(listing.states)]
    *_, evidence = learnt(weeks, lists, grid)
    assert evidence is not None
    found = hazards(evidence)
    fitted = time.perf_counter()
    horizon = CENSUS + 4 * WEEK
    chance_of_each(found, listing, horizon)
    expected(found, listing, horizon)
    scored = time.perf_counter()
    print(f"hazards: learnt from {WEEKS} weeks of {PATHWAYS:,} pathways in {fitted - start:.1f} s")
    print(f"hazards: {PATHWAYS:,} pathways scored 4 weeks ahead in {scored - fitted:.1f} s")


if __name__ == "__main__":
    main()
