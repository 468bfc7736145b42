"""What a tracking list was expected to do, as it was issued: every forecast of a list, as far as it is asked.

Reads what `rtt forecast` kept; nothing is forecast here. What came of it is `queries.list_scores`' to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import nan
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, and_, or_, select

from dashboard.queries.choices import Choice
from dashboard.queries.holdings import Held
from dashboard.queries.ladder import passing_of
from dashboard.queries.ledger import in_utc
from dashboard.queries.memo import remembered
from ingest.schema import LIMITS, WEEKLY, forecast, forecast_expectation
from rtt.calendar import LONDON
from rtt.expected import MEASURES, OVER_18, PASSING_18, PASSING_52, SHARE_WITHIN_18, TOTAL
from rtt.issued_score import Said
from rtt.list_states import Floats
from rtt.treatment_functions import SPECIALTIES
from rtt.treatment_functions import TOTAL as ALL
from rtt.wording import date_text

CODES = (*SPECIALTIES, ALL)
_AT = {code: place for place, code in enumerate(CODES)}


class Place(NamedTuple):
    """What a figure is of, and for when."""

    treatment_function: str
    measure: str
    target: date


@dataclass(frozen=True, slots=True)
class ListForecast:
    """One forecast of a list, issued or back-tested (`kind`), with those of its figures that were asked for.

    A figure's `last` is that without a model; nan where there was none. `apart`: by measure and day the
    values of every specialty and their lasts, (2, CODES), 0 where nothing was said; for what may be shown.
    """

    kind: str
    census: date
    said: dict[Place, Said]
    apart: dict[tuple[str, date], Floats]

    def about(self, target: date) -> dict[tuple[str, str], Said]:
        """The figures of one day, by treatment function and measure."""
        return {place[:2]: said for place, said in self.said.items() if place.target == target}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures are read: hashable, so that the answer can be kept.

    All about the horizon from the census shown; of `measures`, the first of which is scored, those of
    `function` about every day, and about the days of `apart` those of every specialty: only together do they
    tell what may be shown.
    """

    provider: str
    census: date
    horizon: date
    measures: tuple[str, ...]
    function: str
    apart: tuple[date, ...]


def measure_of(choice: Choice) -> str:
    """The measure of a list to be scored: that of the address, else who passes the threshold asked for."""
    if choice.filters.measure in MEASURES:
        return choice.filters.measure
    return PASSING_52 if passing_of(choice).weeks >= 52 else PASSING_18


def parts_of(measure: str) -> tuple[str, ...]:
    """The measures that tell whether a figure may be shown: its own, or the counts of a share with it."""
    return (SHARE_WITHIN_18, OVER_18, TOTAL) if measure == SHARE_WITHIN_18 else (measure,)


def lists_of(choice: Choice) -> dict[date, str]:
    """The lists held of the trust: their day, and which vintage each is.

    The day of loading is part of it: a list may be replaced without a higher revision.
    """
    return {
        held.census_date: _vintage(held)
        for held in choice.holdings.of(WEEKLY)
        if held.provider_code in choice.codes
    }


def _vintage(held: Held) -> str:
    rank = f"revision {held.revision}" if held.revision else "first"
    return f"{rank}, loaded {date_text(in_utc(held.loaded_at).astimezone(LONDON).date())}"


def asked_of(choice: Choice) -> Asked | None:
    """What is asked about the chosen trust's lists; None for a monthly return, or for several trusts."""
    if choice.source != WEEKLY or choice.census is None or len(choice.codes) != 1:
        return None
    return Asked(
        provider=choice.codes[0],
        census=choice.census,
        horizon=passing_of(choice).ends,
        measures=parts_of(measure_of(choice)),
        function=choice.functions[0] if len(choice.functions) == 1 else ALL,
        apart=tuple(lists_of(choice)) if choice.conceals else (),
    )


@remembered
def list_forecasts(connection: Connection, asked: Asked) -> tuple[ListForecast, ...]:
    """Every forecast of a trust's lists, oldest first; one statement."""
    head, said = forecast.c, forecast_expectation.c
    shown = and_(head.census_date == asked.census, said.target_date == asked.horizon)
    own = or_(said.treatment_function == asked.function, said.target_date.in_(asked.apart))
    scored = and_(said.measure.in_(asked.measures), own)
    limits = [said[name] for name in LIMITS]
    rows = connection.execute(
        select(
            head.census_date, head.kind, said.treatment_function, said.measure, said.target_date,
            said.value, said.naive, *limits,
        )
        .outerjoin(forecast_expectation, (said.forecast_id == head.id) & or_(shown, scored))
        .where(head.source == WEEKLY, head.provider_code == asked.provider)
        .order_by(head.census_date, said.target_date)
    )  # fmt: skip
    return tuple(_forecast(list(found), asked) for _, found in groupby(rows, key=lambda row: row.census_date))


def list_forecast(connection: Connection, choice: Choice) -> ListForecast | None:
    """What was said at its census of the list shown; None: nothing. The statement of `list_forecasts`."""
    asked = asked_of(choice)
    made = list_forecasts(connection, asked) if asked else ()
    return next((each for each in made if each.census == choice.census), None)


def _forecast(rows: Sequence[Any], asked: Asked) -> ListForecast:
    """Of tens of thousands of figures of other specialties the numbers alone are kept, not each an object."""
    said: dict[Place, Said] = {}
    apart: dict[tuple[str, date], Floats] = {}
    days = set(asked.apart)
    for row in rows:
        if row.measure is None:
            continue
        shown = row.census_date == asked.census and row.target_date == asked.horizon
        if shown or row.treatment_function == asked.function:
            place, figure = _said(row)
            said[place] = figure
        if row.target_date in days and row.treatment_function in _AT:
            values = apart.setdefault((row.measure, row.target_date), np.zeros((2, len(CODES))))
            values[:, _AT[row.treatment_function]] = row.value, row.naive or 0.0
    return ListForecast(rows[0].kind, rows[0].census_date, said, apart)


def _said(row: Any) -> tuple[Place, Said]:
    limits = row[7:]
    return Place(row.treatment_function, row.measure, row.target_date), Said(
        origin=row.census_date,
        target=row.target_date,
        horizon=round((row.target_date - row.census_date).days / 7),
        measure=row.measure,
        value=row.value,
        limits=((limits[0], limits[1]), (limits[2], limits[3]), (limits[4], limits[5])),
        last=nan if row.naive is None else row.naive,
    )
