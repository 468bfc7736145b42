"""Tables as Parquet: the columns of a table of the database, less those that the folder names.

The same rows give the same bytes, so that a file can be known by their hash.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Literal

import polars as pl
from sqlalchemy import Date, Integer

from ingest.extracts import Facts
from ingest.store.schema import columns_of, metadata

OF_THE_FOLDER = ("census_date", "provider_code")
COMPRESSION: Literal["zstd", "uncompressed"] = "zstd"


class NotOfThisLake(Exception):
    """A Parquet file that cannot be what it is said to be; the message says why, and shows no value."""


def table_schema(table: str) -> dict[str, pl.DataType]:
    """The columns of a table of the database as they lie in the lake, by name and type."""
    of_table = metadata.tables[table].c
    return {
        name: _type(of_table[name].type)
        for name in columns_of(metadata.tables[table])
        if name not in OF_THE_FOLDER
    }


def _type(kind: object) -> pl.DataType:
    if isinstance(kind, Date):
        return pl.Date()
    return pl.Int32() if isinstance(kind, Integer) else pl.String()


def frame_of(table: str, facts: Facts) -> pl.DataFrame:
    """The rows that a load would write into a table, as they lie in the lake: dates as dates."""
    kinds = table_schema(table)
    held = getattr(facts.rows, "table", None)
    if held is None:
        held = pl.DataFrame(
            {name: [row[at] for row in facts.rows] for at, name in enumerate(facts.columns) if name in kinds},
            schema={
                name: pl.String() if kinds[name] == pl.Date else kinds[name]
                for name in facts.columns
                if name in kinds
            },
        )
    return held.select(_as(held, name, kind) for name, kind in kinds.items())


def _as(held: pl.DataFrame, name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    return (
        column.str.to_date("%Y-%m-%d")
        if kind == pl.Date and held[name].dtype == pl.String
        else column.cast(kind)
    )


def facts_of(table: str, rows: pl.DataFrame, *, census: date, provider: str) -> pl.DataFrame:
    """The rows as a table of the database has them, with the columns that the folder named; dates as text."""
    whole = rows.with_columns(
        pl.lit(census.isoformat()).alias("census_date"), pl.lit(provider).alias("provider_code")
    )
    return whole.select(columns_of(metadata.tables[table])).with_columns(pl.selectors.date().cast(pl.String))


def written(rows: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    rows.rechunk().write_parquet(stream, compression=COMPRESSION)
    return stream.getvalue()


def read(data: bytes, table: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Rows of a table, or some of its columns. Raises `NotOfThisLake` where they are not there."""
    kinds = table_schema(table)
    try:
        found = pl.read_parquet(io.BytesIO(data), columns=list(columns or kinds), hive_partitioning=False)
        return found.select(pl.col(name).cast(kinds[name]) for name in columns or kinds)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise NotOfThisLake(f"it is no Parquet file with the columns of the table {table}") from None
