"""How long single pathways are kept: those of the newest weekly lists, then only their counts.

An older list is let go once the movements to both its neighbours are counted. In a backlog that is loaded in
any order a neighbour, or the stops of the week, may still be to come: such a list waits for them, but no
longer than a day after it was loaded. One that comes when as many newer lists are here already waits as an
image alone: its rows would be written only to be deleted.
"""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, delete, exists, func, select

from ingest.store import schema

WAITS_FOR_NEIGHBOURS = timedelta(days=1)  # a backlog is loaded in one sitting
WEEK = timedelta(weeks=1)
LEAST_URGENCY = 0  # places count from the most urgent, 0


def is_beyond(connection: Connection, provider: str, census: date, *, keep: int) -> bool:
    """Whether `keep` newer lists of a trust are here, so that the pathways of this one are not kept."""
    extract = schema.extract.c
    newer = select(func.count()).where(
        extract.source == schema.WEEKLY,
        extract.provider_code == provider,
        extract.section == "open",
        extract.census_date > census,
    )
    return connection.execute(newer).scalar_one() >= keep


def prune(connection: Connection, provider: str, *, keep: int) -> None:
    """Delete the pathways of all but the newest `keep` lists of a trust, and the stops that go with them."""
    held = _held(connection, provider)
    lists = sorted((day for day, section in held if section == "open"), reverse=True)
    if len(lists) <= keep:
        return
    now = max(held.values())
    # A stop explains the step to its own week; the list before the oldest kept may need it too.
    stops_needed_from = lists[keep - 1] - WEEK
    beyond = set(lists[keep:])
    for table, section, gone in (
        (schema.pathway, "open", beyond),
        (schema.list_image, "open", beyond),
        (schema.clock_stop, "stops", {day for day, _ in held if day < stops_needed_from}),
    ):
        for day, extract_id in _with_rows(connection, table, provider, section):
            is_due = _settled(held, day) or now - held[day, section] > WAITS_FOR_NEIGHBOURS
            if day in gone and is_due:
                connection.execute(delete(table).where(*_rows_of(table, extract_id)))


def _rows_of(table: Table, extract_id: int) -> list[ColumnElement[bool]]:
    """All rows of an extract, of pathways in the order in which they were written: SQLite would take that of
    the tokens, and go to and fro in the table, which costs three times as much.
    """
    rows = [table.c.extract_id == extract_id]
    return [*rows, table.c.urgency >= LEAST_URGENCY] if table is schema.pathway else rows


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
    # SQLite gives the hour back without its zone.
    return {
        (row.census_date, row.section): row.started_at.replace(tzinfo=row.started_at.tzinfo or UTC)
        for row in rows
    }


def _with_rows(connection: Connection, table: Table, provider: str, section: str) -> list[tuple[date, int]]:
    """The weeks of which single rows are still kept, with their extract: in a long history they are few."""
    extract = schema.extract.c
    kept = exists(select(1).where(table.c.extract_id == extract.id))
    rows = connection.execute(
        select(extract.census_date, extract.id).where(
            extract.source == schema.WEEKLY,
            extract.provider_code == provider,
            extract.section == section,
            kept,
        )
    )
    return [(row.census_date, row.id) for row in rows]
