"""Under which ICB or region each organisation stands, by the newest month that names it."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, func, select

from ingest.store.schema import MONTHLY, extract, organisation


def newest_parents(
    connection: Connection, level: str, until: date, *, kind: str | None = None
) -> Mapping[str, str]:
    """Code -> code of its parent, of a level's organisations (of one kind); one statement.

    By the months of the return up to a day. One that is under nobody, or not in any month, is not there.
    """
    o, e = organisation.c, extract.c
    held = [e.source == MONTHLY, e.census_date <= until, o.level == level]
    if kind is not None:
        held.append(o.kind == kind)
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
    return {code: parent for code, parent in rows if parent}
