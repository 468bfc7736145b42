"""What the sample costs the processor, and how soon its first page is served.

    python -m benchmarks.demo [CHECKOUT of today's build]

Both are whole processes in a new RTT_HOME. A page is served when the Overview's own answer has come, as a
browser asks for it. Seconds by the clock depend on what else the machine does: beside them stand those that
the server, and what builds the sample for it, had spent on the processor by then.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.today import RTT, compare, processor_seconds

PAIRS = 3
_DRAWING = "page.children"


def main() -> None:
    compare("rtt demo, CPU s", _built, target=0.38, pairs=PAIRS)
    clock: dict[Path, list[float]] = {}
    compare(
        "first page of the sample, CPU s until then",
        lambda build: _first_page(build, clock),
        target=0.11,
        pairs=PAIRS,
    )
    for build, seconds in clock.items():
        each = ", ".join(f"{one:.1f}" for one in seconds)
        print(f"demo: {build.name}: first page after {each} s by the clock")


def _built(build: Path) -> float:
    with tempfile.TemporaryDirectory() as home:
        return processor_seconds(build, RTT, "demo", RTT_HOME=home)


def _first_page(build: Path, clock: dict[Path, list[float]]) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        server = subprocess.Popen(
            [build / ".venv/bin/python", "-c", RTT, "serve", "--demo-if-empty", "--port", str(port)],
            cwd=build,
            env=os.environ | {"RTT_HOME": home, "RTT_ACCESS": "none"},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            while not _is_drawn(f"http://127.0.0.1:{port}"):
                if server.poll() is not None:
                    raise OSError(f"{build}: the server ended with {server.returncode}")
                time.sleep(0.05)
            clock.setdefault(build, []).append(time.perf_counter() - begun)
            return _spent(server.pid)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()
            time.sleep(1.0)  # what builds the sample ends with it, and lets go of the folder


def _is_drawn(address: str) -> bool:
    try:
        known = json.loads(_answer(f"{address}/_dash-dependencies"))
        drawing = next(each for each in known if _DRAWING in each["output"])
        places = [each.rsplit(".", 1) for each in drawing["output"].strip(".").split("...")]
        given = {"pathname": "/", "search": ""}
        asked = {
            "output": drawing["output"],
            "outputs": [{"id": name, "property": what} for name, what in places],
            "inputs": [each | {"value": given.get(each["property"])} for each in drawing["inputs"]],
            "changedPropIds": [],
        }
        drawn = json.loads(_answer(f"{address}/_dash-update-component", json.dumps(asked).encode()))
    except OSError:
        return False
    return "Within 18 weeks" in json.dumps(drawn["response"]["page"])


def _answer(address: str, body: bytes | None = None) -> bytes:
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        found: bytes = answer.read()
    return found


def _spent(process: int) -> float:
    """Processor seconds of a process and of all that it started, those that have ended too."""
    ticks, parents = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        number = int(stat.parent.name)
        parents[number], ticks[number] = int(fields[1]), sum(map(int, fields[11:15]))
    family = {process}
    while more := {each for each, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(ticks[each] for each in family) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
