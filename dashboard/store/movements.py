"""What happened between two weekly lists, summed by specialty."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from ingest.store.schema import movement


def movement_rows(
    connection: Connection,
    providers: tuple[str, ...],
    census: date,
    functions: tuple[str, ...],
    places: tuple[str, str, str],
    counted: Sequence[str],
) -> Sequence[Any]:
    """(specialty, census before, sums of the columns `counted`); `places`: site, stage and priority, '' for
    all. One statement.
    """
    c = movement.c
    sums = (func.sum(c[name]) for name in counted)
    return connection.execute(
        select(c.treatment_function, func.min(c.previous_census), *sums)
        .where(c.provider_code.in_(providers), c.census_date == census, *_narrowed(functions, places))
        .group_by(c.treatment_function)
    ).all()


def _narrowed(functions: tuple[str, ...], places: tuple[str, str, str]) -> Iterator[ColumnElement[bool]]:
    c = movement.c
    if functions:
        yield c.treatment_function.in_(functions)
    for column, value in zip((c.site_code, c.stage, c.priority), places, strict=True):
        if value:
            yield column == value
