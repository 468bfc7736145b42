"""How long pages take that nobody has asked for before: the p95 of the processor's time, a page.

    python -m benchmarks.pages [CHECKOUT of today's build]

Both builds draw the same new addresses in turns, each round in new processes. Eight readers at once: `eight`.
"""

from __future__ import annotations

import statistics
import tempfile
from collections import defaultdict
from pathlib import Path

from benchmarks.addresses import PATHS, builds_and_databases, new_addresses
from benchmarks.beside import drawn
from benchmarks.today import PAIRS, tell

EACH = 40  # addresses of a page in a round
TARGETS = {"/": 0.4, "/trends": 0.4, "/pack": 0.4}


def main() -> None:
    p95: dict[tuple[str, int], list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        builds, databases = builds_and_databases(Path(folder))
        queries = new_addresses(databases[-1], EACH * PAIRS)
        for turn in range(PAIRS):
            for which, (build, database) in enumerate(zip(builds, databases, strict=True)):
                for path, (new, *_) in drawn(build, queries[turn::PAIRS], database).items():
                    p95[path, which].append(sorted(new)[int(0.95 * len(new))])
    for path in PATHS:
        *today, yours = (statistics.median(p95[path, which]) for which in range(len(builds)))
        words = f"p95 of {path}, new filters, CPU ms"
        tell(words, today=today[0] if today else None, yours=yours, target=TARGETS.get(path, 1))


if __name__ == "__main__":
    main()
