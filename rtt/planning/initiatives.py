"""Did an initiative change a trust more than the rest of England changed?

A before-and-after with an ordinary test calls 59% of untouched trusts changed, so only placebos decide: the
same sum for every other trust, as if each had started then. Two methods must agree, and a false start
half-way through the months before must find nothing.

Source: docs/planning.md, "Initiatives", measured on 134 trusts and 12 months; the placebo rank in the next
period is wrong in 5.2% (differences) and 3.7% (synthetic) of untouched trusts.
"""

from typing import NamedTuple

import numpy as np

from rtt.terms.arrays import Bools, Floats, Ints

LEAST_MONTHS_BEFORE = 6
LEAST_LIST = 5_000
RARE = 0.05
ALREADY_MOVING = 0.1
SEEN = 0.8
PENALTY = 0.1
RANDOM_GROUPS = 4_000
_SEED = 20_250_331
_NEWTON_STEPS = 100


class Method(NamedTuple):
    """One method's answer for the trusts of an initiative, in the unit of the series.

    `effect`: their mean. `placebo`: the share of comparisons as far from the middle, itself included.
    `smallest`: the effect that four placebos in five plus it would show. `error_before`: the root mean square
    of what is not explained before the start, nan for differences.
    """

    effect: float
    placebo: float
    smallest: float
    error_before: float


class Evaluation(NamedTuple):
    """Both methods, and each with a false start half-way through the months before."""

    differences: Method
    synthetic: Method
    false_differences: Method
    false_synthetic: Method

    @property
    def already_moving(self) -> bool:
        """Whether the false start finds something: then nothing can be told."""
        return min(self.false_differences.placebo, self.false_synthetic.placebo) < ALREADY_MOVING

    @property
    def changed(self) -> bool:
        """More than the rest of England, rarer than 1 in 20 by both methods."""
        rare = max(self.differences.placebo, self.synthetic.placebo) < RARE
        return rare and not self.already_moving

    @property
    def smallest(self) -> float:
        """An effect under this could not be seen: print it before the result."""
        return max(self.differences.smallest, self.synthetic.smallest)


def evaluated(series: Floats, before: int, members: Ints) -> Evaluation:
    """`series` (trusts, months) of a measure, whole for every trust; the first `before` months lie before the
    start; `members` are the rows of the initiative. ValueError under six months before, without one after, or
    with fewer than two other trusts.
    """
    others = len(series) - len(members)
    if before < LEAST_MONTHS_BEFORE or series.shape[1] <= before or others < 2 or len(members) < 1:
        raise ValueError(
            f"an initiative needs {LEAST_MONTHS_BEFORE} months before, one after and two other trusts; "
            f"got {before}, {series.shape[1] - before} and {others}"
        )
    half = before // 2
    return Evaluation(
        differences(series, before, members),
        synthetic(series, before, members),
        differences(series[:, :before], half, members),
        synthetic(series[:, :before], half, members),
    )


def differences(series: Floats, before: int, members: Ints) -> Method:
    """Each trust's change from the mean before to the mean after, less the mean change of the others."""
    if len(members) == 1:
        effects = difference_effects(series, before)
        return _judged(effects - np.median(effects), effects, int(members[0]), np.nan)
    change = series[:, before:].mean(axis=1) - series[:, :before].mean(axis=1)
    inside = np.isin(np.arange(len(change)), members)
    return _judged_group(change, inside, others_count=True, error_before=np.nan)


def difference_effects(series: Floats, before: int) -> Floats:
    """Of each trust (trusts,): its change less the mean change of all the others."""
    change = series[:, before:].mean(axis=1) - series[:, :before].mean(axis=1)
    n = len(change)
    return np.asarray((n * change - change.sum()) / (n - 1))


def synthetic(series: Floats, before: int, members: Ints) -> Method:
    """Each trust less a weighted mean of the others that moved as it did before the start.

    The series are taken from their own means before, so levels need not match. The members of an initiative
    are in nobody's comparison.
    """
    inside = np.isin(np.arange(len(series)), members)
    effects, errors = synthetic_effects(series, before, inside)
    error = float(np.sqrt((errors[members] ** 2).mean()))
    if len(members) == 1:
        # A synthetic trust is its own middle: its effects are held against nothing, not their median.
        return _judged(effects, effects, int(members[0]), error)
    return _judged_group(effects, inside, others_count=False, error_before=error)


