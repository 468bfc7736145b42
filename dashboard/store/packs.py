"""The packs that went out before, and the files behind one."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from dashboard.store.cache import witnessed
from dashboard.store.ledger import in_utc
from dashboard.store.series import Series
from ingest.store.schema import extract, pack_issue
from ingest.store.schema import load as loads


@dataclass(frozen=True, slots=True)
class Issued:
    """An earlier pack of the scope: its census, and measure -> (figure as shown, value)."""

    census_date: date
    data_hash: str
    figures: dict[str, tuple[str, float | None]]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which data: a hash of the files in place, the newest load, rows read and left out of the newest."""

    data_hash: str
    loaded_at: datetime
    file_names: tuple[str, ...]
    rows_read: int
    rows_left_out: int


@witnessed
def last_issue(connection: Connection, series: Series, audience: str, data_hash: str) -> Issued | None:
    """The newest pack of the scope, for the same audience, that was made from other data; one statement."""
    c = pack_issue.c
    row = connection.execute(
        select(c.census_date, c.data_hash, c.figures)
        .where(*_of(c, series), c.audience == audience, c.data_hash != data_hash)
        .order_by(c.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    figures = {key: (shown, value) for key, (shown, value) in json.loads(row.figures).items()}
    return Issued(row.census_date, row.data_hash, figures)


def provenance_of(connection: Connection, source: str, census: date) -> Provenance:
    """Which files the censuses up to this one stand on; one statement."""
    e = extract.c
    rows = connection.execute(
        select(
            e.census_date, e.section, e.provider_code, e.revision,
            loads.c.file_sha256, loads.c.file_name, loads.c.started_at,
            loads.c.rows_read, loads.c.rows_left_out,
        )
        .join(loads, loads.c.id == e.load_id)
        .where(e.source == source, e.census_date <= census)
        .order_by(e.census_date, e.section, e.provider_code)
    ).all()  # fmt: skip
    contents = [
        [str(row.census_date), row.section, row.provider_code, row.revision, row.file_sha256] for row in rows
    ]
    newest = [row for row in rows if row.census_date == census]
    return Provenance(
        data_hash=hashlib.sha256(json.dumps(contents).encode()).hexdigest(),
        loaded_at=in_utc(max(row.started_at for row in newest)),
        file_names=tuple(dict.fromkeys(row.file_name for row in newest)),
        rows_read=sum(row.rows_read for row in newest),
        rows_left_out=sum(row.rows_left_out for row in newest),
    )


def _of(c: Any, series: Series) -> list[ColumnElement[bool]]:
    names = ("source", "level", "organisation_code", "treatment_function")
    return [getattr(c, name) == getattr(series, name) for name in names]
