"""What a lake costs a row as it grows, beside DuckDB on the same work, and on a Spark cluster here.

    make bench-lake [RTT_BENCH_ROWS=20000000]

Made-up trusts send lists for eight weeks, RTT_BENCH_ROWS pathways in all (6,000,000 by default); 1, 2, 4 and
8 weeks are built: band counts of every combination, and the movement. All ways write Parquet, and what they
write of the first week is compared cell by cell. Processor time is of all processes, Java's and the start of
the cluster among them; memory is the most that they held together. Promised: at most 1.2 times DuckDB's
processor time a row, and less memory, at the largest size; each further row costs the same within 20 %, the
start of processes aside.
"""

from __future__ import annotations

import importlib.util
import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl

from benchmarks import lake_sql
from benchmarks.processes import Watched
from ingest.lake.engines import engine
from ingest.lake.tasks import Task
from rtt.terms.waits import BANDS
from tests import made_lake, spark_cluster

WEEKS = (1, 2, 4, 8)
ROWS = int(os.environ.get("RTT_BENCH_ROWS", "6000000"))
TRUST = 56_000  # pathways of an average trust of England
FEWEST = 10  # trusts
PRODUCT, SPARK, DUCKDB = "this machine", "Spark, 2 workers", "DuckDB"
HEADING = ("rows", "way", "CPU s", "µs a row", "MB")
_PLACE = ("provider_code", "site_code", "treatment_function", "part", "stage", "priority", "basis")
_DUCKDB = """
import json, sys, duckdb
with duckdb.connect() as connection:
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = false")
    for statement in json.load(sys.stdin):
        connection.execute(statement)
"""


