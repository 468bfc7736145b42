"""Databases that take long to make, kept in var/tests for as long as nothing that makes them changes."""

import fcntl
import hashlib
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from tests import servers

SHELF = servers.ROOT / "var" / "tests"


def kept(name: str, mark: str, make: Callable[[Path], None]) -> Path:
    """The folder that `make` filled under this mark; whoever comes while it is made waits.

    The one made before it stays: another checkout of the same folder may still read it.
    """
    home = SHELF / f"{name}-{mark}"
    SHELF.mkdir(parents=True, exist_ok=True)
    with (SHELF / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "complete").exists():
            for older in sorted(SHELF.glob(f"{name}-*"), key=lambda folder: folder.stat().st_mtime)[:-1]:
                shutil.rmtree(older)
            home.mkdir(exist_ok=True)
            make(home)
            (home / "complete").touch()
    return home


def mark_of(packages: Iterable[str], *also: str) -> str:
    """A hash of these words, of the locked packages and of every file that these packages follow from."""
    digest = hashlib.sha256("\0".join(also).encode())
    files = [servers.ROOT / "requirements.lock"]
    for package in packages:
        folder = servers.ROOT / package
        files += sorted(path for path in folder.rglob("*") if path.suffix in {".py", ".csv", ".json"})
    for path in files:
        digest.update(path.relative_to(servers.ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
