"""What plans are held to, read as it was issued: forecasts of every organisation and specialty around a day,
and the share that organisations had at the baselines of their milestones.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from ingest.store.schema import (
    ENGLISH,
    LEVELS,
    LIMITS,
    MONTHLY,
    forecast,
    forecast_value,
    pathway_counts,
)
from rtt.planning.anchor import Anchor
from rtt.terms.lineage import Block, Lineage
from rtt.terms.parts import INCOMPLETE
from rtt.terms.treatment_functions import TOTAL

MEASURES = ("total", "share_within_18", "over_52")
# The limits in the order of `rtt.planning.chance.QUANTILES`.
ORDER = ("low_95", "low_80", "low_50", "", "high_50", "high_80", "high_95")

Key = tuple[str, str, str]  # level, organisation, treatment function


def quantiles(row: Any) -> tuple[tuple[float, ...], ...] | None:
    """The seven quantiles of each of `MEASURES`, shares as fractions, of a row of forecasts.

    None where any is not known.
    """
    found = []
    for measure in MEASURES:
        values = [row[f"{measure}_{limit}" if limit else measure] for limit in ORDER]
        if any(each is None for each in values):
            return None
        scale = 100 if measure == "share_within_18" else 1
        found.append(tuple(each / scale for each in values))
    return tuple(found)


def issued_anchors(connection: Connection, census: date, days: Sequence[date]) -> dict[Key, list[Anchor]]:
    """What was forecast from a census for these days, by organisation and specialty, nearest first."""
    c = forecast_value.c
    names = [f"{measure}_{limit}" for measure in MEASURES for limit in LIMITS] + list(MEASURES)
    rows = connection.execute(
        select(c.level, c.organisation_code, c.treatment_function, c.target_date, *(c[n] for n in names))
        .join(forecast, forecast.c.id == c.forecast_id)
        .where(
            forecast.c.source == MONTHLY,
            forecast.c.census_date == census,
            forecast.c.provider_code == "",
            c.target_date.in_(days),
        )
        .order_by(c.target_date)
    ).mappings()
    found: dict[Key, list[Anchor]] = {}
    for row in rows:
        of = quantiles(row)
        if of is not None:
            key = (row["level"], row["organisation_code"], row["treatment_function"])
            found.setdefault(key, []).append(Anchor(row["target_date"], *of))
    return found


def issued_days(connection: Connection, census: date) -> list[date]:
    """The days that are forecast from a census, nearest first."""
    c = forecast_value.c
    found = (
        select(c.target_date)
        .join(forecast, forecast.c.id == c.forecast_id)
        .where(forecast.c.source == MONTHLY, forecast.c.census_date == census, c.level == "england")
        .distinct()
        .order_by(c.target_date)
    )
    return list(connection.execute(found).scalars())


def days_around(issued: Sequence[date], asked: Iterable[date]) -> list[date]:
    """The days that are forecast nearest to the days `asked`, before and after each."""
    found: set[date] = set()
    for day in asked:
        found.update(sorted(each for each in issued if each <= day)[-1:])
        found.update(sorted(each for each in issued if each >= day)[:1])
    return sorted(found)


def shares_at(
    connection: Connection, months: Sequence[date], lineage: Lineage
) -> dict[tuple[str, str, date], float]:
    """(level, organisation, month end) -> the share within 18 weeks of its whole list, a fraction; of
    organisations as `lineage` has them now.
    """
    c = pathway_counts.c
    rows = connection.execute(
        select(
            c.level, c.organisation_code, c.census_date, c.within_18, c.total - c.unknown_clock_start
        ).where(
            c.source == MONTHLY,
            c.census_date.in_(months),
            c.part == INCOMPLETE,
            c.treatment_function == TOTAL,
            c.basis == ENGLISH,
            c.site_code == "",
            c.stage == "",
            c.priority == "",
        )
    )
    counts = [(row[0], row[1], row[2], row[3], row[4]) for row in rows]
    found: dict[tuple[str, str, date], tuple[int, int]] = {}
    for level in LEVELS:
        for block in lineage.blocks(level, None, tuple(months)) or (Block(level, None, tuple(months)),):
            owners = dict(block.units)
            for of, code, month, within, known in counts:
                if of == block.level and month in block.dates and (block.codes is None or code in owners):
                    key = level, owners.get(code, code), month
                    before = found.get(key, (0, 0))
                    found[key] = before[0] + within, before[1] + known
    return {key: within / known for key, (within, known) in found.items() if known}
