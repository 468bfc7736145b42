"""The pathways that come: who, where, for what and when. What becomes of them is not decided here."""

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sample_data import season
from sample_data.disruptions import Course
from sample_data.places import Trust
from sample_data.profile import FUNCTIONS
from sample_data.rates import Rates

Ints = NDArray[np.int32]
ROUTINE, URGENT, TWO_WEEK_WAIT = 1, 2, 3
_PRIORITIES = np.array([0.72, 0.19, 0.09])
# Suspected cancer comes to few services; elsewhere its share is urgent.
_CANCER = np.array(
    [f.row in {"C_100", "C_101", "C_120", "C_330", "C_502", "X05", "C_301"} for f in FUNCTIONS]
)
# One-stop clinics and the like: seen within days of the referral.
_QUICK = 0.13
_OLDEST_AT_START = 7 * 75


@dataclass(frozen=True, slots=True)
class Referrals:
    """One value per pathway, in order of the week they join; `joins` holds the first pathway of each week."""

    trust: Ints
    function: Ints
    variant: Ints
    site: Ints
    commissioner: Ints
    priority: Ints
    quick: NDArray[np.bool_]
    start: Ints
    joins: NDArray[np.int64]

    def up_to(self, *, weeks: int) -> Self:
        """Those who wait when the first week opens, and who join in so many weeks."""
        end = int(self.joins[weeks + 1])
        columns = {each.name: getattr(self, each.name)[:end] for each in fields(self)}
        return replace(self, **columns | {"joins": self.joins[: weeks + 2]})


def referrals(trusts: tuple[Trust, ...], usual: Rates, *, weeks: range, course: Course) -> Referrals:
    """Everyone waiting when the first week opens, then each week's referrals."""
    weekly = [_opening_list(trusts, usual, week=weeks[0], seed=course.seed)]
    weekly += [_week(trusts, usual, week=week, course=course) for week in weeks]
    joins = np.cumsum([0] + [len(week[0]) for week in weekly])
    columns = [np.concatenate(column).astype(np.int32) for column in zip(*weekly, strict=True)]
    trust, function, variant, site, commissioner, priority, quick, start = columns
    return Referrals(trust, function, variant, site, commissioner, priority, quick.astype(bool), start, joins)


def _week(
    trusts: tuple[Trust, ...], usual: Rates, *, week: int, course: Course
) -> tuple[NDArray[np.generic], ...]:
    rng = np.random.default_rng([course.seed, 1, week])
    share = season.referral_days(week)
    # Practices refer in bursts: a gamma factor shared by the day makes counts wider than Poisson.
    expected = np.outer(usual.referrals * course.referrals(week), share) * rng.gamma(60.0, 1 / 60.0, (1, 7))
    counts = rng.poisson(expected)
    group = np.repeat(np.arange(len(usual.referrals)), counts.sum(axis=1))
    start = season.monday(week) + np.tile(np.arange(7), len(counts)).repeat(counts.ravel())
    return _described(trusts, group, start, rng)


def _opening_list(
    trusts: tuple[Trust, ...], usual: Rates, *, week: int, seed: int
) -> tuple[NDArray[np.generic], ...]:
    rng = np.random.default_rng([seed, 2, week])
    group = np.repeat(np.arange(len(usual.waiting)), rng.poisson(usual.waiting))
    waited = np.minimum(rng.exponential(7 * 18.0, len(group)), _OLDEST_AT_START).astype(int)
    return _described(trusts, group, season.monday(week) - 1 - waited, rng)


def _described(
    trusts: tuple[Trust, ...], group: NDArray[np.int64], start: NDArray[np.int64], rng: np.random.Generator
) -> tuple[NDArray[np.generic], ...]:
    trust, function = np.divmod(group, len(FUNCTIONS))
    u = rng.random((5, len(group)))
    priority = 1 + np.searchsorted(_PRIORITIES.cumsum()[:2], u[0], side="right")
    priority = np.where((priority == TWO_WEEK_WAIT) & ~_CANCER[function], URGENT, priority)
    sites = np.array([len(t.sites) for t in trusts])[trust]
    # The first site is the larger one.
    site = np.minimum((u[1] ** 1.6 * sites).astype(int), sites - 1)
    shares = np.array([np.cumsum(t.shares) for t in trusts])[trust]
    commissioner = np.minimum((u[2][:, None] > shares).sum(axis=1), shares.shape[1] - 1)
    variants = np.array([len(f.codes) for f in FUNCTIONS])[function]
    variant = (u[3] * variants).astype(int)
    return trust, function, variant, site, commissioner, priority, u[4] < _QUICK, start
