"""How a command ends: exit codes, messages on standard error, and faults in words.

A fault of ours is logged with the lines it passed through. Its message is not: it may quote the file it read.
"""

import errno
import logging
import sys
from datetime import date
from pathlib import Path
from secrets import token_hex

from dashboard.settings import SettingError
from dashboard.settings.settings import from_environment

log = logging.getLogger("rtt.command")

DONE, FAULT, WRONG_USE, REFUSED, DIFFERS = 0, 1, 2, 3, 4


class WrongUse(Exception):
    """The command was used wrongly; the message says how to use it."""


def say(message: str) -> None:
    sys.stderr.write(message + "\n")


def explain(error: Exception) -> int:
    """Say what went wrong in a sentence; the exit code."""
    if isinstance(error, WrongUse | SettingError):
        say(str(error))
        return WRONG_USE
    from ingest.extracts.ptl.tokens import UnusableKey
    from ingest.store.faults import in_words

    if isinstance(error, UnusableKey):
        say(str(error))
        return WRONG_USE
    fault = in_words(error)
    if fault is not None:
        say(fault.words)
        return {"busy": REFUSED, "address": WRONG_USE}.get(fault.kind, FAULT)
    if (home := _home_at_fault(error)) is not None:
        say(home)
        return WRONG_USE
    say(f"Unexpected fault. {_logged(error)}")
    return FAULT


def _home_at_fault(error: Exception) -> str | None:
    """Why RTT_HOME cannot be used: it names a file, somebody else's folder or a read-only disk."""
    if not isinstance(error, OSError) or not isinstance(error.filename, str | Path):
        return None
    home, place = from_environment().home, Path(error.filename)
    if not place.is_relative_to(home) and not home.is_relative_to(place):
        return None
    if home.is_file() or error.errno == errno.ENOTDIR:
        reason = "it is not a folder"
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        reason = "it cannot be written to"
    else:
        return None
    return f"RTT_HOME is {home}: {reason}. Set it to a folder that you can write to."


def days_of(census: str) -> tuple[date, date]:
    """First and last day that "2025-03" or "2025-03-30" means. Raises `WrongUse`."""
    from rtt.terms.calendar import days_named

    try:
        return days_named(census)
    except ValueError as fault:
        raise WrongUse(f"--census is {census!r}; {fault}") from None


def _logged(error: Exception) -> str:
    """Where the fault is logged: in the file, else in the line before this one."""
    reference = token_hex(3)
    log.error("a command failed, reference %s", reference, exc_info=error)
    return f"Reference {reference} {f'in {log_file()}' if log_file().is_file() else 'above'}."


def log_file() -> Path:
    return from_environment().logs / "rtt.log"
