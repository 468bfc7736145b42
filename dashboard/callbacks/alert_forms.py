"""Alerts by email: the forms on My services, and the links in the emails.

A link shows a button, and only its press does something: programs that look at mail follow every link in it.
A mail program's own button asks by POST at once (RFC 8058). Neither needs a sign-in: the token says whose it
is, and does one thing.
"""

from collections.abc import Callable
from datetime import datetime

from flask import Flask, Response, redirect, request
from sqlalchemy import Engine
from werkzeug.wrappers import Response as AnyResponse

from dashboard.callbacks.writing import field
from dashboard.mail.alerting import confirmation, message_id_of
from dashboard.mail.sending import CONFIRM_PATH, STOP_PATH, send_due
from dashboard.server import guard
from dashboard.server.access import Denied, check_is_somebody
from dashboard.server.html import filled
from dashboard.server.path_prefix import root
from dashboard.server.url_tokens import PARAMETER, Token, token_of
from dashboard.settings.areas import is_address
from dashboard.store import outbox
from dashboard.store.alerts import CONFIRM, STOP, Choice, choice_of_token, choose, confirm, stop, stop_by_link
from dashboard.store.cache import data_kind, reading
from dashboard.store.writing import Unacceptable
from ingest.store.database import writing

PAGE = "/services"
PURPOSES = {STOP_PATH: STOP, CONFIRM_PATH: CONFIRM}
NOT_SET_UP = "Alerts by email are not set up on this server."


def register(server: Flask, engine: Engine, *, now: Callable[[], datetime]) -> None:
    @server.post("/services/alerts", endpoint="alerts-choose")
    def chosen() -> AnyResponse:
        try:
            choice = _choose(engine, now())
        except Unacceptable as reason:
            return guard.answer(400, "Nothing was saved", str(reason), link=PAGE)
        answer = redirect(PAGE, 303)
        if choice.confirmed_at is None:
            settings, email = guard.enquiry().settings, _ask(engine, choice, now())
            # After the answer: a mail server may take its time; what it does not take waits in the outbox.
            answer.call_on_close(lambda: send_due(engine, settings, now=now(), only=email, clock=now))
        return answer

    @server.post("/services/alerts/stop", endpoint="alerts-stop-own")
    def stopped() -> AnyResponse:
        reader = guard.enquiry().reader
        check_is_somebody(reader)
        stop(engine, reader.name, by=reader.name, at=now())
        return redirect(PAGE, 303)

    @server.route(STOP_PATH, methods=["GET", "POST"], endpoint="alerts-stop")
    def stop_link() -> AnyResponse:
        choice = _of_link(engine)
        if request.method == "POST":
            stop_by_link(engine, choice, at=now())
            return guard.answer(
                200, "The emails are stopped", "You will get no more alerts by email. You can", link=PAGE
            )
        return _press(
            "Stop alerts by email?", "You will get no more emails about your services.", "Stop the emails"
        )

    @server.route(CONFIRM_PATH, methods=["GET", "POST"], endpoint="alerts-confirm")
    def confirm_link() -> AnyResponse:
        choice = _of_link(engine)
        if request.method == "POST":
            if not confirm(engine, choice, at=now()):
                return guard.answer(
                    410, "This link is too old", "Enter your address on My services again.", link=PAGE
                )
            return guard.answer(
                200, "The address is confirmed", "You will get alerts about your services.", link=PAGE
            )
        return _press(
            "Confirm your email address",
            "Alerts about your services will be sent to it.",
            "Confirm this address",
        )


def door(engine: Engine) -> Callable[[Token, str, str], bool]:
    """Whether a token opens an address, by (token, method, path): the one link that it was signed for."""

    def opens(token: Token, method: str, path: str) -> bool:
        if path not in PURPOSES or method not in ("GET", "HEAD", "POST"):
            return False
        with engine.connect() as connection:
            return choice_of_token(connection, token.text, PURPOSES[path]) is not None

    return opens


def _of_link(engine: Engine) -> Choice:
    token = token_of(request.environ)
    with engine.connect() as connection:
        found = choice_of_token(connection, token.text, PURPOSES[request.path]) if token else None
    if found is None:
        raise Denied(403, "This address needs the link from an email.")
    return found


def _press(title: str, sentence: str, button: str) -> Response:
    token = token_of(request.environ)
    assert token is not None
    action = f"{root()}{request.path}?{PARAMETER}={token.text}"
    page = filled(
        "callbacks/press.html.jinja",
        title=title,
        sentence=sentence,
        button=button,
        action=action,
        root=root(),
    )
    return Response(page, mimetype="text/html")


def _choose(engine: Engine, at: datetime) -> Choice:
    """Keep what the form says. An address that the sign-in knows is the reader's; a typed one is not yet."""
    enquiry = guard.enquiry()
    reader, settings = enquiry.reader, enquiry.settings
    check_is_somebody(reader)
    if not settings.sends_alerts:
        raise Unacceptable(NOT_SET_UP)
    address = reader.address or field("address").strip()
    if not is_address(address):
        raise Unacceptable("Enter one email address, such as jo.smith@trust.nhs.uk.")
    if not reader.address and not settings.may_write_to(address):
        raise Unacceptable("This dashboard may not write to that address. Use the one that you have at work.")
    return choose(
        engine, reader, address=address, pace=field("pace"), is_confirmed=bool(reader.address), at=at
    )


def _ask(engine: Engine, choice: Choice, at: datetime) -> int:
    """Put the email that asks for a confirmation into the outbox; its id."""
    settings = guard.enquiry().settings
    with reading(engine) as connection:
        sample = data_kind(connection) == "sample"
    words = confirmation(sample=sample)
    with writing(engine) as connection:
        return outbox.put(
            connection,
            choice_id=choice.id,
            reader=choice.reader,
            period=f"confirm {choice.id}",
            week="",
            message_id=message_id_of(settings),
            changes=0,
            words=words.values(),
            at=at,
        )
