"""How long a page of a tracking list of 100,000 pathways takes on the server, for every filter and order.

    python -m benchmarks.ptl_page

SQLite, and PostgreSQL where Debian's is installed. Each filter is asked anew, as if nobody had asked before:
counts are forgotten between requests. The aim is 50 ms for every page, the line of the audit trail included.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path

from sqlalchemy import Connection, Engine

from benchmarks.ptl import WEEKS, _list
from dashboard.access import Reader, Visit
from dashboard.filters import from_query
from dashboard.queries import memo
from dashboard.queries.choices import Choice, settle
from dashboard.queries.ptl import ORDERS, page_of
from dashboard.records import write_audit
from dashboard.settings import Settings
from ingest.database import freshen, make_engine, migrate
from ingest.load import LoadOptions, load_path
from tests import servers

AIM, REPEATS = 50, 5
FILTERS = (
    "",
    "tf=C_110",
    "site=R9A01",
    "booking=none",
    "booking=in-time",
    "pathway=dta",
    "priority=2",
    "threshold=52",
    "band=16",
    "nonc=with",
    "threshold=18&horizon=4&booking=none",
    "tf=C_110&site=R9A01&pathway=admitted",
)
PLACES = ("first", "middle", "last")
READER = Reader("benchmark", may_see_pathways=True)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        lists = [_list(Path(folder, f"open-{week}.csv"), week) for week in WEEKS]
        worst = [_measure(name, engine, lists) for name, engine in _databases(Path(folder))]
    return int(max(worst) > AIM)


def _databases(folder: Path) -> Iterator[tuple[str, Engine]]:
    yield "SQLite", make_engine(f"sqlite:///{folder / 'rtt.db'}")
    programs = servers.postgresql_programs()
    if programs is None:
        print("ptl_page: PostgreSQL is not installed here", file=sys.stderr)
        return
    with servers.postgresql(programs) as url:
        yield "PostgreSQL", make_engine(url("postgres"))


def _measure(name: str, engine: Engine, lists: list[Path]) -> float:
    migrate(engine)
    for path in lists:
        (result,) = load_path(engine, path, options=LoadOptions(token_key=b"only for the benchmark"))
        assert result.state == "loaded", result.problems
    # The test server commits without waiting for its disk, so the end of the load came too early for it.
    time.sleep(1)
    freshen(engine, "pathway")
    taken = {
        case: min(_milliseconds(engine, *case) for _ in range(REPEATS))
        for case in product(FILTERS, ORDERS, PLACES)
    }
    worst = max(taken, key=lambda case: taken[case])
    engine.dispose()
    print(
        f"ptl_page: {name}, {len(taken)} pages of 100,000 pathways: median "
        f"{statistics.median(taken.values()):.1f} ms, worst {taken[worst]:.1f} ms ({' '.join(worst)})"
    )
    return taken[worst]


def _milliseconds(engine: Engine, filters: str, order: str, place: str) -> float:
    with _asked(engine, f"?{filters}&order={order}") as (connection, choice):
        pages = page_of(connection, choice).pages
        number = {"first": 1, "middle": (pages + 1) // 2, "last": pages}[place]
    with memo._lock:
        memo._kept.clear()
    with _asked(engine, f"?{filters}&order={order}&page={number}") as (connection, choice):
        begun = time.perf_counter()
        found = page_of(connection, choice)
        write_audit(engine, READER, action="viewed", scope="/ptl", rows=len(found.rows), at=datetime.now(UTC))
        return 1000 * (time.perf_counter() - begun)


@contextmanager
def _asked(engine: Engine, query: str) -> Iterator[tuple[Connection, Choice]]:
    visit = Visit(READER, date(2026, 11, 16), Settings(home=Path("unused")))
    with memo.reading(engine) as connection:
        choice = settle(connection, from_query(query)[0])
        yield connection, replace(choice, visit=visit)


if __name__ == "__main__":
    sys.exit(main())
