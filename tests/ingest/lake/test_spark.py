"""A real Spark cluster builds what one machine builds, whoever is killed on the way."""

import contextlib
import os
import random
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dashboard.cli.outcomes import DONE, FAULT, WRONG_USE
from ingest.lake import manifest
from ingest.lake.build import build
from ingest.lake.engines import UnusableEngine, engine
from ingest.lake.layout import digest
from ingest.lake.stores import open_store
from tests import object_store, servers, spark_cluster
from tests.ingest.lake import trusts

TRUSTS, WEEKS, PEOPLE = 5, 6, 80


@dataclass(frozen=True)
class Lakes:
    """A lake to which lists were added, and the same one as this machine alone builds it."""

    added: Path
    built: Path

    @property
    def whole(self) -> dict[str, bytes]:
        return contents(self.built)


@pytest.fixture(scope="module")
def lakes(tmp_path_factory) -> Lakes:
    folder = tmp_path_factory.mktemp("lakes")
    found = Lakes(folder / "added", folder / "built")
    sent = trusts.sent(folder / "sent", 21, trusts=TRUSTS, weeks=WEEKS, people=PEOPLE)
    assert set(trusts.add_all(open_store(str(found.added)), sent)) == {"loaded"}
    shutil.copytree(found.added, found.built)
    build(open_store(str(found.built)), engine("local", workers=1))
    return found


def contents(lake: Path | str) -> dict[str, bytes]:
    """Everything that a build leaves."""
    store = open_store(str(lake))
    return {
        path: store.read(path) for prefix in ("census/", "facts/", "done/") for path in store.list(prefix)
    }


