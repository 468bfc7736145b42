"""A file on its way in: opened, unpacked, taken by the format that knows its headings, parsed and checked.

It fills step by step, so that a refusal can say how far it came. Nothing here speaks to the database.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Literal, cast

from ingest.extracts import Format, LoadOptions, Parsed, formats
from ingest.extracts.published.workbooks import what_it_is
from ingest.files.archives import MOST_BYTES, Content, unpack
from ingest.files.possible import refuse_impossible
from ingest.files.problems import Problem, note, refuse_whole, refused_whole
from rtt.terms.possible_dates import has_come
from rtt.terms.text_edges import file_name
from rtt.terms.wording import date_text

if TYPE_CHECKING:
    import polars as pl

log = logging.getLogger("rtt.load")

State = Literal["loaded", "unchanged", "refused", "checked"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one file is: `rows` of `of` rows written; both 0 while it is read and checked, or waits for
    another load that is writing.
    """

    file_name: str
    step: Literal["reading", "waiting", "writing"]
    rows: int = 0
    of: int = 0


Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What became of one file."""

    file_name: str
    state: State
    source: str | None = None
    census_date: date | None = None
    provider_code: str = ""
    section: str = ""
    rows_read: int = 0
    rows_left_out: int = 0
    seconds: float = 0.0
    problems: Sequence[Problem] = field(default_factory=tuple)
    replaced: bool = False


@dataclass(slots=True)
class IncomingFile:
    """A file on its way in: filled step by step, so that a refusal can say how far it came."""

    name: str
    packed: bytes  # empty if there is more than is ever read
    size: int
    sha256: str
    started_at: datetime
    began: float
    content: Content | None = None
    format: Format | None = None
    parsed: Parsed | None = None

    def seconds(self) -> float:
        return time.perf_counter() - self.began

    def result(self, state: State, problems: Sequence[Problem] = (), *, replaced: bool = False) -> LoadResult:
        parsed = self.parsed
        if parsed is None:
            return LoadResult(self.name, state, seconds=self.seconds(), problems=problems)
        return LoadResult(
            self.name,
            state,
            parsed.source,
            parsed.census_date,
            parsed.provider_code,
            parsed.section,
            parsed.rows_read,
            parsed.rows_left_out,
            self.seconds(),
            problems,
            replaced,
        )


def opened(path: Path) -> IncomingFile:
    """The bytes of a file, and what it is known by. One that is larger than any extract is not held."""
    began = time.perf_counter()
    with path.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        packed = stream.read() if size <= MOST_BYTES else b""
        sha256 = hashlib.sha256(packed) if packed else hashlib.file_digest(stream, "sha256")
    return IncomingFile(
        file_name(path.name), packed, len(packed) or size, sha256.hexdigest(), datetime.now(UTC), began
    )


def handed(rows: pl.DataFrame, name: str) -> IncomingFile:
    """Rows that are in memory, as the file of that name that they would be; known by what they hold."""
    began = time.perf_counter()
    sha256 = hashlib.sha256(rows.hash_rows().to_numpy().tobytes()).hexdigest()
    size = int(rows.estimated_size())
    file = IncomingFile(name, b"", size, sha256, datetime.now(UTC), began)
    file.content = Content(name, name, b"", is_workbook=False, sha256=sha256)
    return file


def unpacked(file: IncomingFile, report: Report) -> Content:
    """What is in the file. Raises `Refused`."""
    report(Progress(file.name, "reading"))
    if file.size > MOST_BYTES:
        raise refuse_whole(file.name, f"It has {file.size:,} bytes; a file of at most 1 GB is accepted.")
    # The library that reads tables takes as long to import as a month to unpack: each has a core.
    library = Thread(target=import_module, args=("polars",))
    library.start()
    try:
        file.content = unpack(file.name, file.packed)
    finally:
        library.join()
    return file.content


def unreadable(file: IncomingFile, error: BaseException) -> Problem:
    """For a file that nobody foresaw: the reason is a fault of ours, and the file is refused all the same.

    The class alone is told: an exception may quote a row, and a row may be a person. The log has the lines of
    our code that it passed through.
    """
    reference = secrets.token_hex(3).upper()
    log.error("a file could not be loaded, reference %s", reference, exc_info=error)
    return refused_whole(
        file.name,
        f"It could not be read or kept ({type(error).__name__}, reference {reference} in the log). Nothing "
        "of it was written. Please report this to whoever maintains the dashboard.",
    )


def parsed_by_its_format(file: IncomingFile, content: Content, options: LoadOptions) -> Parsed:
    file.format = _format_of(content, options)
    return _possible(file, content, file.format.read(content, options), options)


def rows_parsed(file: IncomingFile, rows: pl.DataFrame, format_name: str, options: LoadOptions) -> Parsed:
    """As `parsed_by_its_format`, of rows that are in memory (see `handed`). Raises `Refused`."""
    file.format, content = format_named(format_name), cast(Content, file.content)
    assert file.format.read_rows is not None, f"{format_name} comes as files alone"
    return _possible(file, content, file.format.read_rows(content, rows, options), options)


def _possible(file: IncomingFile, content: Content, parsed: Parsed, options: LoadOptions) -> Parsed:
    # Whatever the format has looked at itself: no date comes in by another way.
    for day in (parsed.census_date, *parsed.days):
        refuse_impossible(content.file_name, day, options.today)
    if options.today is not None and not has_come(parsed.census_date, options.today):
        shown = f"Its day is still to come: pages show it from {date_text(parsed.census_date)} on."
        parsed = replace(parsed, problems=[note(content.file_name, shown), *parsed.problems])
    file.parsed = parsed
    return parsed


def _format_of(content: Content, options: LoadOptions) -> Format:
    for each in formats():
        if each.recognises(content):
            return each
    start = content.head()[:2000].lstrip().lower()
    if start.startswith("<") or "<html" in start:
        raise refuse_whole(
            content.file_name,
            "This is a web page, not an RTT file: the download was probably refused or led to a page to "
            "sign in at. Download the file itself.",
        )
    if published := what_it_is(content):
        raise refuse_whole(content.file_name, f"{published} {accepted()}")
    if options.mapping is not None:
        # Headings that only the mapping knows: the reader says what is missing, if it is no list.
        return next(each for each in formats() if each.mapped)
    raise refuse_whole(
        content.file_name, f"This is not an RTT file: none of its headings is known. {accepted()}"
    )


def format_named(name: str) -> Format:
    return next(each for each in formats() if each.name == name)


def accepted() -> str:
    """Every format in a sentence, for whoever brought another file."""
    told = (f"{each.title[0].upper()}{each.title[1:]}: {each.accepted}." for each in formats())
    return " ".join(("You can load these files.", *told))
