"""Page callbacks a second of eight clients at once, against gunicorn with two workers.

    python -m benchmarks.eight [CHECKOUT of today's build]

Both builds stand side by side over their own copy of one database and are asked the same addresses in turns:
each address new, then the same once more. The clock is that of a shared machine and of the clients too, so
the processor's time of the workers is told as well.
"""

from __future__ import annotations

import random
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.addresses import PATHS, builds_and_databases, new_addresses
from benchmarks.served import Served, ask_at_once, served
from benchmarks.today import tell

WORKERS, ROUNDS, EACH = 2, 5, 12  # addresses of every page in a round
SEEN = 4  # times that an address was asked for again before it counts as seen: each worker has its own memory


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_servers:
        builds, databases = builds_and_databases(Path(folder))
        queries = new_addresses(databases[-1], EACH * (ROUNDS + 1))
        servers = [
            open_servers.enter_context(served(build, database, workers=WORKERS))
            for build, database in zip(builds, databases, strict=True)
        ]
        found = [measured(servers, queries[turn :: ROUNDS + 1]) for turn in range(ROUNDS + 1)][
            1:
        ]  # the first warms
    for at, words, rate, cost in ((0, "every address new", 2.5, 0.4), (1, "addresses seen before", 6, 0.17)):
        told = [
            [statistics.median(turn[which][at][of] for turn in found) for which in range(len(builds))]
            for of in (0, 1)
        ]
        for (*today, yours), work, target in zip(
            told,
            (f"8 clients, {words}: page callbacks a second", f"8 clients, {words}: worker CPU ms a callback"),
            (rate, cost),
            strict=True,
        ):
            tell(work, today=today[0] if today else None, yours=yours, target=target)


def measured(servers: list[Served], queries: list[str]) -> list[list[tuple[float, float]]]:
    """Of each server, new and seen before: callbacks a second, and milliseconds of the processor for one."""
    addresses = [(path, query) for path in PATHS for query in queries]
    random.Random(20260301).shuffle(addresses)
    found = []
    for server in servers:
        new = _once(server, addresses)
        for _ in range(SEEN):
            ask_at_once(server, addresses)
        found.append([new, _once(server, addresses * 2)])
    return found


def _once(server: Served, addresses: list[tuple[str, str]]) -> tuple[float, float]:
    before = server.processor_seconds()
    seconds = ask_at_once(server, addresses)
    return len(addresses) / seconds, 1000 * (server.processor_seconds() - before) / len(addresses)


if __name__ == "__main__":
    main()
