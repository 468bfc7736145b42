"""What went wrong with a database or its disk, in words to act on. No address: it holds a password."""

import errno
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as NoConnection

DatabaseFault = SQLAlchemyError
"""Every fault of a database, for rooms that know no SQL."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`busy`: another process writes; `address`: the URL cannot be meant; `full`: the disk has no room;
    `unwritable`: a file or folder is not ours to write; `unreachable`: nobody answers, or with nonsense."""

    kind: Literal["busy", "address", "full", "unwritable", "unreachable"]
    words: str


BUSY = Fault("busy", "Another load is writing to this database. Nothing was written; try again later.")
ADDRESS = Fault(
    "address",
    "RTT_DATABASE_URL is not the address of a database that can be used; expected PostgreSQL, "
    "postgresql://user:password@host/name, or SQLite, sqlite:///file",
)
FULL = Fault(
    "full", "The disk is full: nothing is kept of what was being written. Make room, then try again."
)
UNWRITABLE = Fault(
    "unwritable",
    "The database cannot be written: its file, its folder (RTT_HOME) or the disk is read-only or somebody "
    "else's. SQLite writes beside the database even to read it.",
)
DAMAGED = Fault("unreachable", "The database file is damaged or is something else.")
UNREACHABLE = Fault("unreachable", "The database does not answer, or not to this user: see RTT_DATABASE_URL.")

_DISK_FULL = "53100"  # of PostgreSQL
_READ_ONLY = "25006"
# What SQLite and PostgreSQL say of each; the first that fits.
_WORDS = (
    (("locked", "lock timeout"), BUSY),
    (("not a database", "malformed"), DAMAGED),
    (("disk is full", "no space left"), FULL),
    (("readonly", "read-only", "unable to open database file"), UNWRITABLE),
)


def in_words(error: Exception) -> Fault | None:
    """The fault behind an exception; None if it is not one of the database's or the disk's circumstances."""
    if isinstance(error, ArgumentError):
        return ADDRESS
    if isinstance(error, OSError):
        return FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else None
    if isinstance(error, NoConnection) or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return UNREACHABLE
    if not isinstance(error, OperationalError | DatabaseError):
        return None
    states = {_DISK_FULL: FULL, _READ_ONLY: UNWRITABLE}
    if fault := states.get(getattr(error.orig, "sqlstate", None) or ""):
        return fault
    # On a full disk SQLite's index of the write-ahead log cannot grow; it calls that another error.
    if getattr(error.orig, "sqlite_errorname", "") == "SQLITE_IOERR_SHMSIZE":
        return FULL
    text = str(error.orig).lower()
    for words, fault in _WORDS:
        if any(word in text for word in words):
            return fault
    return UNREACHABLE if isinstance(error, OperationalError) else None


def is_of_the_file(error: BaseException) -> bool:
    """Whether an exception in the middle of a load comes of what the file holds.

    Everything does but the circumstances: a database that is away, busy, full or not ours to write, a disk, a
    person who stops the command. Of the database's own errors two are about values: one that a column cannot
    take, and one that breaks a rule of its table.
    """
    if isinstance(error, SQLAlchemyError):
        about_values = isinstance(error, DataError | IntegrityError) and not error.connection_invalidated
        return about_values or (isinstance(error, StatementError) and not isinstance(error, DBAPIError))
    # polars ends a fault of its own in an exception beside `Exception`, which is no reason to end with it.
    is_panic = type(error).__name__ == "PanicException"
    return is_panic or (isinstance(error, Exception) and not isinstance(error, OSError))
