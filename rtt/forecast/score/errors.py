"""The size of a forecast's error, and its skill beside the naive forecast, whichever method made it."""

import numpy as np

from rtt.terms.arrays import Floats


def absolute_error(measure: str, forecast: Floats, actual: Floats) -> Floats:
    """The size of an error as it is reported: per cent of the actual list for the list, else as it is."""
    error = np.abs(forecast - actual)
    # Lists differ in size by a thousand times, so their errors compare in per cent alone.
    return 100 * error / actual if measure == "total" else error


def skill(error: float, error_naive: float) -> float:
    """1 - error / error of the naive forecast ("no change"); 0 where the naive forecast never erred."""
    return 1 - error / error_naive if error_naive > 0 else 0.0
