"""The types of arrays that the rules take and give. Shapes stand in the docstrings, nan is "not known"."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
AnyInts = NDArray[np.integer[Any]]
"""Whole numbers of any width: days and codes as extracts hold them."""
Signs = NDArray[np.int8]
