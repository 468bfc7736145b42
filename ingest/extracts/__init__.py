"""What an extract format is, so that `ingest.loading` can load any: each name in FORMATS has one `FORMAT`.

A name is a folder here, or a module of one where formats share their headings; in this order they are asked
whose file it is. Nothing here opens a file or a database.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection

from ingest.files.archives import Content
from ingest.files.problems import Problem
from rtt.terms.bands import OPEN_BAND

if TYPE_CHECKING:
    import polars as pl

FORMATS = ("monthly", "published.tables", "ptl", "published.timeseries", "organisations_file")


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
    # Of lists before it single pathways are not kept: as many newer ones follow in this sitting.
    pathways_from: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Rows for one table, without their `extract_id`, which the load puts in front."""

    columns: Sequence[str]
    rows: Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file that was read and passed its checks: what `extract` says of it, and its facts by table name."""

    source: str  # MONTHLY, WEEKLY, PUBLISHED or ORGANISATIONS of ingest.store.schema
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


@dataclass(frozen=True, slots=True)
class Format:
    """`name` is the word the ledger keeps; `title` is what people call the file, `accepted` how it may come.

    `recognises` is cheap: it looks at the head only and imports nothing heavy. `read` parses and checks, and
    raises `Refused`. `changed` follows once the facts have changed, in the same transaction, and gives notes;
    `foreseen` gives those notes of a file that is only checked, and writes nothing. `mapped`: whether a
    mapping (TOML) explains the headings of a file that nobody recognises. `spared`: the tables whose
    rows are not written, for `changed` would delete them again. `read_rows`: as `read`, of rows that are in
    memory, under the headings of a file.
    """

    name: str
    title: str
    recognises: Callable[[Content], bool]
    read: Callable[[Content, LoadOptions], Parsed]
    accepted: str = ""
    changed: Callable[[Connection, Change, LoadOptions], Iterable[Problem]] = lambda *_: ()
    foreseen: Callable[[Connection, str, Parsed], Iterable[Problem]] = lambda *_: ()
    mapped: Callable[[Content, Path], bool] | None = None
    spared: Callable[[Connection, Parsed, LoadOptions], Collection[str]] = lambda *_: ()
    read_rows: Callable[[Content, pl.DataFrame, LoadOptions], Parsed] | None = None


def formats() -> tuple[Format, ...]:
    """Every format, in the order in which they are asked."""
    return tuple(import_module(f"{__name__}.{name}").FORMAT for name in FORMATS)
