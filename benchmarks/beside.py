"""How fast pages are drawn beside an earlier build, in one run: ratios of processor time.

    python -m benchmarks.beside CHECKOUT [ROUNDS]

CHECKOUT is a checkout of the earlier build with its own .venv. Both draw the same addresses of the same
database (RTT_DATABASE_URL, else the one that `rtt serve` would show), in turns, each round in new processes
and with other addresses. "New" is an address not drawn before; "again" is the same one asked for once more.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from itertools import chain
from pathlib import Path

from benchmarks.pages import random_queries
from dashboard.pages import BY_PATH
from dashboard.settings.settings import from_environment
from dashboard.store.cache import reading
from dashboard.store.served import served_engine, served_url

PATHS = ("/", "/trends", "/specialties", "/breaches", "/list", "/quality", "/pack", "/status", "/about")
EACH, ROUNDS = 60, 3
POINTS = (0.25, 0.5, 0.75, 0.95)
Times = dict[str, list[float]]

# Runs in either build: it may use only what both have.
_DRAW = """
import json, sys, time
paths, queries = json.load(sys.stdin)
from app import server
client = server.test_client()
known = client.get("/_dash-dependencies").json
drawing = next(each for each in known if "page.children" in each["output"])
places = [each.rsplit(".", 1) for each in drawing["output"].strip(".").split("...")]
def milliseconds(path, query):
    given = {"pathname": path, "search": query}
    inputs = [each | {"value": given.get(each["property"])} for each in drawing["inputs"]]
    outputs = [{"id": name, "property": what} for name, what in places]
    asked = {"output": drawing["output"], "outputs": outputs, "inputs": inputs, "changedPropIds": []}
    begin = time.process_time()
    answer = client.post("/_dash-update-component", json=asked)
    taken = 1000 * (time.process_time() - begin)
    assert answer.status_code == 200 and "page" in answer.json["response"], (path, query)
    return taken
found = {}
for path in paths:
    milliseconds(path, "")
    found[path] = [[milliseconds(path, query) for query in queries] for _ in range(2)]
json.dump(found, sys.stdout)
"""


def main() -> int:
    earlier, rounds = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    engine = served_engine(from_environment())
    with reading(engine) as connection:
        queries = list(dict.fromkeys(random_queries(connection, EACH * rounds * 2)))[: EACH * rounds]
    engine.dispose()
    assert set(PATHS) <= set(BY_PATH)
    builds = {"earlier": earlier, "now": Path(__file__).resolve().parents[1]}
    taken: dict[str, tuple[Times, Times]] = {name: (defaultdict(list), defaultdict(list)) for name in builds}
    with tempfile.TemporaryDirectory() as folder:
        for each in range(rounds):
            for name, checkout in builds.items():
                for path, times in drawn(checkout, queries[each::rounds], Path(folder)).items():
                    for kept, of_turn in zip(taken[name], times, strict=True):
                        kept[path] += of_turn
    for turn, words in enumerate(("new addresses", "the same again")):
        print(f"{words}: processor ms now, and its ratio to the earlier build, at the {POINTS} points")
        before, now = taken["earlier"][turn], taken["now"][turn]
        for path in PATHS:
            print(f"  {path:13}" + told(before[path], now[path]))
        print(f"  {'all':13}" + told(list(chain(*before.values())), list(chain(*now.values()))))
    return 0


def drawn(checkout: Path, queries: list[str], folder: Path) -> dict[str, list[list[float]]]:
    """Milliseconds of each page and turn, from a process of that build on a copy of the database."""
    copy = folder / "pages.db"
    shutil.copy(served_url(from_environment()).removeprefix("sqlite:///"), copy)
    made = subprocess.run(
        [checkout / ".venv/bin/python", "-c", _DRAW],
        cwd=checkout,
        env={**os.environ, "RTT_DATABASE_URL": f"sqlite:///{copy}", "RTT_HOME": str(folder)},
        input=json.dumps([PATHS, queries]),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, list[list[float]]] = json.loads(made.stdout)
    return found


def told(before: list[float], now: list[float]) -> str:
    at = [(sorted(before)[int(each * len(before))], sorted(now)[int(each * len(now))]) for each in POINTS]
    return "  ".join(f"{new:6.1f} ({new / old:4.2f})" for old, new in at)


if __name__ == "__main__":
    sys.exit(main())
