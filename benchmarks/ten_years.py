"""What ten years of months cost beside one: loading, the database, forecasts, plans, and every page.

    python -m benchmarks.ten_years [FOLDER of published files] [FOLDER to keep the databases in]

The months are the twelve published ones in the layouts of their times (`benchmarks.ten_years_made`). Pages
of the newest twelve months, of 36 and of 120 are drawn in turns, at the same new addresses, each round in new
processes. Promised: p95 of every page at most 1.2 times that with fewer months. A page draws 24 to 36 months
at most: beside 36 it draws the same, beside twelve it draws more. Databases kept already are measured
again and not made again. It takes 4 GB of disk. Nothing should grow faster than its data: to a power of 1 at
most.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import closing
from pathlib import Path

from benchmarks import ten_years_made as made
from benchmarks.addresses import new_addresses
from benchmarks.beside import Times, drawn, told
from benchmarks.load import PUBLISHED
from benchmarks.today import tell_growth
from dashboard.pages import PAGES

SIZES = (12, 36, 120)
EACH, ROUNDS = 40, 3
PATHS = tuple(page.path for page in PAGES)
CHECKOUT = Path(__file__).resolve().parents[1]


def main() -> int:
    published = Path(sys.argv[1]) if len(sys.argv) > 1 else PUBLISHED
    if not list((published / "national").glob("*.zip")):
        sys.exit(f"no published months in {published}: nothing to measure")
    with tempfile.TemporaryDirectory() as folder:
        here = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder)
        here.mkdir(exist_ok=True)
        databases = {size: here / f"months-{size}.db" for size in SIZES}
        sizes: dict[int, float] = {}
        costs: dict[str, dict[int, float]] = defaultdict(dict)
        for size, database in databases.items():
            if not database.exists():
                for work, cost in load(published, size, database).items():
                    costs[work][size] = cost
            sizes[size] = database.stat().st_size / 1e6
            print(f"{size} months: {sizes[size]:,.0f} MB")
        pages(databases)
    for work, of_sizes in {"database, MB": sizes, **costs}.items():
        if len(of_sizes) > 1:
            tell_growth(f"{work} by months", of_sizes)
    return 0


def load(published: Path, size: int, database: Path) -> dict[str, float]:
    """The newest months in one run of `rtt load`, then their forecasts and plans; the processor's seconds."""
    with tempfile.TemporaryDirectory(dir=database.parent) as folder:
        months = made.months()[-size:]
        made.make(made.published_months(published / "national"), months, Path(folder))
        series = next((published / "workbooks").glob("RTT-Overview-Timeseries-May26*"))
        seconds, processor = _rtt(database, "load", folder, str(series))
    with closing(sqlite3.connect(database)) as connection:
        taken = [row[0] for row in connection.execute("SELECT seconds FROM load ORDER BY id")][:size]
    found = {"rtt load, CPU s": processor}
    print(f"rtt load, {size} months in one run: {seconds:.0f} s, of the processor {processor:.0f} s")
    print(f"  a month: {_mean(taken[:12]):.1f} s of the first twelve, {_mean(taken[-12:]):.1f} s of the last")
    for command in (("forecast",), ("plan", "--all")):
        seconds, processor = _rtt(database, *command)
        said = f"{seconds:.1f} s, of the processor {processor:.1f} s"
        print(f"rtt {' '.join(command)}, {size} months: {said}", flush=True)
        found[f"rtt {' '.join(command)}, CPU s"] = processor
    return found


def pages(databases: dict[int, Path]) -> None:
    taken: dict[int, tuple[Times, Times]] = {
        size: (defaultdict(list), defaultdict(list)) for size in databases
    }
    asked = new_addresses(databases[SIZES[0]], EACH * ROUNDS)  # of scopes that all of them hold
    for each in range(ROUNDS):
        for size, (processor, wall) in taken.items():
            found = drawn(CHECKOUT, asked[each::ROUNDS], databases[size], paths=PATHS)
            for path, (new, _, clock) in found.items():
                processor[path] += new
                wall[path] += clock
    large = SIZES[-1]
    for at, words in enumerate(("processor", "wall")):
        for size in SIZES[:-1]:
            print(f"pages at new addresses: {words} ms with {large} months, and its ratio to {size}")
            for path in PATHS:
                print(f"  {path:13}" + told(taken[size][at][path], taken[large][at][path]))
    for path in PATHS:
        p95 = {size: _p95(processor[path]) for size, (processor, _) in taken.items()}
        tell_growth(f"p95 of {path}, CPU ms by months", p95)


def _p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * len(times))]


def _rtt(database: Path, *command: str) -> tuple[float, float]:
    """Seconds that a command takes on a database, by the clock and of the processor."""
    began, before = time.perf_counter(), os.times()
    subprocess.run(
        [sys.executable, "-c", "from dashboard.cli import main; main()", *command],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"RTT_DATABASE_URL": f"sqlite:///{database}", "RTT_HOME": str(database.parent)},
    )
    after = os.times()
    processor = after.children_user - before.children_user + after.children_system - before.children_system
    return time.perf_counter() - began, processor


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


if __name__ == "__main__":
    sys.exit(main())
