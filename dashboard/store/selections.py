"""What a reader of the patient list keeps: how they like it, and for some hours the tokens they look for.

Neither belongs to anybody else. A selection is opened by its own reader alone, and what it shows passes every
other rule: the reader's services, the census, the filters. No token is ever in an address, a log or a
message.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, delete, insert, or_, select

from dashboard.server.access import Reader, check_sees_pathways
from ingest.store.database import writing
from ingest.store.schema import list_setting, pathway_selection

MOST_ENTRIES = 1000
KEPT = timedelta(hours=12)  # a working day
MOST_KEPT = 20  # of one reader
ABSENT = "-"


@dataclass(frozen=True, slots=True)
class Selection:
    """What a reader pasted, entry by entry: a token, or None for what had not the shape of one."""

    entries: tuple[str | None, ...]

    @property
    def tokens(self) -> tuple[str, ...]:
        """Each token once, in the order of the paste."""
        return tuple(dict.fromkeys(each for each in self.entries if each is not None))


def keep_selection(engine: Engine, reader: Reader, entries: Sequence[str | None], *, at: datetime) -> str:
    """Keep what a reader looks for; the key for the address. Raises `Denied`.

    Selections that have had their time go at the same moment, everybody's, and this reader's oldest.
    """
    check_sees_pathways(reader)
    key = secrets.token_hex(8)
    c = pathway_selection.c
    words = " ".join(ABSENT if each is None else each for each in entries)
    newest = select(c.id).where(c.reader == reader.name).order_by(c.id.desc()).limit(MOST_KEPT - 1)
    with writing(engine) as connection:
        kept = connection.execute(newest).scalars().all()
        connection.execute(
            delete(pathway_selection).where(
                or_(c.made_at < at - KEPT, (c.reader == reader.name) & c.id.not_in(kept))
            )
        )
        connection.execute(
            insert(pathway_selection).values(key=key, reader=reader.name, entries=words, made_at=at)
        )
    return key


def selection_of(connection: Connection, reader: Reader, key: str, *, at: datetime) -> Selection | None:
    """What this reader keeps under a key; None for nothing, another's or one past its time. One statement."""
    c = pathway_selection.c
    mine = (c.key == key, c.reader == reader.name)
    row = connection.execute(select(c.entries, c.made_at).where(*mine)).first()
    if row is None:
        return None
    # SQLite gives the hour back without its zone.
    made_at = row.made_at if row.made_at.tzinfo else row.made_at.replace(tzinfo=UTC)
    if made_at < at - KEPT:
        return None
    return Selection(tuple(None if each == ABSENT else each for each in row.entries.split()))


def keep_setting(engine: Engine, reader: Reader, query: str, *, at: datetime) -> None:
    """Keep how a reader likes the list, as an address, instead of what was kept. Raises `Denied`."""
    check_sees_pathways(reader)
    with writing(engine) as connection:
        connection.execute(delete(list_setting).where(list_setting.c.reader == reader.name))
        connection.execute(insert(list_setting).values(reader=reader.name, query=query, written_at=at))


def setting_of(connection: Connection, reader: Reader) -> str:
    """How this reader likes the list, as an address says it; '' for as everybody has it. One statement."""
    c = list_setting.c
    return connection.execute(select(c.query).where(c.reader == reader.name)).scalar() or ""
