"""What a tracking list is expected to do, as it was issued: the figures of one census and one horizon.

Reads what `rtt forecast` kept; nothing is forecast here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from dashboard.queries.choices import Choice
from dashboard.queries.memo import remembered
from ingest.schema import WEEKLY, forecast, forecast_expectation


@dataclass(frozen=True, slots=True)
class Figure:
    """One expected figure with the bounds of its 80 per cent interval; `naive` is that without a model."""

    value: float
    low: float
    high: float
    naive: float | None


@dataclass(frozen=True, slots=True)
class ListForecast:
    """Issued or back-tested (`kind`); figures by treatment function and measure, empty for this horizon."""

    kind: str
    figures: dict[tuple[str, str], Figure]

    def functions(self) -> set[str]:
        """The treatment functions that anything is said of."""
        return {function for function, _ in self.figures}


def list_forecast(connection: Connection, choice: Choice, target: date) -> ListForecast | None:
    """What was said at its census of the chosen list about `target`; None: nothing. One statement."""
    if choice.source != WEEKLY or choice.census is None or len(choice.codes) != 1:
        return None
    return _list_forecast(connection, choice.codes[0], choice.census, target)


@remembered
def _list_forecast(connection: Connection, provider: str, census: date, target: date) -> ListForecast | None:
    head, said = forecast.c, forecast_expectation.c
    columns = (said.treatment_function, said.measure, said.value, said.low_80, said.high_80, said.naive)
    rows = connection.execute(
        select(head.kind, *columns)
        .outerjoin(forecast_expectation, (said.forecast_id == head.id) & (said.target_date == target))
        .where(head.source == WEEKLY, head.provider_code == provider, head.census_date == census)
    ).all()
    if not rows:
        return None
    return ListForecast(
        rows[0].kind,
        {(row.treatment_function, row.measure): Figure(*row[3:]) for row in rows if row.measure is not None},
    )
