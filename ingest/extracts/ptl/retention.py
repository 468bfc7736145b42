"""How long single pathways are kept: those of the newest weekly lists, then only their counts.

An older list is let go once the movements to both its neighbours are counted. In a backlog that is loaded in
any order a neighbour, or the stops of the week, may still be to come: such a list waits for them, but no
longer than a day after it was loaded.
"""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, Table, delete, exists, select

from ingest.store import schema

WAITS_FOR_NEIGHBOURS = timedelta(days=1)  # a backlog is loaded in one sitting
WEEK = timedelta(weeks=1)


def prune(connection: Connection, provider: str, *, keep: int) -> None:
    """Delete the pathways of all but the newest `keep` lists of a trust, and the stops that go with them."""
    held = _held(connection, provider)
    lists = sorted((day for day, section in held if section == "open"), reverse=True)
    now = max(held.values(), default=None)
    for day in sorted(_with_rows(connection, schema.pathway, provider, "open") & set(lists[keep:])):
        if _settled(held, day) or (now and now - held[day, "open"] > WAITS_FOR_NEIGHBOURS):
            _let_go(connection, schema.pathway, provider, day)
    if len(lists) > keep:
        # A stop explains the step to its own week; the list before the oldest kept may need it too.
        for day in _with_rows(connection, schema.clock_stop, provider, "stops"):
            if day >= lists[keep - 1] - WEEK:
                continue
            if _settled(held, day) or (now and now - held[day, "stops"] > WAITS_FOR_NEIGHBOURS):
                _let_go(connection, schema.clock_stop, provider, day)


def _settled(held: dict[tuple[date, str], datetime], day: date) -> bool:
    """Whether the lists of the week before and after are here, and the stops that tell the three apart."""
    needed = [(day - WEEK, "open"), (day + WEEK, "open"), (day, "stops"), (day + WEEK, "stops")]
    return all(one in held for one in needed)


def _held(connection: Connection, provider: str) -> dict[tuple[date, str], datetime]:
    extract, load = schema.extract.c, schema.load.c
    rows = connection.execute(
        select(extract.census_date, extract.section, load.started_at)
        .join(schema.load, load.id == extract.load_id)
        .where(
            extract.source == schema.WEEKLY,
            extract.provider_code == provider,
            extract.section.in_(("open", "stops")),
        )
    )
    return {(row.census_date, row.section): _utc(row.started_at) for row in rows}


def _with_rows(connection: Connection, table: Table, provider: str, section: str) -> set[date]:
    """The weeks of which single rows are still kept: in a long history they are few."""
    extract = schema.extract.c
    kept = exists(select(1).where(table.c.extract_id == extract.id))
    rows = connection.execute(
        select(extract.census_date).where(
            extract.source == schema.WEEKLY,
            extract.provider_code == provider,
            extract.section == section,
            kept,
        )
    )
    return set(rows.scalars())


def _utc(moment: datetime) -> datetime:
    # SQLite gives the hour back without its zone.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _let_go(connection: Connection, table: Table, provider: str, day: date) -> None:
    connection.execute(delete(table).where(table.c.provider_code == provider, table.c.census_date == day))
