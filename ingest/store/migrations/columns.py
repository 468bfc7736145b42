"""How the steps write the columns of a table in few lines; what is not said to be nullable is not null.

The steps say what tables were on their day. So none of this may come from `ingest.store.schema`, which says
what they are today, and a change here would change the past: only add to it.
"""

from typing import Any

import sqlalchemy as sa

Columns = list[sa.Column[Any]]


def columns(kind: Any, names: str, *, nullable: bool = False) -> Columns:
    """Columns of one type by their names, with spaces between."""
    return [sa.Column(name, kind, nullable=nullable) for name in names.split()]


def texts(**lengths: int) -> Columns:
    """Texts by name and length."""
    return [sa.Column(name, sa.String(length), nullable=False) for name, length in lengths.items()]


def integers(names: str) -> Columns:
    return columns(sa.Integer(), names)


def dates(names: str) -> Columns:
    return columns(sa.Date(), names)


def times(names: str) -> Columns:
    return columns(sa.DateTime(timezone=True), names)


def number() -> sa.Column[Any]:
    """The number that a row is known by."""
    return sa.Column("id", sa.Integer(), primary_key=True)


def key(names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*names.split())


def of_an_extract() -> sa.Column[Any]:
    """Facts go with the extract that brought them."""
    return sa.Column(
        "extract_id", sa.Integer(), sa.ForeignKey("extract.id", ondelete="CASCADE"), nullable=False
    )


def of_a_forecast() -> sa.Column[Any]:
    """Forecasts stay: no deletion takes them along."""
    return sa.Column("forecast_id", sa.Integer(), sa.ForeignKey("forecast.id"), nullable=False)


def scope() -> Columns:
    """What a note, a rebase, a narrative or a pack is about, but for its measure."""
    return texts(source=16, level=16, organisation_code=80, treatment_function=200)


def authorship() -> Columns:
    return [
        *texts(author=120),
        *times("written_at"),
        sa.Column("withdrawn_by", sa.String(120)),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
    ]


def one_at_a_time(name: str, names: str) -> sa.Index:
    """At most one row that is not withdrawn has these values."""
    standing = sa.text("withdrawn_at IS NULL")
    return sa.Index(name, *names.split(), unique=True, sqlite_where=standing, postgresql_where=standing)
