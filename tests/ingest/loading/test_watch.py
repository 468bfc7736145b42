"""The folder that loads itself: slow files wait, each is loaded or refused once, nothing is lost."""

import os
import pwd
import random
import signal
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url

from dashboard.cli.outcomes import WrongUse
from dashboard.cli.watching import watch_folder
from ingest.extracts import LoadOptions
from ingest.loading.watch import AlreadyWatched, complete, forget_lists, looks, only_watcher, take
from ingest.store import schema
from ingest.store.database import make_engine
from tests import makers, servers, tracking_lists
from tests.ingest.loading.test_at_once import made_empty

OPTIONS = LoadOptions(token_key=tracking_lists.KEY)


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "drop"
    place.mkdir()
    with only_watcher(place):
        yield place


def month(folder, census=date(2025, 3, 31), pathways=5):
    path = folder / makers.file_name(census)
    rows = makers.table({("RAA", "00R", "2", "C_110"): {3: pathways}}, census=census)
    path.write_bytes(makers.as_csv(rows).encode())
    return path


def states(engine):
    load = schema.load.c
    with engine.connect() as connection:
        return dict(connection.execute(select(load.state, func.count()).group_by(load.state)).all())


def taken(engine, path, *, list_days=0):
    return take(engine, path, options=OPTIONS, list_days=list_days)


def test_a_file_that_still_grows_is_not_complete(folder):
    path = folder / "extract.csv"
    path.write_bytes(b"Period,")
    before = looks(folder)
    path.write_bytes(b"Period,Provider")
    grown = looks(folder)
    assert complete(before, grown) == []
    assert complete(grown, looks(folder)) == [path]


@pytest.mark.parametrize("name", [".hidden.csv", "month.csv.part", "month.csv.crdownload", "month.tmp"])
def test_files_on_their_way_and_hidden_ones_are_left_alone(folder, name):
    (folder / name).write_bytes(b"x")
    assert looks(folder) == {}


