"""What a tracking list's forecast is made from: its counted weeks, and the pathways of its newest list.

English pathways only, as every headline; sites together. The weeks are those that end with the newest list
without a gap. Nothing is forecast here.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from sqlalchemy import Connection, func, select

from ingest.extracts.ptl.booking import PAST, booking_distance
from ingest.extracts.ptl.list_image import kept_list
from ingest.store.frames import frame
from ingest.store.schema import ENGLISH, WEEKLY, extract, movement
from rtt.forecast.weekly.expected import Listing
from rtt.forecast.weekly.states import PRIORITIES, STAGES, Grid, date_states
from rtt.forecast.weekly.weeks import COUNTED, Week, newest_run
from rtt.terms.arrays import AnyInts
from rtt.terms.treatment_functions import in_order

# A year of scored forecasts, half a year of weeks behind the first of them.
MOST_WEEKS = 78

_STATE = {
    "treatment_function": pl.String,
    "stage": pl.String,
    "priority": pl.String,
    "week_band": pl.Int64,
    "booking_state": pl.String,
}
_DATES = {"tci_date": pl.Date, "next_appointment": pl.Date}


@dataclass(frozen=True, slots=True, eq=False)
class ListInputs:
    """The run of weeks, oldest first, and the list at its end, of one trust."""

    provider_code: str
    grid: Grid
    weeks: list[Week]
    listing: Listing

    @property
    def lists(self) -> int:
        """How many lists follow each other to the newest."""
        return len(self.weeks) + 1


def trusts_with_lists(connection: Connection) -> list[str]:
    """Codes of the providers of which an open list is held."""
    c = extract.c
    found = select(c.provider_code).where(c.source == WEEKLY, c.section == "open").distinct()
    return sorted(connection.execute(found).scalars())


def list_inputs(
    connection: Connection, provider_code: str, *, until: date | None = None
) -> ListInputs | None:
    """Everything a list's forecast may know; None where the pathways of the newest list are not held.

    `until`: lists after it, dated by mistake, are as if they were not held.
    """
    newest = _newest_list(connection, provider_code, until)
    if newest is None:
        return None
    rows = _pathways(connection, newest.id)
    if rows.is_empty():
        return None
    counts = _movements(connection, provider_code, newest.census_date)
    functions = {*rows["treatment_function"].to_list(), *counts["treatment_function"].to_list()}
    grid = Grid(tuple(sorted(functions, key=in_order)))
    weeks = newest_run(_weeks(counts, grid))
    if weeks and weeks[-1].census != newest.census_date:
        weeks = []
    return ListInputs(provider_code, grid, weeks, listing(rows, grid, newest.census_date))


def listing(rows: pl.DataFrame, grid: Grid, census_date: date) -> Listing:
    """Pathways with the columns of a state, days_waited, tci_date and next_appointment, as a list."""
    distance = rows.select(booking_distance(census_date)).to_series()
    days = rows["days_waited"].fill_null(0).to_numpy()
    return Listing(census_date, _states(rows, distance, grid), days, np.ones(rows.height))


def _newest_list(connection: Connection, provider_code: str, until: date | None) -> Any:
    c = extract.c
    dated = [c.census_date <= until] if until else []
    return connection.execute(
        select(c.id, c.census_date)
        .where(c.source == WEEKLY, c.section == "open", c.provider_code == provider_code, *dated)
        .order_by(c.census_date.desc())
        .limit(1)
    ).first()


def _pathways(connection: Connection, extract_id: int) -> pl.DataFrame:
    """The English pathways of a list, always in one order: sums of fractions then end on the same digit."""
    types = {**_STATE, "days_waited": pl.Int64, **_DATES}
    held = kept_list(connection, extract_id)
    if held is None:
        return pl.DataFrame(schema=types)
    listed = held.filter(pl.col("basis") == ENGLISH).sort("token")
    return listed.select(pl.col(name).cast(kind) for name, kind in types.items())


def _movements(connection: Connection, provider_code: str, newest: date) -> pl.DataFrame:
    c = movement.c
    first = select(func.min(_newest_weeks(provider_code).c.census_date)).scalar_subquery()
    names = ("previous_census", "census_date", *_STATE, "booking_distance", *COUNTED)
    chosen = select(*(c[name] for name in names)).where(
        c.provider_code == provider_code, c.census_date >= first, c.census_date <= newest
    )
    types: dict[str, Any] = {"previous_census": pl.Date, "census_date": pl.Date, **_STATE}
    return frame(connection, chosen, types | dict.fromkeys(("booking_distance", *COUNTED), pl.Int64))


def _newest_weeks(provider_code: str) -> Any:
    c = movement.c
    days = select(c.census_date).where(c.provider_code == provider_code).distinct()
    return days.order_by(c.census_date.desc()).limit(MOST_WEEKS).subquery()


def _weeks(counts: pl.DataFrame, grid: Grid) -> list[Week]:
    weeks = []
    for rows in counts.partition_by("previous_census", "census_date"):
        previous, census = rows["previous_census"][0], rows["census_date"][0]
        states = _states(rows, rows["booking_distance"], grid)
        weeks.append(Week(previous, census, states, rows.select(COUNTED).to_numpy()))
    return sorted(weeks, key=lambda week: week.census)


def _states(rows: pl.DataFrame, distance: pl.Series, grid: Grid) -> AnyInts:
    return grid.states(
        function=_places(rows["treatment_function"], grid.functions),
        stage=_places(rows["stage"], STAGES),
        priority=_places(rows["priority"], PRIORITIES),
        band=rows["week_band"].fill_null(-1).to_numpy(),
        date_state=date_states(distance=distance.to_numpy(), past=(rows["booking_state"] == PAST).to_numpy()),
    )


def _places(values: pl.Series, order: tuple[str, ...]) -> AnyInts:
    return np.asarray(values.cast(pl.Enum(order)).to_physical().to_numpy(), dtype=np.int64)
