"""How much wider intervals are than chance makes them: what past forecasts missed beyond single pathways.

A count misses by a share of itself, so its extra variance goes with its square. The % within 18 weeks of a
small specialty swings more than that of a large one for the same cause: its extra variance goes with the
binomial p (100 - p) / n. In points squared the small ones would set the width of all.

Nothing in past PTLs foretells a strike or a closed specialty, but the forecasts of the last weeks then miss
on one side, week after week. What they missed together, beyond chance, is the `drift`: it is added to the
variance and not to the forecast, for most such weeks end within the horizon.
"""

import numpy as np

from rtt.forecast.weekly.expected import MEASURES, SHARE_WITHIN_18, TOTAL
from rtt.terms.arrays import Floats

SHARE = MEASURES.index(SHARE_WITHIN_18)
TINY = 1e-9
RECENT = 3  # weeks whose errors make the drift
LEARNT = 4.0  # weeks in which forecasts learn half of a lasting change
# The square of what three weeks missed is more than twice its variance in one case of six by chance alone;
# without a bar quiet weeks would pay for the others.
BY_CHANCE = 2.0


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


def drift(errors: Floats, variance: Floats, *, weeks: int) -> Floats:
    """The variance to be added `weeks` weeks ahead, (measures, functions + 1).

    `errors` and `variance` are those of the last RECENT forecasts one week ahead, (RECENT, measures,
    functions + 1); where something was not known, nothing is added.
    """
    missed = errors.sum(axis=0)
    further = (reach(weeks) / RECENT) ** 2
    found = further * np.maximum(missed**2 - BY_CHANCE * variance.sum(axis=0), 0.0)
    return np.asarray(np.nan_to_num(found, nan=0.0), dtype=np.float64)


def reach(weeks: int) -> float:
    """For how many weeks a change goes on unlearnt: fewer than `weeks`, for the forecast learns."""
    kept = 0.5 ** (1 / LEARNT)
    return float((1 - kept**weeks) / (1 - kept))
