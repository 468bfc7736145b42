"""Answers kept until the facts change.

Every load raises the data version, and an answer is kept under the version it was read at, so nothing can be
stale and nothing need be thrown away by hand. What people write (annotations, groups) is read without it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from ingest.schema import dataset, saved_group

P = ParamSpec("P")
R = TypeVar("R")

_ANSWERS_KEPT = 400
_kept: WeakKeyDictionary[Engine, OrderedDict[Any, Any]] = WeakKeyDictionary()
_lock = Lock()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that reads one state of the database and knows its data version."""
    with engine.connect() as connection:
        # Saved groups are part of every page's filters: they come with the version, in the same statement.
        still = saved_group.c.withdrawn_at.is_(None)
        statement = select(dataset.c.version, dataset.c.kind.label("dataset_kind"), saved_group)
        rows = connection.execute(statement.outerjoin_from(dataset, saved_group, still)).all()
        version, kind = rows[0][:2] if rows else (0, None)
        # Nothing is loaded yet: then there is no row to hang them on, and they are asked for by themselves.
        groups = tuple(row for row in rows if row.id is not None) if rows else None
        yield connection.execution_options(rtt_version=version, rtt_kind=kind, rtt_groups=groups)


def answers(engine: Engine) -> bool:
    """Whether the database is there and has its tables."""
    try:
        with reading(engine):
            return True
    except SQLAlchemyError:
        return False


def data_version(connection: Connection) -> int:
    """The version of the facts that this connection reads; 0 for an empty database."""
    return int(connection.get_execution_options().get("rtt_version", 0))


def group_rows(connection: Connection) -> tuple[Any, ...] | None:
    """The rows of saved groups as this connection found them; None if it was not opened by `reading`."""
    rows: tuple[Any, ...] | None = connection.get_execution_options().get("rtt_groups")
    return rows


def data_kind(connection: Connection) -> str | None:
    """'real' or 'sample'; None for an empty database."""
    kind: str | None = connection.get_execution_options().get("rtt_kind")
    return kind


def remembered(query: Callable[P, R]) -> Callable[P, R]:
    """Keep the answers of a query whose first argument is a connection and whose others are hashable."""

    @wraps(query)
    def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        connection = cast(Connection, args[0])
        if "rtt_version" not in connection.get_execution_options():
            return query(*args, **kwargs)
        key = (query.__qualname__, query.__module__, args[1:], tuple(sorted(kwargs.items())))
        version = data_version(connection)
        with _lock:
            kept = _kept.setdefault(connection.engine, OrderedDict())
            if (version, key) in kept:
                kept.move_to_end((version, key))
                return cast(R, kept[version, key])
        found = query(*args, **kwargs)
        with _lock:
            kept[version, key] = found
            while len(kept) > _ANSWERS_KEPT:
                kept.popitem(last=False)
        return found

    return answer
