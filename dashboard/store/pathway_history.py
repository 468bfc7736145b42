"""One pathway on the lists that are still kept, oldest first: what each list said of it.

Lists are kept for some weeks (`ingest.extracts.ptl.retention`); of older ones only counts are left.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, exists, select

from dashboard.store.pathways import Pathway, Wanted, reader_may_see
from ingest.store.schema import WEEKLY, extract, pathway

_c = pathway.c


@dataclass(frozen=True, slots=True)
class OnList:
    """A kept list, and the pathway as it says; None where it is not on it, or the reader may not look."""

    census: date
    pathway: Pathway | None


def history_of(connection: Connection, asked: Wanted, token: str) -> tuple[OnList, ...]:
    """The kept lists up to the census of `asked`, with the pathway of this token; one statement.

    A pathway may have been in another specialty or at another site: what a service lead may not see today's
    list of is not shown of an older one either.
    """
    other = pathway.alias()
    here = and_(_c.extract_id == extract.c.id, _c.token == token, *reader_may_see(asked))
    columns = [_c[name] for name in Pathway.__dataclass_fields__]
    rows = connection.execute(
        select(extract.c.census_date, *columns)
        .outerjoin_from(extract, pathway, here)
        .where(
            extract.c.source == WEEKLY,
            extract.c.provider_code.in_(asked.providers),
            extract.c.census_date <= asked.census,
            exists(select(1).where(other.c.extract_id == extract.c.id)),
        )
        .order_by(extract.c.census_date)
    )
    found: dict[date, OnList] = {}
    for census, *row in rows:
        on_list = OnList(census, Pathway(*row) if row[0] is not None else None)
        # Several trusts may have a list of one day.
        if found.get(census) is None or on_list.pathway is not None:
            found[census] = on_list
    return tuple(found.values())
