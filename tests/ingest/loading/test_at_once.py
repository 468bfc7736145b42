"""Loads and starts that come together: none of them fails, and nothing is done twice."""

import gzip
import itertools
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import event, func, inspect, select, text

from ingest.extracts import LoadOptions
from ingest.loading.load import Progress, load_path
from ingest.store import database, schema
from ingest.store.database import HEAD, make_engine, migrate
from tests import makers, servers

MARCH = date(2025, 3, 31)
_numbers = itertools.count()


def month(folder: Path, number: int = 1, **said) -> Path:
    """A month's file of its own: months differ in their numbers and their pathways."""
    census = date(2025, number, {1: 31, 2: 28, 3: 31}[number])
    path = folder / makers.file_name(census)
    facts = {("R0A", "00R", "2", "C_100"): {3: 20 + number}, ("R0A", "91Q", "2", "C_100"): {30: 4}}
    path.write_text(makers.as_csv(makers.table(facts, census=census, **said)), newline="")
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty_url(request, tmp_path):
    """() -> the URL of a database that nobody has made tables in yet; another one each time."""
    if request.param == "sqlite":
        yield lambda: f"sqlite:///{tmp_path / f'empty-{next(_numbers)}' / 'rtt.db'}"
        return
    server = request.getfixturevalue("postgresql_server")
    yield lambda: made_empty(server)


def made_empty(server) -> str:
    name = f"empty_{next(_numbers)}"
    administrator = make_engine(server("postgres"))
    with administrator.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "template0"'))
    administrator.dispose()
    return server(name)


def loads_of(url: str) -> list[tuple[str, str]]:
    engine = make_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(select(schema.load.c.file_name, schema.load.c.state)).all()
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]
    engine.dispose()
    return sorted(tuple(row) for row in rows)


@pytest.mark.slow
@pytest.mark.postgresql
def test_two_workers_start_together_on_an_empty_server(postgresql_server, tmp_path, repetitions):
    """Fault 5: both workers made the tables, and one of them ended the server."""
    for number in range(repetitions(20)):
        log = tmp_path / f"{number}.log"
        url = made_empty(postgresql_server)
        settings = {"RTT_HOME": str(tmp_path / "home"), "RTT_DATABASE_URL": url}
        with servers.gunicorn_process(settings, log=log, workers=2) as (_, server):
            until_both_are_up(url, server)
            assert server.poll() is None
        assert not FAILED_TO_START.search(log.read_text()), log.read_text()
        assert loads_of(url) == []


FAILED_TO_START = re.compile(r"\w*(Integrity|Programming|Operational|Internal)Error|failed to boot|reason")


def until_both_are_up(url: str, server: subprocess.Popen) -> None:
    """Until two processes have a connection that has nothing to do: each keeps the one with which it looked.

    One that failed has none, and gunicorn ends with it.
    """
    engine = make_engine(url)
    idle = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle' "
        "AND pid <> pg_backend_pid()"
    )
    looks = 0
    while looks < 10 and server.poll() is None:
        with engine.connect() as connection:
            # Ten looks: between two statements a connection is idle for a moment too.
            looks = looks + 1 if connection.execute(idle).scalar_one() >= 2 else 0
        time.sleep(0.05)
    engine.dispose()


@pytest.mark.slow
def test_three_loads_begin_together_on_an_empty_database(empty_url, tmp_path, repetitions):
    """Fault 5: two of the three ended with "Something went wrong", on SQLite too."""
    files = [month(tmp_path, number) for number in (1, 2, 3)]
    for number in range(repetitions(20)):
        url = empty_url()
        home = str(tmp_path / f"home-{number}")

        def run(path: Path, url: str = url, home: str = home) -> subprocess.CompletedProcess:
            return servers.rtt("load", path, check=False, RTT_DATABASE_URL=url, RTT_HOME=home)

        with ThreadPoolExecutor(3) as pool:
            ended = list(pool.map(run, files))
        assert [each.returncode for each in ended] == [0, 0, 0], [each.stderr for each in ended]
        assert loads_of(url) == [(path.name, "loaded") for path in sorted(files)]


def test_who_makes_the_tables_is_decided_after_waiting(empty_url):
    """Fault 5: the look came before the lock. Here a second process comes while the first is at work."""
    url = empty_url()
    first, second = make_engine(url), make_engine(url)
    looked, made = threading.Event(), []
    event.listen(second, "begin", lambda _: looked.set())
    waiting = threading.Thread(target=lambda: made.append(migrate(second)))
    with database.writing(first) as connection:
        waiting.start()
        # It has looked, found nothing, and waits for its turn.
        assert looked.wait(60)
        schema.metadata.create_all(connection)
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
    waiting.join(60)
    assert made == [None]
    assert set(inspect(second).get_table_names()) == {*schema.metadata.tables, "alembic_version"}
    first.dispose()
    second.dispose()


