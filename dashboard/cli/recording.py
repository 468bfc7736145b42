"""The row that a run leaves on the status page, however it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dashboard.cli.outcomes import WrongUse
from ingest.store.faults import in_words
from ingest.store.runs import FAILED, OK, record_run

if TYPE_CHECKING:
    from sqlalchemy import Engine


@dataclass(slots=True)
class Ending:
    """How a run ends, as it says itself while it runs; `message` is one line without any patient's data."""

    outcome: str = OK
    message: str = ""


@contextmanager
def recorded(engine: Engine, kind: str) -> Iterator[Ending]:
    """Write a row for what runs inside; an exception that leaves it makes the run a failed one."""
    started, ending = datetime.now(UTC), Ending()
    try:
        yield ending
    except BaseException as error:
        # Report what ended the run, even if its row cannot be written.
        with suppress(Exception):
            record_run(engine, kind, started_at=started, outcome=FAILED, message=_why(error))
        raise
    record_run(engine, kind, started_at=started, outcome=ending.outcome, message=ending.message)


def _why(error: BaseException) -> str:
    if isinstance(error, WrongUse):
        return str(error)
    if not isinstance(error, Exception):
        return "stopped before it ended"
    fault = in_words(error)
    # Its class alone: the message may quote what was read.
    return fault.words if fault else f"unexpected fault ({type(error).__qualname__})"