def test_a_link_is_not_followed(folder, tmp_path):
    (tmp_path / "elsewhere.csv").write_bytes(b"x")
    (folder / "month.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert looks(folder) == {}


def test_a_loaded_month_is_moved_to_done(engine, folder):
    path = month(folder)
    assert taken(engine, path).loaded
    assert (folder / "done" / path.name).exists()
    assert looks(folder) == {}
    assert states(engine) == {"loaded": 1}


def test_the_same_file_dropped_twice_is_loaded_once_and_both_copies_are_kept(engine, folder):
    path = month(folder)
    taken(engine, path)
    again = taken(engine, month(folder))
    assert not again.loaded
    assert again.reasons is None
    assert len(list((folder / "done").glob("*.csv"))) == 2
    assert states(engine) == {"loaded": 1}


def test_a_broken_file_is_refused_with_its_reasons_beside_it(engine, folder):
    path = folder / "20250331-RTT-March-2025-full-extract.csv"
    path.write_text("<html>Checking your browser</html>")
    found = taken(engine, path)
    reasons = folder / "refused" / f"{path.name}.reasons.txt"
    assert found.reasons
    assert reasons.read_text().strip() == found.reasons
    assert path.name in found.reasons
    assert (folder / "refused" / path.name).read_text().startswith("<html>")
    assert states(engine) == {"refused": 1}


def test_refused_but_not_yet_moved_when_killed_it_is_not_refused_again(engine, folder):
    path = folder / "month.csv"
    path.write_text("<html></html>")
    from ingest.loading.load import load_path

    load_path(engine, path, options=OPTIONS)  # the watcher was killed here
    assert taken(engine, path).reasons
    assert states(engine) == {"refused": 1}
    assert (folder / "refused" / path.name).exists()


def test_a_refused_file_dropped_again_is_looked_at_anew(engine, folder):
    path = folder / "month.csv"
    path.write_text("<html></html>")
    taken(engine, path)
    time.sleep(0.05)
    path.write_text("<html></html>")
    assert taken(engine, path).result is not None
    assert states(engine) == {"refused": 2}


def write_list(folder):
    path = folder / "open-20261115.csv"
    path.write_bytes(tracking_lists.as_csv([tracking_lists.pathway()]))
    return path


def test_a_tracking_list_is_deleted_once_it_is_loaded(engine, folder):
    path = write_list(folder)
    assert taken(engine, path).loaded
    assert [each for each in folder.rglob("*") if each.name.startswith("open")] == []


def test_or_kept_for_its_days_readable_by_its_owner_alone(engine, folder):
    path = write_list(folder)
    taken(engine, path, list_days=7)
    kept = folder / "done" / "lists" / path.name
    assert kept.stat().st_mode & 0o777 == 0o600
    now = datetime.now(UTC)
    assert forget_lists(folder, list_days=7, now=now + timedelta(days=6)) == 0
    assert forget_lists(folder, list_days=7, now=now + timedelta(days=7, minutes=1)) == 1
    assert not kept.exists()


def test_a_refused_tracking_list_is_readable_by_its_owner_alone(engine, folder):
    path = write_list(folder)
    path.write_bytes(path.read_bytes().replace(b"REFERRAL_TO_TREATMENT_PERIOD_START_DATE", b"x"))
    taken(engine, path)
    [moved] = [each for each in (folder / "refused").iterdir() if not each.name.endswith(".txt")]
    assert moved.stat().st_mode & 0o777 == 0o600


def test_a_folder_has_one_watcher(folder):
    with pytest.raises(AlreadyWatched, match="another"), only_watcher(folder):
        pass


@contextmanager
def without_rights():
    """A folder of an account that has no right over the files of others; we are that account meanwhile.

    Whoever is not root is such an account already, and its own files stand for those of others.
    """
    with tempfile.TemporaryDirectory(prefix="rtt-watch-") as place:
        if os.geteuid() != 0:
            yield Path(place)
            return
        nobody = pwd.getpwnam("nobody")
        os.chown(place, nobody.pw_uid, nobody.pw_gid)
        os.setegid(nobody.pw_gid)
        os.seteuid(nobody.pw_uid)
        try:
            yield Path(place)
        finally:
            os.seteuid(0)
            os.setegid(0)


def sent_by_another_account(path, mode):
    """The file as SMB or scp leaves it."""
    path.chmod(mode)
    us = os.geteuid()
    if os.getuid() == 0:
        os.seteuid(0)
        os.chown(path, 0, 0)
        os.seteuid(us)


def watched_once(place, monkeypatch, *, list_days=0):
    monkeypatch.setenv("RTT_HOME", str(place / "home"))
    return watch_folder(place / "drop", seconds=0.1, once=True, mapping=None, list_days=list_days)


def runs_and_states(place):
    engine = make_engine(f"sqlite:///{place / 'home' / 'rtt.db'}")
    try:
        with engine.connect() as connection:
            runs = connection.execute(select(schema.run.c.outcome, schema.run.c.message)).all()
        return [tuple(run) for run in runs], states(engine)
    finally:
        engine.dispose()


def test_files_of_another_account_stop_no_other_and_are_put_away_as_private(monkeypatch, capsys):
    with without_rights() as place:
        drop = place / "drop"
        drop.mkdir()
        first = drop / "aa.csv"
        first.write_text("x")
        sent_by_another_account(first, 0o600 if os.getuid() == 0 else 0)
        broken = drop / "bb.csv"
        broken.write_text("<html></html>")
        sent_by_another_account(broken, 0o644)
        a_list = write_list(drop)
        sent_by_another_account(a_list, 0o644)
        month(drop)
        for _ in range(2):  # a restart changes nothing
            assert watched_once(place, monkeypatch, list_days=7) == 3
        refused = drop / "refused" / broken.name
        kept = drop / "done" / "lists" / a_list.name
        for moved in (refused, kept):
            assert stat.S_IMODE(moved.stat().st_mode) == 0o600
            assert moved.stat().st_uid == os.geteuid()
        assert refused.read_text() == "<html></html>"
        assert refused.with_name("bb.csv.reasons.txt").exists()
        assert looks(drop).keys() == {first}
        runs, held = runs_and_states(place)
        assert held == {"loaded": 2, "refused": 1}
        left = "; left in the folder: aa.csv (cannot be read: Permission denied)"
        assert runs == [
            ("warned", f"2 loaded, 1 refused, 0 already in place; 1 forecast made{left}"),
            ("warned", f"0 loaded, 0 refused, 0 already in place; no forecast was due{left}"),
        ]
    assert capsys.readouterr().err.count("aa.csv: left in the folder; it cannot be read") == 1


def test_a_file_that_cannot_be_moved_is_left_without_its_reasons_and_the_next_is_loaded(engine, folder):
    broken = folder / "broken.csv"
    broken.write_text("<html></html>")
    # Something stands in the way of every account, root's too: where it would be copied to is no folder.
    (folder / "refused").rmdir()
    (folder / "refused").write_text("")
    for _ in range(2):
        found = taken(engine, broken)
        assert found.reasons
        assert found.left == "cannot be moved or deleted: Not a directory"
        assert broken.exists()
    assert taken(engine, month(folder)).left is None
    assert states(engine) == {"refused": 1, "loaded": 1}


def test_a_file_taken_away_meanwhile_stops_nothing(engine, folder):
    assert taken(engine, folder / "gone.csv").left == "cannot be read: No such file or directory"


def test_a_folder_that_cannot_be_watched_is_named(monkeypatch):
    with without_rights() as place:
        (place / "drop" / "done" / "lists").mkdir(parents=True)
        (place / "drop").chmod(0o500)
        with pytest.raises(WrongUse, match="refused: Permission denied"):
            watched_once(place, monkeypatch)
        (place / "drop").chmod(0o700)


def watching(home, folder):
    command = [sys.executable, "-m", "tests.ingest.watching", str(folder)]
    environment = {**os.environ, "RTT_HOME": str(home), "RTT_DATABASE_URL": ""}
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)


