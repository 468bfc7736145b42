"""The places that readers keep, in the database: read anew each time, and changed by their own reader alone.

A place that is removed stays, with by whom and when. Its name and its position are its reader's arrangement,
and are changed where they stand.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, func, insert, select, update

from dashboard.filters import MOST_PLACES
from dashboard.places import FULL, NAME_LENGTH, Place, moved
from dashboard.server.access import Reader, check_is_somebody
from dashboard.store.cache import witnessed
from dashboard.store.writing import Unacceptable
from ingest.store.database import writing
from ingest.store.schema import kept_place
from rtt.terms.text_edges import one_line

_c = kept_place.c


@witnessed
def places_of(connection: Connection, reader: str) -> list[Place]:
    """The places of a reader in their order; one statement. None for nobody in particular."""
    if not reader:
        return []
    rows = connection.execute(
        select(_c.query, _c.name, _c.id)
        .where(_c.author == reader, _c.withdrawn_at.is_(None))
        .order_by(_c.position, _c.id)
    )
    return [Place(*row) for row in rows]


def keep(engine: Engine, reader: Reader, place: Place, *, at: datetime) -> None:
    """Keep a place at the end; one that is kept already stays. Raises `Denied`, `Unacceptable`."""
    check_is_somebody(reader)
    with writing(engine) as connection:
        there = places_of(connection, reader.name)
        if any(each.query == place.query for each in there):
            return
        if len(there) >= MOST_PLACES:
            raise Unacceptable(FULL)
        last = connection.execute(select(func.max(_c.position)).where(_c.author == reader.name)).scalar()
        values = {"query": place.query, "name": "", "position": (last or 0) + 1}
        connection.execute(insert(kept_place).values(**values, author=reader.name, written_at=at))


def rename(engine: Engine, reader: Reader, id: int, name: str) -> None:
    """Call a place otherwise; '' by its own name. Raises `Denied`, `Unacceptable`."""
    called = one_line(name)
    if len(called) > NAME_LENGTH:
        raise Unacceptable(f"A name has at most {NAME_LENGTH} characters.")
    _change(engine, reader, id, name=called)


def remove(engine: Engine, reader: Reader, id: int, *, at: datetime) -> None:
    """Keep a place no longer. Raises `Denied`, `Unacceptable`."""
    _change(engine, reader, id, withdrawn_by=reader.name, withdrawn_at=at)


def move(engine: Engine, reader: Reader, id: int, by: int) -> None:
    """Put a place further up (-1) or down (1). Raises `Denied`, `Unacceptable`."""
    check_is_somebody(reader)
    with writing(engine) as connection:
        there = places_of(connection, reader.name)
        at = _position(there, id)
        for position, place in enumerate(moved(there, at, by), 1):
            connection.execute(update(kept_place).where(_c.id == place.id).values(position=position))


def _position(places: Sequence[Place], id: int) -> int:
    found = next((at for at, each in enumerate(places) if each.id == id), None)
    if found is None:
        raise Unacceptable("You do not keep that place; you may have removed it already.")
    return found


def _change(engine: Engine, reader: Reader, id: int, **values: object) -> None:
    check_is_somebody(reader)
    with writing(engine) as connection:
        _position(places_of(connection, reader.name), id)
        connection.execute(update(kept_place).where(_c.id == id).values(**values))
