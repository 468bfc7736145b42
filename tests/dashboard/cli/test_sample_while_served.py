"""A first start shows the newest data at once, and the whole sample takes its place; on real processes.

The sample is a short one, which waits at a gate before its history is loaded.
"""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from ingest.store import schema
from ingest.store.database import make_engine
from tests import servers

# As `rtt`, with a sample of some months and weeks; the history is built when the gate is opened.
PROGRAM = """#!{python}
import sys, time
from datetime import UTC, datetime
from pathlib import Path
import sample_data
from sample_data import building
from dashboard.cli import builder, main

class Short(building.Sample):
    def __init__(self, *, until):
        super().__init__(until=until, months={months}, weeks={weeks})

    def lists(self, week):
        while week == self.weeks[1] and not Path({gate!r}).exists():
            time.sleep(0.02)
        return super().lists(week)

sample_data.Sample = Short
builder.PROGRAM = Path(__file__)
main()
"""
# Of the first database: what a page shows as figures. The rest hangs on weeks that are still to come.
FIGURES = ("pathway_counts", "pathway", "clock_stop", "quality", "organisation", "commissioned_list")
NOT_FIGURES = {
    *("id", "load_id", "extract_id", "forecast_id", "version"),
    *("started_at", "seconds", "issued_at", "made_at", "first_used_at"),
}


@pytest.fixture
def place(tmp_path):
    """The folder of the program, its gate, its home, and its log."""
    return with_program(tmp_path, months=1, weeks=3)


def with_program(folder, *, months, weeks):
    program, gate = folder / "rtt", str(folder / "gate")
    program.write_text(PROGRAM.format(python=sys.executable, gate=gate, months=months, weeks=weeks))
    program.chmod(0o755)
    return folder


def home(place):
    return place / "home"


@contextlib.contextmanager
def served(place):
    """`rtt serve --demo-if-empty` in a group of its own, from when it answers; (address, process)."""
    port = servers.free_port()
    command = [place / "rtt", "serve", "--demo-if-empty", "--port", str(port)]
    with (place / "log").open("ab") as log:
        server = subprocess.Popen(
            command,
            env=servers._environment({"RTT_HOME": str(home(place))}),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until(lambda: server.poll() is not None or servers._answers(address))
        assert server.poll() is None, (place / "log").read_text()
        yield address, server
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def wait_until(true):
    """What comes to be is tested, not how soon."""
    for _ in range(6_000):
        if true():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come to be")


def builders(place):
    """The processes that build this place's sample."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = entry.read_bytes().split(b"\0")
            if str(place / "rtt").encode() in words and b"--while-served" in words:
                found.append(int(entry.parent.name))
    return found


def told(address):
    with urllib.request.urlopen(f"{address}/status/sample.json", timeout=60) as answer:
        return answer.read().decode()


def rows(database, table):
    with contextlib.closing(sqlite3.connect(database)) as connection:
        names = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
        chosen = ", ".join(f'"{name}"' for name in names if name not in NOT_FIGURES)
        return sorted(map(repr, connection.execute(f'SELECT {chosen} FROM "{table}"'))) if chosen else []


def everything(database, *, but=()):
    return {
        table.name: rows(database, table.name)
        for table in schema.metadata.sorted_tables
        if table.name not in but
    }


def built_on(place):
    with contextlib.closing(sqlite3.connect(home(place) / "demo.db")) as connection:
        return connection.execute("SELECT built_on FROM dataset").fetchone()[0]


def left_in_passing(place):
    """What lies in the folder of temporary files, but for that of a server under way."""
    return [each.name for each in (home(place) / "tmp").iterdir() if each.name.startswith("demo-")]


def test_the_newest_is_true_at_once_and_the_whole_takes_its_place_with_what_people_wrote(tmp_path):
    place = with_program(tmp_path, months=3, weeks=13)  # enough for forecasts
    demo = home(place) / "demo.db"
    with served(place) as (address, _):
        first = everything(demo)
        assert built_on(place) is None
        assert len({row for row in first["extract"] if "weekly" in row}) == 3
        assert first["forecast"] == first["movement"] == []
        assert "The sample is being built" in told(address)
        engine = make_engine(f"sqlite:///{demo}")
        with engine.begin() as connection:
            connection.execute(insert(schema.kept_place).values(KEPT))
        engine.dispose()
        (place / "gate").touch()
        wait_until(lambda: built_on(place))
        wait_until(lambda: "The sample is complete" in told(address))
        wait_until(lambda: not builders(place))
    whole = everything(demo)
    for table in FIGURES:
        assert set(first[table]) <= set(whole[table]), table
    assert len(whole["kept_place"]) == 1
    # In one go, beside no server.
    (place / "home").rename(place / "before")
    environment = servers._environment({"RTT_HOME": str(home(place))})
    subprocess.run([place / "rtt", "demo"], env=environment, check=True, capture_output=True)
    whole_in_one_go = everything(demo, but=("kept_place",))
    assert {name: found for name, found in whole.items() if name != "kept_place"} == whole_in_one_go
    assert whole["movement"]
    assert whole["forecast"]


KEPT = {
    "query": "?org=R9A",
    "name": "Ours",
    "position": 1,
    "author": "someone",
    "written_at": datetime(2026, 3, 1, tzinfo=UTC),
}


def test_stopped_or_killed_it_leaves_what_was_shown_and_the_next_start_builds_the_rest(place):
    demo, journal = home(place) / "demo.db", home(place) / "sample" / "journal.json"
    with served(place) as (address, server):
        first = everything(demo)
        (builder,) = builders(place)
        os.kill(builder, signal.SIGKILL)
        wait_until(lambda: "was not built to its end" in told(address))
    with served(place) as (_, server):
        wait_until(lambda: builders(place))
        server.send_signal(signal.SIGINT)
        server.wait(60)
        wait_until(lambda: not builders(place))
        assert left_in_passing(place) == []
        assert not journal.exists()
    with served(place) as (_, server):
        wait_until(lambda: left_in_passing(place))
        (builder,) = builders(place)
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        os.kill(builder, signal.SIGKILL)
    assert everything(demo) == first
    assert built_on(place) is None
    (place / "gate").touch()
    with served(place):
        wait_until(lambda: built_on(place))
        wait_until(lambda: not builders(place))
        assert left_in_passing(place) == []


def test_before_there_is_anything_to_show_it_says_why_there_will_be_nothing(place):
    home(place).mkdir()
    (home(place) / "demo.db").mkdir()  # what nobody can put a database in the place of
    ran = subprocess.run(
        [place / "rtt", "serve", "--demo-if-empty"],
        env=servers._environment({"RTT_HOME": str(home(place))}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode
    assert "Traceback" not in ran.stderr
    assert builders(place) == []
