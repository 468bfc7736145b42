"""The rows of a table as the databases' drivers take them: plain tuples of plain values."""

from typing import Any

import polars as pl


def row_tuples(table: pl.DataFrame) -> list[tuple[Any, ...]]:
    """The rows, as `DataFrame.rows` gives them; made column by column, which takes half the time."""
    return list(zip(*(_values(column) for column in table.get_columns()), strict=True))


def _values(column: pl.Series) -> list[Any]:
    whole = column.dtype.is_integer() and not column.null_count()
    return column.to_numpy().tolist() if whole else column.to_list()
