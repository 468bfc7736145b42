"""Figures of organisations as NHS England's workbooks of a month print them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from dashboard.store.cache import cached
from ingest.store.schema import PUBLISHED, extract, published_figure

Figure = tuple[str, str]
"""Part of the return and measure: ("2", "over_52")."""


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """What is printed of one organisation and specialty in a month, of the parts that were asked for.

    A figure that is not computed ("-") is None; inf: off the scale. open_band: where the last band begins.
    """

    figures: Mapping[Figure, float | None]
    open_band: int


@cached
def table_rows(
    connection: Connection, level: str, codes: tuple[str, ...], function: str, wanted: tuple[Figure, ...]
) -> Mapping[tuple[date, str], PublishedRow]:
    """Month end and organisation -> its row in the newest workbook that prints it, each part by itself.

    One statement.
    """
    p = published_figure.c
    rows = connection.execute(
        select(p.month, p.organisation_code, p.part, p.measure, p.value, p.shown)
        .add_columns(extract.c.id, extract.c.open_band)
        .join(extract, extract.c.id == p.extract_id)
        # The month is in the key of the table, so that each workbook is asked for a few rows only.
        .where(extract.c.source == PUBLISHED, p.month == extract.c.census_date)
        .where(p.level == level, p.organisation_code.in_(codes), p.treatment_function == function)
        .where(p.part.in_({part for part, _ in wanted}), p.measure.in_({measure for _, measure in wanted}))
        .order_by(extract.c.revision, extract.c.id)
    )
    newest: dict[tuple[date, str, str], tuple[int, int, dict[Figure, float | None]]] = {}
    for month, code, part, measure, value, shown, extract_id, open_band in rows:
        key = month, code, part
        if key not in newest or newest[key][0] != extract_id:
            newest[key] = extract_id, open_band, {}
        # "52+", or the number 104 in a format that shows it as "104+".
        is_beyond = shown.endswith("+") or (measure.endswith("_weeks") and value == open_band)
        newest[key][2][part, measure] = float("inf") if is_beyond else value
    found: dict[tuple[date, str], PublishedRow] = {}
    for (month, code, _), (_, open_band, figures) in newest.items():
        before = found.get((month, code))
        together = {**before.figures, **figures} if before else figures
        found[month, code] = PublishedRow(together, min(open_band, before.open_band if before else open_band))
    return found
