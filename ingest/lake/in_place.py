"""What of a lake is in place in a database, by the ledger: each part of a census is known by a mark.

A mark follows from what a part is made of, so that what is in place is known without a look at its rows.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, select

from ingest.extracts import Parsed
from ingest.files.archives import Content
from ingest.lake.entries import Refusal, list_name
from ingest.lake.layout import digest
from ingest.lake.manifest import TrustFacts
from ingest.loading.incoming import IncomingFile, format_named
from ingest.loading.ledger import FROM_LAKE, write_ledger
from ingest.loading.load import turn
from ingest.store import schema
from ingest.store.dataset import raise_version
from ingest.store.schema import WEEKLY

FORMAT = "tracking list"  # of the ledger: by it a census is taken out again


def mark_of(trust: TrustFacts, section: str) -> str:
    """What a section of a trust at a census is known by in the ledger."""
    facts = (part.path for part in trust.facts[section])
    return digest("\n".join([trust.entries[section], *facts]).encode())


def marks_in_place(connection: Connection) -> dict[str, tuple[str, date]]:
    """The marks of everything that is published from a lake and in place, with its trust and census."""
    load = schema.load.c
    named = select(load.file_sha256, load.provider_code, load.census_date)
    from_lake = load.content_name.startswith(FROM_LAKE, autoescape=True)
    rows = connection.execute(named.where(from_lake, load.state == "loaded")).all()
    return {row.file_sha256: (row.provider_code, row.census_date) for row in rows}


def is_in_place(connection: Connection, mark: str, *, with_pathways: bool = False) -> bool:
    load, extract, pathway = schema.load.c, schema.extract.c, schema.pathway.c
    held = select(extract.id).join(schema.load, load.id == extract.load_id)
    found = connection.execute(held.where(load.file_sha256 == mark, load.state == "loaded")).scalar()
    if found is None or not with_pathways:
        return found is not None
    single = select(pathway.token).where(pathway.extract_id == found).limit(1)
    return connection.execute(single).first() is not None


def held_from_lake(connection: Connection, parsed: Parsed) -> Any | None:
    """What is in place and came from a lake: which of two lists counts was decided when they were added."""
    extract, load = schema.extract.c, schema.load.c
    key = ("source", "census_date", "provider_code", "section")
    return connection.execute(
        select(schema.extract)
        .join(schema.load, load.id == extract.load_id)
        .where(*(extract[name] == getattr(parsed, name) for name in key))
        .where(load.content_name.startswith(FROM_LAKE, autoescape=True))
    ).first()


def forget_pathways_before(connection: Connection, provider: str, census: date) -> None:
    """Of what came from a lake, single pathways are those of the newest list alone."""
    extract, load = schema.extract.c, schema.load.c
    older = (
        select(extract.id)
        .join(schema.load, load.id == extract.load_id)
        .where(extract.source == WEEKLY, extract.provider_code == provider, extract.census_date < census)
        .where(load.content_name.startswith(FROM_LAKE, autoescape=True))
    )
    connection.execute(delete(schema.pathway).where(schema.pathway.c.extract_id.in_(older)))


def incoming(name: str, mark: str, content_sha256: str, origin: str, arrived: datetime) -> IncomingFile:
    """What the ledger keeps of a part of a census, as of a file that was loaded."""
    file = IncomingFile(name, b"", 0, mark, arrived, time.perf_counter())
    file.content = Content(name, f"{FROM_LAKE}{origin}", b"", is_workbook=False, sha256=content_sha256)
    file.format = format_named(FORMAT)
    return file


def publish_refusals(engine: Engine, refused: Sequence[Refusal], days: Collection[date]) -> None:
    """Lines of the ledger for what trusts could not add, where they are not there yet: pages show them."""
    load = schema.load.c
    with engine.connect() as connection:
        known = set(connection.execute(select(load.file_sha256).where(load.state == "refused")).scalars())
    new = [each for each in refused if each.census_date in days and each.file_sha256 not in known]
    if not new:
        return
    with turn(engine, "what was refused", lambda _: None) as connection:
        for each in new:
            assert each.census_date is not None
            name = list_name(each.section, each.provider_code, each.census_date)
            file = incoming(name, each.file_sha256, each.file_sha256, "refused", each.refused_at)
            file.parsed = Parsed(
                source=WEEKLY,
                census_date=each.census_date,
                provider_code=each.provider_code,
                section=each.section,
                rows_read=0,
                tables={},
            )
            write_ledger(connection, file, "refused", each.reasons)
        raise_version(connection, kind=None)
