"""What a column of the database can hold, read from the schema's own types: the same on both databases.

SQLite keeps whatever it is given: a text of any length, a number of any size, a NUL character; it turns a
number that is none (NaN) into a missing one. PostgreSQL refuses each of these, in the middle of a load. So
what does not fit is found here, before anything is written, and no length is written down twice.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from sqlalchemy import BigInteger, Column, Float, Integer, SmallInteger, String, Table

from rtt.terms.bands import BAND_COLUMNS

if TYPE_CHECKING:
    import polars as pl

NUL = "\0"
_WHOLE = Integer | SmallInteger | BigInteger
# A band never exceeds the total of its row, which is looked at: a hundred columns would be looked at in vain.
_PARTS_OF_A_TOTAL = frozenset(BAND_COLUMNS)
Misfit = tuple[str, Any, str]
"""A column that cannot hold a value, the value, and what it can hold, in words."""


@runtime_checkable
class Telling(Protocol):
    """Rows that can say what is odd in a column without a look at each."""

    def telling(self, at: int) -> Iterable[Any]:
        """Values of the column in this place; one of them does not fit, if any of the column does not."""


def longest(column: Column[Any]) -> int | None:
    """The most characters of a text column; None where any number will do."""
    return column.type.length if isinstance(column.type, String) else None


def largest(column: Column[Any]) -> int:
    """The largest whole number of a column: both signs have it, and the negative one more."""
    kind = column.type
    if isinstance(kind, SmallInteger):
        return 2**15 - 1
    return 2**63 - 1 if isinstance(kind, BigInteger) else 2**31 - 1


def text_expected(column: Column[Any]) -> str:
    """What a text column takes, in words."""
    most = longest(column)
    return f"at most {most} characters, none of them NUL" if most else "a text without NUL characters"


def number_expected(column: Column[Any]) -> str:
    """What a column of whole numbers takes, in words."""
    return f"a whole number of at most {largest(column):,}"


def cannot_hold(column: Column[Any], value: object) -> str | None:
    """Why a column cannot hold a value, as what was expected instead; None if it can."""
    if value is None:
        return None if column.nullable or column.server_default is not None else "a value"
    if isinstance(value, str) and isinstance(column.type, String):
        fits = _is_text(value) and len(value) <= (longest(column) or len(value))
        return None if fits else text_expected(column)
    if isinstance(value, int) and isinstance(column.type, _WHOLE):
        return None if -largest(column) - 1 <= value <= largest(column) else number_expected(column)
    if isinstance(value, float) and isinstance(column.type, Float):
        return None if math.isfinite(value) else "a number"
    return None


def misfits(table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Iterator[Misfit]:
    """The first value of each column that it cannot hold."""
    for at, name in enumerate(columns):
        if name in _PARTS_OF_A_TOTAL and table.name == "pathway_counts":
            continue
        column = table.c[name]
        if isinstance(rows, Telling) and not any(cannot_hold(column, each) for each in rows.telling(at)):
            continue
        # A column of a list holds the same few values again and again.
        values: Iterable[Any] = dict.fromkeys(map(itemgetter(at), rows))
        if set(map(type, values)) == {int}:
            ends = min(values), max(values)
            values = values if any(cannot_hold(column, end) for end in ends) else ()
        for value in values:
            if expected := cannot_hold(column, value):
                yield name, value, expected
                break


def fitted(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """The row with what its columns cannot hold cut to what they can: for a line about what went wrong."""
    return {name: _fitted(table.c[name], value) for name, value in values.items()}


def does_not_fit(name: str, column: Column[Any]) -> pl.Expr:
    """Of a polars frame: whether a text column has what a column of the database cannot hold."""
    import polars as pl

    text = pl.col(name)
    most = longest(column)
    odd = text.str.contains(NUL, literal=True)
    return odd | (text.str.len_chars() > most) if most else odd


def _is_text(value: str) -> bool:
    return NUL not in value and (
        value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value)
    )


def _fitted(column: Column[Any], value: Any) -> Any:
    if cannot_hold(column, value) is None:
        return value
    if isinstance(value, str):
        text = value.encode("utf-8", "replace").decode().replace(NUL, "\N{REPLACEMENT CHARACTER}")
        return text[: longest(column)]
    if isinstance(value, int):
        return max(-largest(column) - 1, min(value, largest(column)))
    return None
