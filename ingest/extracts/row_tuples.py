"""The rows of a table as the databases' drivers take them: plain tuples of plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, overload

import polars as pl

Row = tuple[Any, ...]
_FEW = 0.1  # texts to rows of a column


class FrameRows(Sequence[Row]):
    """The rows of a frame, made when they are asked for: a few at a time, or never.

    A hundred thousand rows made at once take half as long again, and most of a load's memory. Of a column
    that has few texts each is made once and shared, which is made and written faster.
    """

    def __init__(self, table: pl.DataFrame) -> None:
        self.table = table

    def __len__(self) -> int:
        return self.table.height

    def __iter__(self) -> Iterator[Row]:
        return iter(self[:])

    def telling(self, at: int) -> list[Any]:
        """As `ingest.store.columns.Telling` asks: the longest text and those with a NUL, the largest and the
        smallest number; None, if a value is missing. Every value of another type.
        """
        column = self.table.to_series(at)
        missing, there = [None] * bool(column.null_count()), column.drop_nulls()
        if there.is_empty():
            return missing
        if column.dtype == pl.String:
            lengths = there.str.len_chars()
            odd = (lengths == lengths.max(), there.str.contains("\0", literal=True))
            return [*(text for each in odd for text in there.filter(each).head(1)), *missing]
        if column.dtype.is_integer():
            return [there.min(), there.max(), *missing]
        return [*there.unique(), *missing]

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        if isinstance(at, int):
            return self.table.row(at)
        return list(zip(*(_shared(column[at], texts) for column, texts in self._columns), strict=True))

    @cached_property
    def _columns(self) -> list[tuple[pl.Series, list[Any]]]:
        """Each column; of one with few texts their places, beside the texts, of which the last is None."""
        return [_places(column) for column in self.table.get_columns()]


def row_tuples(table: pl.DataFrame) -> list[Row]:
    """The rows, as `DataFrame.rows` gives them; made column by column, which takes half the time."""
    return list(zip(*(_values(column) for column in table.get_columns()), strict=True))


def _values(column: pl.Series) -> list[Any]:
    whole = column.dtype.is_integer() and not column.null_count()
    return column.to_numpy().tolist() if whole else column.to_list()


def _places(column: pl.Series) -> tuple[pl.Series, list[Any]]:
    texts = column.drop_nulls().unique() if column.dtype == pl.String else None
    if texts is None or len(texts) > len(column) * _FEW:
        return column, []
    return column.cast(pl.Enum(texts)).to_physical().fill_null(len(texts)), [*texts, None]


def _shared(column: pl.Series, texts: list[Any]) -> list[Any]:
    return [texts[place] for place in column.to_numpy().tolist()] if texts else _values(column)
