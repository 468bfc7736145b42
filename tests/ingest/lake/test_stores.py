"""A folder as a store: whole files or none, and nothing outside it."""

import os
import pickle
import stat

import pytest

from ingest.lake.stores import NotThere, UnusableLake, open_store
from tests.ingest.lake.killed_writer import SIZE, seen_beside_a_killed_writer


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "lake"))


def test_what_is_written_is_read_listed_and_removed(store):
    for path in ("rows/b/1.parquet", "rows/a/2.parquet", "census/3.json"):
        store.write(path, path.encode())
    assert list(store.list()) == ["census/3.json", "rows/a/2.parquet", "rows/b/1.parquet"]
    assert list(store.list("rows/a/")) == ["rows/a/2.parquet"]
    assert list(store.list("rows/a/2")) == ["rows/a/2.parquet"]
    assert list(store.list("nothing/")) == []
    assert store.read("rows/b/1.parquet") == b"rows/b/1.parquet"
    store.write("rows/b/1.parquet", b"other")
    assert store.read("rows/b/1.parquet") == b"other"
    store.remove("rows/b/1.parquet")
    store.remove("rows/b/1.parquet")
    assert not store.exists("rows/b/1.parquet")
    with pytest.raises(NotThere):
        store.read("rows/b/1.parquet")


def test_a_store_travels_to_another_process(store):
    store.write("a/b", b"c")
    assert pickle.loads(pickle.dumps(store)).read("a/b") == b"c"
    assert open_store(store.address).read("a/b") == b"c"


def test_other_accounts_can_read_nothing(store, tmp_path):
    store.write("rows/a/1.parquet", b"x")
    for path in (tmp_path / "lake").rglob("*"):
        assert path.stat().st_mode & 0o007 == 0, path


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_a_group_can_share_the_folders_whatever_the_umask(store, tmp_path, umask):
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake").chmod(0o2770)
    before = os.umask(umask)
    try:
        store.write("rows/a/1.parquet", b"x")
    finally:
        os.umask(before)
    for path in ("rows", "rows/a"):
        assert stat.S_IMODE((tmp_path / "lake" / path).stat().st_mode) == 0o2770, path


@pytest.mark.parametrize("path", ["../outside", "rows/../../outside", "/etc/passwd"])
def test_a_path_does_not_lead_out_of_the_lake(store, tmp_path, path):
    (tmp_path / "outside").write_bytes(b"not of the lake")
    with pytest.raises(NotThere):
        store.read(path)


@pytest.mark.parametrize("address", ["ftp://somewhere/lake", "hdfs://somewhere/lake"])
def test_an_address_of_another_kind_is_told(address):
    with pytest.raises(UnusableLake, match="a lake lies in a folder"):
        open_store(address)


def test_a_file_is_whole_whenever_its_writer_is_killed(store, repetitions):
    for _ in range(repetitions(20)):
        assert seen_beside_a_killed_writer(store) == {b"A" * SIZE, b"B" * SIZE}
        assert list(store.list()) == ["census/one.json"]


def test_what_cannot_be_listed_is_not_taken_for_empty(store, tmp_path):
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "added").write_bytes(b"no folder")
    with pytest.raises(NotADirectoryError):
        list(store.list("added/"))
