"""What was downloaded, by the hash of its content, and what each address answered last.

    CACHE/index.json           address -> hash of the body, ETag, Last-Modified, and what is in it
    CACHE/files/HASH/NAME      a body, under the name that the publisher gave it
    CACHE/parts/HASH           the beginning of a download that was cut, by the hash of its address

Each is written aside and renamed, so that a run that is killed leaves a whole one or none. Published files
hold nobody's data; one run at a time writes here (`ingest.fetch.journal`).
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ingest.files.temporary import private_folder, replacing

_NAME_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Known:
    """What an address answered. `content`: the hash of the csv or workbook inside, '' for a page."""

    sha256: str
    name: str
    etag: str = ""
    modified: str = ""
    month: str = ""  # 2026-04, '' for a page
    content: str = ""

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask for the body only if it has changed; {} if it cannot be told."""
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Part:
    """The beginning of a download, and the mark by which its rest is known to belong to it."""

    path: Path
    size: int
    validator: str

    @property
    def rest(self) -> dict[str, str]:
        """The headers that ask for the rest; {} if there is nothing to go on from."""
        return {"Range": f"bytes={self.size}-", "If-Range": self.validator} if self.size else {}


class Cache:
    """The folder of one publisher's downloads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        private_folder(folder)
        for name in ("files", "parts"):
            (folder / name).mkdir(exist_ok=True)
        self._index = _read(folder / "index.json")

    def known(self, address: str) -> Known | None:
        """What the address answered last, if its body is still here as it was."""
        known = self._index.get(address)
        return known if known and self.has(known) else None

    def has(self, known: Known) -> bool:
        path = self.path(known)
        return path.is_file() and _hash(path) == known.sha256

    def path(self, known: Known) -> Path:
        return self._folder / "files" / known.sha256 / known.name

    def origin(self, content: str) -> str | None:
        """The address that a content was downloaded from; None if it came another way."""
        found = (address for address, each in self._index.items() if each.content == content)
        return next(found, None) if content else None

    def part(self, address: str) -> Part:
        path = self._folder / "parts" / hashlib.sha256(address.encode()).hexdigest()
        mark = path.with_suffix(".mark")
        validator = mark.read_bytes().decode(errors="replace") if path.is_file() and mark.is_file() else ""
        if not (validator.isascii() and validator.isprintable()):
            validator = ""  # damaged: the download begins anew
        return Part(path, path.stat().st_size if validator else 0, validator)

    def begin(self, part: Part, validator: str) -> None:
        """A download from its first byte; without a mark it cannot be gone on with after a cut."""
        mark = part.path.with_suffix(".mark")
        mark.unlink(missing_ok=True)
        part.path.write_bytes(b"")
        if validator:
            with replacing(mark) as file:
                file.write(validator.encode())

    def drop(self, part: Part) -> None:
        part.path.with_suffix(".mark").unlink(missing_ok=True)
        part.path.unlink(missing_ok=True)

    def keep(self, part: Part, *, name: str, etag: str, modified: str) -> Known:
        """A whole download under the hash of its content; not yet what its address is known by."""
        known = Known(_hash(part.path), _safe(name), etag, modified)
        target = self.path(known)
        target.parent.mkdir(exist_ok=True)
        part.path.replace(target)
        self.drop(part)
        return known

    def remember(self, address: str, known: Known, *, month: str = "", content: str = "") -> Known:
        """Know the address by this body from now on."""
        told = replace(known, month=month, content=content)
        if self._index.get(address) != told:
            self._index[address] = told
            self._save()
        return told

    def forget(self, *, keeping: Collection[str], months: Collection[str], offered: Collection[str]) -> None:
        """Delete earlier vintages of months whose newest address is among `keeping`, and what is nobody's: of
        a download that was cut, what is no longer `offered`.
        """
        old = [
            address
            for address, each in self._index.items()
            if each.month in months and address not in keeping
        ]
        for address in old:
            del self._index[address]
        if old:
            self._save()
        used = {each.sha256 for each in self._index.values()}
        for folder in (self._folder / "files").iterdir():
            if folder.name not in used:
                shutil.rmtree(folder, ignore_errors=True)
        begun = {self.part(address).path.name for address in offered}
        for path in (self._folder / "parts").iterdir():
            if path.stem not in begun:
                path.unlink(missing_ok=True)

    def _save(self) -> None:
        told = {address: asdict(each) for address, each in sorted(self._index.items())}
        with replacing(self._folder / "index.json") as file:
            file.write(json.dumps(told, indent=1).encode())


def _read(index: Path) -> dict[str, Known]:
    """The index; empty where there is none, or one of another version: everything is then asked for anew."""
    try:
        told = {address: Known(**each) for address, each in json.loads(index.read_bytes()).items()}
        return {address: each for address, each in told.items() if _is_whole(each)}
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return {}


def _is_whole(known: Known) -> bool:
    return all(isinstance(value, str) for value in asdict(known).values()) and known.name == _safe(known.name)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _safe(name: str) -> str:
    """The publisher's name of a file as one of a file here, with its end, which says what it is."""
    kept = "".join(each if each.isascii() and (each.isalnum() or each in "-_.") else "_" for each in name)
    return kept.lstrip(".")[-_NAME_LENGTH:] or "file"
