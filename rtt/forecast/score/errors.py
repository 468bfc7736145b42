"""The size of a forecast's error, whichever method made the forecast."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def absolute_error(measure: str, forecast: FloatArray, actual: FloatArray) -> FloatArray:
    """The size of an error as it is reported: per cent of the actual list for the list, else as it is."""
    error = np.abs(forecast - actual)
    return 100 * error / actual if measure == "total" else error
