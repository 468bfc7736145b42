"""Sends what waits in the outbox: each email at most once, and none is lost while the server can be reached
within a week.

Each step is written down before it is taken (`dashboard.store.outbox`). No name and no address is logged.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from dashboard.mail.alert import Alert, message
from dashboard.mail.delivery import NotTaken, Unknown, Unreachable, deliver
from dashboard.settings.settings import Settings
from dashboard.store import outbox
from dashboard.store.alerts import CONFIRM, STOP, Choice, choice_by_id

log = logging.getLogger("rtt.mail")

STOP_PATH, CONFIRM_PATH = "/alerts/stop", "/alerts/confirm"
TO_CONFIRM = "(to confirm)"
"""Stands in kept words for the link that confirms: it is a secret, and made when the email is."""

Deliver = Callable[..., None]


@dataclass(slots=True)
class Outcome:
    """What became of the emails that were due."""

    sent: int = 0
    waiting: int = 0
    unsure: int = 0


def send_due(
    engine: Engine,
    settings: Settings,
    *,
    now: datetime,
    only: int | None = None,
    clock: Callable[[], datetime],
    give: Deliver = deliver,
) -> Outcome:
    """Send every email whose time has come. While the server is not there the rest waits untried."""
    outbox.recover(engine, now=now)
    found = Outcome()
    with engine.connect() as connection:
        waiting = outbox.due(connection, now=now, only=only)
    for at, id in enumerate(waiting):
        try:
            _send(engine, settings, id, found, now=clock(), give=give)
        except Unreachable as fault:
            log.error("the mail server did not take alerts: %s; %d wait", fault, len(waiting) - at)
            found.waiting += len(waiting) - at
            break
    return found


def link_of(settings: Settings, path: str, token: str) -> str:
    """The address of a link in an email."""
    return f"{settings.link.rstrip('/')}{path}?token={token}"


def _send(
    engine: Engine, settings: Settings, id: int, found: Outcome, *, now: datetime, give: Deliver
) -> None:
    email = outbox.claim(engine, id, now=now)
    if email is None:
        return
    assert settings.mail is not None
    with engine.connect() as connection:
        choice = choice_by_id(connection, email.choice_id)
    words = _addressed(settings, Alert.of(email.words), choice)
    stop = link_of(settings, STOP_PATH, choice.token(STOP)) if not words.action else ""
    made = message(
        words,
        settings.mail,
        to=choice.address,
        message_id=email.message_id,
        stop=stop,
        made_at=email.made_at,
    )
    try:
        give(made, choice.address, settings.mail, before_words=lambda: outbox.handed_over(engine, email.id))
    except Unknown as fault:
        outbox.unsure(engine, email.id, str(fault))
        log.error("an alert may not have arrived: %s", fault)
        found.unsure += 1
    except NotTaken as fault:
        outbox.not_sent(engine, email, str(fault), now=now)
        if isinstance(fault, Unreachable):
            raise
        log.error("the mail server did not take an alert: %s", fault)
        found.waiting += 1
    else:
        outbox.sent(engine, email.id, at=now)
        found.sent += 1


def _addressed(settings: Settings, alert: Alert, choice: Choice) -> Alert:
    """With the link that confirms, where the email is about that."""
    if alert.action_href != TO_CONFIRM:
        return alert
    href = link_of(settings, CONFIRM_PATH, choice.token(CONFIRM))
    return Alert.of({**alert.values(), "action_href": href})
