"""What is kept of a sign-in: who was begun, who is signed in. Held on the server; a browser has a random key.

Nothing of the provider is kept but what the claims said: no token.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from dashboard.settings.oidc import hashed

LIFE_OF_A_BEGUN = 600
"""Seconds in which somebody comes back from the provider's page, or begins again."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the provider signed in. `subject` is a hash of issuer and subject: the one thing that stays."""

    subject: str
    name: str  # as the provider calls them; two people may be called the same
    groups: frozenset[str]
    address: str = ""  # an email address that the provider has verified
    organisations: frozenset[str] = frozenset()  # codes, where a claim says them

    def __repr__(self) -> str:
        return "(a person)"


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way: what its answer must hold, and where its reader wants to go. Printed it says
    nothing."""

    nonce: str
    verifier: str
    way: str

    def __repr__(self) -> str:
        return "(a sign-in under way)"


class Sessions(Protocol):
    """The store of sessions, of all workers together. Keys come in as a browser has them, and are kept as
    hashes; `at` is in seconds of 1970."""

    def begin(self, state: str, browser: str, begun: Begun, *, at: int) -> None:
        """Keep a sign-in under way, of this browser."""

    def take(self, state: str, *, at: int) -> tuple[str, Begun] | None:
        """What was begun under a state, and the hash of its browser's key; it is there only once."""

    def start(self, person: Person, *, sid: str, at: int, ends: int) -> str:
        """A new session; its key. `sid` is what the provider calls its own session, '' if nothing."""

    def of(self, key: str, *, at: int, idle: int, by_person: bool) -> Person | None:
        """Who is signed in by this key, under the name that is theirs here; None where nobody is, or no
        longer. It is used again if the request is by a person, and no page's own."""

    def end(self, key: str) -> None:
        """End the session of this key, if there is one."""

    def end_of_provider(self, *, subject: str, sid: str) -> int:
        """End what the provider has ended: its session, or all of a subject; how many those were."""


def subject_of(claims: Mapping[str, Any]) -> str:
    """Issuer and subject as one word, which tells neither."""
    return hashed(claims["iss"], claims["sub"])


def hash_of(key: str) -> str:
    """What is kept of a key. It is random and long, so a plain hash cannot be guessed back."""
    return sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
