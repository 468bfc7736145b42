"""What a tracking list was expected to do, as it was issued: every forecast of a list, as far as it is asked.

Reads what `rtt forecast` kept; nothing is forecast here. What came of it is `queries.list_scores`' to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import nan
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, Select, null, select

from dashboard.analysis.ladder import passing_of
from dashboard.scope.scope import Scope
from dashboard.store.cache import cached, keeps
from dashboard.store.counts import in_branches
from dashboard.store.ledger import in_utc
from dashboard.store.loaded_extracts import Held
from ingest.store.schema import LIMITS, WEEKLY, forecast, forecast_expectation
from rtt.forecast.score.issued import Issued
from rtt.forecast.weekly.expected import MEASURES, OVER_18, PASSING_18, PASSING_52, SHARE_WITHIN_18, TOTAL
from rtt.terms.arrays import Floats
from rtt.terms.calendar import LONDON
from rtt.terms.treatment_functions import SPECIALTIES
from rtt.terms.treatment_functions import TOTAL as ALL
from rtt.terms.wording import date_text

CODES = (*SPECIALTIES, ALL)
Apart = dict[int, dict[tuple[str, date], Floats]]
"""By forecast, measure and day: the values of every specialty and their lasts, (2, CODES)."""

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
    said: dict[Place, Issued]
    apart: dict[tuple[str, date], Floats]

    def about(self, target: date) -> dict[tuple[str, str], Issued]:
        """The figures of one day, by treatment function and measure."""
        return {place[:2]: said for place, said in self.said.items() if place.target == target}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures are read: hashable, so that the answer can be kept.

    All about the horizon from the census shown; of the `measure` that is scored, those of `function` about
    every day; and of its counts those of every specialty about the days of `apart`: only together do they
    tell what may be shown.
    """

    provider: str
    census: date
    horizon: date
    measure: str
    function: str
    apart: tuple[date, ...]


def measure_of(scope: Scope) -> str:
    """The measure of a list to be scored: that of the address, else who passes the threshold asked for."""
    if scope.filters.measure in MEASURES:
        return scope.filters.measure
    return PASSING_52 if passing_of(scope).weeks >= 52 else PASSING_18


def counts_of(measure: str) -> tuple[str, ...]:
    """The counts that tell whether a figure may be shown: its own, or those that a share is made of."""
    return (OVER_18, TOTAL) if measure == SHARE_WITHIN_18 else (measure,)


def lists_of(scope: Scope) -> dict[date, str]:
    """The lists held of the trust: their day, and which vintage each is.

    The day of loading is part of it: a list may be replaced without a higher revision.
    """
    return {
        held.census_date: _vintage(held)
        for held in scope.loaded.of(WEEKLY)
        if held.provider_code in scope.codes
    }


def _vintage(held: Held) -> str:
    rank = f"revision {held.revision}" if held.revision else "first"
    return f"{rank}, loaded {date_text(in_utc(held.loaded_at).astimezone(LONDON).date())}"


def asked_of(scope: Scope) -> Asked | None:
    """What is asked about the chosen trust's lists; None for a monthly return, or for several trusts."""
    if scope.source != WEEKLY or scope.census is None or len(scope.codes) != 1:
        return None
    return Asked(
        provider=scope.codes[0],
        census=scope.census,
        horizon=passing_of(scope).ends,
        measure=measure_of(scope),
        function=scope.functions[0] if len(scope.functions) == 1 else ALL,
        apart=tuple(lists_of(scope)) if scope.conceals else (),
    )


