"""How long a pack of twenty charts takes: office formats, and with PDF.

    python -m benchmarks.pack [CHECKOUT of today's build]

Each measurement is a new process that has made a pack of other charts before, so that nothing is imported in
it and a browser has started where a build needs one. The pack is that of the database's own scope and of its
first trusts, twenty charts that all differ. Processor seconds are those of every process that a build has
started.
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
from pathlib import Path
try:
    from dashboard.analysis import pack
    from dashboard.cli import clock
    from dashboard.filters import from_query
    from dashboard.packs.contents.pack import contents_of
    from dashboard.packs.formats.made import made
    from dashboard.scope.scope import resolve
    from dashboard.server.access import ANYBODY, Enquiry
    from dashboard.settings.settings import from_environment
    from dashboard.store.cache import reading
    from dashboard.store.served import served_engine
    def scope_of(connection, query):
        return resolve(connection, from_query(query)[0], Enquiry(ANYBODY, clock.today(), settings))
except ImportError:  # version 1.0.0
    from dashboard.access import ANYBODY, Visit
    from dashboard.filters import from_query
    from dashboard.packs.contents import contents_of
    from dashboard.packs.formats import made
    from dashboard.queries import pack
    from dashboard.queries.choices import settle
    from dashboard.queries.memo import reading
    from dashboard.queries.served import served_engine
    from dashboard.settings import from_environment
    def scope_of(connection, query):
        choice = settle(connection, from_query(query)[0])
        return replace(choice, visit=Visit(ANYBODY, choice.census, settings))

def of_others():
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
    ours = [each for number, each in fields.items() if number != os.getpid() and is_ours(number)]
    ticks = sum(sum(map(int, each[11:15])) for each in ours)
    return ticks / os.sysconf("SC_CLK_TCK")

formats = json.loads(sys.argv[1])
settings = from_environment()
with reading(served_engine(settings)) as connection:
    everybody = scope_of(connection, "?source=monthly").organisations
    places = [each.code for each in everybody if each.level == "provider"]
    sources = [(code, source) for code in places for source in ("monthly", "weekly")]
    queries = ["", *(f"?source={source}&level=provider&org={code}" for code, source in sources)]
    packs, charts = [], 0
    while charts < 30:
        packs.append(contents_of(pack.load(connection, scope_of(connection, queries.pop(0)), whole=True)))
        charts += len(packs[-1].charts)
whole = packs[0]
drawn = [page for each in packs for page in each.pages if page.chart]
others = tuple(page for page in whole.pages if not page.chart)
taken = []
for pages in (drawn[20:], drawn[:20]):
    contents = replace(whole, pages=(*others, *pages))
    # Looking for others is no part of it.
    before, begun = of_others(), (time.process_time(), time.perf_counter())
    found = made(contents, formats)
    own, clock = time.process_time() - begun[0], time.perf_counter() - begun[1]
    taken.append((own + of_others() - before, clock))
    assert set(found.files) == set(formats), found.sentences
print(json.dumps(taken[1]))
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
    """Prints the medians of a build; the processor seconds."""
    processor, clock = (statistics.median(each) for each in zip(*taken, strict=True))
    print(f"{work}, {build.name}: processor {processor:.2f} s, clock {clock:.2f} s")
    return processor


def seconds(build: Path, database: Path, formats: tuple[str, ...], home: str) -> list[float]:
    """Processor and clock seconds of a pack."""
    ran = subprocess.run(
        [build / ".venv/bin/python", "-c", _MAKE, json.dumps(formats)],
        cwd=build,
        env={**os.environ, "RTT_DATABASE_URL": f"sqlite:///{database}", "RTT_HOME": home},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: list[float] = json.loads(ran.stdout)
    return found


if __name__ == "__main__":
    main()
