"""What a PTL was expected to do, as it was issued: every forecast of a list, as far as it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import nan
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, null, select

from dashboard.store.cache import cached
from dashboard.store.counts import in_branches
from ingest.store.schema import LIMITS, WEEKLY, forecast, forecast_expectation
from rtt.forecast.score.issued import Issued


class Place(NamedTuple):
    """What a figure is of, and for when."""

    treatment_function: str
    measure: str
    target: date


@dataclass(frozen=True, slots=True)
class ListForecast:
    """One forecast of a list, issued or back-tested (`kind`), with those of its figures that were asked for.

    A figure's `last` is that without a model; nan where there was none.
    """

    kind: str
    census: date
    said: dict[Place, Issued]

    def about(self, target: date) -> dict[tuple[str, str], Issued]:
        """The figures of one day, by treatment function and measure."""
        return {place[:2]: said for place, said in self.said.items() if place.target == target}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures are read: hashable, so that the answer can be kept.

    All about the horizon from the census shown; of `function` and the `measure` that is scored, those about
    every day.
    """

    provider: str
    census: date
    horizon: date
    measure: str
    function: str


@cached
def list_forecasts(connection: Connection, asked: Asked) -> tuple[ListForecast, ...]:
    """Every forecast of a trust's lists, oldest first; one statement."""
    c = forecast.c
    heads = select(c.census_date, c.id, c.kind, *_nothing(9)).where(*_of(asked.provider))
    shown, scored, made = in_branches(connection, [*_figures(asked), heads])
    said: dict[int, list[tuple[Any, ...]]] = {}
    for row in sorted((*shown, *scored), key=lambda row: row[0]):
        said.setdefault(row[1], []).append(row)
    return tuple(
        ListForecast(kind, census, dict(_said(census, row) for row in said.get(which, ())))
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