def main() -> int:
    if importlib.util.find_spec("duckdb") is None:
        sys.exit("DuckDB is no part of the environment: make bench-lake puts it beside")
    with tempfile.TemporaryDirectory(prefix="rtt-lake-") as name:
        folder = Path(name)
        number = max(FEWEST, ROWS // max(WEEKS) // TRUST)
        trusts = made_lake.trusts(number, average=ROWS // max(WEEKS) // number)
        tasks = made_lake.tasks(str(folder / "lake"), trusts, weeks=max(WEEKS))
        largest = max(task.pathways.rows for task in tasks)
        print(f"{number} trusts; the longest list has {largest:,} pathways")
        print(_line(HEADING), _line(["---"] * len(HEADING)), sep="\n", flush=True)
        costs: dict[str, list[Cost]] = {}
        for weeks in WEEKS:
            days = sorted({task.census for task in tasks})[:weeks]
            for way, cost in _costs(folder, [task for task in tasks if task.census in days]).items():
                costs.setdefault(way, []).append(cost)
            if weeks == min(WEEKS):
                _compare(folder, days[0])
    _promises(costs)
    return 0


@dataclass(frozen=True, slots=True)
class Cost:
    """What a way took: rows, seconds of the processor, and the most MB at once."""

    rows: int
    seconds: float
    megabytes: float

    @property
    def of_a_row(self) -> float:
        """Microseconds."""
        return self.seconds / self.rows * 1e6

    def of_a_further_row(self, fewer: Cost) -> float:
        return (self.seconds - fewer.seconds) / (self.rows - fewer.rows) * 1e6


def _costs(folder: Path, tasks: Sequence[Task]) -> dict[str, Cost]:
    """What each way costs. Prints a line of each."""
    rows = sum(task.pathways.rows for task in tasks)
    java = spark_cluster.java_home()
    ways: dict[str, Callable[[], None]] = {
        PRODUCT: lambda: _built(folder, tasks, "local", dict(os.environ)),
        DUCKDB: lambda: _by_duckdb(folder, tasks),
    }
    if java:
        ways[SPARK] = lambda: _on_spark(folder, tasks, java)
    found = {}
    for way, work in ways.items():
        with Watched() as watched:
            work()
        cost = found[way] = Cost(rows, watched.seconds, watched.most_bytes / 1e6)
        figures = (cost.seconds, cost.of_a_row, cost.megabytes)
        print(_line((f"{rows:,}", way, *(f"{each:,.1f}" for each in figures))), flush=True)
    return found


def _on_spark(folder: Path, tasks: Sequence[Task], java: Path) -> None:
    with (
        tempfile.TemporaryDirectory(dir=folder) as place,
        spark_cluster.cluster(Path(place), java) as cluster,
    ):
        _built(folder, tasks, cluster.address, cluster.environment)


def _built(folder: Path, tasks: Sequence[Task], way: str, environment: dict[str, str]) -> None:
    """The product's work in a process of its own, which is this module with the tasks in a file."""
    (folder / "tasks").write_bytes(pickle.dumps(tasks))
    command = [sys.executable, "-m", "benchmarks.lake", str(folder / "tasks"), way]
    subprocess.run(command, env=environment, check=True)


def _build(tasks: Path, way: str) -> None:
    for outcome in engine(way)(pickle.loads(tasks.read_bytes())):
        assert not outcome.refusals


def _by_duckdb(folder: Path, tasks: Sequence[Task]) -> None:
    """One census after the other, in a process that imports nothing else; on every processor."""
    statements = [
        statement
        for day, previous in sorted({(task.census, task.previous) for task in tasks})
        for statement in _statements(folder, day, previous)
    ]
    subprocess.run([sys.executable, "-c", _DUCKDB], input=json.dumps(statements), text=True, check=True)


def _statements(folder: Path, day: date, previous: date) -> list[str]:
    def lists(table: str, census: date) -> str:
        return f"{folder}/lake/rows/{table}/census_date={census}/*/*.parquet"

    after, before, stops = lists("pathway", day), lists("pathway", previous), lists("clock_stop", day)
    queries = {
        "pathway_counts": lake_sql.band_counts(after),
        "movement": lake_sql.movement(before, after, stops, previous=previous, census=day),
    }
    return [
        f"COPY ({query}) TO '{folder}/{name}-{day}.parquet' (FORMAT parquet, COMPRESSION zstd)"
        for name, query in queries.items()
    ]


def _compare(folder: Path, day: date) -> None:
    """Raise where DuckDB and the product gave other facts of a census."""
    ours = {
        table: pl.read_parquet(
            f"{folder}/lake/facts/{table}/census_date={day}/**/*.parquet", hive_partitioning=True
        )
        for table in ("pathway_counts", "movement")
    }
    bands = [f"w{band:03d}" for band in range(BANDS)]
    counts = ours["pathway_counts"].rename({"unknown_clock_start": "w105"})
    long = counts.unpivot([*bands, "w105"], index=_PLACE, variable_name="band", value_name="pathways")
    long = long.with_columns(pl.col("band").str.slice(1).cast(pl.Int32)).filter(pl.col("pathways") > 0)
    _hold("pathway_counts", long, folder, day, [*_PLACE, "band"])
    _hold("movement", ours["movement"], folder, day, lake_sql.KEY)
    within, over = pl.sum_horizontal(bands[:18]), pl.sum_horizontal(bands[52:])
    assert counts.select(((within == pl.col("within_18")) & (over == pl.col("over_52"))).all()).item()


def _hold(table: str, ours: pl.DataFrame, folder: Path, day: date, key: Sequence[str]) -> None:
    theirs = pl.read_parquet(folder / f"{table}-{day}.parquet")
    names = pl.col(key).cast(pl.String), pl.exclude(key).cast(pl.Int64)
    found = [each.select(theirs.columns).select(*names).sort(key) for each in (ours, theirs)]
    assert found[0].equals(found[1]), f"DuckDB has another {table} of {day}"
    print(f"{table} of {day}: {ours.height:,} rows, the same in every cell", flush=True)


def _promises(costs: dict[str, list[Cost]]) -> None:
    """What the costs come to, beside what is promised of them."""
    for way, of_sizes in costs.items():
        further = [more.of_a_further_row(less) for less, more in pairwise(of_sizes)]
        told = ", ".join(f"{each:.2f}" for each in further)
        print(f"- {way}: each further row {told} µs; {of_sizes[0].megabytes:,.0f} to "
              f"{of_sizes[-1].megabytes:,.0f} MB")  # fmt: skip
    ours, theirs = costs[PRODUCT][-1], costs[DUCKDB][-1]
    print(f"- to DuckDB at the largest size: {ours.seconds / theirs.seconds:.2f} of its time (at most 1.2), "
          f"{ours.megabytes / theirs.megabytes:.2f} of its memory (below 1)")  # fmt: skip


def _line(cells: Sequence[str]) -> str:
    widths = (11, 17, 8, 9, 8)
    return "| " + " | ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _build(Path(sys.argv[1]), sys.argv[2])
    else:
        sys.exit(main())
