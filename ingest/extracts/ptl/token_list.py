"""Tokens beside the trust's own identifiers, for somebody who already holds the list.

Reads the trust's file and the key, and writes one csv that its owner alone can read. Nothing of it is logged
or stored; the database is not asked.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

import polars as pl

from ingest.extracts.ptl.dates import without_null_dates
from ingest.extracts.ptl.fields import STARTS
from ingest.extracts.ptl.format import read_section
from ingest.extracts.ptl.mapping import read_mapping
from ingest.extracts.ptl.snapshot import snapshot_of
from ingest.extracts.ptl.table import read_table
from ingest.files.archives import unpack
from ingest.files.problems import refuse_whole
from ingest.files.temporary import private_file

IDENTIFIERS = ("issuer", "pathway_id", "referral_id", "local_patient_id")
COLUMNS = ("token", "file", "row", *IDENTIFIERS)


class UnsafePlace(Exception):
    """The list may not be written there, for the reason in the message."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list holds: how many rows; and which tokens were asked for and are in none of the files."""

    rows: int
    missing: tuple[str, ...]


def token_list(
    files: Sequence[Path],
    key: bytes,
    *,
    out: Path,
    home: Path,
    only: Iterable[str] = (),
    mapping: Path | None = None,
) -> Listed:
    """Write the tokens of open pathways and clock stops in `files` to `out`, or `only` these.

    `home` (RTT_HOME) is backed up and served from: the list must lie elsewhere. Raises `UnsafePlace`, or
    `Refused` for a file that cannot be read; then nothing is written.
    """
    _refuse_unsafe(out, home)
    wanted = {token.strip().upper() for token in only}
    rows = [row for file in files for row in _rows(file, key, mapping) if not wanted or row[0] in wanted]
    with private_file(out) as file, TextIOWrapper(file, encoding="utf-8", newline="") as stream:
        try:
            writer = csv.writer(stream)
            writer.writerow(COLUMNS)
            writer.writerows(rows)
            stream.flush()
        except OSError:  # a full disk: half a list of patients is of use to nobody
            out.unlink()
            raise
    return Listed(len(rows), tuple(sorted(wanted - {row[0] for row in rows})))


def _refuse_unsafe(out: Path, home: Path) -> None:
    if out.resolve().is_relative_to(home.resolve()):
        raise UnsafePlace("a list of identifiers must not lie under RTT_HOME; name another folder")
    if out.exists():
        raise UnsafePlace(f"{out.name} exists already; it is not written over")


def _rows(file: Path, key: bytes, mapping: Path | None) -> Iterator[tuple[str, ...]]:
    names = read_mapping(mapping)
    table = without_null_dates(read_table(unpack(file.name, file.read_bytes()), names), names)
    snapshot = snapshot_of(table, names)
    if snapshot.section == STARTS:
        raise refuse_whole(
            file.name,
            "This is a list of clock starts, which have no tokens. Name open pathways or clock stops.",
        )
    known = read_section(table, snapshot, names, key).rows.select("row", "token")
    present = [field for field in IDENTIFIERS if table.has(field)]
    missing = [pl.lit("").alias(field) for field in IDENTIFIERS if field not in present]
    beside = known.join(table.frame.select("row", *present), on="row", how="left").with_columns(missing)
    for token, row, *identifiers in beside.select("token", "row", *IDENTIFIERS).iter_rows():
        yield (token, file.name, str(row), *(text or "" for text in identifiers))
