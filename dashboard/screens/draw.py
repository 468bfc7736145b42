"""The wall screen at /screen/<name>: a plain page outside Dash, and the data that it asks for.

Its token opens four addresses: the page, its data, and the two files that it uses (assets/watchdog.js and
assets/screen.css). What it shows is made in `dashboard.screens.figures`; the watchdog, in the browser,
shows how old the figures are and whether the connection is lost. It has no links.
"""

import hashlib
import time
from collections.abc import Callable
from datetime import datetime

from flask import Flask, Response, jsonify, request
from sqlalchemy import Connection, Engine

from dashboard.screens.figures import shown
from dashboard.server import guard
from dashboard.server.html import TEMPLATES, filled
from dashboard.server.path_prefix import root
from dashboard.server.url_tokens import PARAMETER, Token, token_of
from dashboard.store import writing
from dashboard.store.cache import data_version, reading
from dashboard.store.screen_size import USUAL, sizes
from dashboard.store.screens import Screen, name_of_token, screen_named

WATCHDOG, STYLE = "/assets/watchdog.js", "/assets/screen.css"
OF_SCREENS_ALONE = r"watchdog\.js|screen\.css"
"""The two files, as a pattern: no page of Dash carries them."""

NOTED_EVERY = 60.0  # seconds between two notes of the same screen's heartbeat

# What a screen says of a restart without network; it says nothing until it knows.
_SURVIVES = {"yes": True, "no": False}
_TEMPLATE = "screens/screen.html.jinja"


def register(server: Flask, engine: Engine, *, now: Callable[[], datetime]) -> None:
    code = code_of_files()
    noted: dict[tuple[str, bool | None], float] = {}

    @server.get("/screen/<name>", endpoint="screen-page")
    def page(name: str) -> Response:
        with reading(engine) as connection:
            found = screen_named(connection, name)
        if found is None:
            return guard.closed(guard.not_found())
        return Response(page_of(found, code), mimetype="text/html")

    @server.get("/screen/<name>/data.json", endpoint="screen-data")
    def data(name: str) -> Response:
        moment = now()
        with reading(engine) as connection:
            found = screen_named(connection, name)
            if found is None:
                return guard.closed(guard.not_found())
            answer = data_of(connection, found, code, moment)
        if token_of(request.environ):
            # After the answer: the note may have to wait for a load, and the screen must not.
            survives = _SURVIVES.get(request.args.get("survives", ""))
            answer.call_on_close(lambda: _note(engine, noted, name, survives=survives, at=moment))
        return answer

    @server.after_request
    def allow_worker(response: Response) -> Response:
        if request.path == WATCHDOG:
            response.headers["Service-Worker-Allowed"] = f"{root()}/screen/"
            # A worker goes by the policy of its own file, and fetches what it keeps.
            response.headers["Content-Security-Policy"] = f"{guard.OF_FILES}; connect-src 'self'"
        return response


def door(engine: Engine) -> Callable[[Token, str, str], bool]:
    """Whether a token opens an address, by (token, method, path): its screen's four, to read."""

    def opens(token: Token, method: str, path: str) -> bool:
        with reading(engine) as connection:
            name = name_of_token(connection, token.hashed)
        return (
            name is not None
            and method in ("GET", "HEAD")
            and path in (f"/screen/{name}", f"/screen/{name}/data.json", WATCHDOG, STYLE)
        )

    return opens


def data_of(connection: Connection, screen: Screen, code: str, moment: datetime) -> Response:
    """What a screen shows at a moment, as JSON."""
    told = shown(connection, screen, guard.enquiry())
    version, server_time = data_version(connection), moment.timestamp() * 1000
    return jsonify(**told, title=screen.title, version=version, code=code, server_time=server_time)


def page_of(screen: Screen, code: str, *, preview: bool = False) -> str:
    """The page of a screen; `preview`: in a frame of the form that sets it up, where it keeps nothing."""
    token = token_of(request.environ)
    more = f"&{PARAMETER}={token.text}" if token else ""
    size = sizes(inches=screen.inches, metres=screen.metres)
    return filled(
        _TEMPLATE,
        title=screen.title,
        theme=screen.theme,
        preview=preview,
        code=code,
        style=f"{root()}{STYLE}?m={code}{more}",
        watchdog=f"{root()}{WATCHDOG}?m={code}{more}",
        least=size.least,
        text=max(size.least, USUAL),
        figure=size.figure,
    )


def _note(
    engine: Engine,
    noted: dict[tuple[str, bool | None], float],
    name: str,
    *,
    survives: bool | None,
    at: datetime,
) -> None:
    clock = time.monotonic()
    if clock - noted.get((name, survives), -NOTED_EVERY) >= NOTED_EVERY:
        noted[name, survives] = clock
        writing.note_heartbeat(engine, name, survives=survives, at=at)


def code_of_files() -> str:
    """The version of what a screen runs: when it changes, screens load themselves anew."""
    files = (TEMPLATES / _TEMPLATE, *(TEMPLATES / path.lstrip("/") for path in (WATCHDOG, STYLE)))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
