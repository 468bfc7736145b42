"""What happened to a trust's list between two weekly snapshots, by specialty: the counts kept for ever.

For every specialty, before + joined + moved in - treated - stopped otherwise - removed - moved out = now. Who
the pathways are is not known here.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from dashboard.analysis.disclosure.seen import both_bases_seen
from dashboard.scope.scope import Scope
from dashboard.store.cache import cached
from dashboard.store.movements import movement_rows
from ingest.store.schema import WEEKLY
from rtt.terms.treatment_functions import in_order

BEFORE = "at_risk"
JOINING = ("joined", "moved_in")
LEAVING = ("treated", "other_stop", "removed", "moved_out")
CROSSING = ("passed_18", "passed_52", "lost_date")
COUNTED = (BEFORE, *JOINING, *LEAVING, *CROSSING)


@dataclass(frozen=True, slots=True, eq=False)
class Movement:
    """Counts (specialties, COUNTED) between two censuses."""

    previous: date
    census: date
    functions: tuple[str, ...]
    counts: NDArray[np.int64]
    whole_seen: bool = True  # whether the reader may see both lists with other commissioners' patients

    def column(self, name: str) -> NDArray[np.int64]:
        """One of COUNTED, by specialty."""
        return self.counts[:, COUNTED.index(name)]

    @property
    def now(self) -> NDArray[np.int64]:
        """The list at the census, by specialty."""
        gained = sum(self.column(name) for name in JOINING)
        lost = sum(self.column(name) for name in LEAVING)
        return np.asarray(self.column(BEFORE) + gained - lost)


def movement_of(connection: Connection, scope: Scope) -> Movement | None:
    """The movement that ends at the census of the choice; None where there is no list just before it.

    One statement. Movements do not tell pathways with a decision to admit apart.
    """
    if scope.source != WEEKLY or scope.census is None:
        return None
    filters = scope.filters
    found = _movement(
        connection,
        scope.codes,
        scope.census,
        scope.functions,
        (filters.site, scope.stage, filters.priority),
    )
    if found is None or not scope.conceals:
        return found
    held = set(scope.dates)
    dates = tuple(day for day in (found.previous, found.census) if day in held)
    seen = [both_bases_seen(connection, scope, code, {}, dates) for code in scope.codes]
    return replace(found, whole_seen=all(each.all() for each in seen))


@cached
def _movement(
    connection: Connection,
    providers: tuple[str, ...],
    census: date,
    functions: tuple[str, ...],
    places: tuple[str, str, str],
) -> Movement | None:
    rows = movement_rows(connection, providers, census, functions, places, COUNTED)
    if not rows:
        return None
    rows = sorted(rows, key=lambda row: in_order(row[0]))
    counts = np.array([[int(count) for count in row[2:]] for row in rows], dtype=np.int64)
    return Movement(min(row[1] for row in rows), census, tuple(row[0] for row in rows), counts)
