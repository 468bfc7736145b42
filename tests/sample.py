"""The sample data in a database, built once and kept for as long as nothing that makes it changes.

It takes a minute and more: both parts of `make test` share it, and all workers of a run. As a program
(`python -m tests.sample`) it builds and says nothing, so that a run can begin with what needs no sample.
"""

import fcntl
import hashlib
import shutil
from datetime import date
from pathlib import Path

from tests import servers

# A Sunday, so that the last weekly list is of this day.
UNTIL = date(2026, 3, 1)


def database() -> Path:
    """The SQLite file: read it or copy it, do not change it. Whoever comes while it is built waits."""
    shelf = servers.ROOT / "var" / "tests"
    home = shelf / f"demo-{_what_makes_it()}"
    shelf.mkdir(parents=True, exist_ok=True)
    with (shelf / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "complete").exists():
            for older in sorted(shelf.glob("demo-*"), key=lambda folder: folder.stat().st_mtime)[:-1]:
                shutil.rmtree(older)
            servers.rtt("demo", "--until", UNTIL.isoformat(), RTT_HOME=str(home))
            (home / "complete").touch()
    return home / "demo.db"


def _what_makes_it() -> str:
    """A hash of every file the sample database follows from, the locked packages included."""
    digest = hashlib.sha256(UNTIL.isoformat().encode())
    files = [servers.ROOT / "requirements.lock"]
    for package in ("rtt", "ingest", "sample_data", "dashboard/cli"):
        folder = servers.ROOT / package
        files += sorted(path for path in folder.rglob("*") if path.suffix in {".py", ".csv"})
    for path in files:
        digest.update(path.relative_to(servers.ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


if __name__ == "__main__":
    database()
