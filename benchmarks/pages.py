"""How fast pages are drawn: one reader with 200 random filters, then eight readers at once against gunicorn.

    python -m benchmarks.pages

The database is RTT_DATABASE_URL, else the one that `rtt serve` would show. Promised: p95 under 50 ms on the
server for every page, and 100 page callbacks a second from 8 clients on 2 cores without an error.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import date
from functools import cache
from urllib.parse import urlencode

from app import server
from dashboard.cli import clock
from dashboard.filters import from_query
from dashboard.pages import PAGES
from dashboard.scope.scope import resolve
from dashboard.server.access import ANYBODY, Enquiry
from dashboard.settings.settings import from_environment
from dashboard.store.cache import reading
from dashboard.store.served import served_engine

FILTERS, CLIENTS, SECONDS = 200, 8, 10


def main() -> None:
    settings = from_environment()
    engine = served_engine(settings)
    with reading(engine) as connection:
        queries = list(random_queries(connection, FILTERS))
    client = server.test_client()
    print(f"Each page with {FILTERS} random filters, milliseconds on the server")
    for page in PAGES:
        taken = sorted(one_by_one(client, page.path, queries))
        p95 = taken[int(0.95 * len(taken))]
        print(
            f"  {page.path:13} median {statistics.median(taken):6.1f}   p95 {p95:6.1f}   max {taken[-1]:6.1f}"
        )
    engine.dispose()
    rate, errors = eight_at_once(queries)
    print(
        f"{CLIENTS} clients at once, {os.cpu_count()} cores: {rate:.0f} callbacks a second, {errors} errors"
    )


def random_queries(connection: object, number: int) -> Iterator[str]:
    """Addresses of scopes that are held: source, organisation, specialties, census, comparison."""
    chance = random.Random(20260301)
    enquiry = Enquiry(ANYBODY, clock.today(), from_environment())
    choices = [
        resolve(connection, from_query(f"?source={source}")[0], enquiry) for source in ("monthly", "weekly")
    ]
    held = [scope for scope in choices if scope.census]
    for _ in range(number):
        scope = chance.choice(held)
        organisation = chance.choice(
            [
                None,
                *(o for o in scope.organisations if o.level in ("region", "icb", "provider", "commissioner")),
            ]
        )
        functions = chance.sample(scope.offered_functions, chance.choice((0, 0, 1, 1, 3)))
        asked = {"source": scope.source, "tf": ",".join(functions), "compare": chance.choice(("", "year"))}
        if organisation is not None:
            asked |= {"level": organisation.level, "org": organisation.code}
        day: date = chance.choice(scope.dates[len(scope.dates) // 2 :])
        asked |= {"census": day.isoformat(), "peers": chance.choice(("", "providers"))}
        yield "?" + urlencode({name: value for name, value in asked.items() if value})


def one_by_one(client: object, path: str, queries: list[str]) -> Iterator[float]:
    """Milliseconds of each drawing, none of them drawn before."""
    for query in queries:
        body = question(path, query)
        begin = time.perf_counter()
        answer = client.post("/_dash-update-component", json=body)
        taken = 1000 * (time.perf_counter() - begin)
        assert answer.status_code == 200, (path, query)
        assert "page" in answer.json["response"], (path, query)
        yield taken


@cache
def outputs() -> list[str]:
    """What the callback that draws gives, by component and property."""
    known = server.test_client().get("/_dash-dependencies").json
    drawing = next(each["output"] for each in known if "page.children" in each["output"])
    return [str(each) for each in drawing.strip(".").split("...")]


def question(path: str, query: str) -> dict[str, object]:
    """What a browser asks to draw an address."""
    return {
        "output": f"..{'...'.join(outputs())}..",
        "outputs": [dict(zip(("id", "property"), each.rsplit(".", 1), strict=True)) for each in outputs()],
        "inputs": [
            {"id": "address", "property": "pathname", "value": path},
            {"id": "address", "property": "search", "value": query},
            {"id": "data-version", "property": "data", "value": None},
        ],
        "changedPropIds": ["address.pathname"],
    }


def eight_at_once(queries: list[str]) -> tuple[float, int]:
    """Answers a second and errors, from threads that ask as fast as they are answered."""
    done, errors = [0] * CLIENTS, [0] * CLIENTS
    with served() as port:
        for path in (page.path for page in PAGES):
            _ask(http.client.HTTPConnection("127.0.0.1", port), path, "")
        end = time.perf_counter() + SECONDS

        def read(which: int) -> None:
            chance = random.Random(which)
            connection = http.client.HTTPConnection("127.0.0.1", port)
            while time.perf_counter() < end:
                good = _ask(connection, chance.choice(PAGES).path, chance.choice(queries))
                done[which] += good
                errors[which] += not good

        readers = [threading.Thread(target=read, args=(which,)) for which in range(CLIENTS)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    return sum(done) / SECONDS, sum(errors)


def _ask(connection: http.client.HTTPConnection, path: str, query: str) -> bool:
    body = json.dumps(question(path, query))
    headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}
    connection.request("POST", "/_dash-update-component", body, headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status == 200


@contextlib.contextmanager
def served() -> Iterator[int]:
    """The product as it is served, on a free port: as many workers as cores, with its threads."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "16", "--no-control-socket"]
    command += ["-w", str(os.cpu_count() or 2), "-b", f"127.0.0.1:{port}", "app:server"]
    with tempfile.TemporaryFile() as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            for _ in range(200):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.1)
            yield port
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
