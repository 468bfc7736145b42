"""Under which ICB each NHS trust stands, by the newest month that names it."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, func, select

from dashboard.store.cache import cached
from ingest.store.schema import MONTHLY, extract, organisation


@cached
def icbs_of_trusts(connection: Connection, until: date) -> Mapping[str, str]:
    """Trust -> ICB, by the months up to a day; one statement."""
    o, e = organisation.c, extract.c
    held = (e.source == MONTHLY, e.census_date <= until, o.level == "provider", o.kind == "nhs")
    newest = (
        select(o.code, func.max(e.census_date).label("census_date"))
        .join(extract, e.id == o.extract_id)
        .where(*held)
        .group_by(o.code)
        .subquery()
    )
    rows = connection.execute(
        select(o.code, o.parent_code)
        .join(extract, e.id == o.extract_id)
        .join(newest, (newest.c.code == o.code) & (newest.c.census_date == e.census_date))
        .where(*held)
    )
    return {code: icb for code, icb in rows if icb}
