"""The sample data in a database, built once and kept for as long as nothing that makes it changes.

It takes a minute and more: both parts of `make test` share it, and all workers of a run. As a program
(`python -m tests.sample`) it builds and says nothing, so that a run can begin with what needs no sample.
"""

from datetime import date
from pathlib import Path

from tests import servers
from tests.kept import kept, mark_of

# A Sunday, so that the last weekly list is of this day.
UNTIL = date(2026, 3, 1)


def database() -> Path:
    """The SQLite file: read it or copy it, do not change it."""
    return kept("demo", _what_makes_it(), _build) / "demo.db"


def _what_makes_it() -> str:
    return mark_of(("rtt", "ingest", "sample_data", "dashboard/cli"), UNTIL.isoformat())


def _build(home: Path) -> None:
    servers.rtt("demo", "--until", UNTIL.isoformat(), RTT_HOME=str(home))


if __name__ == "__main__":
    database()
