"""Checks requests: one that no page of ours sends is answered by 400, before Dash reads it.

Dash takes the body of a callback as it comes: a missing key, a text where a list belongs or an output that is
not there ends in a fault of its own. A page sends the same few keys and plain values; nothing else goes on to
it. A NUL character in an address or a form is refused: SQLite would take it and PostgreSQL would not.
"""

import json
from typing import Any, NoReturn

from dash import Dash
from flask import Flask, Response, request
from werkzeug.routing import IntegerConverter
from werkzeug.routing import Map as Routes

from dashboard.layouts.frame import ids
from dashboard.server import guard
from ingest.store.columns import NUL, largest
from ingest.store.schema import annotation

CALLBACK = "_dash-update-component"
SENTENCE = "No page of this dashboard sends such a request. Reload the page, or"


class NotMeant(ValueError):
    """No page of ours sends this request."""


class RowNumber(IntegerConverter):
    """The number of a row in an address, <row:number>: one that no row can have leads nowhere."""

    def __init__(self, routes: Routes) -> None:
        super().__init__(routes, min=1, max=largest(annotation.c.id))


def prepare(server: Flask) -> None:
    server.url_map.converters["row"] = RowNumber


def install(app: Dash) -> None:
    way = app.config.routes_pathname_prefix + CALLBACK

    server: Flask = app.server

    @server.before_request
    def look() -> Response | None:
        try:
            _check_texts()
            if request.path == way and request.method == "POST":
                _check_callback(app, _body())
        except NotMeant:
            return guard.answer(400, "This request cannot be understood", SENTENCE)
        return None


def _check_texts() -> None:
    """Raises `NotMeant` for a NUL character in the address or in a field of a form."""
    texts = [request.path, *request.args.keys(), *request.args.values()]
    if request.method not in guard.READING and request.mimetype in guard.FORMS:
        for name, values in request.form.lists():
            texts += [name, *values]
    if any(NUL in text for text in texts):
        raise NotMeant


def _body() -> dict[str, Any]:
    """The body as JSON. Raises `NotMeant`."""
    if not request.is_json:
        raise NotMeant
    try:
        body = json.loads(request.get_data().decode("utf-8"), parse_constant=_no_number)
        # An escape can write half of a character, which is not text.
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise NotMeant from None
    if not isinstance(body, dict):
        raise NotMeant
    return body


def _no_number(_word: str) -> NoReturn:
    raise NotMeant  # NaN and Infinity are not JSON


def _check_callback(app: Dash, body: dict[str, Any]) -> None:
    """Raises `NotMeant` unless the body asks one of our callbacks for what it gives, with what it takes."""
    output = body.get("output")
    known = app.callback_map.get(output) if isinstance(output, str) else None
    # One that runs in the browser is in the map too, and the server has nothing to run for it.
    if known is None or "callback" not in known:
        raise NotMeant
    inputs, state, outputs = body.get("inputs"), body.get("state", []), body.get("outputs")
    if _places(inputs) != _places(known["inputs"]) or _places(state) != _places(known["state"]):
        raise NotMeant
    places = [f"{id_}.{name}" for id_, name in _places([outputs] if isinstance(outputs, dict) else outputs)]
    if output not in (".." + "...".join(places) + "..", *places[:1]):
        raise NotMeant
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(each, str) for each in changed):
        raise NotMeant
    given: list[dict[str, Any]] = [*(inputs or ()), *(state or ())]
    for each in given:
        _check_value(each["id"], each.get("value"))


def _places(given: Any) -> list[tuple[str, str]]:
    """(id, property) of each thing in a list of them. Raises `NotMeant` for anything else."""
    if not isinstance(given, list):
        raise NotMeant
    found = []
    for each in given:
        id_, name = (each.get("id"), each.get("property")) if isinstance(each, dict) else (None, None)
        if not isinstance(id_, str) or not isinstance(name, str):
            raise NotMeant
        found.append((id_, name))
    return found


def _check_value(id_: str, value: Any) -> None:
    if not isinstance(value, str | None if id_ == ids.ADDRESS else str | int | float | bool | None):
        raise NotMeant
    if isinstance(value, str) and NUL in value:
        raise NotMeant
