"""What an extract format is, so that `ingest.loading.load` can load any: one module in this folder for each.

A format module has
    NAME: str                                            the word the ledger keeps, such as "national"
    recognises(content: Content) -> bool                 cheap: looks at the head only, imports nothing heavy
    read(content: Content, options: LoadOptions) -> Parsed     parses and checks; raises `Refused`
    changed(connection: Connection, change: Change, options: LoadOptions) -> notes   after the facts changed
    foreseen(connection: Connection, file: str, parsed: Parsed) -> notes   those of `changed`, writing nothing
and its name in FORMATS, in the order in which they are asked. Nothing here opens a file or a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, Protocol

from sqlalchemy import Connection

from ingest.files.archives import Content
from ingest.files.problems import Problem
from rtt.terms.bands import OPEN_BAND

FORMATS = (
    "ingest.extracts.monthly.format",
    "ingest.extracts.published.tables",
    "ingest.extracts.ptl.format",
    "ingest.extracts.published.timeseries",
)
MAPPED = "ingest.extracts.ptl.format"  # what a file is taken for that only a mapping explains


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What the person loading may say; a format reads what concerns it."""

    kind: Literal["real", "sample"] = "real"
    revision: int | None = None  # instead of the rank in the file's name
    replace: bool = False  # take the file although it looks older, smaller or different
    mapping: Path | None = None  # a trust's column names, TOML
    token_key: bytes | None = None  # of the keyed hash that names pathways
    snapshots_kept: int = 8  # weekly snapshots of which the pathways are kept
    today: date | None = None  # a census after it is refused; every caller of the product says it


@dataclass(frozen=True, slots=True)
class Facts:
    """Rows for one table, without their `extract_id`, which the load puts in front."""

    columns: Sequence[str]
    rows: Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file that was read and passed its checks: what `extract` says of it, and its facts by table name."""

    source: str  # MONTHLY, WEEKLY or PUBLISHED of ingest.store.schema
    census_date: date
    rows_read: int
    tables: Mapping[str, Facts]
    provider_code: str = ""
    section: str = "all"
    revision: int = 0
    open_band: int = OPEN_BAND
    rows_left_out: int = 0
    providers: int = 0  # how many organisations the file holds; fewer than before means a part is missing
    problems: Sequence[Problem] = field(default_factory=tuple)  # notes and rows left out
    message: str = ""  # one line for the ledger
    days: Sequence[date] = ()  # others than the census that cannot be after today either


@dataclass(frozen=True, slots=True)
class Change:
    """One extract that came (extract_id), or went (None), in the transaction now open."""

    source: str
    census_date: date
    provider_code: str
    section: str
    extract_id: int | None


class Format(Protocol):
    """The shape of a format module."""

    NAME: str

    def recognises(self, content: Content) -> bool: ...

    def read(self, content: Content, options: LoadOptions) -> Parsed: ...

    def changed(self, connection: Connection, change: Change, options: LoadOptions) -> Iterable[Problem]: ...

    def foreseen(self, connection: Connection, file: str, parsed: Parsed) -> Iterable[Problem]: ...
