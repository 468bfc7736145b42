"""Many rows of a query as a frame, without a row object for each: that takes longer than all the counting."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from sqlalchemy import Connection, Select


def frame(connection: Connection, chosen: Select[Any], types: Mapping[str, Any]) -> pl.DataFrame:
    """The rows of a query, whose columns are `types` by name and polars type, as the driver gives them."""
    cursor = connection.execute(chosen).cursor
    assert cursor is not None
    # SQLite keeps dates as text, and the driver is asked for nothing else.
    days = [name for name, kind in types.items() if kind == pl.Date and connection.dialect.name == "sqlite"]
    rows = pl.DataFrame(cursor.fetchall(), schema={**types, **dict.fromkeys(days, pl.String)}, orient="row")
    return rows.with_columns(pl.col(days).str.to_date("%Y-%m-%d"))
