"""Forecasts as they were issued, of an organisation and each of its specialties, for plans to be held to."""

from datetime import date

from sqlalchemy import Connection, select

from dashboard.store.cache import cached
from ingest.forecasts.plan_anchors import MEASURES, quantiles
from ingest.store.schema import LIMITS, MONTHLY, forecast, forecast_value
from rtt.planning.anchor import Anchor


@cached
def anchors_of(connection: Connection, census: date, level: str, code: str) -> dict[str, tuple[Anchor, ...]]:
    """Treatment function -> what was forecast from a census, nearest day first. One statement."""
    c = forecast_value.c
    names = [f"{measure}_{limit}" for measure in MEASURES for limit in LIMITS] + list(MEASURES)
    rows = connection.execute(
        select(c.treatment_function, c.target_date, *(c[name] for name in names))
        .join(forecast, forecast.c.id == c.forecast_id)
        .where(
            c.level == level,
            c.organisation_code == code,
            forecast.c.source == MONTHLY,
            forecast.c.census_date == census,
            forecast.c.provider_code == "",
        )
        .order_by(c.target_date)
    ).mappings()
    found: dict[str, tuple[Anchor, ...]] = {}
    for row in rows:
        of = quantiles(row)
        if of is not None:
            anchor = Anchor(row["target_date"], *of)
            found[row["treatment_function"]] = (*found.get(row["treatment_function"], ()), anchor)
    return found
