"""The sessions of RTT_ACCESS=oidc: a SQLite file of their own in RTT_HOME, which only its owner can read.

They are not in the database of figures: a sign-in must wait for no load. All workers of a machine share the
file. Keys of browsers and the provider's names for people and sessions are kept as hashes; no token is kept.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    inspect,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.exc import OperationalError

from dashboard.server.oidc.sessions import LIFE_OF_A_BEGUN, Begun, Person, hash_of
from dashboard.store.names_here import NameOf, names_metadata
from ingest.store.database import make_engine, writing

FILE = "sign-ins.db"
SEEN_APART = 60
"""Seconds between two notes that a session was used: a page asks forty times."""
MOST_BEGUN = 20_000
"""Sign-ins under way. Whoever asks for more of them without end pushes out the oldest."""

_metadata = MetaData()
_begun = Table(
    "begun",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("state", String(64), nullable=False, unique=True),
    *(Column(name, Text, nullable=False) for name in ("browser", "nonce", "verifier", "way")),
    Column("at", Integer, nullable=False, index=True),
)
_session = Table(
    "session",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("subject", String(64), nullable=False, index=True),
    Column("sid", String(64), nullable=False),
    *(Column(name, Text, nullable=False) for name in ("name", "groups", "address")),
    Column("organisations", Text, nullable=False, server_default="[]"),
    *(Column(name, Integer, nullable=False) for name in ("began", "seen", "ends")),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that is open, for whoever looks after the server."""

    name: str
    subject: str
    groups: frozenset[str]
    organisations: frozenset[str]
    began: datetime
    seen: datetime
    ends: datetime


@cache
def sign_ins(home: Path) -> Engine:
    """The engine of the file, made if it is not there."""
    engine = make_engine(f"sqlite:///{home / FILE}")
    with writing(engine) as connection:
        _metadata.create_all(connection)
        _add_organisations(connection)
        names_metadata.create_all(connection)
    return engine


def _add_organisations(connection: Connection) -> None:
    """To a file of an earlier version: nobody in it has an organisation until they sign in anew."""
    if "organisations" not in {each["name"] for each in inspect(connection).get_columns("session")}:
        connection.execute(text("ALTER TABLE session ADD COLUMN organisations TEXT NOT NULL DEFAULT '[]'"))


class StoredSessions:
    """`Sessions` in the file; `name_of` gives a person the name that is theirs alone here."""

    def __init__(self, engine: Engine, name_of: NameOf) -> None:
        self._engine, self._name_of = engine, name_of

    def begin(self, state: str, browser: str, begun: Begun, *, at: int) -> None:
        told = {"nonce": begun.nonce, "verifier": begun.verifier, "way": begun.way, "at": at}
        with writing(self._engine) as connection:
            made = insert(_begun).values(state=hash_of(state), browser=hash_of(browser), **told)
            newest = connection.execute(made.returning(_begun.c.id)).scalar_one()
            old = or_(_begun.c.at < at - LIFE_OF_A_BEGUN, _begun.c.id < newest - MOST_BEGUN)
            connection.execute(delete(_begun).where(old))

    def take(self, state: str, *, at: int) -> tuple[str, Begun] | None:
        c = _begun.c
        with writing(self._engine) as connection:
            taken = delete(_begun).where(c.state == hash_of(state))
            row = connection.execute(taken.returning(c.browser, c.nonce, c.verifier, c.way, c.at)).first()
        if row is None or at - row.at > LIFE_OF_A_BEGUN:
            return None
        return row.browser, Begun(row.nonce, row.verifier, row.way)

    def start(self, person: Person, *, sid: str, at: int, ends: int) -> str:
        key, name = token_urlsafe(32), self._name_of(person.subject, person.name)
        values = {
            "key": hash_of(key),
            "subject": person.subject,
            "sid": hash_of(sid) if sid else "",
            "name": name,
            "groups": json.dumps(sorted(person.groups)),
            "organisations": json.dumps(sorted(person.organisations)),
            "address": person.address,
            "began": at,
            "seen": at,
            "ends": ends,
        }
        with writing(self._engine) as connection:
            connection.execute(delete(_session).where(_session.c.ends <= at))
            connection.execute(insert(_session).values(values))
        return key

    def of(self, key: str, *, at: int, idle: int, by_person: bool) -> Person | None:
        c = _session.c
        with self._engine.connect() as connection:
            row = connection.execute(select(_session).where(c.key == hash_of(key))).first()
        if row is None or at >= row.ends or at - row.seen >= idle:
            return None
        if by_person and at - row.seen >= SEEN_APART:
            self._note_seen(row.id, at)
        groups, told = (frozenset(json.loads(each)) for each in (row.groups, row.organisations))
        return Person(row.subject, row.name, groups, row.address, told)

    def end(self, key: str) -> None:
        if key:
            self._end(_session.c.key == hash_of(key))

    def end_of_provider(self, *, subject: str, sid: str) -> int:
        # Where its session is named that one alone; else everything of the subject.
        c = _session.c
        wanted = c.sid == hash_of(sid) if sid else c.subject == subject
        return self._end(wanted & (c.subject == subject) if sid and subject else wanted)

    def _end(self, which: Any) -> int:
        with writing(self._engine) as connection:
            return int(connection.execute(delete(_session).where(which)).rowcount)

    def _note_seen(self, number: int, at: int) -> None:
        try:
            with writing(self._engine, patience=1) as connection:
                seen = update(_session).where(_session.c.id == number, _session.c.seen < at)
                connection.execute(seen.values(seen=at))
        except OperationalError:
            return  # the next request notes it


def open_sessions(engine: Engine, *, at: int, idle: int) -> list[SignedIn]:
    """Who is signed in now, who was seen last first."""
    c = _session.c
    asked = select(_session).where(c.ends > at, c.seen > at - idle).order_by(c.seen.desc(), c.id)
    with engine.connect() as connection:
        rows = connection.execute(asked).all()
    return [
        SignedIn(
            row.name,
            row.subject,
            frozenset(json.loads(row.groups)),
            frozenset(json.loads(row.organisations)),
            *map(_moment, (row.began, row.seen, row.ends)),
        )
        for row in rows
    ]


def end_sessions(engine: Engine, name: str | None) -> int:
    """End those of a name, or all; how many there were."""
    with writing(engine) as connection:
        which = delete(_session) if name is None else delete(_session).where(_session.c.name == name)
        return int(connection.execute(which).rowcount)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
