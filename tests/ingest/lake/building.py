"""A process that builds a lake: what a test kills, or runs beside another.

python -m tests.ingest.lake.building ADDRESS WORKERS
"""

import sys

from ingest.lake.build import build
from ingest.lake.engines import engine
from ingest.lake.stores import open_store


def main(address: str, workers: str) -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    build(open_store(address), engine("local", workers=int(workers)))
    sys.stdout.write("built\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
