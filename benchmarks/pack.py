"""How long a pack of twenty charts takes: office formats, and with PDF.

    python -m benchmarks.pack [CHECKOUT of today's build]

Each measurement is a new process that has made the pack once before, so that nothing is imported in it and a
browser has started where a build needs one; that first time is printed too. The pack is that of the
database's own scope, its pages with charts repeated until there are twenty. Processor seconds are those of
every process that a build has started.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

from benchmarks.addresses import builds_and_databases
from benchmarks.today import tell

OFFICE, WITH_PDF = ("pptx", "docx", "xlsx"), ("pptx", "docx", "xlsx", "pdf")
ROUNDS = 5
WORK = {
    "pack of 20 charts, PPTX + DOCX + XLSX": (OFFICE, 0.6),
    "pack of 20 charts, with PDF": (WITH_PDF, 0.3),
}

# Runs in either build: what differs between them is looked up.
_MAKE = """
import json, os, sys, time
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
try:
    from dashboard.analysis import pack
    from dashboard.cli import clock
    from dashboard.filters import Filters
    from dashboard.packs.contents.pack import contents_of
    from dashboard.packs.formats.made import made
    from dashboard.scope.scope import resolve
    from dashboard.server.access import ANYBODY, Enquiry
    from dashboard.settings.settings import from_environment
    from dashboard.store.cache import reading
    from dashboard.store.served import served_engine
    def scope_of(connection, settings):
        return resolve(connection, Filters(), Enquiry(ANYBODY, clock.today(), settings))
except ImportError:  # version 1.0.0
    from dashboard.access import ANYBODY, Visit
    from dashboard.filters import Filters
    from dashboard.packs.contents import contents_of
    from dashboard.packs.formats import made
    from dashboard.queries import pack
    from dashboard.queries.choices import settle
    from dashboard.queries.memo import reading
    from dashboard.queries.served import served_engine
    from dashboard.settings import from_environment
    def scope_of(connection, settings):
        choice = settle(connection, Filters())
        return replace(choice, visit=Visit(ANYBODY, choice.census, settings))

def processor_seconds():
    # A browser's processes are waited for by nobody before it ends: they are found by who started them.
    fields = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields[int(path.parent.name)] = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
    def is_ours(number):
        while number in fields and number != os.getpid():
            number = int(fields[number][1])
        return number == os.getpid()
    ticks = sum(sum(map(int, each[11:15])) for number, each in fields.items() if is_ours(number))
    return ticks / os.sysconf("SC_CLK_TCK")

formats = json.loads(sys.argv[1])
settings = from_environment()
with reading(served_engine(settings)) as connection:
    contents = contents_of(pack.load(connection, scope_of(connection, settings), whole=True))
drawn = [page for page in contents.pages if page.chart]
others = [page for page in contents.pages if not page.chart]
contents = replace(contents, pages=(*others, *islice(cycle(drawn), 20)))
taken = []
for _ in range(2):
    begun = processor_seconds(), time.perf_counter()
    found = made(contents, formats)
    taken.append((processor_seconds() - begun[0], time.perf_counter() - begun[1]))
    assert set(found.files) == set(formats), found.sentences
print(json.dumps(taken))
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        builds, databases = builds_and_databases(Path(folder))
        given = list(zip(builds, databases, strict=True))
        for work, (formats, target) in WORK.items():
            taken: dict[Path, list[list[float]]] = {build: [] for build in builds}
            for _ in range(ROUNDS):
                for build, database in given:
                    taken[build].append(seconds(build, database, formats, folder))
            figures = [told(work, build, taken[build]) for build in builds]
            earlier = figures[0] if len(builds) > 1 else None
            tell(f"{work}, CPU s", today=earlier, yours=figures[-1], target=target)


def told(work: str, build: Path, taken: list[list[float]]) -> float:
    """Prints the medians of a build; the processor seconds of a pack that is not its process's first."""
    processor, clock, first, first_clock = (statistics.median(each) for each in zip(*taken, strict=True))
    print(
        f"{work}, {build.name}: processor {processor:.2f} s, clock {clock:.2f} s; the first in a process: "
        f"processor {first:.2f} s, clock {first_clock:.2f} s"
    )
    return processor


def seconds(build: Path, database: Path, formats: tuple[str, ...], home: str) -> list[float]:
    """Processor and clock seconds of a process's second pack, then of its first."""
    ran = subprocess.run(
        [build / ".venv/bin/python", "-c", _MAKE, json.dumps(formats)],
        cwd=build,
        env={**os.environ, "RTT_DATABASE_URL": f"sqlite:///{database}", "RTT_HOME": home},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    first, again = json.loads(ran.stdout)
    return [*again, *first]


if __name__ == "__main__":
    main()
