"""Median and high percentiles of waits, from week bands, as NHS England publishes them.

With N pathways of known start, the p-th percentile is found at position p x N (not p x (N + 1)), by straight
line inside the first band whose cumulative count reaches it. It is an estimate from counts; a percentile of
pathway-level days differs a little, and this module does not compute one.

Source: recomputed from the full extracts of April 2024 to March 2025 and equal to the published time series.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rtt.terms.arrays import Floats
from rtt.terms.waits import OPEN_BAND

# Published tables print "-" under this many pathways.
FEWEST_PATHWAYS = 20


def percentile_weeks(
    bands: NDArray[Any],
    p: float,
    *,
    open_band: int | NDArray[Any] = OPEN_BAND,
    minimum: int = FEWEST_PATHWAYS,
) -> Floats:
    """Weeks waited at percentile `p` (0 to 1) for each vector of `bands`, shape (..., 105) to (...).

    nan where there are fewer than `minimum` pathways; inf where the percentile lies in the open band, which
    is printed as "104+" (or "52+" before April 2021). `open_band` may be an array that broadcasts to (...).
    """
    (weeks,) = percentiles_weeks(bands, (p,), open_band=open_band, minimum=minimum)
    return weeks


def percentiles_weeks(
    bands: NDArray[Any],
    ps: Sequence[float],
    *,
    open_band: int | NDArray[Any] = OPEN_BAND,
    minimum: int = FEWEST_PATHWAYS,
) -> list[Floats]:
    """`percentile_weeks` at each of `ps`; the bands, which may be many, are added up once."""
    counts = np.asarray(bands, dtype=np.float64)
    cumulative = counts.cumsum(axis=-1)
    total = cumulative[..., -1]

    def at(p: float) -> Floats:
        target = p * total
        band = (cumulative >= target[..., None]).argmax(axis=-1)
        reached = np.take_along_axis(cumulative, band[..., None], axis=-1)[..., 0]
        inside = np.take_along_axis(counts, band[..., None], axis=-1)[..., 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            weeks = band + (target - (reached - inside)) / inside
        weeks = np.where(band >= open_band, np.inf, weeks)
        return np.where(total < max(minimum, 1), np.nan, weeks)

    return [at(p) for p in ps]


def percentile_text(weeks: float, *, open_band: int = OPEN_BAND) -> str | None:
    """The published form of an open-ended percentile: "104+"; None for a number or a missing value."""
    return f"{open_band}+" if np.isposinf(weeks) else None
