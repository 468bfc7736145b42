"""The single week bands of a list that a service lead sees anyway, to judge the rest of it."""

from __future__ import annotations

from datetime import date

import numpy as np
from sqlalchemy import Connection, select, tuple_

from dashboard.analysis.disclosure.areas import boxes_of
from dashboard.settings.areas import Area
from dashboard.store.cache import cached
from ingest.store.schema import ENGLISH, WEEKLY, pathway_counts
from rtt.terms.arrays import Floats
from rtt.terms.parts import INCOMPLETE
from rtt.terms.waits import BAND_COLUMNS, BANDS


@cached
def own_bands(
    connection: Connection, provider: str, areas: tuple[Area, ...], dates: tuple[date, ...]
) -> Floats:
    """(dates, 106): unknown clock starts, then the bands. No statement for who sees no area."""
    found = np.zeros((len(dates), BANDS + 1))
    signs = {(box.function, box.site): box.sign for box in boxes_of(areas)}
    if not signs:
        return found
    c = pathway_counts.c
    rows = connection.execute(
        select(
            c.census_date,
            c.treatment_function,
            c.site_code,
            c.unknown_clock_start,
            *(c[name] for name in BAND_COLUMNS),
        ).where(
            c.source == WEEKLY,
            c.level == "provider",
            c.organisation_code == provider,
            c.basis == ENGLISH,
            c.part == INCOMPLETE,
            c.stage == "",
            c.priority == "",
            tuple_(c.treatment_function, c.site_code).in_(list(signs)),
            c.census_date.in_(dates),
        )
    )
    for day, function, site, *counts in rows:
        found[dates.index(day)] += signs[function, site] * np.array(counts, dtype=np.float64)
    return found