@cached
def list_forecasts(connection: Connection, asked: Asked) -> tuple[ListForecast, ...]:
    """Every forecast of a trust's lists, oldest first; one statement."""
    c = forecast.c
    heads = select(c.census_date, c.id, c.kind, *_nothing(9)).where(*_of(asked.provider))
    branches = [*_figures(asked), heads]
    key = (asked.provider, counts_of(asked.measure), asked.apart)
    if not asked.apart or _apart.has(connection, *key):
        shown, scored, made = in_branches(connection, branches)
        apart = _apart(connection, *key) if asked.apart else {}
    else:
        shown, scored, made, others = in_branches(connection, [*branches, _others(*key)])
        apart = _numbers(others)
        if keeps(connection):
            _apart.put(apart, connection, *key)
    said: dict[int, list[tuple[Any, ...]]] = {}
    for row in sorted((*shown, *scored), key=lambda row: row[0]):
        said.setdefault(row[1], []).append(row)
    return tuple(
        ListForecast(
            kind, census, dict(_said(census, row) for row in said.get(which, ())), apart.get(which, {})
        )
        for census, which, kind, *_ in sorted(made)
    )


def _of(provider: str) -> tuple[Any, ...]:
    return forecast.c.source == WEEKLY, forecast.c.provider_code == provider


def _nothing(columns: int) -> list[Any]:
    """In the place of columns that another branch has."""
    return [null() for _ in range(columns)]


def _figures(asked: Asked) -> tuple[Select[Any], Select[Any]]:
    """The figures that are shown, and those that are scored, with their limits; some are both.

    Two branches, for each finds its rows in the index where an OR would read every figure.
    """
    said = forecast_expectation.c
    limits = [said[name] for name in LIMITS]
    every = (
        select(
            said.target_date, said.forecast_id, said.treatment_function, said.measure, said.value, said.naive,
            *limits,
        )
        .join(forecast)
        .where(*_of(asked.provider))
    )  # fmt: skip
    return (
        every.where(forecast.c.census_date == asked.census, said.target_date == asked.horizon),
        every.where(said.treatment_function == asked.function, said.measure == asked.measure),
    )


def _others(provider: str, measures: tuple[str, ...], days: tuple[date, ...]) -> Select[Any]:
    """Every specialty's figures about some days, in the columns of `_figures`, without their limits."""
    said = forecast_expectation.c
    return (
        select(
            said.target_date, said.forecast_id, said.treatment_function, said.measure, said.value, said.naive,
            *_nothing(len(LIMITS)),
        )
        .join(forecast)
        .where(
            *_of(provider), said.measure.in_(measures), said.target_date.in_(days),
            said.treatment_function.in_(CODES),
        )
    )  # fmt: skip


@cached
def _apart(connection: Connection, provider: str, measures: tuple[str, ...], days: tuple[date, ...]) -> Apart:
    """`ListForecast.apart` of every forecast, whatever census and horizon are shown."""
    (rows,) = in_branches(connection, [_others(provider, measures, days)])
    return _numbers(rows)


def _numbers(rows: Sequence[tuple[Any, ...]]) -> Apart:
    """Of tens of thousands of figures the numbers alone are kept, not each an object."""
    if not rows:
        return {}
    days, forecasts, functions, measures, values, lasts = list(zip(*rows, strict=True))[:6]
    named = list(zip(forecasts, measures, days, strict=True))
    at_place = {place: at for at, place in enumerate(dict.fromkeys(named))}
    kept = np.zeros((len(at_place), len(CODES), 2))
    at = ([at_place[place] for place in named], [_AT[code] for code in functions])
    kept[at] = np.nan_to_num(np.array([values, lasts], dtype=np.float64).T)
    found: Apart = {}
    for (which, measure, day), place in at_place.items():
        found.setdefault(which, {})[measure, day] = kept[place].T
    return found


def list_forecast(connection: Connection, scope: Scope) -> ListForecast | None:
    """What was said at its census of the list shown; None: nothing. The statement of `list_forecasts`."""
    asked = asked_of(scope)
    made = list_forecasts(connection, asked) if asked else ()
    return next((each for each in made if each.census == scope.census), None)


def _said(census: date, row: Sequence[Any]) -> tuple[Place, Issued]:
    target, _, function, measure, value, last, *limits = row[:12]
    return Place(function, measure, target), Issued(
        origin=census,
        target=target,
        horizon=round((target - census).days / 7),
        measure=measure,
        value=value,
        limits=((limits[0], limits[1]), (limits[2], limits[3]), (limits[4], limits[5])),
        last=nan if last is None else last,
    )
