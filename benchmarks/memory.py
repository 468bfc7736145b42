"""What a worker holds after 5,000 different addresses, resident.

    python -m benchmarks.memory [CHECKOUT of today's build]

One worker of gunicorn with its threads, eight clients, and every address once: what it keeps is bounded if
half of them more would not make it larger, so the size on the way is told too.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from benchmarks.addresses import PATHS, builds_and_databases, new_addresses
from benchmarks.served import ask_at_once, served
from benchmarks.today import tell

ADDRESSES, STEPS = 5000, 5


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        builds, databases = builds_and_databases(Path(folder))
        queries = new_addresses(databases[-1], -(-ADDRESSES // len(PATHS)))
        addresses = [(path, query) for path in PATHS for query in queries][:ADDRESSES]
        random.Random(20260301).shuffle(addresses)
        sizes = []
        for build, database in zip(builds, databases, strict=True):
            with served(build, database, workers=1) as server:
                grown = []
                for step in range(STEPS):
                    ask_at_once(server, addresses[step::STEPS])
                    grown.append(server.megabytes())
            sizes.append(grown[-1])
            print(f"{build.name}, MB after each {ADDRESSES // STEPS:,}:", *(f"{each:.0f}" for each in grown))
    *today, yours = sizes
    tell(
        f"a worker after {ADDRESSES:,} addresses, MB",
        today=today[0] if today else None,
        yours=yours,
        target=0.5,
    )


if __name__ == "__main__":
    main()
