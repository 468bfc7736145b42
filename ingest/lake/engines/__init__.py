"""Where tasks run: in processes of this machine, or on a cluster. Every engine gives the same outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ingest.lake.tasks import Outcome, Task

LOCAL, SPARK = "local", "spark://"
Engine = Callable[[Sequence[Task]], Iterator[Outcome]]


class UnusableEngine(Exception):
    """There is no such engine, or it cannot be used, for the reason in the message."""


class EngineLost(Exception):
    """The engine ended before its tasks; what they wrote stays, and the next build goes on from it."""


def engine(named: str, *, workers: int | None = None) -> Engine:
    """The engine of that name: 'local' or spark://HOST:PORT. It yields outcomes in any order.

    Raises `UnusableEngine`. An engine raises `EngineLost`.
    """
    if named == LOCAL:
        from ingest.lake.engines import local

        return lambda tasks: local.run(tasks, workers=workers)
    if named.startswith(SPARK):
        from ingest.lake.engines import spark

        spark.check(named)
        return lambda tasks: spark.run(tasks, master=named)
    raise UnusableEngine(f"{named} is no engine: say local, or spark://HOST:PORT")
