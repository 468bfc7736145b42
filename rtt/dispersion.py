"""How far a trust's expected breaches were off, and so how wide their intervals must be.

Each past list is forecast from what was known then and compared with the list that came. Errors beyond those
of independent pathways (shared theatres, weeks of lost capacity, trends) are measured as a share of the
forecast, for the whole list and pooled over specialties. Every past forecast here is a back-test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rtt.expected import MEASURES, Expected, expected, listing_of
from rtt.hazards import hazards
from rtt.intervals import COVERAGES, GROWTH, student
from rtt.list_outcomes import came, in_bands, joined_in_bands, last_values, whole_weeks
from rtt.list_states import Floats, Grid
from rtt.list_weeks import WEEK, Week, learnt

FEWEST_LISTS = 12  # that follow each other, before anything is said
FEWEST_WEEKS = 6  # of movements behind the first forecast that is scored
FEWEST_SCORED = 3
MOST_SCORED = 26
TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """One past forecast, a whole number of weeks ahead, beside what came: (measures, functions + 1).

    `last` is what would have been said without a model; nan where that was not known.
    """

    expected: Expected
    actual: Floats
    weeks: int
    last: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Dispersion:
    """Extra variance of forecasts, scored `weeks` ahead: share squared of a count, or points squared.

    `extra` is (measures, 2): of specialties, and of the whole list. `independent` is how many periods of that
    length the record holds, for neighbours overlap.
    """

    weeks: int
    extra: Floats
    independent: float


def scored_forecasts(
    weeks: Sequence[Week], list_now: Floats, grid: Grid, *, horizons: Sequence[int], every: int = 1
) -> list[Scored]:
    """Forecasts from past lists of a run of weeks, `horizons` weeks ahead, whose outcome has come.

    Origins go back from the newest in steps of `every` weeks, at most MOST_SCORED of them.
    """
    lists = [week.list_before(grid) for week in weeks] + [list_now]
    bands, joined = [in_bands(each) for each in lists], [joined_in_bands(week, grid) for week in weeks]
    newest = len(weeks) - min(horizons)
    wanted = {newest - every * i for i in range(MOST_SCORED)}
    scored = []
    for origin, evidence in enumerate(learnt(weeks, lists, grid), start=1):
        if evidence is None or origin < FEWEST_WEEKS or origin not in wanted:
            continue
        found = hazards(evidence)
        listing = listing_of(lists[origin], grid, weeks[origin].previous)
        for ahead in horizons:
            end = origin + ahead
            if end <= len(weeks) and whole_weeks(weeks[origin:end]):
                seen = origin >= ahead and whole_weeks(weeks[origin - ahead : origin])
                last = last_values(bands[origin], joined[origin - ahead : origin] if seen else None)
                forecast = expected(found, listing, listing.census + ahead * WEEK)
                scored.append(Scored(forecast, came(bands[end], joined[origin:end]), ahead, last))
    return scored


def dispersion(scored: Sequence[Scored], *, weeks: int) -> Dispersion | None:
    """The extra variance `weeks` ahead, from the shortest scored horizon that is no shorter.

    Beyond the longest one it grows with the horizon, as `rtt.intervals` has it. None with fewer than
    FEWEST_SCORED forecasts at every horizon.
    """
    by_horizon = {h: [s for s in scored if s.weeks == h] for h in sorted({s.weeks for s in scored})}
    enough = {h: at for h, at in by_horizon.items() if len(at) >= FEWEST_SCORED}
    if not enough:
        return None
    used = min((h for h in enough if h >= weeks), default=max(enough))
    origins = [s.expected.census for s in enough[used]]
    covered = (max(origins) - min(origins)) / WEEK + used
    growth = max(weeks / used, 1.0) ** (2 * GROWTH)
    return Dispersion(used, growth * _extra(enough[used]), min(len(origins), covered / used))


def intervals(forecast: Expected, widening: Dispersion) -> Floats:
    """Lower and upper bounds, (coverages, 2, measures, functions + 1), none negative, no share over 100."""
    extra = np.repeat(widening.extra[:, :1], forecast.mean.shape[1], axis=1)
    extra[:, -1] = widening.extra[:, 1]
    size = np.where(_is_share()[:, None], 1.0, forecast.mean)
    beyond = extra * size**2
    variance = forecast.variance + beyond
    # Only what the record added is uncertain: Satterthwaite's degrees of freedom.
    degrees = widening.independent * (variance / np.maximum(beyond, TINY * (variance + TINY))) ** 2
    half = np.stack([student(0.5 + c / 200, degrees) for c in COVERAGES])
    sides = np.array([-1.0, 1.0])[:, None, None]
    bounds = forecast.mean + sides * (half * np.sqrt(variance))[:, None]
    top = np.where(_is_share(), 100.0, np.inf)[:, None]
    return np.asarray(np.clip(bounds, 0.0, top))


def _extra(scored: Sequence[Scored]) -> Floats:
    """Squared errors beyond the variance of independent pathways, by the squared forecast: (measures, 2)."""
    mean, variance, came = (
        np.stack(arrays)
        for arrays in zip(*((s.expected.mean, s.expected.variance, s.actual) for s in scored), strict=True)
    )
    known = np.isfinite(mean) & np.isfinite(came)
    beyond = np.where(known, (came - mean) ** 2 - variance, 0.0)
    size = np.where(known, np.where(_is_share()[:, None], 1.0, mean) ** 2, 0.0)
    pools = (slice(None, -1), slice(-1, None))
    found = [
        np.maximum(beyond[..., pool].sum(axis=(0, 2)), 0.0)
        / np.maximum(size[..., pool].sum(axis=(0, 2)), 1e-9)
        for pool in pools
    ]
    return np.stack(found, axis=1)


def _is_share() -> NDArray[np.bool_]:
    return np.asarray(np.arange(len(MEASURES)) == len(MEASURES) - 1)
