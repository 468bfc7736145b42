"""What plans are made from, read from the facts: the lists, starts and stops by band of the newest months.

English pathways only, and the treatment functions apart, as `ingest.forecasts.months_read` has them.
"""

from datetime import date

import numpy as np
from sqlalchemy import Connection

from ingest.forecasts.monthly_inputs import newest_months
from ingest.forecasts.months_read import LISTS, STARTS, STOPPED, MonthsRead
from rtt.planning.lists import Flows
from rtt.terms.waits import BANDS

# Twelve month ends, eleven months of flow.
MONTHS = 12


def planning_inputs(
    connection: Connection,
    level: str = "provider",
    *,
    months: int = MONTHS,
    until: date | None = None,
    then: bool = False,
    read: MonthsRead | None = None,
) -> Flows | None:
    """Every specialty of every organisation of a level; None where under two whole months are held.

    `until`: months after it, dated by mistake, are as if they were not held. `then`: organisations as each
    month had them. `read`: what was read of months before.
    """
    held = newest_months(connection, until)[-months:]
    if len(held) < 2:
        return None
    read = read or MonthsRead()
    keys, (waiting, stops, starts) = read.cells(connection, held, level, (LISTS, STOPPED, STARTS), then=then)
    functions = np.unique([key[1] for key in keys], return_inverse=True)[1]
    return Flows(
        months=tuple(row.census_date for row in held),
        keys=tuple(keys),
        lists=waiting,
        stopped=stops[..., :BANDS],
        stops=stops[..., BANDS],
        starts=starts[..., 0],
        reported=waiting.sum(axis=-1) > 0,
        specialty=functions.astype(np.int64),
    )
