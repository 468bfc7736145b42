"""Weeks that go otherwise than the season has it: strikes, a closed specialty, a sprint, more referrals.

None of them is part of the sample; they are asked for, to see what a forecast makes of them. Each multiplies
what the usual week has, for all specialties or some, and nothing here knows of forecasts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sample_data import season
from sample_data.profile import FUNCTIONS

Floats = NDArray[np.float64]

EVER = 1000
"""Weeks: longer than any history."""


@dataclass(frozen=True, slots=True)
class Disruption:
    """`weeks` weeks from the week number `first` (as `season.week_of` counts them).

    `lost` is a share of the capacity, of bookings made and of slots to come; `sessions`, `removals` and
    `referrals` multiply the usual ones. `functions`: rows of the return, none for all.
    """

    first: int
    weeks: int
    lost: float = 0.0
    sessions: float = 1.0
    removals: float = 1.0
    referrals: float = 1.0
    functions: tuple[str, ...] = ()


def strikes(first: int, *, lost: float = 0.65, weeks: int = 3, pause: int = 5) -> tuple[Disruption, ...]:
    """Two strikes with some ordinary weeks between them."""
    return tuple(Disruption(at, weeks, lost=lost) for at in (first, first + weeks + pause))


def closure(first: int, *, function: str, weeks: int = 6) -> tuple[Disruption, ...]:
    """One specialty sees and treats nobody; its referrals go on."""
    return (Disruption(first, weeks, lost=1.0, functions=(function,)),)


def sprint(
    first: int, *, weeks: int = 6, sessions: float = 1.5, removals: float = 3.0
) -> tuple[Disruption, ...]:
    """Extra clinics and theatre lists, and the list validated."""
    return (Disruption(first, weeks, sessions=sessions, removals=removals),)


def more_referrals(first: int, *, times: float = 2.0) -> tuple[Disruption, ...]:
    """Referrals rise and stay there; capacity does not."""
    return (Disruption(first, EVER, referrals=times),)


@dataclass(frozen=True, slots=True)
class Course:
    """What each week brings to each group (a trust's treatment function), the season's luck included."""

    trusts: int
    seed: int
    disruptions: Sequence[Disruption] = ()

    def lost(self, week: int) -> Floats:
        usual = season.lost_capacity(week, seed=self.seed)
        lost = np.full(self.trusts * len(FUNCTIONS), usual)
        for each in self._of(week):
            lost = np.where(self._hit(each), np.maximum(lost, each.lost), lost)
        return lost

    def capacity(self, week: int) -> Floats:
        """Clinic and theatre capacity as a multiple of an ordinary week's."""
        return season.running(week) * (1.0 - self.lost(week)) * self._times(week, "sessions")

    def removals(self, week: int) -> Floats:
        return self._times(week, "removals")

    def referrals(self, week: int) -> Floats:
        return self._times(week, "referrals")

    def _times(self, week: int, name: str) -> Floats:
        times = np.ones(self.trusts * len(FUNCTIONS))
        for each in self._of(week):
            times = np.where(self._hit(each), times * getattr(each, name), times)
        return times

    def _of(self, week: int) -> list[Disruption]:
        return [each for each in self.disruptions if each.first <= week < each.first + each.weeks]

    def _hit(self, disruption: Disruption) -> NDArray[np.bool_]:
        rows = [not disruption.functions or each.row in disruption.functions for each in FUNCTIONS]
        return np.tile(np.array(rows), self.trusts)
