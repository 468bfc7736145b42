"""The forms of wall screens on /screens: a new one, its preview, another address, none, and its removal.

The address with its token is shown once, in the answer to the form; nothing keeps the token itself.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, redirect, request
from flask import Response as PlainResponse
from sqlalchemy import Engine
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dashboard.filters import from_query
from dashboard.scope.scope import resolve
from dashboard.screens.draw import code_of_files, data_of, page_of
from dashboard.screens.figures import not_meant
from dashboard.server import guard
from dashboard.server.access import check_writer
from dashboard.server.url_tokens import PARAMETER, hash_of, new_token
from dashboard.store import writing
from dashboard.store.cache import reading
from dashboard.store.screens import Screen
from dashboard.store.writing import Unacceptable

BACK = "/screens"


def register(server: Flask, engine: Engine, *, now: Callable[[], datetime]) -> None:
    code = code_of_files()

    @server.post("/screens", endpoint="screen-add")
    def add() -> Response:
        check_writer(guard.enquiry().reader)
        token = new_token()
        return _answered(
            lambda: writing.save_screen(
                engine,
                guard.enquiry().reader,
                **_asked(engine, request.form),
                token_hash=hash_of(token),
                at=datetime.now(UTC),
            ),
            token,
        )

    @server.get(guard.PREVIEW, endpoint="screen-preview")
    def preview() -> Response:
        check_writer(guard.enquiry().reader)
        try:
            screen = _draft(engine)
        except Unacceptable as reason:
            return guard.answer(400, "No preview", str(reason))
        return PlainResponse(page_of(screen, code, preview=True), mimetype="text/html")

    @server.get(f"{guard.PREVIEW}/data.json", endpoint="screen-preview-data")
    def preview_data() -> Response:
        check_writer(guard.enquiry().reader)
        try:
            screen = _draft(engine)
        except Unacceptable as reason:
            return guard.answer(400, "No preview", str(reason))
        with reading(engine) as connection:
            return data_of(connection, screen, code, now())

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


def _asked(engine: Engine, given: MultiDict[str, str]) -> dict[str, Any]:
    """What the form asks for. Raises `Unacceptable`."""
    return {
        "title": given.get("title", ""),
        "query": _scope(engine, given.get("scope", "")),
        "pages": [given.getlist("first"), given.getlist("second")],
        "inches": round(_number(given.get("inches", ""), "Enter the screen size in inches, e.g. 43.")),
        "metres": _number(given.get("metres", ""), "Enter the viewing distance in metres, e.g. 3.5."),
        "theme": given.get("theme", ""),
    }


def _draft(engine: Engine) -> Screen:
    """The screen that the form would set up; without a title yet it has one to be looked at."""
    asked = _asked(engine, request.args)
    return Screen.draft(writing.screen_values(**asked | {"title": asked["title"].strip() or "Preview"}))


def _scope(engine: Engine, asked: str) -> str:
    """The filters of a scope that the data has; any other would leave the wall empty."""
    query = _query(asked)
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


def _number(text: str, question: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number < 1000:
        raise Unacceptable(question)
    return number
