"""A build that is killed shows no half census, and run again gives what one that was left alone gives."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest.lake import manifest
from ingest.lake.build import build
from ingest.lake.engines import engine
from ingest.lake.layout import digest
from ingest.lake.stores import open_store
from tests.ingest.lake import trusts


@pytest.fixture(scope="module")
def added(tmp_path_factory):
    """A lake to which lists were added, and which nobody has built."""
    folder = tmp_path_factory.mktemp("lake")
    trusts.add_all(open_store(str(folder / "lake")), trusts.sent(folder / "sent", 12, trusts=4, weeks=6))
    yield folder / "lake"
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def expected(added, tmp_path_factory):
    """What a build that nobody disturbs leaves to see: manifests, and the files that they name."""
    folder = tmp_path_factory.mktemp("undisturbed")
    store = open_store(str(shutil.copytree(added, folder / "lake")))
    build(store, engine("local", workers=1))
    yield seen(store)
    shutil.rmtree(folder)


@pytest.fixture
def lake(added, tmp_path):
    return open_store(str(shutil.copytree(added, tmp_path / "lake")))


def seen(store) -> dict[str, bytes]:
    """What a reader of manifests sees. Each file that one names must be there, as it is named."""
    found = {}
    for day in manifest.censuses(store):
        path = f"census/{day}.json"
        found[path] = store.read(path)
        for trust in manifest.manifest_of(store, day).trusts:
            for part in (part for parts in trust.facts.values() for part in parts):
                found[part.path] = store.read(part.path)
                assert digest(found[part.path]) == part.sha256
    return found


def begun(store, workers):
    command = [sys.executable, "-m", "tests.ingest.lake.building", store.address, str(workers)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    return process


def children(process):
    """The processes that another started, by what the system says of them."""
    return [
        int(each) for each in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    ]


def when_done(process, store, number: int) -> None:
    """Wait until so many tasks of a build are noted as done, or it has ended."""
    while process.poll() is None and sum(1 for _ in store.list("done/")) < number:
        pass


@pytest.fixture(scope="module")
def moments(added, expected):
    """How many notes of what is done a whole build leaves: moments to kill one at."""
    lists = sum("/open-" in path for path in open_store(str(added)).list("added/"))
    return range(2 * lists - 4)


@pytest.mark.slow
def test_the_driver_is_killed_at_any_moment(added, expected, moments, tmp_path, repetitions):
    chance = random.Random(29)
    for number in range(repetitions(10)):
        store = open_store(str(shutil.copytree(added, tmp_path / str(number))))
        process = begun(store, 2)
        when_done(process, store, chance.choice(moments))
        process.kill()
        process.communicate()
        half = seen(store)
        assert {path: expected[path] for path in half if path.startswith("facts/")} == {
            path: data for path, data in half.items() if path.startswith("facts/")
        }
        build(store, engine("local", workers=1))
        assert seen(store) == expected
        shutil.rmtree(store.address)


@pytest.mark.slow
def test_a_worker_is_killed_at_any_moment(added, expected, moments, tmp_path, repetitions):
    chance, killed = random.Random(30), 0
    for number in range(repetitions(10)):
        store = open_store(str(shutil.copytree(added, tmp_path / str(number))))
        process = begun(store, 2)
        when_done(process, store, chance.choice(moments[1 : len(moments) // 2]))
        # The oldest is the one that keeps account of the others' memory.
        for worker in children(process)[1:2]:
            os.kill(worker, signal.SIGKILL)
            killed += 1
        said, wrong = process.communicate(timeout=300)
        assert (process.returncode, said) == (0, "built\n"), wrong
        assert seen(store) == expected
        shutil.rmtree(store.address)
    assert killed


def test_two_builds_at_once_leave_one_result(lake, expected):
    both = [begun(lake, 1), begun(lake, 1)]
    for process in both:
        said, wrong = process.communicate(timeout=300)
        assert said == "built\n", wrong
    assert seen(lake) == expected


class Overtaken:
    """A store in which another build comes between what a build has read and the manifest that it writes."""

    def __init__(self, store, other):
        self._store, self._other = store, other

    def __getattr__(self, name):
        return getattr(self._store, name)

    def write(self, path, data):
        if path.startswith("census/") and self._other:
            other, self._other = self._other, None
            other()
        self._store.write(path, data)


def test_two_builds_of_a_trust_each_leave_both(lake, expected):
    """The manifest that is put in place last lacks the other's trust: who put it there looks again."""
    alone = engine("local", workers=1)
    for provider in ("R2C", "R3D"):
        build(lake, alone, provider=provider)
    overtaken = Overtaken(lake, lambda: build(lake, alone, provider="R1B"))
    build(overtaken, alone, provider="R0A")
    assert seen(lake) == expected


def test_what_a_killed_build_has_done_is_not_done_again(lake, expected):
    done = 0

    class Enough(Exception):
        pass

    def report(number, of):
        nonlocal done
        done = number
        if number == 5:
            raise Enough

    with pytest.raises(Enough):
        build(lake, engine("local", workers=1), report=report)
    again = build(lake, engine("local", workers=1))
    whole = sum(path.startswith("added/") and "/open-" in path for path in lake.list())
    assert again.tasks < whole - 3
    assert seen(lake) == expected


def test_one_file_that_is_added_by_several_at_once_is_one_list(tmp_path):
    store = open_store(str(tmp_path / "lake"))
    files = [each for each in trusts.sent(tmp_path / "sent", 3, weeks=2) if not each.revision]
    together = threading.Barrier(4)

    def added(_):
        together.wait()
        return trusts.add_all(store, files)

    with ThreadPoolExecutor(4) as threads:
        states = [state for each in threads.map(added, range(4)) for state in each]
    assert set(states) <= {"loaded", "unchanged"}
    assert len(list(store.list("added/"))) == len(files)
