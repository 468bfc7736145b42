"""A unit's own trend: how it moves apart from the others, and how much of that to believe.

Features of a unit at an origin, each less the median over units and clipped; weights learnt by a ridge that
pulls towards the fixed blend, not to zero, so that little evidence leaves the blend.

Source: methods 9.2 c and d.
"""

from typing import NamedTuple

import numpy as np

from rtt.forecast.monthly.history import History, Measures
from rtt.terms.arrays import Bools, Floats
from rtt.terms.waits import over, within

# In median absolute deviations, as a normal spread has them: mergers must not teach the others.
CLIP = 4 * 1.4826
# 100 ln of more people than there are: the upper bound of a handful of pathways must not overflow.
LARGEST = 2500.0
# The forecast measures that have a move of their own; over 18 weeks follows from the first two.
MOVING = ("total", "share_within_18", "over_52")
# The fixed blend, in the order of the features below.
PRIOR = {
    "total": np.array([0.1, 0.0, 0.2, 0.0]),
    "share_within_18": np.array([0.6, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
    "over_52": np.array([0.5, 0.0, 0.1]),
}


class Rows(NamedTuple):
    """One past origin to learn from: features (units, k) and moves (units,), both centred and clipped."""

    features: Floats
    moved: Floats


def on_scale(measure: str, values: Floats) -> Floats:
    """A measure on the scale on which units are compared.

    100 ln for the list and for over 18 (of at least one pathway), the root of over 52, points and weeks as
    they are.
    """
    if measure in ("total", "over_18"):
        return np.asarray(100 * np.log(np.maximum(values, 1)))
    return np.sqrt(values) if measure == "over_52" else values


def off_scale(measure: str, values: Floats) -> Floats:
    """The inverse of `on_scale`, with counts and weeks at least 0 and shares in 0 to 100."""
    if measure in ("total", "over_18"):
        return np.asarray(np.exp(np.minimum(values, LARGEST) / 100))
    if measure == "over_52":
        return np.clip(values, 0, None) ** 2
    return np.clip(values, 0, 100 if measure == "share_within_18" else None)


def centred(values: Floats, among: Bools) -> Floats:
    """`values` (units, ...) less the median over the units `among`, clipped; nan becomes 0, no deviation."""
    inside = values[among]
    if not len(inside):
        return np.zeros(values.shape)
    # A column that nobody knows (a six-month change in the fifth month) deviates for nobody.
    inside = np.where(np.isfinite(inside).any(axis=0), inside, 0.0)
    median = known_median(inside)
    limit = CLIP * known_median(np.abs(inside - median))
    return np.nan_to_num(np.clip(values - median, -limit, limit), nan=0.0)


def known_median(values: Floats) -> Floats:
    """The median over the first axis of what is not nan; nan where nothing is known.

    By sorting, which puts nan last: numpy's own way around nan takes a quarter of the time of a back-test.
    """
    ordered, known = np.sort(values, axis=0), (~np.isnan(values)).sum(axis=0)
    low, high = (
        np.take_along_axis(ordered, np.asarray(at)[None], axis=0)[0] for at in ((known - 1) // 2, known // 2)
    )
    return np.asarray((low + high) / 2)


def sums_ahead(ahead: Floats) -> Floats:
    """What `features` needs of lists rolled forward (..., 105): all, within 18, over 52 weeks, (..., 3)."""
    return np.stack([ahead.sum(axis=-1), within(ahead, 18), over(ahead, 52)], axis=-1)


def features(history: History, now: Measures, ahead: Floats) -> dict[str, Floats]:
    """The features of each measure, (units, horizons, k), not yet centred; nan where a month is not known.

    `ahead` are the `sums_ahead` of the list at horizons 1, 2, ...: (units, horizons, 3). Monthly rates are
    multiplied by the horizon.
    """
    size, share = on_scale("total", now.total), now.share_within_18
    root = on_scale("over_52", now.over_52)
    total, early, late = np.moveaxis(ahead, -1, 0)
    cohort_size = on_scale("total", total) - size[:, -1:]
    cohort_share = 100 * early / np.where(total > 0, total, np.nan) - share[:, -1:]
    cohort_root = on_scale("over_52", late) - root[:, -1:]
    near_18 = 100 * history.bands[:, -1, 14:18].sum(axis=1) / now.total[:, -1]
    rates = {
        "total": [_rate(size, 1), _rate(size, 3), _rate(size, 6)],
        "share_within_18": [_rate(size, 3), _net_starts(history, now), _rate(share, 1), _rate(share, 3)],
        "over_52": [_rate(root, 1), _rate(root, 3)],
    }
    levels = {
        "total": [cohort_size],
        "share_within_18": [cohort_share, share[:, -1:] / 10, near_18[:, None]],
        "over_52": [cohort_root],
    }
    horizons = np.arange(1, ahead.shape[1] + 1)
    found = {m: levels[m] + [horizons * rate[:, None] for rate in rates[m]] for m in MOVING}
    return {m: np.stack(np.broadcast_arrays(*found[m]), axis=2) for m in MOVING}


def ridge(rows: list[Rows], prior: Floats, penalty: float) -> Floats:
    """Weights that minimise the squared error plus `penalty` rows' worth of distance from `prior`."""
    x = np.concatenate([r.features for r in rows])
    y = np.concatenate([r.moved for r in rows])
    n = max(len(x), 1)
    gram = x.T @ x
    # The variance, from products that are needed anyway: `var` down a tall narrow array is slow.
    spread = np.maximum(np.diag(gram) / n - (np.ones(len(x)) @ x / n) ** 2, 0)
    seen = spread > 0
    # Not towards 0: the fixed blend alone has four fifths of the gain (methods 9.1).
    gram = gram + penalty * np.diag(spread)
    aim = x.T @ y + penalty * spread * prior
    weights = prior.copy()
    weights[seen] = np.linalg.solve(gram[np.ix_(seen, seen)], aim[seen])
    return weights


def _rate(values: Floats, months: int) -> Floats:
    if values.shape[1] <= months:
        return np.full(len(values), np.nan)
    return (values[:, -1] - values[:, -1 - months]) / months


def _net_starts(history: History, now: Measures) -> Floats:
    # Per cent of the list that joins less what is treated, a month, over three months.
    flow = (history.starts - history.stops)[:, -3:]
    flow = np.where(history.reported[:, -3:], flow, np.nan)
    return np.asarray(100 * flow.mean(axis=1) / now.total[:, -1])
