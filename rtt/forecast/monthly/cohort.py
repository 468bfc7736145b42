"""A list moved forward week band by week band: who is still waiting, and who joins.

National survival by week band, times the unit's own difference from England, learnt from month-to-month moves
with a half-life of a month and a half, because the probability of leaving changes with policy. Used for the
*difference between units* only: raw, it loses to the naive forecast (methods 9.1). Treatment and removal are
not told apart: that gained nothing.

Source: methods 9.2 b.
"""

from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rtt.forecast.monthly.history import History, jumps, lists
from rtt.terms.arrays import Bools, Floats, Ints
from rtt.terms.calendar import working_days_each
from rtt.terms.sums import added_up
from rtt.terms.waits import BANDS, OPEN_BAND

ENTRY_BANDS = 5
# Months; 1 to 2 were best, since hazards move with policy (methods 9.1).
HALF_LIFE = 1.5
MONTHS_OF_ENTRIES = 6
# Older moves weigh under half a per cent.
MONTHS_OF_SURVIVAL = 12
# First band of each group that shares one relative survival; earlier bands are entries.
GROUPS = np.array([5, 14, 18, 23, 40, 52, 57, 65, 70])
HIGHEST_SURVIVAL = 1.3
# Pathways that behave as the coarser level does; a cell shrinks through its specialty, then its provider.
PRIOR_PATHWAYS = {"provider": 300.0, "by specialty": 5000.0, "by provider": 1000.0, "own": 100.0}


class Moves(NamedTuple):
    """Weighted pathways seen and expected one month on, each (units, 105), expected before any survival."""

    observed: Floats
    moved: Floats


def shifted(bands: Floats, days: float) -> Floats:
    """`bands` (..., 105) aged by `days` days with nobody leaving, split between the bands they straddle."""
    whole, part = divmod(days / 7, 1)
    return (1 - part) * _shifted_weeks(bands, int(whole)) + part * _shifted_weeks(bands, int(whole) + 1)


def entry_days(month_end: date) -> Floats:
    """Working days covered by bands 0 to 4 at a month end: who joined on those days is in that band."""
    near, far = zip(*((7 * b + (b > 0), 7 * b + 7) for b in range(ENTRY_BANDS)), strict=True)
    firsts, lasts = ([month_end - timedelta(days=days) for days in edge] for edge in (far, near))
    return working_days_each(firsts, lasts).astype(np.float64)


def rolled_forward(
    history: History, month_ends: tuple[date, ...], among: Bools, *, by_specialty: bool
) -> Floats:
    """The list at each of `month_ends`, (units among, horizons, 105), from the last month of `history`.

    Every unit teaches how patients move; only those `among` (units,) are rolled forward.
    """
    moves = recent_moves(history)
    survival = _survival_of_units(history, moves, by_specialty=by_specialty)[among]
    rate, spread = entries(history)
    rate = rate[among]
    present, today = history.bands[among, -1], history.months[-1]
    steps = np.empty((len(present), len(month_ends), BANDS))
    for step, month_end in enumerate(month_ends):
        present = shifted(present, (month_end - today).days) * survival
        # By the working days that each band covers: the largest repair of the cohort (methods 9.1).
        present[:, :ENTRY_BANDS] = rate[:, None] * (spread * entry_days(month_end))
        steps[:, step] = present
        today = month_end
    return steps


def recent_moves(history: History) -> Moves:
    """The moves of the last months, weighted by age; months in which a unit's list jumped are left out."""
    recent = slice(-1 - MONTHS_OF_SURVIVAL, None)
    months, bands = history.months[recent], history.bands[:, recent]
    number = len(months) - 1
    ages = np.array([_weight(number - 1 - s) for s in range(number)])
    weights = ages * ~jumps(lists(history)[:, recent])
    lengths = np.array([(later - month).days for month, later in pairwise(months)])
    moved = np.zeros((len(bands), BANDS))
    # Months of one length age alike, so they are added up first and aged once.
    for days in np.unique(lengths):
        moved += shifted(_added_up(weights * (lengths == days), bands[:, :-1]), int(days))
    return Moves(_added_up(weights, bands[:, 1:]), moved)


def entries(history: History) -> tuple[Floats, Floats]:
    """Each unit's entries per working day (units,), and how England's spread over bands 0 to 4 (5,)."""
    first = max(0, len(history.months) - MONTHS_OF_ENTRIES)
    months = history.months[first:]
    days = np.array([entry_days(month) for month in months])
    weights = np.array([_weight(len(months) - 1 - i) for i in range(len(months))])
    seen = history.bands[:, first:, :ENTRY_BANDS] * weights[None, :, None]
    per_day = _ratio(seen.sum(axis=(0, 1)), weights @ days)
    spread = _ratio(per_day, np.full(ENTRY_BANDS, per_day.sum()))
    at_risk = (history.reported[:, first:] * weights) @ (days @ spread)
    return _ratio(seen.sum(axis=(1, 2)), at_risk), spread


def national_survival(moves: Moves) -> Floats:
    """The share of England's pathways still waiting a month on, by the band they have moved into: (105,)."""
    return _ratio(moves.observed.sum(axis=0), moves.moved.sum(axis=0))


def _survival_of_units(history: History, moves: Moves, *, by_specialty: bool) -> Floats:
    survival = np.broadcast_to(national_survival(moves), moves.moved.shape)
    stages: list[tuple[str, Ints]] = [("provider", np.arange(len(survival)))]
    if by_specialty:
        stages = [
            ("by specialty", history.treatment_function),
            ("by provider", history.provider),
            ("own", np.arange(len(survival))),
        ]
    for name, pooled_by in stages:
        survival = survival * _relative(moves, survival, pooled_by, prior=PRIOR_PATHWAYS[name])
    return np.clip(survival, 0, HIGHEST_SURVIVAL)


def _relative(moves: Moves, survival: Floats, pooled_by: Ints, *, prior: float) -> Floats:
    # `prior` pathways that behave as expected hold a small unit near the others.
    observed = _pooled(moves.observed, pooled_by)
    expected = _pooled(moves.moved * survival, pooled_by)
    relative = ((observed + prior) / (expected + prior))[pooled_by]
    sizes = np.diff(np.append(GROUPS, BANDS))
    return np.concatenate([np.ones((len(relative), ENTRY_BANDS)), np.repeat(relative, sizes, axis=1)], axis=1)


def _added_up(weights: Floats, bands: Floats) -> Floats:
    """The weighted sum over months, (units, 105), of `weights` (units, months) and `bands`."""
    return np.asarray(np.matmul(weights[:, None, :], bands)[:, 0])


def _pooled(bands: Floats, pooled_by: Ints) -> Floats:
    groups = np.add.reduceat(bands, GROUPS, axis=1)
    return added_up(groups, pooled_by, int(pooled_by.max(initial=-1)) + 1)


def _shifted_weeks(bands: Floats, weeks: int) -> Floats:
    if weeks == 0:
        return bands.astype(np.float64)
    weeks = min(weeks, BANDS)
    out = np.zeros(bands.shape)
    out[..., weeks:] = bands[..., : BANDS - weeks]
    out[..., OPEN_BAND] += bands[..., BANDS - weeks :].sum(axis=-1)
    return out


def _weight(age_in_months: int) -> float:
    return float(0.5 ** (age_in_months / HALF_LIFE))


def _ratio(over: Floats, under: Floats) -> Floats:
    return np.divide(over, under, out=np.zeros(over.shape), where=under > 0)
