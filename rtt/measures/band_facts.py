"""The facts of one or many scopes at a census, ready for the indicators: band vectors and flows.

Every array has the same leading shape (...): one scope, a series of censuses, providers by specialties. Band
arrays add the 105 bands as last axis. nan means "not known", as for the flows of a month that is not loaded.
"""

from dataclasses import dataclass, fields
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


# Each (...): what `band_facts` spreads over every scope.
_SPREAD = {field.name for field in fields(BandFacts)} - {"bands", "open_band", "part"}


def band_facts(
    bands: npt.ArrayLike,
    *,
    part: str = INCOMPLETE,
    open_band: npt.ArrayLike = OPEN_BAND,
    unknown_clock_start: npt.ArrayLike = 0,
    **known: npt.ArrayLike | None,
) -> BandFacts:
    """BandFacts of whatever is at hand: what is left out is not known, a single number holds for every scope.

    `known`: other fields by name. ValueError unless the last axis of `bands` is 105 long and the others fit
    its leading shape; TypeError for a name that is no field.
    """
    counts = np.asarray(bands, dtype=np.float64)
    if counts.shape[-1:] != (BANDS,):
        raise ValueError(f"the last axis holds the {BANDS} week bands, got shape {counts.shape}")
    flows = dict.fromkeys(_SPREAD) | known | {"unknown_clock_start": unknown_clock_start}
    spread = {
        name: np.broadcast_to(np.asarray(np.nan if values is None else values, np.float64), counts.shape[:-1])
        for name, values in flows.items()
    }
    opens = np.broadcast_to(np.asarray(open_band), counts.shape[:-1])
    return BandFacts(bands=counts, open_band=opens, part=part, **spread)
