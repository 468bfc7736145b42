"""From a path to the bytes of one extract: plain, gzip or zip, whatever the name says.

A zip must hold one csv or workbook, beside which a readme may lie; one that unpacks to too much, or whose
members point outside it, is refused. What the bytes mean is for the formats in `ingest.extracts`.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ingest.problems import refuse
from rtt import text_edges
from rtt.wording import plural

MOST_BYTES = 1_000_000_000
MOST_RATIO = 200
HEAD_BYTES = 65_536

_ZIP, _GZIP, _OLD_WORKBOOK = b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0"
_WORKBOOK_MEMBER = "[Content_Types].xml"
_EXTRACT_SUFFIXES = (".csv", ".txt", ".xlsx", ".xls", ".xlsb")
SUFFIXES = (".csv", ".gz", ".zip", ".xlsx", ".xls", ".xlsb")


@dataclass(frozen=True, slots=True)
class Content:
    """One extract, unpacked: `file_name` as given, `name` as inside the archive."""

    file_name: str
    name: str
    data: bytes
    is_workbook: bool
    sha256: str  # of `data`, so that a zip and the csv inside it are known as one

    def head(self) -> str:
        """The first lines as text, for recognition: never raises, whatever the bytes are."""
        start = self.data[:HEAD_BYTES]
        return start.decode(encoding_of(start), errors="replace").lstrip("\ufeff")


def encoding_of(data: bytes) -> str:
    """The encoding that a byte order mark, zero bytes or invalid UTF-8 give away; else UTF-8."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if data[first:200:2].count(0) > len(data[:200]) // 4:
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        # Cut in the middle of a character is still UTF-8.
        return "utf-8" if error.reason == "unexpected end of data" else "cp1252"
    return "utf-8"


def extract_paths(path: Path) -> list[Path]:
    """The files that a path means: itself, or those of a folder that can be extracts, by name."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.iterdir() if file.is_file() and file.suffix.lower() in SUFFIXES)


def unpack(file_name: str, packed: bytes) -> Content:
    """The one extract in the bytes of a file. Raises `Refused` for an archive that cannot be trusted."""
    if packed.startswith(_ZIP):
        return _from_zip(file_name, packed)
    if packed.startswith(_GZIP):
        name = file_name.removesuffix(".gz")
        return _content(file_name, name, _gunzip(file_name, packed))
    if file_name.lower().endswith((".zip", ".gz")) and b"<" not in packed[:200]:
        raise refuse(file_name, expected="an archive that can be opened", value="something else")
    return _content(file_name, file_name, packed)


def _content(file_name: str, name: str, data: bytes) -> Content:
    # Of the head alone: stripping the whole would copy it.
    if not data[:HEAD_BYTES].strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refuse(file_name, expected="an extract", value="an empty file")
    is_workbook = data.startswith((_ZIP, _OLD_WORKBOOK))
    return Content(file_name, name, data, is_workbook, hashlib.sha256(data).hexdigest())


def _gunzip(file_name: str, packed: bytes) -> bytes:
    limit = min(MOST_BYTES, max(len(packed) * MOST_RATIO, HEAD_BYTES))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            data = file.read(limit + 1)
    except (OSError, EOFError, zlib.error):
        raise refuse(file_name, expected="a whole gz file", value="one that is damaged or cut off") from None
    if len(data) > limit:
        raise refuse(
            file_name, expected="at most 1 GB unpacked and a ratio of at most 200:1", value="a larger one"
        )
    return data


def _from_zip(file_name: str, packed: bytes) -> Content:
    try:
        archive = zipfile.ZipFile(io.BytesIO(packed))
        members = [member for member in archive.infolist() if not _is_clutter(member)]
        if any(member.filename == _WORKBOOK_MEMBER for member in members):
            _check_size(file_name, members, len(packed))
            return _content(file_name, file_name, packed)
        member = _only_extract(file_name, members, len(packed))
        # The size in the directory is a claim; read no more than it says.
        with archive.open(member) as file:
            data = file.read(member.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise refuse(file_name, expected="a whole zip file", value="one that is damaged or locked") from None
    if len(data) != member.file_size:
        raise refuse(
            file_name, expected=f"{plural(member.file_size, 'byte')} as the zip says", value="another size"
        )
    return _content(file_name, text_edges.file_name(PurePosixPath(member.filename).name), data)


def _only_extract(file_name: str, members: list[zipfile.ZipInfo], packed_bytes: int) -> zipfile.ZipInfo:
    for member in members:
        if _leads_outside(member.filename):
            raise refuse(file_name, expected="paths inside the zip", value=member.filename)
    _check_size(file_name, members, packed_bytes)
    extracts = [
        member
        for member in members
        if member.filename.lower().endswith(_EXTRACT_SUFFIXES[:1])
        or (member.filename.lower().endswith(_EXTRACT_SUFFIXES) and len(members) == 1)
    ]
    if len(extracts) != 1:
        raise refuse(file_name, expected="one csv in the zip", value=f"{len(extracts)} of them")
    return extracts[0]


def _check_size(file_name: str, members: list[zipfile.ZipInfo], packed_bytes: int) -> None:
    unpacked = sum(member.file_size for member in members)
    if unpacked > MOST_BYTES:
        raise refuse(file_name, expected="at most 1 GB unpacked", value=f"{unpacked:,} bytes")
    if unpacked > MOST_RATIO * packed_bytes:
        raise refuse(
            file_name, expected="a ratio of at most 200:1", value=f"{unpacked // max(packed_bytes, 1)}:1"
        )


def _is_clutter(member: zipfile.ZipInfo) -> bool:
    # A Mac adds a shadow "csv" of its own beside each file.
    return member.is_dir() or member.filename.startswith("__MACOSX/")


def _leads_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in path.parts[0]
