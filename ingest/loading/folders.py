"""Which files of a folder are taken, and why each other one is left.

A file is taken by its ending, whatever its case, or because the headings of an extract stand in it: systems
write lists as `.txt`, `.dat` or without any ending. What is left is named, for a list passed over in silence
is a hole in the figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest.extracts import formats
from ingest.files.archives import HEAD_BYTES, SUFFIXES, unpack
from ingest.files.problems import Refused

# Written by programs beside their own files.
_LOCK_FILES = ("~$", ".~lock.")


@dataclass(frozen=True, slots=True)
class Listing:
    """The files that a path means, by name; and those of a folder that are left, each with the reason."""

    taken: tuple[Path, ...]
    left: tuple[tuple[Path, str], ...] = ()


def listed(path: Path, *, mapping: Path | None = None) -> Listing:
    """The file itself, or what of a folder can be an extract. Raises `OSError` for what cannot be read."""
    if not path.is_dir():
        return Listing((path,))
    taken, left = [], []
    for file in sorted(path.iterdir()):
        reason = _reason_to_leave(file, mapping)
        if reason is None:
            taken.append(file)
        elif not _is_hidden(file):
            left.append((file, reason))
    return Listing(tuple(taken), tuple(left))


def _is_hidden(file: Path) -> bool:
    return file.name.startswith(".")


def _reason_to_leave(file: Path, mapping: Path | None) -> str | None:
    if not file.is_file():
        return "a folder; name it to load what is in it" if file.is_dir() else "not a plain file"
    if file.name.startswith(_LOCK_FILES) or _is_hidden(file):
        return "a file that a program keeps while another is open"
    if file.suffix.lower() in SUFFIXES:
        return None
    return None if _has_known_headings(file, mapping) else "none of its headings is known"


def _has_known_headings(file: Path, mapping: Path | None) -> bool:
    """Whether a file of another ending, or of none, begins like an extract."""
    with file.open("rb") as opened:
        start = opened.read(HEAD_BYTES)
    try:
        content = unpack(file.name, file.read_bytes() if start[:2] in (b"PK", b"\x1f\x8b") else start)
    except Refused:
        return False
    return any(
        each.recognises(content) or (mapping and each.mapped and each.mapped(content, mapping))
        for each in formats()
    )
