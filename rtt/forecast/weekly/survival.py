"""The probability of every state to be still open some weeks ahead: weekly hazards put together.

Works backwards from the horizon: a pathway that stays a week stands a week later, its date a week nearer,
kept, moved, lost or newly given, or decided for. Of the future only its working days are known.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from rtt.forecast.weekly.hazards import (
    CLASS_OF_DATE,
    DUE_CLASS,
    GROUP_OF_BAND,
    LATER_CLASS,
    NEXT_CLASS,
    Hazards,
)
from rtt.forecast.weekly.states import ADMITTED, DUE, FURTHEST, NO_DATE, NON_ADMITTED, a_week_on
from rtt.forecast.weekly.weeks import NEARER, working_share
from rtt.terms.arrays import Floats


def coming_weeks(census: date, horizon: date) -> tuple[Floats, float]:
    """Working shares of the whole weeks from `census` to `horizon`, and the part of a week that remains.

    The part is that of the working days of its week, for pathways end on working days.
    """
    whole, _ = divmod((horizon - census).days, 7)
    ends = [census + timedelta(days=7 * k) for k in range(whole + 2)]
    shares = np.array([working_share(a, b) for a, b in pairwise(ends[:-1])])
    rest = working_share(ends[-2], horizon) if horizon > ends[-2] else 0.0
    return shares, rest / max(working_share(ends[-2], ends[-1]), 1e-9)


def chances_open(
    hazards: Hazards, working_shares: Floats | Sequence[float], part: float = 0.0
) -> list[Floats]:
    """As `Chances.open`, of one horizon."""
    return Chances(hazards).open(working_shares, part)


class Chances:
    """The probabilities of every horizon of the same hazards.

    Most horizons end with ordinary weeks of five working days: what those come to is worked out once.
    """

    def __init__(self, hazards: Hazards) -> None:
        self._week = _Week(hazards)
        self._staying = self._week.expand(hazards.open)
        self._ordinary = [np.ones_like(self._staying)]

    def open(self, working_shares: Floats | Sequence[float], part: float = 0.0) -> list[Floats]:
        """The probability of each state to be open at the horizon, with all weeks to go, one fewer, ... none.

        Each is of the grid's shape; the last is that of a state at the start of the part week.
        """
        backwards = [float(share) for share in reversed(working_shares)]
        ordinary = next((i for i, share in enumerate(backwards) if share != 1.0), len(backwards))
        if part:
            steps, rest = [1 - part * (1 - self._staying)], backwards
        else:
            while len(self._ordinary) <= ordinary:
                self._ordinary.append(self._before(self._ordinary[-1], 1.0))
            steps, rest = self._ordinary[: ordinary + 1], backwards[ordinary:]
        for share in rest:
            steps.append(self._before(steps[-1], share))
        return steps[::-1]

    def _before(self, then: Floats, share: float) -> Floats:
        """A week earlier."""
        return np.asarray(self._staying * self._week.stay(then, share))


class _Week:
    """One week of those who stay, with the hazards spread over all bands and dates."""

    def __init__(self, hazards: Hazards) -> None:
        self._hazards = hazards
        self._decided = self.expand(hazards.decided)[:, NON_ADMITTED]
        self._given = hazards.given[:, :, :, GROUP_OF_BAND]
        # By class of date: who loses it, who has it moved, who keeps it, each for every band.
        lost, moved = (rates[:, :, :, GROUP_OF_BAND] for rates in (hazards.lost, hazards.moved))
        self._kept = [
            (first, last, lost[..., of, None], moved[..., of, None], (1 - lost - moved)[..., of, None])
            for first, last, of in ((0, 1, DUE_CLASS), (1, 2, NEXT_CLASS), (2, FURTHEST + 1, LATER_CLASS))
        ]

    def expand(self, rates: Floats) -> Floats:
        return np.asarray(rates[:, :, :, GROUP_OF_BAND][..., CLASS_OF_DATE])

    def stay(self, value: Floats, working_share: float) -> Floats:
        """The expected value a week on of who stays now."""
        later = a_week_on(value)
        first, renewed = (
            np.einsum("fspbd,spd->fspb", later[..., DUE:], dates)
            for dates in (self._hazards.first_dates, self._hazards.renewed_dates)
        )
        stayed = np.empty_like(later)
        given = np.minimum(self._given * working_share, 1.0)[..., None]
        stayed[..., :DUE] = given * first[..., None] + (1 - given) * later[..., :DUE]
        self._dated(stayed, later, renewed)
        decided = np.einsum("fpbx,px->fpb", later[:, ADMITTED], self._hazards.decided_into)
        stayed[:, NON_ADMITTED] += self._decided * (decided[..., None] - stayed[:, NON_ADMITTED])
        return stayed

    def _dated(self, stayed: Floats, later: Floats, renewed: Floats) -> None:
        # A date due this week is lost or moved: whoever kept it has left.
        nearer = later[..., DUE - 1 : -1].copy()
        nearer[..., FURTHEST] = NEARER * nearer[..., FURTHEST] + (1 - NEARER) * later[..., DUE + FURTHEST]
        for first, last, lost, moved, kept in self._kept:
            gone = lost * later[..., NO_DATE, None] + moved * renewed[..., None]
            stayed[..., DUE + first : DUE + last] = gone + kept * nearer[..., first:last]