@pytest.mark.slow
def test_killed_at_any_moment_every_file_is_loaded_or_refused_once_and_nothing_is_lost(tmp_path, repetitions):
    chance = random.Random(18)
    folder, home = tmp_path / "drop", tmp_path / "home"
    folder.mkdir()
    months = [date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)]
    for census in months:
        month(folder, census)
    (folder / "broken.csv").write_text("<html></html>")
    for _ in range(repetitions(30)):
        process = watching(home, folder)
        time.sleep(chance.uniform(0.5, 2.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
    servers.rtt("watch", str(folder), "--once", "--seconds", "0.2", check=False, RTT_HOME=str(home))
    assert sorted(path.name for path in (folder / "done").glob("*.csv")) == sorted(
        makers.file_name(census) for census in months
    )
    assert (folder / "refused" / "broken.csv").exists()
    engine = make_engine(f"sqlite:///{home / 'rtt.db'}")
    assert states(engine) == {"loaded": 3, "refused": 1}
    engine.dispose()


def test_once_takes_what_is_there_forecasts_once_and_leaves_a_run(tmp_path):
    folder, home = tmp_path / "drop", tmp_path / "home"
    folder.mkdir()
    for census in (date(2025, 2, 28), date(2025, 3, 31)):
        month(folder, census)
    (folder / "broken.csv").write_text("<html></html>")
    ended = servers.rtt("watch", str(folder), "--once", "--seconds", "0.2", check=False, RTT_HOME=str(home))
    assert ended.returncode == 3, ended.stderr
    engine = make_engine(f"sqlite:///{home / 'rtt.db'}")
    with engine.connect() as connection:
        [run] = connection.execute(select(schema.run)).all()
        issued = connection.execute(select(schema.forecast.c.census_date)).scalars().all()
    engine.dispose()
    assert run.message.startswith("2 loaded, 1 refused, 0 already in place; 1 forecast made")
    assert run.outcome == "warned"
    assert issued == [date(2025, 3, 31)]


ODD_FILES = {
    "a code of 27 characters.csv": lambda rows: rows[1].__setitem__(3, "R" * 27),
    "a NUL.csv": lambda rows: rows[1].__setitem__(3, "R\0A"),
    "a sum too large.csv": lambda rows: [row.__setitem__(-1, "2147483648") for row in rows[1:]],
    "b\udcff\udcfe.csv": lambda rows: rows[1].__setitem__(3, "R" * 27),
    "n" * 251 + ".csv": lambda rows: rows[1].__setitem__(3, "R" * 27),
    "new\nline.csv": lambda rows: rows[1].__setitem__(3, ""),
}


def odd_file(folder, name, damage, census=date(2025, 1, 31)):
    rows = makers.table({("RAA", "00R", "2", "C_110"): {3: 5}}, census=census)
    damage(rows)
    (folder / name).write_text(makers.as_csv(rows), newline="", encoding="utf-8")


def watch_once(url, folder, tmp_path):
    return servers.rtt(
        "watch", str(folder), "--once", "--seconds", "0.1", check=False,
        RTT_DATABASE_URL=url, RTT_HOME=str(tmp_path / "home"),
    )  # fmt: skip


def test_no_file_whatever_it_holds_stops_another(engine, database_url, tmp_path):
    """Fault 6: on PostgreSQL one bad file ended the watcher, was not moved, and no later file was taken."""
    folder = tmp_path / "drop"
    folder.mkdir()
    for name, damage in ODD_FILES.items():
        odd_file(folder, name, damage)
    (folder / "broken.zip").write_bytes(b"PK\x03\x04" + b"\xff" * 100)
    (folder / "broken.xlsx").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(range(256)) * 20)
    good = month(folder)
    ended = watch_once(database_url, folder, tmp_path)
    assert ended.returncode == 3, ended.stderr
    assert (folder / "done" / good.name).exists()
    assert looks(folder) == {}
    refused = [path for path in (folder / "refused").iterdir() if not path.name.endswith(".reasons.txt")]
    assert len(refused) == len(ODD_FILES) + 2
    for path in refused:
        assert path.with_name(path.name + ".reasons.txt").read_text().strip()
    assert states(engine) == {"refused": len(refused), "loaded": 1}


def test_a_file_that_nobody_foresaw_is_refused_with_a_reference(engine, folder, monkeypatch, caplog):
    """Fault 6: whatever goes wrong in reading one file is that file's end and no other's."""
    for error in (
        RuntimeError("9434765919"),
        MemoryError(),
        RecursionError(),
        pl.exceptions.PanicException("x"),
    ):
        path = month(folder)
        with monkeypatch.context() as patch:
            patch.setattr(
                "ingest.loading.reading.parsed_by_its_format",
                lambda *_, error=error: (_ for _ in ()).throw(error),
            )
            found = taken(engine, path)
        assert type(error).__name__ in found.reasons
        assert "reference" in found.reasons
        assert (
            "9434765919"
            not in found.reasons
            + (folder / "refused" / path.name).with_name(path.name + ".reasons.txt").read_text()
        )
        assert not path.exists()
        (folder / "refused" / path.name).unlink()
    assert "a file could not be loaded" in caplog.text
    assert taken(engine, month(folder)).loaded


@pytest.mark.postgresql
def test_a_watcher_waits_for_a_database_that_is_down_and_moves_no_file(postgresql_server, tmp_path):
    """Fault 6: a database that is away is no file's fault."""
    url, folder = made_empty(postgresql_server), tmp_path / "drop"
    folder.mkdir()
    first = month(folder)
    log = tmp_path / "log"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("RTT_")},
        "RTT_HOME": str(tmp_path / "home"),
        "RTT_DATABASE_URL": url,
    }
    command = [Path(sys.executable).with_name("rtt"), "watch", str(folder), "--seconds", "0.2"]
    allow_connections(postgresql_server, url, False)
    with servers.running(command, log=log, cwd=servers.ROOT, env=environment) as watcher:
        until(lambda: "the watcher waits" in log.read_text(), watcher)
        assert first.exists()
        allow_connections(postgresql_server, url, True)
        until(lambda: (folder / "done" / first.name).exists(), watcher)
        allow_connections(postgresql_server, url, False)
        second = month(folder, date(2025, 4, 30))
        until(lambda: log.read_text().count("the watcher waits") == 2, watcher)
        assert second.exists()
        allow_connections(postgresql_server, url, True)
        until(lambda: (folder / "done" / second.name).exists(), watcher)
    assert "Unexpected fault" not in log.read_text()
    engine = make_engine(url)
    assert states(engine) == {"loaded": 2}
    engine.dispose()


def allow_connections(server, url, allowed):
    """Let a database be as one that is down, or up again."""
    name = make_url(url).database
    administrator = make_engine(server("postgres"))
    with administrator.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {str(allowed).lower()}'))
        if not allowed:
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
            connection.execute(text(ended), {"name": name})
    administrator.dispose()


def until(happened, watcher):
    for _ in range(3000):
        if happened():
            return
        assert watcher.poll() is None, "the watcher ended"
        time.sleep(0.02)
    raise AssertionError("it never happened")
