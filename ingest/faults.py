"""What went wrong with a database, in words to act on. Never quotes an address: it holds a password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError


@dataclass(frozen=True, slots=True)
class Fault:
    """`busy`: another process writes; `address`: the URL cannot be meant; `unreachable`: nobody answers."""

    kind: Literal["busy", "address", "unreachable"]
    words: str


def in_words(error: Exception) -> Fault | None:
    """The fault behind an exception; None if it is not one of the database's circumstances."""
    if isinstance(error, ArgumentError):
        return Fault(
            "address",
            "RTT_DATABASE_URL is not the address of a database; "
            "expected postgresql://user:password@host/name or sqlite:///file",
        )
    if not isinstance(error, OperationalError | DatabaseError):
        return None
    text = str(error.orig).lower()
    if "locked" in text or "lock timeout" in text:
        return Fault(
            "busy", "Another load is writing to this database. Nothing was written; try again later."
        )
    if "not a database" in text or "malformed" in text:
        return Fault("unreachable", "The database file is damaged or is something else.")
    if isinstance(error, OperationalError):
        return Fault(
            "unreachable", "The database cannot be reached or opened; see `rtt status` and RTT_HOME."
        )
    return None
