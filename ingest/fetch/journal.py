"""What a run asks for, where it is and what became of each file, in one small file that the pages read.

    CACHE/journal.json   the run under way, or the last one
    CACHE/.running       locked by the run for as long as its process lives, however it ends
    CACHE/.cancel        the number of the run that a person wants stopped

Kept beside the database and not in it: it changes every second while a load holds the database.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from ingest.files.temporary import private_folder, replacing

JOURNAL, LOCK, CANCEL = "journal.json", ".running", ".cancel"
SERIES = "Overview time series"
EVERY = 0.5  # seconds between two writings of the same step
Step = Literal["looking", "downloading", "waiting", "loading", "forecasting", "ended"]
Fate = Literal["loaded", "replaced", "in place", "left", "refused", "not found", "to load", "to replace"]
GOOD = frozenset({"loaded", "replaced", "in place", "left", "to load", "to replace"})
NEW = frozenset({"loaded", "replaced"})


class AlreadyRunning(Exception):
    """Another run has this cache."""


@dataclass(frozen=True, slots=True)
class Item:
    """A month or a workbook that was looked for, and its fate; `reason` is a sentence or ''."""

    what: str  # "April 2026"
    fate: Fate
    link: str = ""  # the words of the link
    address: str = ""
    reason: str = ""


@dataclass(slots=True)
class Run:
    """One run; times are UTC as ISO text, `ended` and `outcome` '' while it goes on."""

    number: str = ""
    started: str = ""
    ended: str = ""
    asked: str = ""  # "the newest 24 months and the time series"
    looked_for: str = ""
    step: Step = "looking"
    now: str = ""  # "April 2026"
    done: int = 0
    of: int = 0
    part: int = 0  # of the file at hand: bytes or rows
    part_of: int = 0
    outcome: str = ""  # ok | warned | failed | cancelled
    message: str = ""
    items: list[Item] = field(default_factory=list)
    forecast_due: bool = False  # something was loaded and no forecast followed yet
    is_running: bool = False  # as it was read; never written

    @property
    def started_at(self) -> datetime | None:
        return datetime.fromisoformat(self.started) if self.started else None

    @property
    def ended_at(self) -> datetime | None:
        return datetime.fromisoformat(self.ended) if self.ended else None

    @property
    def was_killed(self) -> bool:
        return bool(self.started) and not self.ended and not self.is_running

    def count(self, *fates: Fate) -> int:
        return sum(each.fate in fates for each in self.items)


class Journal:
    """The journal of the run under way in this process."""

    def __init__(self, folder: Path, *, asked: str) -> None:
        self._folder, self._written = folder, 0.0
        before = last_run(folder)
        due = before.forecast_due if before else False
        self.run = Run(secrets.token_hex(4), _now(), asked=asked, forecast_due=due)
        self.write()

    def at(self, step: Step, now: str = "", *, done: int | None = None) -> None:
        run = self.run
        run.step, run.now, run.part, run.part_of = step, now, 0, 0
        run.done = run.done if done is None else done
        self.write()

    def part(self, part: int, of: int) -> None:
        """How far the file at hand is."""
        self.run.part, self.run.part_of = part, of
        if time.monotonic() - self._written > EVERY:
            self.write()

    def is_cancelled(self) -> bool:
        """Whether somebody wants this run stopped."""
        try:
            return (self._folder / CANCEL).read_text() == self.run.number
        except FileNotFoundError:
            return False

    def keep(self, item: Item) -> None:
        self.run.items.append(item)
        self.write()

    def forecast_due(self, due: bool) -> None:
        self.run.forecast_due = due
        self.write()

    def end(self, outcome: str, message: str) -> None:
        run = self.run
        run.step, run.now, run.ended, run.outcome, run.message = "ended", "", _now(), outcome, message
        self.write()
        (self._folder / CANCEL).unlink(missing_ok=True)

    def write(self) -> None:
        told = asdict(self.run)
        del told["is_running"]
        with replacing(self._folder / JOURNAL) as file:
            file.write(json.dumps(told, indent=1).encode())
        self._written = time.monotonic()


@contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """Hold the cache for one run; raises `AlreadyRunning`. The lock goes with the process."""
    private_folder(folder)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(_who_runs(folder)) from None
        yield


def last_run(folder: Path) -> Run | None:
    """The run under way, or the last one; None if there never was one."""
    try:
        told = json.loads((folder / JOURNAL).read_bytes())
        known = {each.name for each in fields(Run)}
        items = [Item(**each) for each in told.pop("items", [])]
        run = Run(**{name: value for name, value in told.items() if name in known}, items=items)
        _ = run.started_at, run.ended_at  # damaged, if they are no times
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError, AttributeError):
        return None
    run.is_running = not run.ended and _is_locked(folder)
    return run


def cancel(folder: Path) -> bool:
    """Ask the run under way to stop; False if there is none."""
    run = last_run(folder)
    if run is None or not run.is_running:
        return False
    with replacing(folder / CANCEL) as file:
        file.write(run.number.encode())
    return True


def counted(items: Sequence[Item]) -> str:
    """ "3 loaded, 1 replaced, 20 in place": each fate that came up, in one order."""
    order: tuple[Fate, ...] = (
        *("to load", "to replace", "loaded", "replaced", "in place", "left", "refused", "not found"),
    )
    each = [(sum(item.fate == fate for item in items), fate) for fate in order]
    return ", ".join(f"{number} {fate}" for number, fate in each if number) or "nothing found"


def _is_locked(folder: Path) -> bool:
    try:
        lock = os.open(folder / LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _who_runs(folder: Path) -> str:
    run = last_run(folder)
    since = f" since {run.started_at:%H:%M} UTC" if run and run.is_running and run.started_at else ""
    return f"Another run of rtt fetch is under way{since}. Nothing was done; try again when it has ended."


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