def test_the_same_file_twice_at_once_is_loaded_once(engine, tmp_path):
    """Fault 21: both had looked before either wrote, so the second replaced the first."""
    path = month(tmp_path)
    waiting = threading.Barrier(3)

    def load() -> str:
        def report(progress: Progress) -> None:
            if progress.step == "waiting":
                waiting.wait(60)

        [result] = load_path(engine, path, report=report)
        return result.state

    with ThreadPoolExecutor(2) as pool:
        with database.writing(engine):
            running = [pool.submit(load) for _ in range(2)]
            waiting.wait(60)  # both have read the file and wait for their turn
        states = [each.result(60) for each in running]
    assert sorted(states) == ["loaded", "unchanged"]
    with engine.connect() as connection:
        assert connection.execute(select(schema.load.c.state)).scalars().all() == ["loaded"]
        assert connection.execute(select(schema.dataset.c.version)).scalar_one() == 1
        assert connection.execute(select(func.count()).select_from(schema.extract)).scalar_one() == 1


def test_the_same_month_packed_and_plain_at_once_is_loaded_once(engine, tmp_path):
    """Fault 21: known by what is in it."""
    plain = month(tmp_path)
    packed = tmp_path / "again.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    waiting = threading.Barrier(3)

    def load(path: Path) -> str:
        [result] = load_path(
            engine, path, report=lambda progress: progress.step == "waiting" and waiting.wait(60)
        )
        return result.state

    with ThreadPoolExecutor(2) as pool:
        with database.writing(engine):
            running = [pool.submit(load, path) for path in (plain, packed)]
            waiting.wait(60)
        assert sorted(each.result(60) for each in running) == ["loaded", "unchanged"]


@pytest.mark.slow
def test_the_same_file_by_command_and_by_watch_at_once_is_loaded_once(empty_url, tmp_path, repetitions):
    """Fault 21: by every way in. Whoever comes second says that it is there."""
    for _ in range(repetitions(10)):
        url, folder = empty_url(), tmp_path / f"drop-{next(_numbers)}"
        folder.mkdir()
        path, own = month(folder), month(tmp_path)
        settings = {"RTT_DATABASE_URL": url, "RTT_HOME": str(tmp_path / "home")}
        ways = [
            ("load", own),
            ("load", own),
            ("watch", folder, "--once", "--seconds", "0.1"),
        ]
        command = partial(servers.rtt, check=False, **settings)
        with ThreadPoolExecutor(3) as pool:
            ended = list(pool.map(lambda way, command=command: command(*way), ways))
        said = [each.stderr for each in ended]
        assert [each.returncode for each in ended] == [0, 0, 0], said
        assert sum("rows loaded in" in each for each in said) == 1, said
        assert sum("already loaded and unchanged" in each for each in said) == 2, said
        assert loads_of(url) == [(path.name, "loaded")]
        assert (folder / "done" / path.name).exists()


def test_a_load_waits_for_one_that_takes_long_and_says_so(engine, tmp_path):
    """Fault 5: a load gave up after ten seconds although another, a national month, takes twenty."""
    path, seen = month(tmp_path), []
    ended = threading.Event()

    def load() -> None:
        def report(progress: Progress) -> None:
            seen.append(progress.step)
            if progress.step == "waiting":
                ended.set()

        seen.append(load_path(engine, path, report=report)[0].state)

    with database.writing(engine):
        running = threading.Thread(target=load)
        running.start()
        assert ended.wait(60)
    running.join(60)
    assert [*dict.fromkeys(seen)] == ["reading", "waiting", "writing", "loaded"]


def test_a_new_file_is_opened_by_many_at_once(tmp_path, repetitions):
    """Fault 5: SQLite waits for nobody while another connection puts a new file into write-ahead mode."""
    command = """import sys
from ingest.store.database import make_engine, migrate
migrate(make_engine(sys.argv[1]))"""
    for number in range(repetitions(20)):
        url = f"sqlite:///{tmp_path / str(number) / 'rtt.db'}"
        running = [
            subprocess.Popen([sys.executable, "-c", command, url], stderr=subprocess.PIPE, text=True)
            for _ in range(4)
        ]
        said = [each.communicate(timeout=120)[1] for each in running]
        assert [each.returncode for each in running] == [0] * 4, said
        assert loads_of(url) == []


def test_with_replace_each_of_two_loads_does_its_work(engine, tmp_path):
    path = month(tmp_path)
    with ThreadPoolExecutor(2) as pool:
        loads = pool.map(lambda _: load_path(engine, path, options=LoadOptions(replace=True)), range(2))
    assert [result.state for [result] in loads] == ["loaded", "loaded"]
    with engine.connect() as connection:
        states = connection.execute(select(schema.load.c.state).order_by(schema.load.c.id)).scalars().all()
    assert states == ["replaced", "loaded"]
