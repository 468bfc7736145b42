"""The folder that loads itself: a file that is complete is loaded once, and moved to where its fate is plain.

    FOLDER/               drop extracts here
    FOLDER/done/          what was loaded, or was in place already
    FOLDER/done/lists/    tracking lists, kept for a set number of days: they hold names (mode 600)
    FOLDER/refused/       what was refused, with its reasons beside it in NAME.reasons.txt

A file is complete when neither its size nor its time has changed between two looks. If the watcher is killed
between loading and moving, the ledger knows the file at the next look: it is not loaded or refused again.
A file that its rights, or those of a folder, keep from being read or moved is left for the next look, with
the reason; it stops no other. This module takes files; what follows a load (a forecast) is the caller's.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select

from ingest import schema
from ingest.extracts import LoadOptions
from ingest.load import LoadResult, load_path
from rtt.text_edges import file_name

# Names that copying programs give to a file that is still on its way.
_UNFINISHED = (".part", ".partial", ".tmp", ".filepart", ".crdownload", ".download")
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600

Look = tuple[int, int]  # size and time of change


class AlreadyWatched(Exception):
    """Another watcher has this folder."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file and its fate. `reasons` is None unless it was refused, `left` unless it is still there."""

    name: str
    result: LoadResult | None  # None: not read, or refused before the watcher was last stopped
    reasons: str | None = None
    left: str | None = None  # why: "cannot be read: Permission denied"

    @property
    def loaded(self) -> bool:
        """Whether it brought new facts."""
        return self.result is not None and self.result.state == "loaded"


@contextmanager
def only_watcher(folder: Path) -> Iterator[None]:
    """Hold the folder for one watcher; raises `AlreadyWatched`. The lock goes with the process."""
    for place in (folder / "done" / "lists", folder / "refused"):
        place.mkdir(parents=True, exist_ok=True)
        place.chmod(_PRIVATE_FOLDER)
    with (folder / ".watched").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyWatched(f"{folder} is watched by another `rtt watch`") from None
        yield


def looks(folder: Path) -> dict[Path, Look]:
    """Size and time of every file in the folder that could be an extract."""
    found = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name.lower().endswith(_UNFINISHED) or path.is_symlink():
            continue
        try:
            if path.is_file():
                found[path] = (path.stat().st_size, path.stat().st_mtime_ns)
        except FileNotFoundError:
            continue  # taken away between the listing and the look
    return found


def complete(before: dict[Path, Look], now: dict[Path, Look]) -> list[Path]:
    """The files that have not changed between two looks, by name."""
    return [path for path, look in now.items() if before.get(path) == look]


def take(engine: Engine, path: Path, *, options: LoadOptions, list_days: int) -> Taken:
    """Load one complete file and move it to where its fate is plain. `list_days` 0: lists are deleted.

    A fault of the database is raised, and the file stays where it is for the next look.
    """
    try:
        taken = _loaded(engine, path, options)
    except OSError as fault:
        return Taken(file_name(path.name), None, left=f"cannot be read: {fault.strerror}")
    try:
        if taken.reasons is not None:
            _refuse(path, taken.reasons)
        else:
            is_list = taken.result is not None and taken.result.source == schema.WEEKLY
            _put_away(path, is_list=is_list, list_days=list_days)
    except OSError as fault:
        return replace(taken, left=f"cannot be moved or deleted: {fault.strerror}")
    return taken


def _loaded(engine: Engine, path: Path, options: LoadOptions) -> Taken:
    known = _refused_before(engine, path)
    if known is not None:
        return Taken(file_name(path.name), None, known)
    (result,) = load_path(engine, path, options=options)
    refused = result.state == "refused"
    return Taken(file_name(path.name), result, "\n".join(map(str, result.problems)) if refused else None)


def forget_lists(folder: Path, *, list_days: int, now: datetime) -> int:
    """Delete the tracking lists that were kept for their days; how many."""
    old = [
        path
        for path in (folder / "done" / "lists").iterdir()
        if now - datetime.fromtimestamp(path.stat().st_mtime, UTC) >= timedelta(days=list_days)
    ]
    for path in old:
        path.unlink()
    return len(old)


def _refused_before(engine: Engine, path: Path) -> str | None:
    """The reasons, if this very file was refused and the watcher was stopped before it could move it.

    A file dropped again later is looked at anew: what it contradicted may be gone.
    """
    load = schema.load.c
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    statement = (
        select(load.state, load.started_at, load.message)
        .where(load.file_sha256 == digest, load.file_name == file_name(path.name))
        .order_by(load.id.desc())
    )
    with engine.connect() as connection:
        row = connection.execute(statement).first()
    if row is None or row.state != "refused":
        return None
    started = row.started_at if row.started_at.tzinfo else row.started_at.replace(tzinfo=UTC)
    dropped = datetime.fromtimestamp(path.stat().st_ctime, UTC)
    return str(row.message) if started >= dropped else None


def _refuse(path: Path, reasons: str) -> None:
    # Reasons first: a file in refused/ without them would be a riddle. It may be a list, so it is private.
    target = _free(path.parent / "refused" / path.name)
    reasons_file = target.with_name(target.name + ".reasons.txt")
    reasons_file.write_text(reasons + "\n", encoding="utf-8")
    try:
        path.replace(target)
    except OSError:
        reasons_file.unlink()
        raise
    _make_private(target)


def _put_away(path: Path, *, is_list: bool, list_days: int) -> None:
    if not is_list:
        path.replace(_free(path.parent / "done" / path.name))
    elif list_days == 0:
        path.unlink()
    else:
        target = _free(path.parent / "done" / "lists" / path.name)
        path.replace(target)
        _make_private(target)
        os.utime(target, (time.time(), time.time()))  # its days are counted from now


def _make_private(path: Path) -> None:
    # Moved first: nobody else gets into these folders, and a change of mode would make the file look dropped
    # anew if the move then failed.
    try:
        path.chmod(_PRIVATE_FILE)
    except PermissionError:
        # It belongs to who sent it over the network: a copy of our own takes its place.
        copy = path.with_name(f".{path.name}")
        copy.touch(_PRIVATE_FILE)
        shutil.copyfile(path, copy)
        copy.replace(path)


def _free(target: Path) -> Path:
    """`target`, or the name with the first free number: nothing is ever overwritten."""
    number = 2
    free = target
    while free.exists():
        free = target.with_name(f"{target.stem}-{number}{target.suffix}")
        number += 1
    return free
