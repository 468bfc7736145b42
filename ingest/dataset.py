"""What kind of data a database holds, real or sample, and when a sample was built.

The two never share a database: `load` refuses to mix them, and every page of a sample says what it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine, func, select, update

from ingest import database, schema


@dataclass(frozen=True, slots=True)
class Dataset:
    """The mark of a database: `version` rises with every change of its facts."""

    kind: str  # 'real' or 'sample'
    version: int
    built_on: date | None  # of a sample: the day it was built for
    extracts: int


def dataset_of(engine: Engine) -> Dataset | None:
    """The mark of a database, None where nothing was ever loaded. Brings the tables up to date first."""
    database.migrate(engine)
    with engine.connect() as connection:
        return read_dataset(connection)


def read_dataset(connection: Connection) -> Dataset | None:
    """The mark of the database that is being read."""
    row = connection.execute(select(schema.dataset)).first()
    if row is None:
        return None
    extracts = connection.execute(select(func.count()).select_from(schema.extract)).scalar_one()
    return Dataset(row.kind, row.version, row.built_on, extracts)


def mark_built(engine: Engine, built_on: date, *, above_version: int = 0) -> None:
    """Say when a sample was built, with a version above that of the data it takes the place of."""
    with database.writing(engine) as connection:
        version = connection.execute(select(schema.dataset.c.version)).scalar_one()
        connection.execute(
            update(schema.dataset).values(built_on=built_on, version=max(version, above_version + 1))
        )
