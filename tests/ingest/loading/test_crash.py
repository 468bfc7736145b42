"""A load that is killed leaves the old state or the new one; others beside it, loads or readers, end well."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import func, select

from ingest.extracts import LoadOptions
from ingest.loading.load import load_path
from ingest.store import schema
from ingest.store.database import make_engine
from tests import makers

CENSUS = date(2025, 3, 31)
OLD, NEW = 3, 8  # pathways at each place
FEWEST_READ = 10
FUNCTIONS = [f"C_{number}" for number in range(100, 140)]


@contextmanager
def loading(url: str, *arguments: object) -> Iterator[subprocess.Popen]:
    command = [sys.executable, "-m", "tests.ingest.loading", url, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def files(tmp_path):
    """Two revisions of a month, big enough that writing one takes a while."""
    return {pathways: _write(tmp_path / f"{pathways}.csv", pathways) for pathways in (OLD, NEW)}


def _write(path, pathways):
    facts = {
        (f"R{n:02d}", commissioner, "2", function): {3: pathways}
        for n in range(20)
        for commissioner in ("00R", "91Q")
        for function in FUNCTIONS
    }
    path.write_text(makers.as_csv(makers.table(facts, census=CENSUS)), newline="")
    return path


def state_of(engine) -> tuple[int, int, int]:
    """(rows, England's total, extracts in place): all of one state or all of the other."""
    counts = schema.pathway_counts.c
    with engine.connect() as connection:
        rows, total = connection.execute(select(func.count(), func.sum(counts.total))).one()
        extracts = connection.execute(select(func.count()).select_from(schema.extract)).scalar_one()
        loaded = select(func.count()).select_from(schema.load).where(schema.load.c.state == "loaded")
        assert connection.execute(loaded).scalar_one() == extracts
    return rows, int(total), extracts


@pytest.mark.slow
def test_killed_at_any_moment_the_database_is_old_or_new(database_url, files, repetitions):
    engine = make_engine(database_url)
    known = set()
    for pathways in (NEW, OLD):
        load_path(engine, files[pathways], options=LoadOptions(replace=True))
        known.add(state_of(engine))
    seconds = _seconds_of_a_load(database_url, files[NEW])
    chance = random.Random(18)
    for _ in range(repetitions(30)):
        load_path(engine, files[OLD], options=LoadOptions(replace=True))
        with loading(database_url, files[NEW]) as process:
            assert process.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, seconds))
            process.kill()
        assert state_of(engine) in known
        [result] = load_path(engine, files[NEW], options=LoadOptions(replace=True))
        assert result.state == "loaded"
        assert state_of(engine)[1] == max(total for _, total, _ in known)
    engine.dispose()


def _seconds_of_a_load(url: str, file) -> float:
    with loading(url, file) as process:
        process.stdout.readline()
        began = time.perf_counter()
        assert process.stdout.readline() == "loaded\n"
        return time.perf_counter() - began


def test_two_loads_at_once_take_turns(database_url, files):
    with loading(database_url, files[OLD]) as first, loading(database_url, files[NEW]) as second:
        said = [process.communicate(timeout=120)[0].split() for process in (first, second)]
    for ready, outcome in said:
        assert ready == "ready"
        assert outcome in {"loaded", "busy"}
    engine = make_engine(database_url)
    rows, _, extracts = state_of(engine)
    engine.dispose()
    assert (extracts, rows > 1000) == (1, True)
    assert ["ready", "loaded"] in said


def test_readers_beside_a_load_that_never_stops_see_no_error(database_url, files):
    engine = make_engine(database_url)
    load_path(engine, files[OLD])
    known = {state_of(engine)}
    load_path(engine, files[NEW], options=LoadOptions(replace=True))
    known.add(state_of(engine))
    seen, errors = [], []
    with loading(database_url, "--for-ever", files[OLD], files[NEW]) as process:
        process.stdout.readline()
        until = time.monotonic() + 3
        readers = [threading.Thread(target=_read, args=(database_url, until, seen, errors)) for _ in range(3)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        assert process.poll() is None
    engine.dispose()
    assert errors == []
    assert len(seen) > FEWEST_READ
    assert set(seen) <= known


def _read(url: str, until: float, seen: list, errors: list) -> None:
    engine = make_engine(url)
    try:
        while time.monotonic() < until or len(seen) <= FEWEST_READ:  # a busy machine reads for longer
            seen.append(_read_once(engine))
    except Exception as error:
        errors.append(error)
    engine.dispose()


def _read_once(engine) -> tuple[int, int, int]:
    # One statement: on PostgreSQL each statement of a transaction may see a newer state.
    counts, extract = schema.pathway_counts.c, select(func.count()).select_from(schema.extract)
    with engine.connect() as connection:
        row = connection.execute(
            select(func.count(), func.sum(counts.total), extract.scalar_subquery())
        ).one()
    return row[0], int(row[1]), row[2]
