"""Finished answers, kept compressed: a page that was drawn once stands until something in it changes.

An answer belongs to an address, a day, a reader with all rights, a version of the facts and a form of
compression: another reader never gets it. What people write has no version, so an answer remembers what it
read of that, and is given only while the same is still there to read.

Only pages that say so (`Page.kept`) are kept: one of patients records each view, and is drawn at each.
"""

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from threading import Lock

from flask import Flask, Response, g, request
from sqlalchemy import Engine

from dashboard.callbacks.asked import CALLBACK
from dashboard.layouts.frame import ids
from dashboard.server import guard
from dashboard.settings.settings import Settings
from dashboard.store.cache import Facts, Witness, still_there

MOST_BYTES = 24_000_000
"""In each worker: some two thousand pages."""

_DRAWING = f"{ids.PAGE}.children"

Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """The body as it was sent, and on what it rests."""

    body: bytes
    encoding: str | None
    settings: Settings
    facts: Facts
    witnesses: tuple[Witness, ...]


class KeptAnswers:
    """Those of one app, one for each address and reader; the one asked for longest ago goes first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._answers: OrderedDict[Key, Kept] = OrderedDict()
        self._most, self._bytes, self._lock = most_bytes, 0, Lock()

    def get(self, key: Key) -> Kept | None:
        with self._lock:
            kept = self._answers.get(key)
            if kept:
                self._answers.move_to_end(key)
            return kept

    def put(self, key: Key, kept: Kept) -> None:
        with self._lock:
            before = self._answers.pop(key, None)
            self._answers[key] = kept
            self._bytes += len(kept.body) - (len(before.body) if before else 0)
            while self._bytes > self._most and self._answers:
                _, gone = self._answers.popitem(last=False)
                self._bytes -= len(gone.body)


def may_be_kept(pathname: str | None, search: str | None, facts: Facts, witnesses: Iterable[Witness]) -> None:
    """The answer to this request was drawn, as a whole, from these facts and what `witnesses` read."""
    g.to_keep = _key(pathname, search), facts, tuple(witnesses)


def install(server: Flask, engine: Engine) -> None:
    """Give kept answers instead of drawing. Put this behind the guard and the check of what is asked."""
    answers = KeptAnswers()
    way = f"/{CALLBACK}"

    @server.before_request
    def give() -> Response | None:
        if request.method != "POST" or request.path != way:
            return None
        body = request.get_json()
        if _DRAWING not in body["output"]:
            return None
        address = [each for each in body["inputs"] if each["id"] == ids.ADDRESS]
        given = {each["property"]: each.get("value") for each in address}
        kept = answers.get(_key(given.get("pathname"), given.get("search")))
        return _sent(kept) if kept and _stands(kept, engine) else None

    def keep(response: Response) -> Response:
        to_keep = g.pop("to_keep", None)
        if to_keep and response.status_code == 200 and not response.is_streamed:
            key, facts, witnesses = to_keep
            form, settings = response.content_encoding, guard.enquiry().settings
            answers.put(key, Kept(response.get_data(), form, settings, facts, witnesses))
        return response

    # The last to see an answer: the server's own compression is over by then. Flask asks them backwards.
    server.after_request_funcs.setdefault(None, []).insert(0, keep)


def _stands(kept: Kept, engine: Engine) -> bool:
    """Whether it would be drawn the same again."""
    if kept.settings != guard.enquiry().settings:
        return False
    return still_there(engine, kept.facts, kept.witnesses)


def _sent(kept: Kept) -> Response:
    response = Response(kept.body, mimetype="application/json")
    response.vary.add("Accept-Encoding")
    if kept.encoding:
        response.content_encoding = kept.encoding
    return response


def _key(pathname: str | None, search: str | None) -> Key:
    here = guard.enquiry()
    return pathname, search, here.reader, here.today, request.headers.get("Accept-Encoding", "")
