"""Files in passing: all of them in one folder under RTT_HOME, which its owner alone can enter.

    RTT_HOME/tmp/             mode 700, whatever the umask
    RTT_HOME/tmp/upload-.../  one folder for each use, deleted after it

What is uploaded, unpacked, drawn or made in passing may hold patients. A process that is killed deletes
nothing, so whoever starts next sweeps: a folder is locked by the process that uses it, the system takes the
lock away when that process ends in whatever way, and what nobody holds is deleted. A lock is right where a
process number is not: two containers on one RTT_HOME have the same numbers.
"""

from __future__ import annotations

import atexit
import fcntl
import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

log = logging.getLogger("rtt.temporary")

FOLDER = "tmp"
OWNER_ONLY = 0o600
_PRIVATE = 0o700
# Where versions before this one left what they were killed over.
_LEFT_BEFORE = ("upload-????????", "token.key-????????????????")
_BESIDE = ".rtt-part"
_own: dict[Path, Held] = {}


@dataclass(frozen=True, slots=True)
class Held:
    """A folder that is this process's until it is released."""

    path: Path
    lock: int
    process: int

    def release(self) -> None:
        """Delete the folder with what is in it."""
        if os.getpid() == self.process:  # not by a fork, which shares the lock
            shutil.rmtree(self.path, ignore_errors=True)
            with suppress(OSError):
                os.close(self.lock)


def private_folder(folder: Path) -> None:
    """Make a folder, and those above it, for the owner alone; one that is there stays as it is."""
    if not folder.is_dir():
        private_folder(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(mode=_PRIVATE)
            folder.chmod(_PRIVATE)


def hold(home: Path, purpose: str) -> Held:
    """A new folder under RTT_HOME (`home`), named after what it is for, for this process alone."""
    root = _root(home)
    with _alone(root):
        path = Path(tempfile.mkdtemp(prefix=f"{purpose}-", dir=root))
        path.chmod(_PRIVATE)
        lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        _take(lock)
    return Held(path, lock, os.getpid())


@contextmanager
def passing_folder(home: Path, purpose: str) -> Iterator[Path]:
    """`hold` for the time of a block."""
    held = hold(home, purpose)
    try:
        yield held.path
    finally:
        held.release()


def private_file(path: Path) -> BinaryIO:
    """A new file to write that its owner alone can read, from its first byte and whatever the umask."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    os.fchmod(file, OWNER_ONLY)
    return os.fdopen(file, "wb")


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` when the block ends well, whole or not at all.

    It is written beside it, where a name can be changed at once; there it is locked, and the next that writes
    into the same folder deletes what a killed one left.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_BESIDE}")
    with _alone(path.parent):
        for left in path.parent.glob(f".*{_BESIDE}"):
            if _is_nobodys(left, os.O_RDONLY):
                left.unlink(missing_ok=True)
        file = beside.open("xb")
        _take(file.fileno())
    try:
        with file:
            yield file
            file.flush()
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def sweep(home: Path) -> int:
    """Delete what processes that are gone left under RTT_HOME (`home`); how many folders."""
    gone = 0
    for pattern in _LEFT_BEFORE:
        for left in home.glob(pattern):
            gone += _deleted(left)
    if not (home / FOLDER).is_dir():
        return gone
    root = _root(home)
    with _alone(root):
        for left in root.iterdir():
            gone += _is_nobodys(left, os.O_RDONLY | os.O_DIRECTORY) and _deleted(left)
    if gone:
        log.warning("deleted %d temporary folders of processes that were killed", gone)
    return gone


def keep_temporary_files_in(home: Path) -> None:
    """Let everything that this process makes in passing lie under RTT_HOME (`home`), until it ends.

    That is also what libraries make: spooled forms and archives, lists of fonts. Call it once, at start.
    """
    sweep(home)
    if home not in _own:
        _own[home] = hold(home, "process")
        atexit.register(_own[home].release)
    tempfile.tempdir = os.environ["TMPDIR"] = str(_own[home].path)


def _root(home: Path) -> Path:
    private_folder(home)
    root = home / FOLDER
    root.mkdir(mode=_PRIVATE, exist_ok=True)
    if root.stat().st_mode & 0o777 != _PRIVATE:
        root.chmod(_PRIVATE)
    return root


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Between making a folder and locking it nobody sweeps."""
    lock = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # a file system without locks: nothing is swept there, see `_is_nobodys`
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _take(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_nobodys(left: Path, how: int) -> bool:
    """Whether its lock can be had; a file where only folders are ours was put there by nobody."""
    try:
        lock = os.open(left, how | os.O_NOFOLLOW)
    except NotADirectoryError:
        return True
    except OSError:
        return False
    try:
        return _take(lock)
    finally:
        os.close(lock)


def _deleted(left: Path) -> bool:
    if left.is_dir() and not left.is_symlink():
        shutil.rmtree(left, ignore_errors=True)
    else:
        left.unlink(missing_ok=True)
    return not left.exists()
