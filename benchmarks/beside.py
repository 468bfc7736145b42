"""How fast pages are drawn beside an earlier build, in one run: ratios of processor time.

    python -m benchmarks.beside CHECKOUT [ROUNDS]

CHECKOUT is a checkout of the earlier build with its own .venv. Both draw the same addresses of the same
database, one that the earlier build can read (RTT_DATABASE_URL, a SQLite file), in
turns, each round in new processes and with other addresses. "New" is an address not drawn before; "again" is
the same one asked for once more.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from benchmarks.addresses import PATHS, new_addresses
from dashboard.pages import BY_PATH
from dashboard.settings.settings import from_environment

EACH, ROUNDS = 60, 3
POINTS = (0.25, 0.5, 0.75, 0.95)
Times = dict[str, list[float]]

# Runs in either build: it may use only what both have.
_DRAW = """
import gzip, json, random, sys, time
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
    begin = time.process_time(), time.perf_counter()
    answer = client.post("/_dash-update-component", json=asked, headers={"Accept-Encoding": "gzip"})
    taken = 1000 * (time.process_time() - begin[0]), 1000 * (time.perf_counter() - begin[1])
    drawn = json.loads(gzip.decompress(answer.data))
    assert answer.status_code == 200 and "page" in drawn["response"], (path, query)
    return taken
found = {}
for path in paths:
    milliseconds(path, "")
    found[path] = [[], [], []]
asked = [(path, query) for path in paths for query in queries]
random.Random(20260301).shuffle(asked)  # what one page has read another need not
for turn in range(2):
    for path, query in asked:
        processor, wall = milliseconds(path, query)
        found[path][turn].append(processor)
        if not turn:
            found[path][2].append(wall)
json.dump(found, sys.stdout)
"""


def main() -> int:
    earlier, rounds = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    # Its name alone: to look what it holds would migrate it.
    given = Path(from_environment().real_url.removeprefix("sqlite:///"))
    assert set(PATHS) <= set(BY_PATH)
    builds = {"earlier": earlier, "now": Path(__file__).resolve().parents[1]}
    taken: dict[str, tuple[Times, Times]] = {name: (defaultdict(list), defaultdict(list)) for name in builds}
    with tempfile.TemporaryDirectory() as folder:
        # From a copy, for reading migrates what an earlier build left.
        queries = new_addresses(Path(shutil.copy(given, Path(folder) / "choices.db")), EACH * rounds)
        for each in range(rounds):
            for name, checkout in builds.items():
                # A name of its own: SQLite would read what an earlier file of this name left beside it.
                copy = Path(shutil.copy(given, Path(folder) / f"{name}-{each}.db"))
                for path, (new, again, _) in drawn(checkout, queries[each::rounds], copy).items():
                    for kept, of_turn in zip(taken[name], (new, again), strict=True):
                        kept[path] += of_turn
    for turn, words in enumerate(("new addresses", "the same again")):
        print(f"{words}: processor ms now, and its ratio to the earlier build, at the {POINTS} points")
        before, now = taken["earlier"][turn], taken["now"][turn]
        for path in PATHS:
            print(f"  {path:13}" + told(before[path], now[path]))
        print(f"  {'all':13}" + told(list(chain(*before.values())), list(chain(*now.values()))))
    return 0


def drawn(
    checkout: Path, queries: list[str], database: Path, paths: Sequence[str] = PATHS
) -> dict[str, list[list[float]]]:
    """By page: processor milliseconds of new addresses, of the same again, and of the new ones by the clock,
    from a process of that build.
    """
    with tempfile.TemporaryDirectory() as home:
        made = subprocess.run(
            [checkout / ".venv/bin/python", "-c", _DRAW],
            cwd=checkout,
            env={**os.environ, "RTT_DATABASE_URL": f"sqlite:///{database}", "RTT_HOME": home},
            input=json.dumps([paths, queries]),
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
