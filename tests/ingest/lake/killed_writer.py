"""A process that writes into a store until it is killed: what a reader sees meanwhile and afterwards."""

import subprocess
import sys

from ingest.lake.stores import Store

SIZE = 3_000_000
_WRITER = f"""
import sys
from ingest.lake.stores import open_store
store = open_store(sys.argv[1])
print("ready", flush=True)
while True:
    for letter in b"AB":
        store.write("census/one.json", bytes([letter]) * {SIZE})
"""


def seen_beside_a_killed_writer(store: Store) -> set[bytes]:
    """Everything that is read of one path which is written with two contents in turns; the writer is killed
    once both were seen.
    """
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, store.address], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout.readline() == "ready\n"
    while not store.exists("census/one.json"):
        assert writer.poll() is None
    seen = set()
    while len(seen) < 2:
        seen.add(store.read("census/one.json"))
        assert writer.poll() is None
    writer.kill()
    writer.communicate()
    return seen | {store.read("census/one.json")}
