"""How likely a target is, from the quantiles of an issued forecast, and the line that leads to it.

Source: docs/planning.md, "Chance". Every chance is "if things go on as they have": policy is not in the
files.
"""

from collections.abc import Sequence
from datetime import date
from statistics import NormalDist

import numpy as np

QUANTILES = (0.025, 0.10, 0.25, 0.50, 0.75, 0.90, 0.975)
_NORMAL = NormalDist()


def chance(quantiles: Sequence[float], target: float, *, at_least: bool = True) -> float:
    """The chance that the value is at least `target` (or at most, for over 52), of the values at `QUANTILES`.

    Linear between the probits of the quantiles, made ascending. 0.0 or 1.0 stand for beyond the 95% interval:
    say "under 1 in 40", never a smaller number.
    """
    values = np.maximum.accumulate(np.asarray(quantiles, dtype=np.float64))
    if not at_least:
        return 1.0 - chance(quantiles, target)
    if target <= values[0]:
        return 1.0
    if target > values[-1]:
        return 0.0
    # Where several quantiles are equal the middle one stands for them.
    probits = np.array([_NORMAL.inv_cdf(each) for each in QUANTILES])
    places, first = np.unique(values, return_index=True)
    last = len(values) - np.unique(values[::-1], return_index=True)[1] - 1
    at = np.interp(target, places, (probits[first] + probits[last]) / 2)
    return 1.0 - _NORMAL.cdf(float(at))


def quantile(quantiles: Sequence[float], share: float) -> float:
    """The value that is exceeded in all but `share` of the cases, of those at `QUANTILES`: 0.2 is reached in
    four chances of five.
    """
    values = np.maximum.accumulate(np.asarray(quantiles, dtype=np.float64))
    probits = [_NORMAL.inv_cdf(each) for each in QUANTILES]
    return float(np.interp(_NORMAL.inv_cdf(share), probits, values))


def trajectory(share: float, starts: date, target: float, due: date, on: date) -> float:
    """The straight line in days from the `share` at the baseline to the `target` when it is due."""
    return share + (target - share) * (on - starts).days / (due - starts).days
