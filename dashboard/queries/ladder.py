"""Who passes a threshold within a horizon: the question of the address, and the counts that answer it.

From the pathways of a tracking list for those who may see them: one narrow read, counted in numpy. For
everybody else, and for what is published, from the week bands. Who is in time is `rtt.tip_ins`' to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, and_, case, literal, select

from dashboard.queries.choices import Choice
from dashboard.queries.facts import facts_of
from dashboard.queries.memo import remembered
from ingest.schema import ENGLISH, WEEKLY, pathway
from rtt import tip_ins
from rtt.parts import WITH_DECISION_TO_ADMIT
from rtt.tip_ins import Estimate, Passing, days_to_month_end
from rtt.treatment_functions import TOTAL, in_order
from rtt.waits import BANDS

USUAL_WEEKS, USUAL_HORIZON, MONTH = "18", "4", "month"
SPLIT_DAYS = 28
"""The one horizon at which those who may not see pathways are told who has a date: the difference between
two horizons would be a handful of pathways."""


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Those who pass, from pathways: counts of shape (functions, sites, weeks, len(BOOKINGS))."""

    functions: tuple[str, ...]
    sites: tuple[str, ...]
    counts: NDArray[np.int64]
    undecided_tci: int  # have an admission date and no decision to admit: counted by their appointment


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """Week bands (functions, 105) of the scope's specialties, those of all of them last as TOTAL."""

    functions: tuple[str, ...]
    bands: NDArray[np.float64]
    open_band: int

    def estimate(self, passing: Passing) -> Estimate:
        """Those who pass, by specialty."""
        return tip_ins.from_bands(self.bands, passing, open_band=self.open_band)


@dataclass(frozen=True, slots=True)
class _Narrow:
    """What a selection of pathways needs: equal and hashable by value, so that its answer can be kept."""

    extracts: tuple[int, ...]
    functions: tuple[str, ...]
    site: str
    stage: str
    priority: str
    decided_only: bool


def passing_of(choice: Choice) -> Passing:
    """The threshold and horizon of the address: 18 weeks and 4 weeks ahead if it says nothing."""
    assert choice.census is not None
    horizon = choice.filters.horizon or USUAL_HORIZON
    return Passing(
        weeks=int(choice.filters.threshold or USUAL_WEEKS),
        census=choice.census,
        days=days_to_month_end(choice.census) if horizon == MONTH else 7 * int(horizon),
    )


def split_of(connection: Connection, choice: Choice, passing: Passing) -> Split | None:
    """Those who pass by specialty, site, week and booking; None where the list's pathways are not held.

    One statement. None too for a horizon at which the reader may not see it.
    """
    if choice.source != WEEKLY or (choice.conceals and passing.days != SPLIT_DAYS):
        return None
    extracts = tuple(
        held.id
        for held in choice.holdings.of(WEEKLY)
        if held.census_date == choice.census and held.provider_code in choice.codes
    )
    narrow = _Narrow(
        extracts,
        choice.functions,
        choice.filters.site,
        choice.stage,
        choice.filters.priority,
        choice.part == WITH_DECISION_TO_ADMIT,
    )
    return _split(connection, narrow, passing)


@remembered
def _split(connection: Connection, narrow: _Narrow, passing: Passing) -> Split | None:
    rows = _rows(connection, narrow, passing)
    if rows.is_empty():
        return None
    rows = rows.drop_nulls("days_waited")
    functions = tuple(sorted(rows["treatment_function"].unique().to_list(), key=in_order))
    sites = tuple(sorted(rows["site_code"].unique().to_list()))
    counts = tip_ins.ladder(
        days_waited=rows["days_waited"].to_numpy(),
        decided=rows["decided"].to_numpy().astype(bool),
        tci_date=_days(rows["tci_date"]),
        next_appointment=_days(rows["next_appointment"]),
        places=(_places(rows["treatment_function"], functions), _places(rows["site_code"], sites)),
        sizes=(len(functions), len(sites)),
        passing=passing,
    )
    undecided = rows.filter(pl.col("tci_date").is_not_null() & (pl.col("decided") == 0)).height
    return Split(functions, sites, counts, undecided)


_COLUMNS = {
    "treatment_function": pl.String,
    "site_code": pl.String,
    "days_waited": pl.Int64,
    "decided": pl.Int64,
    "tci_date": pl.Date,
    "next_appointment": pl.Date,
}


def _rows(connection: Connection, narrow: _Narrow, passing: Passing) -> pl.DataFrame:
    """The pathways that pass; where none does but the list is held, a row of nothing; else no row at all.

    As the driver gives them: row objects would take longer than all the rest.
    """
    c = pathway.c
    held = select(literal(1)).where(c.extract_id.in_(narrow.extracts)).limit(1).subquery()
    passes = and_(
        c.extract_id.in_(narrow.extracts),
        c.basis == ENGLISH,
        c.days_waited.between(passing.first_day, passing.last_day),
        *_narrowed(narrow),
    )
    chosen = select(
        c.treatment_function,
        c.site_code,
        c.days_waited,
        case((c.decision_to_admit.is_(None), 0), else_=1),
        c.tci_date,
        c.next_appointment,
    ).select_from(held.outerjoin(pathway, passes))
    found = connection.execute(chosen)
    cursor = found.cursor
    assert cursor is not None
    written = connection.dialect.name == "sqlite"  # SQLite keeps dates as text
    types = {name: pl.String if written and kind == pl.Date else kind for name, kind in _COLUMNS.items()}
    rows = pl.DataFrame(cursor.fetchall(), schema=types, orient="row")
    texts = [name for name, kind in types.items() if kind != _COLUMNS[name]]
    return rows.with_columns(pl.col(texts).str.to_date("%Y-%m-%d"))


def _narrowed(narrow: _Narrow) -> Iterator[ColumnElement[bool]]:
    c = pathway.c
    if narrow.functions:
        yield c.treatment_function.in_(narrow.functions)
    for column, value in (
        (c.site_code, narrow.site),
        (c.stage, narrow.stage),
        (c.priority, narrow.priority),
    ):
        if value:
            yield column == value
    if narrow.decided_only:
        yield c.decision_to_admit.is_not(None)


def _days(dates: pl.Series) -> NDArray[np.datetime64]:
    return np.asarray(dates.to_numpy(), dtype="datetime64[D]")


def _places(values: pl.Series, order: tuple[str, ...]) -> NDArray[np.int64]:
    return values.cast(pl.Enum(order)).to_physical().to_numpy().astype(np.int64)


def bands_of(connection: Connection, choice: Choice) -> Bands:
    """The bands of every specialty of the scope and of all of them; one statement."""
    assert choice.census is not None
    selection = choice.selection((choice.census,), each_function=True)
    facts = facts_of(connection, selection, by="treatment_function", flows=False)
    functions = choice.functions or choice.offered_functions
    rows = {code: facts.facts.bands[facts.units.index(code), 0] for code in facts.units}
    there = tuple(code for code in functions if code in rows and np.nansum(rows[code]) > 0)
    parts = [np.nan_to_num(rows[code]) for code in there]
    together = np.sum(parts, axis=0) if parts else np.zeros(BANDS)
    return Bands((*there, TOTAL), np.array([*parts, together]), choice.open_band)
