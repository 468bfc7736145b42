"""The single week bands of a list that a service lead sees anyway, to judge the rest of it."""

from datetime import date

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.disclosure.areas import boxes_of
from dashboard.settings.areas import Area
from dashboard.store.cache import cached
from dashboard.store.split_counts import single_bands
from rtt.terms.arrays import Floats
from rtt.terms.waits import BANDS


@cached
def own_bands(
    connection: Connection, provider: str, areas: tuple[Area, ...], dates: tuple[date, ...]
) -> Floats:
    """(dates, 106): unknown clock starts, then the bands. No statement for who sees no area."""
    found = np.zeros((len(dates), BANDS + 1))
    signs = {(box.function, box.site): box.sign for box in boxes_of(areas)}
    if not signs:
        return found
    rows = single_bands(connection, provider, list(signs), dates)
    for day, function, site, *counts in rows:
        found[dates.index(day)] += signs[function, site] * np.array(counts, dtype=np.float64)
    return found
