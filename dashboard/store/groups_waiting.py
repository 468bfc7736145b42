"""How long the pathways of a PTL have waited, by a group of patients, specialty, priority and week, at each
site of each list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from dashboard.store.cache import cached
from dashboard.store.pathways import of_lists
from ingest.store.schema import ENGLISH, pathway

GROUPINGS = ("deprivation", "ethnicity", "sex", "age_band")
_c = pathway.c


@dataclass(frozen=True, slots=True)
class WantedGroups:
    """Which pathways of a list: English commissioners, all specialties and sites where none is named."""

    providers: tuple[str, ...]
    census: date
    functions: tuple[str, ...] = ()
    site: str = ""


@cached
def waiting_by(connection: Connection, asked: WantedGroups, grouping: str) -> Sequence[Any]:
    """(group, specialty, priority, week band or None, list, site, pathways) of those that hold anybody; one
    statement.
    """
    columns = (
        _c[grouping],
        _c.treatment_function,
        _c.priority,
        _c.week_band,
        _c.provider_code,
        _c.site_code,
    )
    where = [of_lists(connection, asked.providers, asked.census), _c.basis == ENGLISH]
    if asked.functions:
        where.append(_c.treatment_function.in_(asked.functions))
    if asked.site:
        where.append(_c.site_code == asked.site)
    rows = connection.execute(select(*columns, func.count()).where(*where).group_by(*columns)).all()
    return [tuple(row) for row in rows]
