"""The outbox: emails are kept in the database before they are sent, and each step is kept before it is taken.

An email is `waiting`; `sending` while a run has it; `handed` once the server is given its words and until it
says that it took them; then `sent`. What a killed run left `sending` is taken up again. What it left `handed`
may or may not have arrived: it is `unsure`, and is not sent again.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, case, func, insert, select, update

from dashboard.store.ledger import in_utc
from ingest.store.database import writing
from ingest.store.schema import alert_choice, alert_email

WAITING, SENDING, HANDED = "waiting", "sending", "handed"
SENT, UNSURE, FAILED, DROPPED = "sent", "unsure", "failed", "dropped"
LEASE = timedelta(minutes=20)
"""Longer than one email can take: whoever has had it for longer is not at work any more."""
GIVE_UP = timedelta(days=7)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=12)
PATIENCE = 120.0  # seconds: that an email was taken must be written down, whatever else is writing
COUNTED = timedelta(days=28)

_c = alert_email.c


@dataclass(frozen=True, slots=True)
class Waiting:
    """An email to be sent: its words as they were written, and to which choice."""

    id: int
    choice_id: int
    message_id: str
    words: dict[str, Any]
    made_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of emails: counts and days, and nobody's name."""

    choices: int = 0
    waiting: int = 0
    sent: int = 0  # in the last four weeks, as the next two
    unsure: int = 0
    failed: int = 0
    last_sent: datetime | None = None


NO_ALERTS = Counts()


def has_email(connection: Connection, reader: str, period: str) -> bool:
    """Whether a reader has an email of this period: there is one for each."""
    asked = select(_c.id).where(_c.reader == reader, _c.period == period)
    return connection.execute(asked).first() is not None


def emails_of_week(connection: Connection, reader: str, week: str) -> int:
    """How many emails about changes a reader got in a week, or will get."""
    asked = select(func.count()).where(_c.reader == reader, _c.week == week, _c.changes > 0)
    return connection.execute(asked).scalar() or 0


def last_unsure(connection: Connection, reader: str) -> datetime | None:
    """When the newest email of a reader was written, if it may not have arrived."""
    newest = select(_c.state, _c.made_at).where(_c.reader == reader, _c.changes > 0)
    row = connection.execute(newest.order_by(_c.id.desc()).limit(1)).first()
    return in_utc(row.made_at) if row and row.state in (UNSURE, FAILED) else None


def put(
    connection: Connection,
    *,
    choice_id: int,
    reader: str,
    period: str,
    week: str,
    message_id: str,
    changes: int,
    words: dict[str, Any],
    at: datetime,
) -> int:
    """Put an email into the outbox; its id."""
    values = {"choice_id": choice_id, "reader": reader, "period": period, "week": week, "changes": changes}
    written = insert(alert_email).values(
        **values,
        message_id=message_id,
        words=json.dumps(words),
        state=WAITING,
        attempts=0,
        made_at=at,
        next_at=at,
        fault="",
    )
    return int(connection.execute(written.returning(_c.id)).scalar_one())


def recover(engine: Engine, *, now: datetime) -> None:
    """Take up what a run that was killed left behind."""
    old = _c.tried_at < now - LEASE
    with writing(engine) as connection:
        connection.execute(
            update(alert_email).where(_c.state == SENDING, old).values(state=WAITING, fault="interrupted")
        )
        connection.execute(
            update(alert_email)
            .where(_c.state == HANDED, old)
            .values(state=UNSURE, fault="interrupted", words="")
        )


def due(connection: Connection, *, now: datetime, only: int | None = None) -> list[int]:
    """The emails whose time has come, oldest first."""
    asked = select(_c.id).where(_c.state == WAITING, _c.next_at <= now).order_by(_c.id)
    return [row.id for row in connection.execute(asked if only is None else asked.where(_c.id == only))]


def claim(engine: Engine, id: int, *, now: datetime) -> Waiting | None:
    """Take an email to send it; None if another run has it, or if its reader has stopped alerts meanwhile."""
    with writing(engine) as connection:
        row = connection.execute(
            update(alert_email)
            .where(_c.id == id, _c.state == WAITING)
            .values(state=SENDING, attempts=_c.attempts + 1, tried_at=now)
            .returning(_c.id, _c.choice_id, _c.message_id, _c.words, _c.made_at, _c.attempts)
        ).first()
        if row is None:
            return None
        of = alert_choice.c
        choice = connection.execute(select(of.withdrawn_at).where(of.id == row.choice_id)).one()
        if choice.withdrawn_at is not None:
            _end(connection, id, DROPPED)
            return None
        made_at = in_utc(row.made_at)
        return Waiting(row.id, row.choice_id, row.message_id, json.loads(row.words), made_at, row.attempts)


def handed_over(engine: Engine, id: int) -> None:
    """The server is about to be given the words: from here on it may have taken them."""
    with writing(engine) as connection:
        connection.execute(update(alert_email).where(_c.id == id).values(state=HANDED))


def sent(engine: Engine, id: int, *, at: datetime) -> None:
    """The server took it. Its words are kept no longer."""
    with writing(engine, patience=PATIENCE, in_turn=False) as connection:
        _end(connection, id, SENT, sent_at=at)


def unsure(engine: Engine, id: int, fault: str) -> None:
    """The server was given the words and did not answer: it may have taken them."""
    with writing(engine, patience=PATIENCE, in_turn=False) as connection:
        _end(connection, id, UNSURE, fault=fault)


def not_sent(engine: Engine, email: Waiting, fault: str, *, now: datetime) -> None:
    """The server did not take it: it waits, longer each time, and after a week it is given up."""
    with writing(engine, patience=PATIENCE, in_turn=False) as connection:
        if now - email.made_at > GIVE_UP:
            _end(connection, email.id, FAILED, fault=fault)
            return
        wait = min(FIRST_WAIT * 2 ** min(email.attempts - 1, 12), LONGEST_WAIT)
        again = update(alert_email).where(_c.id == email.id)
        connection.execute(again.values(state=WAITING, next_at=now + wait, fault=fault))


def counts(connection: Connection, *, until: date) -> Counts:
    """What the status page says; one statement."""
    lately = _c.made_at > datetime.combine(until, time(), UTC) - COUNTED
    in_state = {
        name: func.sum(case((_c.state.in_(states) & recent, 1), else_=0))
        for name, states, recent in (
            ("waiting", (WAITING, SENDING, HANDED), _c.id > 0),
            ("sent", (SENT,), lately),
            ("unsure", (UNSURE,), lately),
            ("failed", (FAILED,), lately),
        )
    }
    of = alert_choice.c
    chosen = select(func.count()).where(of.withdrawn_at.is_(None), of.confirmed_at.is_not(None))
    row = connection.execute(select(chosen.scalar_subquery(), *in_state.values(), func.max(_c.sent_at))).one()
    choices, waiting, taken, unknown, failed = (int(each or 0) for each in row[:5])
    return Counts(choices, waiting, taken, unknown, failed, last_sent=row[5] and in_utc(row[5]))


def _end(connection: Connection, id: int, state: str, **values: Any) -> None:
    connection.execute(update(alert_email).where(_c.id == id).values(state=state, words="", **values))
