"""The size of a forecast's error, whichever method made the forecast."""

from __future__ import annotations

import numpy as np

from rtt.terms.arrays import Floats


def absolute_error(measure: str, forecast: Floats, actual: Floats) -> Floats:
    """The size of an error as it is reported: per cent of the actual list for the list, else as it is."""
    error = np.abs(forecast - actual)
    return 100 * error / actual if measure == "total" else error
