"""Answers kept until the facts change.

Every load raises the data version, and an answer is kept under the version it was read at, so nothing can be
stale and nothing need be thrown away by hand. What people write (annotations, groups) is read without it.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, Protocol, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from ingest.store.database import FILE
from ingest.store.schema import dataset, saved_group

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

_ANSWERS_KEPT = 800
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


class Cached(Protocol[P, R_co]):
    """A query that keeps its answers; `put` keeps one that came with another statement, `forget` lets go of
    one of which something better is kept.
    """

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co: ...

    def has(self, *args: P.args, **kwargs: P.kwargs) -> bool: ...

    def put(self, found: Any, *args: P.args, **kwargs: P.kwargs) -> None: ...

    def forget(self, *args: P.args, **kwargs: P.kwargs) -> None: ...


def cached(query: Callable[P, R]) -> Cached[P, R]:
    """Keep the answers of a query whose first argument is a connection and whose others are hashable."""

    def key_of(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        connection = cast(Connection, args[0])
        # Another file in place of the one that was read, a backup say, may have the same version.
        read_from = (data_version(connection), connection.info.get(FILE))
        name = (query.__qualname__, query.__module__)
        return read_from, (name, args[1:], tuple(sorted(kwargs.items())))

    @wraps(query)
    def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        connection = cast(Connection, args[0])
        if not keeps(connection):
            return query(*args, **kwargs)
        key = key_of(args, kwargs)
        with _lock:
            kept = _kept.setdefault(connection.engine, OrderedDict())
            if key in kept:
                kept.move_to_end(key)
                return cast(R, kept[key])
        found = query(*args, **kwargs)
        put(found, *args, **kwargs)
        return found

    def has(*args: P.args, **kwargs: P.kwargs) -> bool:
        with _lock:
            return key_of(args, kwargs) in _kept.get(cast(Connection, args[0]).engine, ())

    def put(found: Any, *args: P.args, **kwargs: P.kwargs) -> None:
        with _lock:
            kept = _kept.setdefault(cast(Connection, args[0]).engine, OrderedDict())
            kept[key_of(args, kwargs)] = found
            while len(kept) > _ANSWERS_KEPT:
                kept.popitem(last=False)

    def forget(*args: P.args, **kwargs: P.kwargs) -> None:
        with _lock:
            _kept.get(cast(Connection, args[0]).engine, OrderedDict()).pop(key_of(args, kwargs), None)

    remembering = cast(Any, answer)
    remembering.has, remembering.put, remembering.forget = has, put, forget
    return cast(Cached[P, R], remembering)


@dataclass(frozen=True, slots=True)
class Witness:
    """A query of what people write, what it was asked and what it found."""

    query: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    found: Any


_witnesses: ContextVar[list[Witness] | None] = ContextVar("witnesses", default=None)


@contextmanager
def witnessing() -> Iterator[list[Witness]]:
    """Collects what is read meanwhile of what people write."""
    witnesses: list[Witness] = []
    before = _witnesses.set(witnesses)
    try:
        yield witnesses
    finally:
        _witnesses.reset(before)


def witnessed(query: Callable[P, R]) -> Callable[P, R]:
    """A query of what people write: it is never kept, but whoever keeps what was made of it can ask again.

    Its first argument is a connection, and what it finds can be compared.
    """

    @wraps(query)
    def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        found = query(*args, **kwargs)
        witnesses = _witnesses.get()
        if witnesses is not None:
            witnesses.append(Witness(query, args[1:], kwargs, found))
        return found

    return answer


Facts = tuple[Hashable, ...]


def facts_of(connection: Connection) -> Facts:
    """Which facts a connection reads, and the saved groups, which come with their version."""
    groups = tuple(tuple(row) for row in group_rows(connection) or ())
    return str(connection.engine.url), connection.info.get(FILE), data_version(connection), groups


def still_there(engine: Engine, facts: Facts, witnesses: Iterable[Witness]) -> bool:
    """Whether these are the facts today, and everything people wrote is as it was found; not where the
    database does not answer.
    """
    try:
        with reading(engine) as connection:
            return facts_of(connection) == facts and all(
                each.query(connection, *each.args, **each.kwargs) == each.found for each in witnesses
            )
    except SQLAlchemyError:
        return False


def keeps(connection: Connection) -> bool:
    """Whether answers read by this connection are kept: it was opened by `reading`."""
    return "rtt_version" in connection.get_execution_options()
