"""The name under which what a person keeps and writes stands: theirs alone, whatever others are called.

A provider tells a subject, which stays, and a name, which two people may share and anybody may change. What
is kept here (places, alerts, notes) stands under a name; so each subject has one that no other subject ever
had, nor anybody who wrote before there was a provider. Who is called otherwise from some day on takes along
what is theirs; the audit trail keeps the name of its day.
"""

import unicodedata
from collections.abc import Callable, Iterator

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from ingest.store.database import writing
from ingest.store.schema import audit, metadata

NameOf = Callable[[str, str], str]
"""(subject, as the provider calls them) -> the name here."""

names_metadata = MetaData()
_known = Table(
    "known_name",
    names_metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", String(64), nullable=False, index=True),
    Column("name", String(120), nullable=False),
    Column("folded", String(240), nullable=False, unique=True),
    Column("told", String(120), nullable=False),
    Column("is_current", Boolean, nullable=False),
)
_COLUMNS = ("author", "withdrawn_by", "reader")


def naming(names: Engine, figures: Engine) -> NameOf:
    """Names are kept in one database; what stands under them is in the other."""

    def name_of(subject: str, told: str) -> str:
        with names.connect() as connection:
            current = _current(connection, subject)
        if current and current[1] == told:
            return current[0]
        name = _reserved(names, figures, subject, told)
        if current and current[0] != name:
            _take_along(figures, current[0], name)
        _make_current(names, subject, name)
        return name

    return name_of


def _current(connection: Connection, subject: str) -> tuple[str, str] | None:
    c = _known.c
    row = connection.execute(select(c.name, c.told).where(c.subject == subject, c.is_current)).first()
    return (row.name, row.told) if row else None


def _reserved(names: Engine, figures: Engine, subject: str, told: str) -> str:
    """A name for the subject that nobody else has or had: one of theirs from before, or a new one."""
    c = _known.c
    with writing(names) as connection:
        had = connection.execute(select(c.name).where(c.subject == subject, c.told == told)).scalar()
        if had is not None:
            return str(had)
        for name in _possible(told):
            taken = connection.execute(select(exists().where(c.folded == _folded(name)))).scalar()
            if not taken and not _stands_there(figures, name):
                made = {"subject": subject, "name": name, "folded": _folded(name), "told": told}
                connection.execute(insert(_known).values(**made, is_current=False))
                return name
    raise AssertionError


def _make_current(names: Engine, subject: str, name: str) -> None:
    c = _known.c
    with writing(names) as connection:
        connection.execute(update(_known).where(c.subject == subject).values(is_current=c.name == name))


def _possible(told: str) -> Iterator[str]:
    yield told
    number = 2
    while True:
        yield f"{told} ({number})"
        number += 1


def _folded(name: str) -> str:
    """Names that look the same are the same."""
    return unicodedata.normalize("NFKC", name).casefold()[:240]


def _stands_there(figures: Engine, name: str) -> bool:
    """Whether anything was ever written under this name."""
    with figures.connect() as connection:
        found = or_(*(exists().where(func.lower(column) == name.lower()) for column in _columns()))
        return bool(connection.execute(select(found)).scalar())


def _take_along(figures: Engine, old: str, new: str) -> None:
    """All or nothing."""
    with writing(figures, in_turn=False) as connection:
        for column in _columns():
            if column.table is not audit:
                connection.execute(update(column.table).where(column == old).values({column.name: new}))


def _columns() -> list[Column[str]]:
    return [table.c[name] for table in metadata.sorted_tables for name in _COLUMNS if name in table.c]
