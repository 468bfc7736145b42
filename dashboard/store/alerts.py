"""Alerts by email: who chose them, what they were told, and the emails that wait or were sent.

A choice is never overwritten: a new one withdraws the one before, whose address is then forgotten. Nothing
here sends, and nothing here decides what is told.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from dashboard.server.access import Reader, check_is_somebody
from dashboard.store.ledger import in_utc
from dashboard.store.writing import Unacceptable
from ingest.store.database import writing
from ingest.store.schema import alert_choice, alert_told, audit

Pace = Literal["weekly", "at-once"]
PACES: tuple[Pace, ...] = ("weekly", "at-once")
MOST_CHOICES_A_DAY = 5  # each may send an email to an address that somebody typed
CONFIRM_WITHIN = timedelta(days=7)
STOP, CONFIRM = "stop", "confirm"

_c = alert_choice.c


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader chose. Printed it says nothing of where they are written to."""

    id: int
    reader: str
    address: str
    pace: str
    secret: str
    confirmed_at: datetime | None
    written_at: datetime
    withdrawn_at: datetime | None

    def __repr__(self) -> str:
        return f"<Choice {self.id}>"

    def token(self, purpose: str) -> str:
        """What a link in an email carries: it does one thing to this choice and opens nothing else."""
        return f"{self.id}.{_signed(self.secret, purpose, self.id)}"


def choice_of(connection: Connection, reader: str) -> Choice | None:
    """What a reader has chosen now; one statement, none for nobody in particular."""
    if not reader:
        return None
    row = connection.execute(_choices().where(_c.author == reader, _c.withdrawn_at.is_(None))).first()
    return _choice(row) if row else None


def choice_by_id(connection: Connection, id: int) -> Choice:
    """A choice that an email belongs to."""
    return _choice(connection.execute(_choices().where(_c.id == id)).one())


def standing_choices(connection: Connection) -> list[Choice]:
    """Everybody who is to be written to: confirmed, and not stopped. One statement."""
    asked = _choices().where(_c.withdrawn_at.is_(None), _c.confirmed_at.is_not(None)).order_by(_c.id)
    return [_choice(row) for row in connection.execute(asked)]


def choice_of_token(connection: Connection, token: str, purpose: str) -> Choice | None:
    """The choice that a link of this purpose belongs to, stopped or not; None if we did not sign it."""
    number, _, signature = token.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    row = connection.execute(_choices().where(_c.id == int(number))).first()
    if row is None:
        return None
    found = _choice(row)
    right = _signed(found.secret, purpose, found.id)
    return found if hmac.compare_digest(signature.encode(errors="replace"), right.encode()) else None


def choose(
    engine: Engine, reader: Reader, *, address: str, pace: str, is_confirmed: bool, at: datetime
) -> Choice:
    """Take a reader's choice in place of the one before. Raises `Denied`, `Unacceptable`.

    An address that the reader confirmed before stays confirmed.
    """
    check_is_somebody(reader)
    if pace not in PACES:
        raise Unacceptable("Choose how often you want to be written to.")
    with writing(engine) as connection:
        before = choice_of(connection, reader.name)
        known = before is not None and before.address == address and before.confirmed_at is not None
        if not (known or is_confirmed):
            lately = select(func.count()).where(
                _c.author == reader.name, _c.written_at > at - timedelta(days=1)
            )
            if (connection.execute(lately).scalar() or 0) >= MOST_CHOICES_A_DAY:
                raise Unacceptable("You changed your alerts too often today. Try again tomorrow.")
        _withdraw(connection, reader.name, by=reader.name, at=at)
        values = {
            "address": address,
            "pace": pace,
            "secret": secrets.token_hex(32),
            "confirmed_at": at if known or is_confirmed else None,
        }
        made = insert(alert_choice).values(**values, author=reader.name, written_at=at).returning(_c.id)
        id = connection.execute(made).scalar_one()
        _note(connection, reader.name, "alerts chosen", pace, at)
        return _choice(connection.execute(_choices().where(_c.id == id)).one())


def stop(engine: Engine, reader: str, *, by: str, at: datetime) -> bool:
    """Write to a reader no more; whether there was something to stop. `by`: the reader, or a link."""
    with writing(engine) as connection:
        return _withdraw(connection, reader, by=by, at=at)


def stop_by_link(engine: Engine, choice: Choice, *, at: datetime) -> None:
    """What the link in an email does: its reader gets no more of them, whichever choice it came from."""
    stop(engine, choice.reader, by="link in an email", at=at)


def confirm(engine: Engine, choice: Choice, *, at: datetime) -> bool:
    """The address of a choice is its reader's; whether it could still be confirmed."""
    if choice.withdrawn_at is not None or at - choice.written_at > CONFIRM_WITHIN:
        return False
    with writing(engine) as connection:
        asked = update(alert_choice).where(
            _c.id == choice.id, _c.withdrawn_at.is_(None), _c.confirmed_at.is_(None)
        )
        connection.execute(asked.values(confirmed_at=at))
    return True


def told_to(connection: Connection, reader: str) -> dict[str, str]:
    """Topic -> the state that a reader was told of last; one statement."""
    c = alert_told.c
    rows = connection.execute(select(c.topic, c.state).where(c.reader == reader))
    return {row.topic: row.state for row in rows}


def note_told(connection: Connection, reader: str, states: Mapping[str, str], *, at: datetime) -> None:
    """Keep what a reader knows now; '' forgets a topic, so that it is told when it comes again."""
    c = alert_told.c
    for topic, state in states.items():
        connection.execute(delete(alert_told).where(c.reader == reader, c.topic == topic))
        if state:
            connection.execute(insert(alert_told).values(reader=reader, topic=topic, state=state, told_at=at))


def _choices() -> Any:
    columns = (_c.address, _c.pace, _c.secret, _c.confirmed_at, _c.written_at, _c.withdrawn_at)
    return select(_c.id, _c.author, *columns)


def _choice(row: Any) -> Choice:
    # SQLite knows no time zones.
    times = (each and in_utc(each) for each in row[5:])
    return Choice(*row[:5], *times)


def _withdraw(connection: Connection, reader: str, *, by: str, at: datetime) -> bool:
    # Nobody needs the address of a choice that is over.
    gone = (
        update(alert_choice)
        .where(_c.author == reader, _c.withdrawn_at.is_(None))
        .values(withdrawn_by=by, withdrawn_at=at, address="")
    )
    there = connection.execute(gone).rowcount > 0
    if there:
        _note(connection, reader, "alerts stopped", f"by {by}" if by != reader else "", at)
    return there


def _note(connection: Connection, reader: str, action: str, scope: str, at: datetime) -> None:
    values = {"at": at, "reader": reader, "action": action, "scope": scope, "rows": 0, "purpose": ""}
    connection.execute(insert(audit).values(**values))


def _signed(secret: str, purpose: str, id: int) -> str:
    return hmac.new(secret.encode(), f"{purpose}:{id}".encode(), sha256).hexdigest()
