"""What a series does without a special cause: its season, and what a flow carries over from the month before.

Real flows are no independent values around an average. A month resembles the month before it (a lag-1
correlation near 0.5 for providers' clock starts and stops per working day) and the same month a year before.
Limits made of moving ranges are then too narrow, and runs come by themselves: with a correlation of 0.5 and
nothing happening the newest point is flagged 13 times in 100, with a yearly wave as well 19 times, where 1.6
is right for independent values. A flow is therefore judged against what its season and the point before lead
one to expect. A stock's changes lose their season alone: what they carry over is steady drift as well, and
that must show. How often they are flagged by chance goes with their correlation (`rtt.spc.false_alarms`).

The season is one yearly wave. A flow's expectation is a regression on the wave and the deviation of the point
before, fitted to the newest 36 points of a phase. A correlation r estimated from n points is too low by about
(1 + 3r)/n (Kendall 1954; Marriott and Pope 1954), which is added.
"""

import numpy as np

from rtt.terms.arrays import Bools, Floats, Ints

MOST_POINTS = 36
FEWEST_FOR_SEASON = 24
"""Changes of a stock, two years of months, from which its season is told from its drift. A flow has no drift
to lose, and is better off with a season from the first judged point on."""
LEAST_MOVING = 0.75
"""The share of points that are not zero. A figure that is nearly always zero has no season and no memory, and
a wave fitted to its few others would call each zero after them a signal."""
LEAST_CORRELATION, MOST_CORRELATION = -0.5, 0.9


def expected_flows(values: Floats, phases: Ints, turn: Floats | None) -> Floats:
    """(series, time) what each point of a flow was expected to be.

    values: (series, time), nan in a gap. turn: (time,) the place of each period in the year, 0 to 1; None for
    series without a season, such as weeks of less than a year.
    """
    found = np.full_like(values, np.nan)
    base = _base(values.shape[1], turn)
    for number in np.unique(phases):
        here = phases == number
        seen = ~np.isnan(values) & here
        still = ~_moves(values, seen)[:, None]
        average = _fit(values, newest(seen), base[:, :1])
        found = np.where(here, np.where(still, average, _carried_on(values, seen, base)), found)
    return found


def season_of_changes(changes: Floats, phases: Ints, turn: Floats | None) -> Floats:
    """(series, time) the season of a stock's changes, around zero; 0 where it cannot be told from drift."""
    found = np.zeros_like(changes)
    if turn is None:
        return found
    base = _base(changes.shape[1], turn)
    for number in np.unique(phases):
        here = phases == number
        seen = ~np.isnan(changes) & here
        wave = _coefficients(changes, newest(seen), base)
        wave[:, 0] = 0.0
        wave[(seen.sum(axis=1) < FEWEST_FOR_SEASON) | ~_moves(changes, seen)] = 0.0
        found = np.where(here, wave @ base.T, found)
    return found


def newest(seen: Bools) -> Bools:
    """The last MOST_POINTS points of each row that are seen."""
    return seen & (np.cumsum(seen[:, ::-1], axis=1)[:, ::-1] <= MOST_POINTS)


def _base(periods: int, turn: Floats | None) -> Floats:
    # One yearly wave: a dozen free months would need more years than most series have.
    ones = np.ones(periods)
    if turn is None:
        return ones[:, None]
    return np.stack([ones, np.cos(2 * np.pi * turn), np.sin(2 * np.pi * turn)], axis=1)


def _carried_on(values: Floats, seen: Bools, base: Floats) -> Floats:
    """Of one phase. Where the period before is missing it is taken to have been as its season has it."""
    used = newest(seen)
    nothing = np.full((len(values), 1), np.nan)
    before = np.concatenate([nothing, np.where(seen, values, np.nan)[:, :-1]], axis=1)
    followed = np.concatenate([np.zeros((len(values), 1), dtype=np.bool_), used[:, :-1]], axis=1)
    correlation = _correlation(values, before, used & followed, base)[:, None]
    level = _fit(values, used, base)
    usual = np.concatenate([level[:, :1], level[:, :-1]], axis=1)
    carried = correlation * np.where(np.isnan(before), usual, before)
    # The oldest of them follows a point that is none of them.
    fitted = used & (followed | np.isnan(before))
    course: Floats = _fit(values - carried, fitted, base) + carried
    return course


def _moves(values: Floats, seen: Bools) -> Bools:
    # A figure that is nearly always zero has no season: see LEAST_MOVING.
    used = newest(seen)
    moving: Bools = (used & (values != 0)).sum(axis=1) >= LEAST_MOVING * used.sum(axis=1)
    return moving


def _fit(values: Floats, used: Bools, base: Floats) -> Floats:
    fitted: Floats = _coefficients(values, used, base) @ base.T
    return fitted


def _coefficients(values: Floats, used: Bools, base: Floats) -> Floats:
    """(series, terms) least squares over the used points; the smallest where they do not decide."""
    weight = used.astype(np.float64)
    squares = np.einsum("st,ta,tb->sab", weight, base, base)
    products = np.einsum("st,ta->sa", np.where(used, values, 0.0), base)
    solved: Floats = np.einsum("sab,sb->sa", np.linalg.pinv(squares, rcond=1e-9, hermitian=True), products)
    return solved


def _correlation(values: Floats, lag: Floats, pairs: Bools, base: Floats) -> Floats:
    """(series,) what carries over from a period to the next, without the season; 0 for a constant series."""
    now = np.where(pairs, values - _fit(values, pairs, base), 0.0)
    before = np.where(pairs, lag - _fit(lag, pairs, base), 0.0)
    spread, number = (before**2).sum(axis=1), pairs.sum(axis=1)
    # Rounding leaves about 1e-15 of a value behind: a constant series carries nothing over.
    size = np.where(pairs, np.abs(lag), 0.0).max(axis=1, initial=0.0)
    varies = spread > number * (1e-11 * size) ** 2
    found = (now * before).sum(axis=1) / np.where(varies, spread, 1.0)
    # Kendall 1954; Marriott and Pope 1954: an estimate from n points is too low by about (1 + 3r) / n.
    corrected = found + (1 + 3 * found) / (number + 1)
    return np.where(varies, np.clip(corrected, LEAST_CORRELATION, MOST_CORRELATION), 0.0)
