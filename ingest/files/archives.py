"""From a path to the bytes of one extract: plain, gzip or zip, whatever the name says.

A zip must hold one csv or workbook, beside which a readme may lie; one that unpacks to too much, or whose
members point outside it, is refused. What the bytes mean is for the formats in `ingest.extracts`.
"""

import codecs
import gzip
import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from ingest.files.problems import Refused, refuse_whole
from ingest.files.workbook_size import MOST_CELLS, ODS_MEMBER, cells_of
from rtt.terms import text_edges
from rtt.terms.wording import list_text, plural

MOST_BYTES = 1_000_000_000
MOST_RATIO = 200
HEAD_BYTES = 65_536
_PIECE = 1 << 18

_ZIP, _GZIP, _OLD_WORKBOOK = b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0"
# What only a workbook holds: of Office, and of LibreOffice (ods).
_WORKBOOK_MEMBERS = {"[Content_Types].xml", ODS_MEMBER}
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
# By likelihood: a txt in a zip beside a csv is a readme.
_EXTRACT_SUFFIXES = ((".csv",), WORKBOOKS, (".tsv", ".tab"), (".txt", ".dat"))
SUFFIXES = (".csv", ".tsv", ".gz", ".zip", *WORKBOOKS)
_LIMITS = "1 GB unpacked and 200 times the size at most"


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


def unpack(file_name: str, packed: bytes) -> Content:
    """The one extract in the bytes of a file. Raises `Refused` for an archive that cannot be trusted."""
    if packed.startswith(_ZIP):
        return _from_zip(file_name, packed)
    if packed.startswith(_GZIP):
        name = file_name.removesuffix(".gz")
        return _content(file_name, name, _gunzip(file_name, packed))
    if file_name.lower().endswith((".zip", ".gz")) and b"<" not in packed[:200]:
        raise refuse_whole(
            file_name, "Its name says zip or gz, but it is neither. Send or save the file again."
        )
    return _content(file_name, file_name, packed)


def _content(file_name: str, name: str, data: bytes) -> Content:
    # Of the head alone: stripping the whole would copy it.
    if not data[:HEAD_BYTES].strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refuse_whole(file_name, "The file is empty. Send or save it again.")
    is_workbook = data.startswith((_ZIP, _OLD_WORKBOOK))
    if data.startswith(_ZIP):
        _check_workbook(file_name, data)
    return Content(file_name, name, data, is_workbook, hashlib.sha256(data).hexdigest())


def _gunzip(file_name: str, packed: bytes) -> bytes:
    limit = min(MOST_BYTES, max(len(packed) * MOST_RATIO, HEAD_BYTES))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            data = file.read(limit + 1)
    except (OSError, EOFError, zlib.error):
        raise _damaged(file_name, "gz") from None
    if len(data) > limit:
        raise refuse_whole(file_name, f"It unpacks to more than is accepted: {_LIMITS}.")
    return data


def _damaged(file_name: str, what: str) -> Refused:
    return refuse_whole(
        file_name, f"The {what} file is damaged, cut off or locked with a password. Send or save it again."
    )


def _from_zip(file_name: str, packed: bytes) -> Content:
    try:
        archive = zipfile.ZipFile(io.BytesIO(packed))
        members = [member for member in archive.infolist() if not _is_clutter(member)]
        if any(member.filename in _WORKBOOK_MEMBERS for member in members):
            return _content(file_name, file_name, packed)
        member = _only_extract(file_name, members, len(packed))
        with archive.open(member) as file:
            data = _whole(file, member.file_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise _damaged(file_name, "zip") from None
    if len(data) != member.file_size:
        says = (
            f"The zip file says that it holds {plural(member.file_size, 'byte')}, and it holds more or fewer."
        )
        raise refuse_whole(file_name, f"{says} Send or save it again.")
    return _content(file_name, text_edges.file_name(PurePosixPath(member.filename).name), data)


def _whole(file: IO[bytes], size: int) -> bytes:
    """What is in a file; at most a piece more than its size in the directory, which is a claim.

    Read at once, it would stand in memory twice.
    """
    whole = io.BytesIO()
    while whole.tell() <= size and (piece := file.read(_PIECE)):
        whole.write(piece)
    return whole.getvalue()


def _check_workbook(file_name: str, data: bytes) -> None:
    """Raises `Refused` for a workbook that would be too large when it is laid out, wherever it was packed."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        _check_size(file_name, archive.infolist(), len(data))
        cells = cells_of(archive, MOST_BYTES)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise _damaged(file_name, "zip") from None
    if cells > MOST_CELLS:
        raise refuse_whole(
            file_name,
            f"It has {cells:,} cells, most of them blank or repeated; {MOST_CELLS:,} at most are accepted. "
            "One cell stands far from the others: delete the rows below the list and the columns beside it, "
            "and save the file again.",
        )


def _only_extract(file_name: str, members: list[zipfile.ZipInfo], packed_bytes: int) -> zipfile.ZipInfo:
    for member in members:
        if _leads_outside(member.filename):
            raise refuse_whole(
                file_name,
                "The zip file names a folder outside itself. Only plain files in a zip are accepted.",
            )
    _check_size(file_name, members, packed_bytes)
    found = _most_likely(members)
    if len(found) != 1:
        names = list_text([_base(member) for member in found[:5]]) if found else "none"
        raise refuse_whole(
            file_name,
            f"A zip file must hold one csv or workbook; this one holds {len(found)} ({names}). Unpack it "
            "and load each file.",
        )
    return found[0]


def _most_likely(members: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The members of the first kind of which there are any: a readme beside a csv is no extract."""
    for endings in _EXTRACT_SUFFIXES:
        if found := [member for member in members if member.filename.lower().endswith(endings)]:
            return found
    return []


def _base(member: zipfile.ZipInfo) -> str:
    return PurePosixPath(member.filename).name


def _check_size(file_name: str, members: list[zipfile.ZipInfo], packed_bytes: int) -> None:
    unpacked = sum(member.file_size for member in members)
    if unpacked > MOST_BYTES:
        raise refuse_whole(file_name, f"It unpacks to {unpacked:,} bytes. Accepted are {_LIMITS}.")
    if unpacked > MOST_RATIO * packed_bytes:
        ratio = unpacked // max(packed_bytes, 1)
        raise refuse_whole(file_name, f"It unpacks to {ratio:,} times its size. Accepted are {_LIMITS}.")


def _is_clutter(member: zipfile.ZipInfo) -> bool:
    # A Mac adds a shadow "csv" of its own beside each file.
    return member.is_dir() or member.filename.startswith("__MACOSX/")


def _leads_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in path.parts[0]
