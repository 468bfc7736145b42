"""Rates by many groupings at once, each drawn to the coarser one: small specialties borrow from large ones.

A weekly probability is the logistic sum of one effect for each factor's group. Effects are drawn to 0, the
more so the less the groups of their family differ, so a group moves away from the others only as far as its
own pathways carry it.

Source: MacKay 1992, Bayesian interpolation, for the spread within a family (evidence approximation).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rtt.terms.arrays import AnyInts, Floats

SWEEPS = 60
CLOSE_ENOUGH = 5e-3  # in log odds
LARGEST_STEP = 2.0
LARGEST_ODDS = 15.0
# The spread thought of beforehand counts as much as this many groups.
PRIOR_GROUPS = 2.0
SMALLEST_SPREAD = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """The group of each cell (family x members + member), and how far apart the groups of a family lie.

    `spread` is that before any is seen: one standard deviation in log odds.
    """

    groups: AnyInts
    members: int
    spread: float


def shrunken_rates(events: Floats, exposure: Floats, factors: Sequence[Factor]) -> Floats:
    """The probability of an event in each cell, (cells,), from events and exposures (cells,).

    Cells without exposure get what their groups say. Events counted by difference may lie a little below 0 or
    beyond the exposure in single cells.
    """
    seen = np.flatnonzero(exposure > 0)
    events, exposure = events[seen], exposure[seen]
    # The effects measure from the overall rate.
    overall = float(np.clip(events.sum() / max(exposure.sum(), 1e-9), 1e-6, 1 - 1e-6))
    start = float(np.log(overall / (1 - overall)))
    parts = [_Effects(factor, factor.groups[seen]) for factor in factors]
    odds = np.full(len(seen), start)
    for _ in range(SWEEPS):
        before = odds.copy()
        for part in parts:
            odds += part.improve(events, exposure, odds)
        # Effects may still trade places long after their sums have settled.
        if np.abs(odds - before).max(initial=0.0) < CLOSE_ENOUGH:
            break
    summed = start + sum((p.values[p.factor.groups] for p in parts), np.zeros(len(factors[0].groups)))
    return np.asarray(1 / (1 + np.exp(-np.clip(summed, -LARGEST_ODDS, LARGEST_ODDS))))


class _Effects:
    """One factor's effects and the spread of each of its families, improved step by step."""

    def __init__(self, factor: Factor, groups: AnyInts) -> None:
        families = -(-(int(factor.groups.max(initial=0)) + 1) // factor.members)
        self.factor, self._groups = factor, groups
        self.values = np.zeros(families * factor.members)
        self._spread = np.full(families, factor.spread)

    def improve(self, events: Floats, exposure: Floats, odds: Floats) -> Floats:
        """A Newton step with the other factors standing still; how much each cell's log odds change."""
        p = 1 / (1 + np.exp(-odds))
        pull = np.repeat(1 / self._spread**2, self.factor.members)
        slope = np.bincount(self._groups, events - exposure * p, minlength=len(pull)) - pull * self.values
        curve = np.bincount(self._groups, exposure * p * (1 - p), minlength=len(pull)) + pull
        step = np.clip(slope / curve, -LARGEST_STEP, LARGEST_STEP)
        step = np.clip(self.values + step, -LARGEST_ODDS, LARGEST_ODDS) - self.values
        self.values += step
        self._learn_spread(1 - pull / curve)
        return np.asarray(step[self._groups])

    def _learn_spread(self, carried: Floats) -> None:
        """The spread of each family from its effects; `carried`: how far each is fixed by its own cells."""
        squares = (self.values**2).reshape(-1, self.factor.members).sum(axis=1)
        fixed = carried.reshape(-1, self.factor.members).sum(axis=1)
        squares += PRIOR_GROUPS * self.factor.spread**2
        self._spread = np.maximum(np.sqrt(squares / (fixed + PRIOR_GROUPS)), SMALLEST_SPREAD)
