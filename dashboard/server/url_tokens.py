"""The secret that a wall screen's address carries: made, hashed, and taken out before anything can log it.

A screen has no keyboard to sign in with; its address, /screen/<name>?token=..., is all it has. The token is
taken out of the request at the door, so that neither our logs nor those of gunicorn (which writes down what
the request then holds) ever see it. A proxy in front keeps its own log: docs/screens.md says what to do.
"""

import hashlib
import logging
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any

PARAMETER = "token"
# Without a space, or a second pass would take it for a token and leave the rest.
REDACTED = "token=(redacted)"

_KEY = "rtt.screen_token"
# The name as browsers write it, and with letters as percent codes, once or twice over.
_NAME = "".join(f"(?:{letter}|%(?:25)*{ord(letter):02x})" for letter in PARAMETER)
# The key of the single user's link is redacted in the same way.
_START = "start-key"
# A part of a path that looks like a token: someone forgot the "?token=" before it.
_BARE = re.compile(r"(?<=/)(?=[^/?\s]*[A-Z])(?=[^/?\s]*[0-9])[\w%-]{40,}(?=[/?\s\"'<>&]|$)", re.ASCII)
# As it stands in a query, or in a text with the whole address in it.
_IN_QUERY = re.compile(rf"(?:^|&){_NAME}=([^&]*)", re.IGNORECASE)
_IN_TEXT = re.compile(rf"(?:{_NAME}|{_START})(?:=|%(?:25)*3d)[^&\s\"'<>]*", re.IGNORECASE)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Token:
    """A token as a request brought it; printed it says nothing."""

    __slots__ = ("hashed", "text")

    def __init__(self, text: str) -> None:
        self.text, self.hashed = text, hash_of(text)

    def __repr__(self) -> str:
        return "(redacted)"


def new_token() -> str:
    """A token for an address: 256 random bits."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is kept of a token. It is random and long, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def token_of(environ: Mapping[str, Any]) -> Token | None:
    found: Token | None = environ.get(_KEY)
    return found


def taking_tokens(application: Application) -> Application:
    """The WSGI application behind a door that takes tokens out of the query."""

    def door(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ.pop(_KEY, None)
        query = environ.get("QUERY_STRING", "")
        found = _IN_QUERY.search(query)
        if found:
            environ[_KEY] = Token(found[1])
            environ["QUERY_STRING"] = _IN_QUERY.sub("", query).lstrip("&")
        for name in ("RAW_URI", "REQUEST_URI", "HTTP_REFERER"):
            if name in environ:
                environ[name] = redacted(environ[name])
        return application(environ, start_response)

    return door


def redacted(text: str) -> str:
    """The text without a token and without the key of a link."""
    return _BARE.sub("(redacted)", _IN_TEXT.sub(REDACTED, text))


class _RedactedRecord(logging.LogRecord):
    """A line of a log whose message holds no token, whoever writes it and whatever handler prints it."""

    def getMessage(self) -> str:
        return redacted(super().getMessage())


def redact_logs() -> None:
    logging.setLogRecordFactory(_RedactedRecord)
