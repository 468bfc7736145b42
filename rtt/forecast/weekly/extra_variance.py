"""How far forecasts of lists missed beyond the chance of single pathways, on a scale that sizes share.

A count misses by a share of itself, so its extra variance goes with its square. The % within 18 weeks of a
small specialty swings more than that of a large one for the same cause: its extra variance goes with the
binomial p (100 - p) / n. In points squared the small ones set the width of all.

What is done with the variance is `rtt.forecast.weekly.dispersion`'s business.
"""

from __future__ import annotations

import numpy as np

from rtt.forecast.weekly.expected import MEASURES, SHARE_WITHIN_18, TOTAL
from rtt.terms.arrays import Floats

SHARE = MEASURES.index(SHARE_WITHIN_18)
TINY = 1e-9


def scale(mean: Floats) -> Floats:
    """What one unit of extra variance is of each forecast, (..., measures, functions + 1).

    Half a pathway on either side of the threshold keeps a share of 0 or 100 % from having no width.
    """
    people = np.maximum(mean[..., MEASURES.index(TOTAL), :], TINY)
    share = (people * mean[..., SHARE, :] + 50.0) / (people + 1.0)
    found = mean**2
    found[..., SHARE, :] = share * (100.0 - share) / people
    return found


def extra_variance(mean: Floats, variance: Floats, actual: Floats, weights: Floats) -> Floats:
    """Squared errors beyond the variance of independent pathways, by the scale: (measures, 2).

    From stacks (forecasts, measures, functions + 1) and a weight for each forecast; pooled over specialties,
    and of the whole list.
    """
    known = np.isfinite(mean) & np.isfinite(actual)
    weight = weights[:, None, None]
    beyond = np.where(known, weight * ((actual - mean) ** 2 - variance), 0.0)
    size = np.where(known, weight * scale(mean), 0.0)
    pools = (slice(None, -1), slice(-1, None))
    found = [
        np.maximum(beyond[..., pool].sum(axis=(0, 2)), 0.0)
        / np.maximum(size[..., pool].sum(axis=(0, 2)), TINY)
        for pool in pools
    ]
    return np.stack(found, axis=1)


def beyond_chance(extra: Floats, mean: Floats) -> Floats:
    """The extra variance of each forecast, in the shape of its means."""
    by_column = np.repeat(extra[:, :1], mean.shape[-1], axis=1)
    by_column[:, -1] = extra[:, 1]
    return np.asarray(by_column * scale(mean))
