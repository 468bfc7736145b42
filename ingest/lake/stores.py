"""Where a lake lies: a shared folder, or an object store. What is written is there whole or not at all.

Paths are names with slashes, below the lake's address. Nothing is ever changed in place: what has the same
name has the same bytes, but for manifests, which are put in place of one another.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from stat import S_ISGID
from typing import Protocol

from ingest.files.temporary import replacing

_FOLDER, _FILE = 0o770, 0o640  # the owner writes and a group reads; other accounts do neither
OBJECT_STORE = "s3://"


class NotThere(Exception):
    """A path that the lake does not have."""


class UnusableLake(Exception):
    """The address cannot be used, for the reason in the message."""


class Store(Protocol):
    """A place of files. It can be pickled, for it travels to the workers; they take keys from their own
    environment.
    """

    @property
    def address(self) -> str:
        """What `open_store` makes the same store of."""

    def read(self, path: str) -> bytes:
        """All bytes of a file. Raises `NotThere`."""

    def write(self, path: str, data: bytes) -> None:
        """Put a file in place, whole or not at all; one of that name is replaced."""

    def list(self, prefix: str = "") -> Iterator[str]:
        """The paths that begin so, sorted; none that is still being written."""

    def exists(self, path: str) -> bool:
        """Whether there is a file of that name."""

    def remove(self, path: str) -> None:
        """Take a file away; nothing happens where there is none."""


def open_store(address: str) -> Store:
    """The store at an address: a folder's path, or s3://bucket/prefix. Raises `UnusableLake`."""
    if address.startswith(OBJECT_STORE):
        from ingest.lake.s3 import object_store

        return object_store(address)
    if "://" in address:
        raise UnusableLake(f"{address}: a lake lies in a folder, or at s3://BUCKET/PREFIX")
    return FolderStore(str(Path(address).absolute()))


@dataclass(frozen=True, slots=True)
class FolderStore:
    """A lake in a folder, which several machines may share: written aside, then named."""

    address: str

    def read(self, path: str) -> bytes:
        try:
            return self._at(path).read_bytes()
        except FileNotFoundError:
            raise NotThere(path) from None

    def write(self, path: str, data: bytes) -> None:
        place = self._at(path)
        _make_folder(place.parent)
        with replacing(place) as file:
            os.fchmod(file.fileno(), _FILE)
            file.write(data)
            file.flush()
            # A machine that loses its power must not keep the name without the bytes.
            os.fsync(file.fileno())

    def list(self, prefix: str = "") -> Iterator[str]:
        root = Path(self.address)
        folder = self._at(prefix.rpartition("/")[0])
        found = (
            (Path(where) / name).relative_to(root).as_posix()
            for where, _, names in os.walk(folder, onerror=_unlisted)
            for name in names
            if not name.startswith(".")  # of a file that is being written
        )
        yield from sorted(path for path in found if path.startswith(prefix))

    def exists(self, path: str) -> bool:
        return self._at(path).is_file()

    def remove(self, path: str) -> None:
        self._at(path).unlink(missing_ok=True)

    def _at(self, path: str) -> Path:
        # A manifest is read from the lake: what it names must not lead out of it.
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            raise NotThere(path)
        return Path(self.address) / path


def _unlisted(fault: OSError) -> None:
    """What cannot be listed is no empty folder: its trusts would be gone from every week."""
    if not isinstance(fault, FileNotFoundError):
        raise fault


def _make_folder(folder: Path) -> None:
    """A folder and those above it; to make parents in one call would leave theirs to the umask."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(_FOLDER)
            # The umask took from the group what it needs; who the group is, a folder may hand down.
            folder.chmod(folder.stat().st_mode & S_ISGID | _FOLDER)
