"""The forms of wall screens on /status: a new one, another address for one, none, and its removal.

The address with its token is shown once, in the answer to the form; nothing keeps the token itself.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Flask, redirect, request
from sqlalchemy import Engine
from werkzeug.wrappers import Response

from dashboard.callbacks.writing import field
from dashboard.filters import from_query
from dashboard.scope.scope import resolve
from dashboard.screens.figures import not_meant
from dashboard.server import guard
from dashboard.server.access import check_writer
from dashboard.server.url_tokens import PARAMETER, hash_of, new_token
from dashboard.store import writing
from dashboard.store.cache import reading
from dashboard.store.writing import Unacceptable

BACK = "/status"


def register(server: Flask, engine: Engine) -> None:
    @server.post("/screens", endpoint="screen-add")
    def add() -> Response:
        check_writer(guard.enquiry().reader)
        token = new_token()
        return _answered(
            lambda: writing.save_screen(
                engine,
                guard.enquiry().reader,
                title=field("title"),
                query=_scope(engine),
                pages=[request.form.getlist("first"), request.form.getlist("second")],
                inches=round(_number("inches", "Enter the screen size in inches, e.g. 43.")),
                metres=_number("metres", "Enter the viewing distance in metres, e.g. 3.5."),
                theme=field("theme"),
                token_hash=hash_of(token),
                at=datetime.now(UTC),
            ),
            token,
        )

    @server.post("/screens/<row:number>/address", endpoint="screen-address")
    def renew(number: int) -> Response:
        token = new_token()
        return _answered(
            lambda: writing.change_token(engine, guard.enquiry().reader, number, token_hash=hash_of(token)),
            token,
        )

    @server.post("/screens/<row:number>/revoke", endpoint="screen-revoke")
    def revoke(number: int) -> Response:
        return _answered(
            lambda: writing.change_token(engine, guard.enquiry().reader, number, token_hash=None)
        )

    @server.post("/screens/<row:number>/withdraw", endpoint="screen-withdraw")
    def withdraw(number: int) -> Response:
        return _answered(
            lambda: writing.withdraw(engine, guard.enquiry().reader, "screen", number, at=datetime.now(UTC))
        )


def _answered(write: Callable[[], str | None], token: str = "") -> Response:
    """Back to the page, or the new address to copy."""
    try:
        name = write()
    except Unacceptable as reason:
        return guard.answer(400, "Nothing was saved", str(reason), link=BACK)
    if not token:
        return redirect(BACK, 303)
    address = f"{request.url_root}screen/{name}?{PARAMETER}={token}"
    words = (
        f"Open this address on the screen, full screen: {address} Copy it now: it is not shown again. "
        "Anyone who has it can see this screen and nothing else."
    )
    return guard.answer(200, "The screen is set up", words, link=BACK)


def _scope(engine: Engine) -> str:
    """The filters of a scope that the data has; any other would leave the wall empty."""
    query = _query(field("scope"))
    with reading(engine) as connection:
        scope = resolve(connection, from_query(query)[0], guard.enquiry())
    why = not_meant(scope)
    if why and scope.census is not None:
        raise Unacceptable(f"A screen cannot show this scope. {why}")
    return query


def _query(scope: str) -> str:
    """The filters of an address that was copied whole, or of its part after the question mark."""
    text = scope.strip()
    return urlsplit(text).query if "?" in text or "/" in text else text


def _number(name: str, question: str) -> float:
    try:
        number = float(field(name))
    except ValueError:
        number = -1
    if not 0 <= number < 1000:
        raise Unacceptable(question)
    return number
