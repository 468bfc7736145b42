"""What plans are made from, read from the facts: the lists, starts and stops by band of the newest months.

English pathways only, and the treatment functions apart, as `ingest.forecasts.monthly_inputs` has them.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection

from ingest.forecasts.monthly_inputs import newest_months, rows_of
from ingest.store.schema import pathway_counts
from rtt.planning.lists import Flows
from rtt.terms.arrays import Floats
from rtt.terms.parts import COMPLETED, INCOMPLETE, NEW_PERIODS
from rtt.terms.waits import BAND_COLUMNS, BANDS

# Twelve month ends, eleven months of flow.
MONTHS = 12


def planning_inputs(
    connection: Connection,
    level: str = "provider",
    *,
    months: int = MONTHS,
    until: date | None = None,
    then: bool = False,
) -> Flows | None:
    """Every specialty of every organisation of a level; None where under two whole months are held.

    `until`: months after it, dated by mistake, are as if they were not held. `then`: organisations as each
    month had them.
    """
    held = newest_months(connection, until)[-months:]
    if len(held) < 2:
        return None
    bands = [pathway_counts.c[name] for name in BAND_COLUMNS]
    total = [pathway_counts.c.total]
    lists, stopped, starts = (
        rows_of(connection, held, level, parts, columns, then=then)
        for parts, columns in (
            ((INCOMPLETE,), bands),
            (COMPLETED, [*bands, *total]),
            ((NEW_PERIODS,), total),
        )
    )
    keys = sorted({(row[1], row[2]) for rows in (lists, stopped, starts) for row in rows})
    place = _Place({key: at for at, key in enumerate(keys)}, {row.id: at for at, row in enumerate(held)})
    waiting, stops = place(lists, BANDS), place(stopped, BANDS + 1)
    functions = np.unique([key[1] for key in keys], return_inverse=True)[1]
    return Flows(
        months=tuple(row.census_date for row in held),
        keys=tuple(keys),
        lists=waiting,
        stopped=stops[..., :BANDS],
        stops=stops[..., BANDS],
        starts=place(starts, 1)[..., 0],
        reported=waiting.sum(axis=-1) > 0,
        specialty=functions.astype(np.int64),
    )


class _Place:
    """Rows of (extract, organisation, treatment function, counts...) as (units, months, counts)."""

    def __init__(self, units: dict[tuple[str, str], int], months: dict[int, int]) -> None:
        self.units, self.months = units, months

    def __call__(self, rows: Sequence[Any], width: int) -> Floats:
        out = np.zeros((len(self.units), len(self.months), width))
        if rows:
            at = [self.units[row[1], row[2]] for row in rows], [self.months[row[0]] for row in rows]
            np.add.at(out, at, np.array([row[3:] for row in rows], dtype=np.float64))
        return out
