"""Plans that people saved, with their answers as they were. Read anew each time, never from the memo.

What was saved never changes: a scenario of the same name is refused, and one that is withdrawn stays in the
table.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from dashboard.filters import from_query, to_query
from dashboard.server.access import Denied, Reader
from dashboard.store.cache import witnessed
from dashboard.store.ledger import in_utc
from dashboard.store.series import NAME_LENGTH
from dashboard.store.writing import Unacceptable, insert_written, mark_withdrawn, written_text
from ingest.store.database import writing
from ingest.store.schema import scenario

_c = scenario.c


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved plan. `query` is what the address says; `answers` what was answered then, never anew."""

    id: int
    name: str
    scope: str
    query: str
    census: date
    data_hash: str
    version: str
    answers: Mapping[str, Any]
    author: str
    written_at: datetime  # UTC


def may_save(reader: Reader) -> bool:
    """Whoever may write, and service leads; viewers make scenarios in the address, and send the link."""
    return reader.may_write or reader.sees_some_pathways


@witnessed
def saved_scenarios(connection: Connection, ids: Sequence[int] | None = None) -> tuple[Saved, ...]:
    """Those with these ids in their order, or all, newest first; those withdrawn are not given. One
    statement.
    """
    names = ("id", "name", "scope", "query", "census_date", "data_hash", "version", "answers", "author")
    asked = [] if ids is None else [_c.id.in_(ids)]
    rows = connection.execute(
        select(*(_c[name] for name in names), _c.written_at)
        .where(_c.withdrawn_at.is_(None), *asked)
        .order_by(_c.written_at.desc(), _c.id.desc())
    )
    found = [Saved(*row[:7], json.loads(row.answers), row.author, in_utc(row.written_at)) for row in rows]
    return tuple(found if ids is None else sorted(found, key=lambda each: list(ids).index(each.id)))


def save_scenario(
    engine: Engine,
    reader: Reader,
    *,
    name: str,
    scope: str,
    query: str,
    census: date,
    data_hash: str,
    version: str,
    answers: Mapping[str, Any],
    at: datetime,
) -> int:
    """Keep a plan with its answers; its id. Raises `Denied`, `Unacceptable`."""
    if not may_save(reader):
        raise Denied(403, "You can make a plan and send its link, but not save it.")
    called = written_text(name, "the name", NAME_LENGTH)
    filters, ignored = from_query(query)
    if ignored:
        raise Unacceptable(ignored[0])
    values = {
        "name": called,
        "scope": scope,
        "query": to_query(filters, sort=(), tab=(), find="", page="", scenarios=()),
        "census_date": census,
        "data_hash": data_hash,
        "version": version,
        "answers": json.dumps(answers),
    }
    with writing(engine) as connection:
        there = select(_c.id).where(_c.name == called, _c.withdrawn_at.is_(None))
        if connection.execute(there).first():
            raise Unacceptable(f"There is a saved plan “{called}” already; give this one another name.")
        return insert_written(connection, scenario, values, reader, at)


def withdraw_scenario(engine: Engine, reader: Reader, id: int, *, at: datetime) -> None:
    """Take a saved plan away: its author, or whoever may write. Raises `Denied`, `Unacceptable`."""
    with engine.connect() as connection:
        author = connection.execute(select(_c.author).where(_c.id == id)).scalar()
    if not may_save(reader) or (author != reader.name and not reader.may_write):
        raise Denied(403, "Only its author can withdraw a saved plan.")
    mark_withdrawn(engine, scenario, reader, id, at, "saved plan")
