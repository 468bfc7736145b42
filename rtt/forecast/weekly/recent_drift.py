"""Whether a list has lately run away from its forecasts, and how much wider that makes the next ones.

Nothing in past lists foretells a strike, a closed specialty, a sprint or more referrals, but the forecasts of
the last weeks miss them on one side, week after week. What they missed together, beyond chance, may go on or
come back: it is added to the variance and not to the forecast, for most such weeks end within the horizon.
"""

from __future__ import annotations

import numpy as np

from rtt.terms.arrays import Floats

RECENT = 3  # weeks
LEARNT = 4.0  # weeks in which forecasts learn half of a lasting change
# The square of what three weeks missed is more than twice its variance in one case of six by chance alone;
# without a bar quiet weeks would pay for the others.
BY_CHANCE = 2.0


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
