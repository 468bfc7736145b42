"""What is known of one or many scopes at a census: band vectors and flows, ready for the indicators.

Every array has the same leading shape (...): one scope, a series of censuses, providers by specialties. Band
arrays add the 105 bands as last axis. nan means "not known", as for the flows of a month that is not loaded.
Where the arrays come from is the caller's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rtt.terms.arrays import Floats
from rtt.terms.parts import INCOMPLETE
from rtt.terms.waits import BANDS, OPEN_BAND


@dataclass(frozen=True, slots=True, eq=False)
class BandFacts:
    """`bands` (..., 105) of a part, most often 2, and what its flows are, each (...).

    Stops, starts and lists are "Total All": unknown clock starts included. `recent_stops` in `recent_days`
    days are those of the last three months; `opening` is the list at the census before.
    """

    bands: Floats
    unknown_clock_start: Floats
    with_decision_to_admit: Floats
    starts: Floats
    stops_admitted: Floats
    stops_non_admitted: Floats
    opening: Floats
    recent_stops: Floats
    recent_days: Floats
    open_band: npt.NDArray[Any]
    part: str


def band_facts(
    bands: npt.ArrayLike,
    *,
    part: str = INCOMPLETE,
    open_band: npt.ArrayLike = OPEN_BAND,
    unknown_clock_start: npt.ArrayLike = 0,
    with_decision_to_admit: npt.ArrayLike | None = None,
    starts: npt.ArrayLike | None = None,
    stops_admitted: npt.ArrayLike | None = None,
    stops_non_admitted: npt.ArrayLike | None = None,
    opening: npt.ArrayLike | None = None,
    recent_stops: npt.ArrayLike | None = None,
    recent_days: npt.ArrayLike | None = None,
) -> BandFacts:
    """BandFacts of whatever is at hand: what is left out is not known, a single number holds for every scope.

    ValueError unless the last axis of `bands` is 105 long and the others fit its leading shape.
    """
    counts = np.asarray(bands, dtype=np.float64)
    if counts.shape[-1:] != (BANDS,):
        raise ValueError(f"the last axis holds the {BANDS} week bands, got shape {counts.shape}")

    def spread(values: npt.ArrayLike | None) -> Floats:
        given = np.asarray(np.nan if values is None else values, dtype=np.float64)
        return np.broadcast_to(given, counts.shape[:-1])

    return BandFacts(
        bands=counts,
        unknown_clock_start=spread(unknown_clock_start),
        with_decision_to_admit=spread(with_decision_to_admit),
        starts=spread(starts),
        stops_admitted=spread(stops_admitted),
        stops_non_admitted=spread(stops_non_admitted),
        opening=spread(opening),
        recent_stops=spread(recent_stops),
        recent_days=spread(recent_days),
        open_band=np.broadcast_to(np.asarray(open_band), counts.shape[:-1]),
        part=part,
    )
