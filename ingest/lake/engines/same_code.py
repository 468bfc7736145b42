"""Whether two machines would make the same of a task: one mark for the code that does it."""

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

OURS = ("ingest", "rtt")
# What the bytes of the facts depend on besides our own code.
LIBRARIES = ("numpy", "polars")


@cache
def mark_of_code() -> str:
    """A hash of the modules of `rtt` and `ingest` and of the versions of the libraries that write facts."""
    digest = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in LIBRARIES).encode())
    for package in OURS:
        folder = Path(str(files(package)))
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
