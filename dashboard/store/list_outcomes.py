"""The PTLs that forecasts have spoken of: each list by band, and who joined in the week that ended there."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, and_, func, literal, null, select, union_all

from dashboard.store.counts import Selection, conditions
from ingest.store.schema import WEEKLY, movement, pathway_counts
from rtt.terms.bands import BAND_COLUMNS
from rtt.terms.treatment_functions import SPECIALTIES, TOTAL

LISTED, JOINED = "listed", "joined"


def lists_and_joiners(
    connection: Connection, provider: str, since: date | None, due: tuple[date, ...]
) -> Iterable[Any]:
    """(kind, census before, census, specialty, bands...) of the lists of the days `due`, and of who joined
    after `since`: there a band and their number stand in place of the bands. None: no joiners. One statement.
    """
    statement = _listed(connection, provider, due)
    if since is not None:
        return connection.execute(union_all(statement, _joined(provider, since, due[-1])))
    return connection.execute(statement)


def _listed(connection: Connection, provider: str, due: tuple[date, ...]) -> Select[Any]:
    c, functions = pathway_counts.c, (*SPECIALTIES, TOTAL)
    lists = Selection(source=WEEKLY, level="provider", codes=(provider,), functions=functions, dates=due)
    bands = (c[name] for name in BAND_COLUMNS)
    columns = (literal(LISTED), c.census_date.label("previous"), c.census_date, c.treatment_function, *bands)
    return select(*columns).where(*conditions(connection, lists))


def _joined(provider: str, since: date, until: date) -> Select[Any]:
    """Week band and number, in the columns of the lists. Rows without joiners are left out, for they are nine
    in ten: so a week in which nobody joined any list of the trust is taken for one that was not counted.
    """
    c = movement.c
    nothing = (null() for _ in range(len(BAND_COLUMNS) - 2))
    weekly = and_(c.census_date > since, c.census_date <= until, c.joined > 0)
    return (
        select(
            literal(JOINED), c.previous_census, c.census_date, c.treatment_function,
            c.week_band, func.sum(c.joined), *nothing,
        )
        .where(c.provider_code == provider, weekly)
        .group_by(c.census_date, c.treatment_function, c.previous_census, c.week_band)
    )  # fmt: skip
