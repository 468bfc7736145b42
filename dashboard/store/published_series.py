"""NHS England's own series of England, month by month, as the workbooks that are loaded print it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from dashboard.store.cache import cached
from ingest.store.schema import PUBLISHED, extract, published


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A figure of one month. `value` is None where the workbook prints `shown`, such as "52+".

    `vintage` is the month of publication of the workbook, "2026-05".
    """

    value: float | None
    shown: str
    vintage: str


@cached
def published_figures(
    connection: Connection, measures: tuple[str, ...]
) -> Mapping[str, Mapping[date, PublishedFigure]]:
    """Measure (section.measure) -> month end -> the figure in the newest workbook that prints the month.

    Published months are revised, so that the newest workbook is the one to believe. One statement.
    """
    columns = (published.c.measure, published.c.month, extract.c.section, extract.c.id)
    rows = connection.execute(
        select(*columns, published.c.value, published.c.shown)
        .join(extract, extract.c.id == published.c.extract_id)
        .where(extract.c.source == PUBLISHED, published.c.measure.in_(measures))
    ).all()
    found: dict[str, dict[date, PublishedFigure]] = {measure: {} for measure in measures}
    for measure, month, vintage, _, value, shown in sorted(rows, key=lambda row: row[:4]):
        found[measure][month] = PublishedFigure(value, shown, vintage)
    return found
