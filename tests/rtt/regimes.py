"""How often the intervals of simulated trusts hold four weeks ahead, in quiet weeks and in troubled ones.

The simulation knows nothing of forecasts, and a forecast nothing of what is to come: each interval is made
from what had come by its day. A regime is judged from three weeks before its first week, when a forecast of
four weeks reaches into it and cannot know of it, to seventeen weeks after.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from rtt.forecast.weekly.dispersion import dispersion, intervals, scored_forecasts
from rtt.forecast.weekly.expected import MEASURES, OVER_18, OVER_52, SHARE_WITHIN_18, TOTAL
from rtt.forecast.weekly.expected_words import FEWEST_PATHWAYS
from sample_data import season
from sample_data.disruptions import closure, more_referrals, sprint, strikes
from sample_data.profile import FUNCTIONS
from tests.rtt.simulated_weeks import GRID, Lists, simulated

AHEAD = 4
CENSUSES, ONSET, BEFORE, AFTER = 62, 40, 3, 17
RECORD = 30  # weeks of scored forecasts behind an interval
SHOWN = (TOTAL, SHARE_WITHIN_18, OVER_18, OVER_52)
CLOSED = ("C_130", "C_502", "C_320", "X02", "C_101")
QUIET, STRIKES, CLOSURE, SPRINT, REFERRALS = "quiet", "strikes", "closure", "sprint", "referrals doubled"
REGIMES = (STRIKES, CLOSURE, SPRINT, REFERRALS)
WHOLE, SPECIALTIES, CLOSED_ONE = "whole list", "specialties", "closed specialty"


@dataclass(frozen=True)
class Judged:
    """One forecast: weeks since the regime began, what was said and came, and whether the interval held."""

    weeks_in: int
    said: np.ndarray
    came: np.ndarray
    held: np.ndarray
    closed: int

    def share_low(self):
        """By how much the whole list was forecast too low."""
        total = MEASURES.index(TOTAL)
        return 1 - self.said[total, -1] / self.came[total, -1]


def judged(seed):
    """Regime -> the judged forecasts of one simulated trust."""
    weeks_back = int(np.random.default_rng([seed, 99]).integers(0, 52))
    until = date(2026, 11, 15) - timedelta(weeks=weeks_back)
    first = season.week_of(season.day_number(until) - 7) - (CENSUSES - 1 - ONSET) + 1
    closed = CLOSED[seed % len(CLOSED)]
    made = {
        STRIKES: strikes(first),
        CLOSURE: closure(first, function=closed),
        SPRINT: sprint(first),
        REFERRALS: more_referrals(first),
    }
    place = [function.row for function in FUNCTIONS].index(closed)
    quiet = simulated(seed=seed, censuses=CENSUSES, until=until)
    before = _scored(quiet.weeks[:ONSET], quiet.lists[ONSET])
    found = {QUIET: list(_judged(before, _scored(quiet.weeks, quiet.lists[-1]), quiet, ONSET - 15, place))}
    for regime, disruptions in made.items():
        lists = _continued(quiet, seed=seed, until=until, disruptions=disruptions)
        scored = _scored(lists.weeks, lists.lists[-1])
        found[regime] = list(_judged(before, scored, lists, ONSET - BEFORE, place))
    return found


def _continued(quiet, *, seed, until, disruptions):
    """Until the week before a disruption its lists are those of quiet weeks, and are not made again."""
    later = simulated(
        seed=seed, censuses=CENSUSES - ONSET + 2, until=until, disruptions=disruptions, history=CENSUSES
    )
    assert later.lists[0].census == quiet.lists[ONSET - 2].census
    assert np.array_equal(later.lists[0].states, quiet.lists[ONSET - 2].states)
    weeks = [*quiet.weeks[: ONSET - 2], *later.weeks]
    return Lists(later.truth, [*quiet.lists[: ONSET - 2], *later.lists], weeks)


def _scored(weeks, now):
    return scored_forecasts(weeks, GRID.counts(now.states), GRID, horizons=(1, AHEAD))


def _judged(before, scored, lists, first, closed):
    """Each forecast with the interval of its day, from `first` on; no interval knows a later outcome."""
    at = {each.census: index for index, each in enumerate(lists.lists)}
    since = min(each.expected.census for each in scored)
    # The same forecasts twice, once with what came in quiet weeks: only before the disruption are they alike.
    known = [each for each in before if each.expected.census < since] + scored
    for each in known:
        origin = at[each.expected.census]
        if each.weeks != AHEAD or not first <= origin <= ONSET + AFTER:
            continue
        then = [
            other
            for other in known
            if other.expected.horizon <= each.expected.census and at[other.expected.census] >= origin - RECORD
        ]
        low, high = intervals(each.expected, dispersion(then, weeks=AHEAD))[1]
        # Of the specialties that the product shows an estimate of.
        shown = each.expected.mean[MEASURES.index(TOTAL)] >= FEWEST_PATHWAYS
        held = np.where(shown, (low <= each.actual) & (each.actual <= high), np.nan)
        yield Judged(origin - ONSET, each.expected.mean, each.actual, held, closed)


def coverage(found):
    """(measure, of whom) -> the share of judged forecasts whose 80 % interval held."""
    held = defaultdict(list)
    for each in found:
        for measure in SHOWN:
            row = each.held[MEASURES.index(measure)]
            held[measure, WHOLE].append(row[-1])
            held[measure, SPECIALTIES].extend(row[:-1][np.isfinite(row[:-1])])
            held[measure, CLOSED_ONE].append(row[each.closed])
    return {key: float(np.mean(values)) for key, values in held.items()}


def low_by_week(found, first):
    """How much too low the whole list was forecast, by week from `first` weeks into the regime on."""
    by_week = defaultdict(list)
    for each in found:
        if each.weeks_in >= first:
            by_week[each.weeks_in].append(each.share_low())
    return {week: float(np.mean(values)) for week, values in sorted(by_week.items())}


def table(found):
    """Lines of coverage in per cent, by regime: what docs/decisions.md shows."""
    yield f"{'':22}" + "".join(f"{measure:>18}" for measure in SHOWN)
    for regime, each in found.items():
        held = coverage(each)
        for whose in (WHOLE, SPECIALTIES, *([CLOSED_ONE] if regime == CLOSURE else [])):
            cells = "".join(f"{100 * held[measure, whose]:18.0f}" for measure in SHOWN)
            yield f"{regime + ', ' + whose:38}"[:38] + cells