@contextlib.contextmanager
def building(lake: Path | str, address: str, environment: dict[str, str]) -> Iterator[subprocess.Popen]:
    """A build on the cluster, killed on leaving the block if it has not ended."""
    command = [servers.PROGRAM, "lake", "build", "--lake", str(lake), "--engine", address]
    with subprocess.Popen(
        command, env=environment, cwd=servers.ROOT, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ended(process: subprocess.Popen) -> int:
    """How it ended; it must have said one line, and none of Spark's or Java's."""
    said = process.stderr.read()
    assert len(said.splitlines()) == 1, said
    return process.wait()


def is_built(lake: Path | str, cluster: spark_cluster.Cluster) -> bool:
    with building(lake, cluster.address, cluster.environment) as process:
        return ended(process) == DONE


def wait_for(lake: Path, files: int, process: subprocess.Popen) -> None:
    """Return once so many files of facts are there, or the build has ended."""
    facts = lake / "facts"
    while process.poll() is None and sum(len(names) for _, _, names in os.walk(facts)) < files:
        pass


def is_whole_wherever_it_is_seen(lake: Path, lakes: Lakes) -> None:
    """What manifests show is what one machine built, trust by trust, and their files are there."""
    store, expected = open_store(str(lake)), open_store(str(lakes.built))
    for day in manifest.censuses(store):
        found, whole = manifest.manifest_of(store, day), manifest.manifest_of(expected, day)
        assert all(trust in whole.trusts for trust in found.trusts)
        assert found == whole or found.waiting
        for trust in found.trusts:
            for part in (part for parts in trust.facts.values() for part in parts):
                assert digest(store.read(part.path)) == part.sha256


@pytest.fixture(scope="module")
def cluster(tmp_path_factory, java, s3_server):
    """A cluster whose machines know the key of an object store, as drivers on this one do."""
    with spark_cluster.cluster(tmp_path_factory.mktemp("spark"), java, **s3_server.environment) as made:
        yield made


@pytest.fixture
def lake(tmp_path, lakes):
    """A copy of the lake to which lists were added."""
    return Path(shutil.copytree(lakes.added, tmp_path / "lake"))


def moments(kind: str, repetitions, lakes) -> Iterator[int]:
    """Numbers of files of facts, by chance, at which something is killed."""
    chance = random.Random(kind)
    most = len(list(open_store(str(lakes.built)).list("facts/")))
    for _ in range(repetitions(10)):
        yield chance.randrange(most)


def test_spark_builds_every_file_that_this_machine_builds(lake, lakes, cluster):
    assert is_built(lake, cluster)
    assert contents(lake) == lakes.whole
    assert lakes.whole


def test_a_worker_that_is_killed_changes_nothing(tmp_path, lakes, cluster, repetitions):
    for turn, moment in enumerate(moments("worker", repetitions, lakes)):
        lake = Path(shutil.copytree(lakes.added, tmp_path / f"lake-{turn}"))
        with building(lake, cluster.address, cluster.environment) as process:
            wait_for(lake, moment, process)
            cluster.kill_worker()
            assert ended(process) == DONE, moment
        assert contents(lake) == lakes.whole
        cluster.start_worker()


def test_a_driver_that_is_killed_leaves_no_half_census_and_the_next_ends_its_work(
    tmp_path, lakes, cluster, repetitions
):
    for turn, moment in enumerate(moments("driver", repetitions, lakes)):
        lake = Path(shutil.copytree(lakes.added, tmp_path / f"lake-{turn}"))
        with building(lake, cluster.address, cluster.environment) as process:
            wait_for(lake, moment, process)
        is_whole_wherever_it_is_seen(lake, lakes)
        assert is_built(lake, cluster), moment
        assert contents(lake) == lakes.whole


def test_a_master_that_is_killed_leaves_no_half_census_and_the_next_build_is_whole(
    tmp_path, lakes, cluster, repetitions
):
    for turn, moment in enumerate(moments("master", repetitions, lakes)):
        lake = Path(shutil.copytree(lakes.added, tmp_path / f"lake-{turn}"))
        with building(lake, cluster.address, cluster.environment) as process:
            wait_for(lake, moment, process)
            servers.kill_at_once(cluster.master)
            assert ended(process) in (DONE, FAULT), moment
        is_whole_wherever_it_is_seen(lake, lakes)
        cluster.start_again()
        assert is_built(lake, cluster), moment
        assert contents(lake) == lakes.whole


def test_a_build_that_waits_for_workers_of_a_dead_master_ends(lake, cluster):
    while cluster.workers:
        cluster.kill_worker()
    with building(lake, cluster.address, cluster.environment) as process:
        while not cluster.said().get("activeapps"):
            assert process.poll() is None
        servers.kill_at_once(cluster.master)
        assert "the master has gone, and no worker is left" in process.stderr.read()
        assert process.wait() == FAULT
    cluster.start_again()


def test_workers_reach_an_object_store_with_keys_of_their_own(s3_address, lakes, cluster):
    store, added = open_store(s3_address), open_store(str(lakes.added))
    for path in added.list():
        store.write(path, added.read(path))
    assert is_built(s3_address, cluster)
    assert contents(s3_address) == lakes.whole
    for path in store.list():
        assert object_store.SECRET.encode() not in store.read(path)
    written = [path for path in cluster.folder.rglob("*") if path.is_file()]
    assert written
    for path in written:
        assert object_store.SECRET.encode() not in path.read_bytes(), path


@pytest.mark.soak
def test_a_port_where_something_else_listens_is_told(lake, cluster):
    # Spark itself asks for a minute before it gives the application up.
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"spark://127.0.0.1:{other.getsockname()[1]}"
        with building(lake, address, cluster.environment) as process:
            said = process.stderr.read()
            assert process.wait() == FAULT
    assert "no Spark master answers there, or it does not take this application" in said
    assert len(said.splitlines()) == 1


def test_what_is_missing_for_spark_is_told(lake, cluster):
    with pytest.raises(
        UnusableEngine, match=r"pyspark is not installed; pip install 'rtt-dashboard\[spark\]'"
    ):
        engine(cluster.address)
    nobody = f"spark://127.0.0.1:{servers.free_port()}"
    for address, environment, why in (
        (nobody, {}, "no Spark master answers there"),
        ("spark://127.0.0.1", {}, "say spark://HOST:PORT"),
        (cluster.address, {"JAVA_HOME": "", "PATH": ""}, "there is no Java runtime"),
        (cluster.address, {"PYSPARK_PYTHON": "/usr/bin/python3"}, "the workers' Python has no module"),
        (cluster.address, {"_SPARK_AUTH_SECRET": ""}, "secret"),
    ):
        with building(lake, address, cluster.environment | environment) as process:
            said = process.stderr.read()
            assert process.wait() in (FAULT, WRONG_USE)
        assert why in said
        assert len(said.splitlines()) == 1
        assert spark_cluster.SECRET not in said
