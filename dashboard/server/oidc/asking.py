"""Requests to the provider: https alone, a limit on time and size, through the environment's proxy."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

import httpx

from dashboard.server.oidc.refusals import Unreachable
from dashboard.settings.oidc import is_here, is_safe

SECONDS = 5.0
"""For each of: connect, write, and every piece of the answer."""
SECONDS_IN_ALL = 10.0
LARGEST = 1_000_000
AT_ONCE = 6
"""Of a worker's threads; the others are for readers who are signed in, however slow the provider is."""

_turns = BoundedSemaphore(AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """One of the few who may wait for the provider. Raises `Unreachable` for one too many."""
    if not _turns.acquire(timeout=1.0):
        raise Unreachable("too many wait for the provider")
    try:
        yield
    finally:
        _turns.release()


class Answer:
    """The answer, as much of it as Authlib asks for."""

    def __init__(self, status: int, kind: str, body: bytes) -> None:
        self.status_code, self.kind, self._body = status, kind, body

    def json(self) -> Any:
        """Raises `ValueError`."""
        try:
            return json.loads(self._body)
        except RecursionError:
            raise ValueError from None

    def raise_for_status(self) -> None:
        """Raises `Unreachable` unless the answer is a good one."""
        if not 200 <= self.status_code < 300:
            raise Unreachable(f"the provider answered with {self.status_code}")


def ask(
    method: str, address: str, *, headers: Mapping[str, str] | None = None, body: str | None = None
) -> Answer:
    """The provider's answer; a redirect is not followed. Raises `Unreachable`."""
    if not is_safe(address):
        raise Unreachable("the provider names an address that is not https")
    until = time.monotonic() + SECONDS_IN_ALL
    found = bytearray()
    try:
        with (
            # The environment's proxy is for what lies beyond this machine.
            httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=not is_here(address)) as client,
            client.stream(method, address, headers=headers, content=body) as response,
        ):
            for piece in response.iter_bytes():
                found += piece
                if len(found) > LARGEST:
                    raise Unreachable("the provider's answer is too large")
                if time.monotonic() > until:
                    raise Unreachable("the provider takes too long")
            return Answer(response.status_code, response.headers.get("Content-Type", ""), bytes(found))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as fault:
        raise Unreachable(f"the provider cannot be asked ({type(fault).__name__})") from None


def ask_for_object(address: str, *, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A JSON object of the provider. Raises `Unreachable`."""
    answer = ask("GET", address, headers={"Accept": "application/json", **(headers or {})})
    answer.raise_for_status()
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Unreachable("the provider's answer is no JSON object")
    return found