def synthetic_effects(series: Floats, before: int, inside: Bools) -> tuple[Floats, Floats]:
    """Of each trust (trusts,): the mean after the start less that of its synthetic one, made of none of those
    `inside`; and the root mean square of the difference before.
    """
    centred = series - series[:, :before].mean(axis=1, keepdims=True)
    effects, errors = np.empty(len(series)), np.empty(len(series))
    for unit in range(len(series)):
        donors = ~inside & (np.arange(len(series)) != unit)
        left = (
            centred[unit]
            - synthetic_weights(centred[donors, :before], centred[unit, :before]) @ centred[donors]
        )
        effects[unit] = left[before:].mean()
        errors[unit] = np.sqrt((left[:before] ** 2).mean())
    return effects, errors


def synthetic_weights(donors: Floats, wanted: Floats) -> Floats:
    """Weights (donors,) from 0 up that sum to 1 and minimise the squared error before and 0.1 x months x
    their own squares: a strict optimum, so there is one answer.

    By Newton's method on its dual, which has as many unknowns as months and one: `donors` (donors, months),
    `wanted` (months,).
    """
    months = donors.shape[1]
    ridge = PENALTY * months
    at = np.append(wanted, (donors @ wanted).max() - ridge / len(donors))

    def weights_at(point: Floats) -> Floats:
        return np.asarray(np.maximum(0.0, (donors @ point[:-1] - point[-1]) / ridge))

    def value(point: Floats) -> float:
        own = weights_at(point)
        return float(point[:-1] @ point[:-1] / 2 - wanted @ point[:-1] + ridge / 2 * own @ own + point[-1])

    for _ in range(_NEWTON_STEPS):
        weights = weights_at(at)
        slope = np.append(at[:-1] - wanted + donors.T @ weights, 1 - weights.sum())
        if np.abs(slope).max() < 1e-12 * (1 + np.abs(wanted).max()):
            break
        among = donors[weights > 0]
        bent = np.zeros((months + 1, months + 1))
        bent[:-1, :-1] = np.eye(months) + among.T @ among / ridge
        bent[:-1, -1] = bent[-1, :-1] = -among.sum(axis=0) / ridge
        bent[-1, -1] = max(len(among), 1) / ridge
        step = np.linalg.solve(bent + 1e-14 * np.eye(months + 1), -slope)
        length, now = 1.0, value(at)
        while length > 1e-8 and value(at + length * step) > now + 1e-4 * length * (slope @ step):
            length /= 2
        at = at + length * step
    return weights_at(at)


def _judged(apart: Floats, effects: Floats, unit: int, error_before: float) -> Method:
    """One trust among its placebos, whose distances from the middle `apart` are."""
    far = np.abs(apart)
    rank = float((far >= far[unit] - 1e-9).mean())
    return Method(float(effects[unit]), rank, _smallest(np.delete(apart, unit)), error_before)


def _judged_group(values: Floats, inside: Bools, *, others_count: bool, error_before: float) -> Method:
    """The mean of the members among random groups of as many others, of a fixed seed.

    `others_count`: a group's mean is held against the mean of all who are not in it.
    """
    size, n = int(inside.sum()), len(values)

    def mean_of(group: Bools) -> float:
        own = values[group].mean()
        return float(own - values[~group].mean()) if others_count else float(own)

    draw = np.random.default_rng(_SEED)
    rest = np.flatnonzero(~inside)
    size_drawn = min(size, max(1, len(rest) - 1))
    effect = mean_of(inside)
    placebos = np.empty(RANDOM_GROUPS)
    for at in range(RANDOM_GROUPS):
        group = np.zeros(n, dtype=bool)
        group[draw.choice(rest, size_drawn, replace=False)] = True
        placebos[at] = mean_of(group)
    middle = float(np.median(placebos)) if others_count else 0.0
    apart = placebos - middle
    as_far = (np.abs(apart) >= abs(effect - middle) - 1e-9).sum()
    return Method(effect, float((as_far + 1) / (RANDOM_GROUPS + 1)), _smallest(apart), error_before)


def _smallest(apart: Floats) -> float:
    """The effect that would be called rare for four in five of these placebos."""
    critical = np.quantile(np.abs(apart), 1 - RARE)
    return float(critical - np.quantile(apart, 1 - SEEN))
