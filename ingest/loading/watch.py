"""The folder that loads itself: a file that is complete is loaded once, and moved to where its fate is plain.

    FOLDER/               drop extracts here
    FOLDER/done/          what was loaded, or was in place already
    FOLDER/done/lists/    tracking lists, kept for a set number of days: they hold names (mode 600)
    FOLDER/refused/       what was refused, with its reasons beside it in NAME.reasons.txt

A file is complete when neither its size nor its time has changed between two looks. If the watcher is killed
between loading and moving, the ledger knows the file at the next look: it is not loaded or refused again.
A file that its rights, or those of a folder, keep from being read or moved is left for the next look, with
the reason; it stops no other, and nor does what a file holds: one that cannot be loaded for any reason of its
own is refused (`ingest.loading.load`). A database that is down or busy is no file's fault: it is raised, and
nothing is moved. This module takes files; what follows a load (a forecast) is the caller's.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select

from ingest.extracts import LoadOptions
from ingest.loading.load import LoadResult, load_path
from ingest.store import schema
from ingest.store.faults import in_words
from rtt.terms.text_edges import file_name

# Names that copying programs give to a file that is still on its way.
_UNFINISHED = (".part", ".partial", ".tmp", ".filepart", ".crdownload", ".download")
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600
_COPYING = ".copying-"
_REASONS = ".reasons.txt"
LONGEST_NAME = 255  # bytes, of a file on every system in use

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
    private = (folder / "done" / "lists", folder / "refused")
    for place in private:
        place.mkdir(parents=True, exist_ok=True)
        place.chmod(_PRIVATE_FOLDER)
    with (folder / ".watched").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyWatched(f"{folder} is watched by another `rtt watch`") from None
        # The copies that a watcher was making when it was killed.
        for left in (left for place in private for left in place.glob(f"{_COPYING}*")):
            left.unlink(missing_ok=True)
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
        if in_words(fault) is not None:
            raise  # a full disk is the database's too
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
    name = file_name(path.name)
    if known is not None:
        return Taken(name, None, known)
    (result,) = load_path(engine, path, options=options)
    refused = result.state == "refused"
    return Taken(name, result, "\n".join(map(str, result.problems)) if refused else None)


def forget_lists(folder: Path, *, list_days: int, now: datetime) -> int:
    """Delete the tracking lists that were kept for their days; how many."""
    old = [
        path
        for path in (folder / "done" / "lists").iterdir()
        if path.is_file()
        and now - datetime.fromtimestamp(path.stat().st_mtime, UTC) >= timedelta(days=list_days)
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _refused_before(engine: Engine, path: Path) -> str | None:
    """The reasons, if this very file was refused and the watcher was stopped before it could move it.

    A file dropped again later is looked at anew: what it contradicted may be gone.
    """
    load = schema.load.c
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
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
    reasons_file = target.with_name(target.name + _REASONS)
    reasons_file.write_text(reasons + "\n", encoding="utf-8", errors="replace")
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
        copy = path.with_name(_COPYING + secrets.token_hex(8))
        copy.touch(_PRIVATE_FILE)
        shutil.copyfile(path, copy)
        copy.replace(path)


def _free(target: Path) -> Path:
    """`target`, or the name with the first free number: nothing is ever overwritten.

    A name that leaves no room for a number, or for the reasons beside it, loses the end of its stem.
    """
    number = 1
    while (free := _numbered(target, number)).exists():
        number += 1
    return free


def _numbered(target: Path, number: int) -> Path:
    end = os.fsencode((f"-{number}" if number > 1 else "") + target.suffix)
    room = LONGEST_NAME - len(_REASONS) - len(end)
    stem = os.fsencode(target.stem)
    if room < 1:  # what follows the last point is no suffix
        stem, end = os.fsencode(target.name), os.fsencode(f"-{number}")
        room = LONGEST_NAME - len(_REASONS) - 12
    # Cut between two characters, where the name is text.
    cut = stem[:room].decode("utf-8", "ignore").encode() if len(stem) > room else stem
    return target.with_name(os.fsdecode(cut + end))
