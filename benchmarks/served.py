"""A build as it is served: gunicorn in a checkout, and what its pages are asked over the wire."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CLIENTS = 8
_GUNICORN = """
import os, sys
from dashboard.cli.serving import gunicorn_options
port, workers = sys.argv[1:]
options = [*gunicorn_options(int(port)), "--workers", workers, "app:server"]
os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *options])
"""
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers; `outputs` is what its callback that draws gives."""

    port: int
    process: int
    drawing: dict[str, object]

    def body(self, path: str, query: str) -> bytes:
        """What a browser asks to draw an address."""
        given = {"pathname": path, "search": query}
        output, inputs = str(self.drawing["output"]), self.drawing["inputs"]
        assert isinstance(inputs, list)
        places = [each.rsplit(".", 1) for each in output.strip(".").split("...")]
        asked = {
            "output": output,
            "outputs": [{"id": name, "property": what} for name, what in places],
            "inputs": [each | {"value": given.get(each["property"])} for each in inputs],
            "changedPropIds": [],
        }
        return json.dumps(asked).encode()

    def workers(self) -> list[int]:
        return [
            int(each)
            for each in Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        ]

    def processor_seconds(self) -> float:
        """Of the workers since they began."""
        fields = (
            Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in self.workers()
        )
        return sum(int(each[11]) + int(each[12]) for each in fields) / _TICK

    def megabytes(self) -> float:
        """Of the largest worker, resident."""
        sizes = (Path(f"/proc/{each}/statm").read_text().split()[1] for each in self.workers())
        return max(map(int, sizes)) * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextlib.contextmanager
def served(build: Path, database: Path, *, workers: int) -> Iterator[Served]:
    """That build over that database (a SQLite file), on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (
        tempfile.TemporaryDirectory() as home,
        tempfile.TemporaryFile() as log,
        subprocess.Popen(
            [build / ".venv/bin/python", "-c", _GUNICORN, str(port), str(workers)],
            cwd=build,
            env={**os.environ, "RTT_DATABASE_URL": f"sqlite:///{database}", "RTT_HOME": home},
            stdout=log,
            stderr=log,
        ) as server,
    ):
        try:
            yield Served(port, server.pid, _drawing(port))
        finally:
            server.terminate()


def ask_at_once(served: Served, addresses: Sequence[tuple[str, str]]) -> float:
    """Seconds until eight clients, each with one connection, have been answered all of these."""
    bodies = [served.body(*each) for each in addresses]
    refused: list[int] = []

    def read(which: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", served.port)
        headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}
        for body in bodies[which::CLIENTS]:
            connection.request("POST", "/_dash-update-component", body, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                refused.append(answer.status)

    clients = [threading.Thread(target=read, args=(which,)) for which in range(CLIENTS)]
    began = time.perf_counter()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert not refused, f"{len(refused)} of {len(bodies)} were not answered: {set(refused)}"
    return time.perf_counter() - began


def _drawing(port: int) -> dict[str, object]:
    """The callback that draws, once the server answers."""
    until = time.monotonic() + 60
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with contextlib.suppress(OSError):
            connection.request("GET", "/_dash-dependencies")
            known = json.loads(connection.getresponse().read())
            return next(each for each in known if "page.children" in each["output"])
        assert time.monotonic() < until, "the server does not answer"
        time.sleep(0.1)
