"""How wide the intervals of a PTL's forecasts must be, from the errors of its past forecasts.

Each past PTL is forecast from what was known then and compared with the PTL of that day. Errors beyond those
of independent pathways (shared theatres, weeks of lost capacity, trends) are measured as a share of the
forecast, for the whole PTL and pooled over specialties.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rtt.forecast.monthly.intervals import COVERAGES, GROWTH, student
from rtt.forecast.weekly.expected import MEASURES, Expected, expected, listing_of
from rtt.forecast.weekly.extra_variance import RECENT, SHARE, TINY, beyond_chance, drift, extra_variance
from rtt.forecast.weekly.hazards import hazards
from rtt.forecast.weekly.outcomes import (
    actual_figures,
    in_bands,
    joined_in_bands,
    naive_forecast,
    whole_weeks,
)
from rtt.forecast.weekly.states import Grid
from rtt.forecast.weekly.survival import Chances
from rtt.forecast.weekly.weeks import WEEK, Week, learnt
from rtt.terms.arrays import Floats

FEWEST_LISTS = 12  # that follow each other, before anything is said
FEWEST_WEEKS = 6  # of movements behind the first forecast that is scored
FEWEST_SCORED = 3
MOST_SCORED = 26
# Troubled weeks cluster: the latest errors count by themselves where they are the larger ones. Half-life.
RECALL = 8.0  # weeks


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """A past forecast, a whole number of weeks ahead, and the actual figures: (measures, functions + 1).

    `naive`: the forecast of no change; nan where it was not known.
    """

    expected: Expected
    actual: Floats
    weeks: int
    naive: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Dispersion:
    """Extra variance of forecasts, scored `weeks` ahead, on the scale of
    `rtt.forecast.weekly.extra_variance`.

    `extra` is (measures, 2): of specialties, and of the whole list. `independent` is how many periods of that
    length the record holds, for neighbours overlap. `drift` is what the last weeks add to the variance of
    each figure, (measures, functions + 1).
    """

    weeks: int
    extra: Floats
    independent: float
    drift: Floats


def scored_forecasts(
    weeks: Sequence[Week], list_now: Floats, grid: Grid, *, horizons: Sequence[int], every: int = 1
) -> list[Scored]:
    """Forecasts from past lists of a run of weeks, `horizons` weeks ahead, whose outcome has come.

    Origins go back from the newest in steps of `every` weeks, at most MOST_SCORED of them; one week ahead,
    which tells how the last weeks ran, every week between them is forecast too.
    """
    lists = [week.list_before(grid) for week in weeks] + [list_now]
    bands, joined = [in_bands(each) for each in lists], [joined_in_bands(week, grid) for week in weeks]
    newest = len(weeks) - min(horizons)
    wanted = {newest - every * i for i in range(MOST_SCORED)}
    weekly = range(newest - every * (MOST_SCORED - 1), newest + 1) if 1 in horizons else ()
    scored = []
    for origin, evidence in enumerate(learnt(weeks, lists, grid), start=1):
        if evidence is None or origin < FEWEST_WEEKS or not (origin in wanted or origin in weekly):
            continue
        found = hazards(evidence)
        chances = Chances(found)
        listing = listing_of(lists[origin], grid, weeks[origin].previous)
        for ahead in horizons if origin in wanted else (1,):
            end = origin + ahead
            if end <= len(weeks) and whole_weeks(weeks[origin:end]):
                seen = origin >= ahead and whole_weeks(weeks[origin - ahead : origin])
                naive = naive_forecast(bands[origin], joined[origin - ahead : origin] if seen else None)
                forecast = expected(found, listing, listing.census + ahead * WEEK, chances)
                scored.append(Scored(forecast, actual_figures(bands[end], joined[origin:end]), ahead, naive))
    return scored


def dispersion(scored: Sequence[Scored], *, weeks: int) -> Dispersion | None:
    """The extra variance `weeks` ahead, from the shortest scored horizon that is no shorter.

    Beyond the longest one it grows with the horizon, as `rtt.forecast.monthly.intervals` has it. None with
    fewer than FEWEST_SCORED forecasts at every horizon.
    """
    by_horizon = {h: [s for s in scored if s.weeks == h] for h in sorted({s.weeks for s in scored})}
    enough = {h: at for h, at in by_horizon.items() if len(at) >= FEWEST_SCORED}
    if not enough:
        return None
    used = min((h for h in enough if h >= weeks), default=max(enough))
    origins = [s.expected.census for s in enough[used]]
    covered = (max(origins) - min(origins)) / WEEK + used
    growth = max(weeks / used, 1.0) ** (2 * GROWTH)
    return Dispersion(
        weeks=used,
        extra=growth * _extra(enough[used]),
        independent=min(len(origins), covered / used),
        drift=_drift(by_horizon.get(1, []), weeks, like=enough[used][0].expected.mean),
    )


def intervals(forecast: Expected, widening: Dispersion) -> Floats:
    """Lower and upper bounds, (coverages, 2, measures, functions + 1), none negative, no share over 100."""
    beyond = beyond_chance(widening.extra, forecast.mean)
    variance = forecast.variance + beyond
    # Only what the record added is uncertain: Satterthwaite's degrees of freedom.
    degrees = widening.independent * (variance / np.maximum(beyond, TINY * (variance + TINY))) ** 2
    half = np.stack([student(0.5 + c / 200, degrees) for c in COVERAGES])
    sides = np.array([-1.0, 1.0])[:, None, None]
    bounds = forecast.mean + sides * (half * np.sqrt(variance + widening.drift))[:, None]
    top = np.full((len(MEASURES), 1), np.inf)
    top[SHARE] = 100.0
    return np.asarray(np.clip(bounds, 0.0, top))


def _extra(scored: Sequence[Scored]) -> Floats:
    """The larger of what all of them missed and of what the latest did."""
    stacked = _stacked(scored)
    origins = [each.expected.census for each in scored]
    age = np.array([(max(origins) - origin) / WEEK for origin in origins])
    everywhere, lately = (extra_variance(*stacked, w) for w in (np.ones(len(scored)), 0.5 ** (age / RECALL)))
    return np.asarray(np.maximum(everywhere, lately))


def _drift(weekly: Sequence[Scored], weeks: int, *, like: Floats) -> Floats:
    """What the forecasts of the last weeks add; nothing where they were not all scored."""
    last = sorted(weekly, key=lambda each: each.expected.census)[-RECENT:]
    if (
        len(weekly) < FEWEST_SCORED
        or last[-1].expected.census - last[0].expected.census > (RECENT - 1) * WEEK
    ):
        return np.zeros_like(like)
    extra = extra_variance(*_stacked(weekly), np.ones(len(weekly)))
    mean, variance, actual = _stacked(last)
    return drift(actual - mean, variance + beyond_chance(extra, mean), weeks=weeks)


def _stacked(scored: Sequence[Scored]) -> tuple[Floats, Floats, Floats]:
    means = np.stack([each.expected.mean for each in scored])
    variances = np.stack([each.expected.variance for each in scored])
    return means, variances, np.stack([each.actual for each in scored])
