"""Files read ahead in processes end as they do one by one, and leave no process behind."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from ingest.extracts import LoadOptions
from ingest.loading import ahead
from ingest.loading.ahead import read_ahead
from ingest.loading.load import check_path, load_path
from ingest.store import database, schema
from ingest.store.database import make_engine
from tests import makers
from tests.spec.damaged_extracts import zipped

OPTIONS = LoadOptions(today=date(2025, 6, 1))
MONTHS = (date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 30))
PROVIDERS = [f"R{letter}{digit}" for letter in "ABCD" for digit in range(5)]
OF_A_RUN = ("started_at", "seconds", "ended_at")


@pytest.fixture
def folder(tmp_path) -> Path:
    """Four months; between them one that is refused, one cut short, a copy, and another file of a month."""
    folder = tmp_path / "national"
    folder.mkdir()
    files = {month: month_of(month, pathways=at + 3) for at, month in enumerate(MONTHS)}
    for at, (month, csv) in enumerate(files.items()):
        (folder / f"{at}-{makers.file_name(month)}").write_bytes(csv)
    january, february = files[MONTHS[0]], files[MONTHS[1]]
    (folder / "1a-odd.csv").write_bytes(february.replace(b",3,", b",-3,", 1))
    (folder / "1b-cut.zip").write_bytes(zipped(**{"x.csv": february})[:-40])
    (folder / "1c-copy.csv").write_bytes(january)
    (folder / "1d-packed.zip").write_bytes(zipped(**{"x.csv": january}))
    (folder / "2a-other.csv").write_bytes(month_of(MONTHS[1], pathways=9))
    (folder / "2b-nothing.csv").write_text("a,b\n1,2\n")
    return folder


def month_of(month: date, *, pathways: int) -> bytes:
    facts: makers.Facts = {(provider, "00R", "2", "C_100"): {3: pathways, 20: 3} for provider in PROVIDERS}
    return makers.as_csv(makers.table(facts, census=month)).encode()


def engine_in(folder: Path):
    engine = make_engine(f"sqlite:///{folder / 'rtt.db'}")
    database.migrate(engine)
    return engine


def held(engine) -> dict[str, list[tuple]]:
    """Every row of every table, but when it was written."""
    with engine.connect() as connection:
        return {
            table.name: sorted(
                map(tuple, connection.execute(select(*(c for c in table.c if c.name not in OF_A_RUN)))),
                key=repr,
            )
            for table in schema.metadata.sorted_tables
        }


def told(results) -> list:
    return [replace(each, seconds=0.0) for each in results]


def loaded(tmp_path: Path, files, verb=load_path, *, processors: int):
    home = tmp_path / f"{verb.__name__}-{processors}"
    home.mkdir()
    engine = engine_in(home)
    with read_ahead(files, OPTIONS, processors=processors) as reading:
        assert (reading is None) == (processors == 1)
        results = [each for file in files for each in verb(engine, file, options=OPTIONS, ahead=reading)]
    return told(results), held(engine)


@pytest.mark.parametrize("verb", [load_path, check_path])
def test_files_read_ahead_end_as_one_by_one(tmp_path, folder, verb):
    files = sorted(folder.iterdir())
    one_by_one = loaded(tmp_path, files, verb, processors=1)
    assert loaded(tmp_path, files, verb, processors=2) == one_by_one
    states = [result.state for result in one_by_one[0]]
    if verb is load_path:
        assert states.count("refused") == 4
        assert states.count("unchanged") == 2
        assert states.count("loaded") == 4


def test_what_a_process_could_not_read_is_read_by_the_load_itself(tmp_path, folder):
    files = sorted(folder.iterdir())
    expected = loaded(tmp_path, files, processors=1)
    engine = engine_in(tmp_path)
    with read_ahead(files, OPTIONS, processors=2) as reading:
        results = load_path(engine, files[0], options=OPTIONS, ahead=reading)
        for process in list(reading._pool._processes.values()):
            process.kill()
        results += [
            each for file in files[1:] for each in load_path(engine, file, options=OPTIONS, ahead=reading)
        ]
    assert (told(results), held(engine)) == expected


def test_a_file_that_fails_unforeseen_is_left_to_the_load(monkeypatch, tmp_path):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(ahead, "read_whole", fail)
    file = tmp_path / "a.csv"
    file.write_text("a")
    assert ahead.prepare(file, OPTIONS) is None
    assert ahead.prepare(tmp_path / "gone.csv", OPTIONS) is None


def test_no_more_than_a_few_files_are_held_at_a_time(tmp_path, folder):
    files = sorted(folder.iterdir())
    with read_ahead(files, OPTIONS, processors=2) as reading:
        for file in files:
            assert len(reading._begun) <= 3
            reading.take(file, lambda _: None)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_load_that_is_stopped_leaves_no_process_and_no_file(tmp_path, folder, how):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    engine = engine_in(home)
    # Two processors, whatever this machine has; and a writer in its way, so that it is stopped at work.
    program = "import os; os.sched_getaffinity = lambda _: {0, 1}; from dashboard.cli import main; main()"
    # A run of tests in the background of a shell is deaf to interrupts, and so is all that it starts.
    command = ["env", "--default-signal=INT", sys.executable, "-c", program, "load", str(folder)]
    with database.writing(engine):
        load = subprocess.Popen(
            command,
            env=os.environ | {"RTT_HOME": str(home)},
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + 60
        while len(members(load.pid)) < 3 and time.monotonic() < until:
            time.sleep(0.05)
        assert len(members(load.pid)) >= 3
        if how is signal.SIGINT:
            os.killpg(load.pid, how)  # as a terminal does
        else:
            load.send_signal(how)
        load.wait(60)
        while members(load.pid) and time.monotonic() < until:
            time.sleep(0.05)
        assert not members(load.pid)
    left = {path.name for path in home.rglob("*") if path.is_file()}
    assert left <= {"rtt.db", "rtt.db-wal", "rtt.db-shm", "token.key", "rtt.log"}
    with engine.connect() as connection:
        assert not connection.execute(select(schema.extract)).all()


def members(session: int) -> list[int]:
    """The processes of a session that are alive."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, of = stat.read_text().rsplit(")", 1)[1].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(of) == session and state != "Z":
            found.append(int(stat.parent.name))
    return found
