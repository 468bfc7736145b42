"""An object store as a store: whole files or none; keys come from the environment and go nowhere."""

import os
import pickle
import subprocess
import sys

import pytest

from ingest.lake.build import build
from ingest.lake.engines import engine
from ingest.lake.stores import NotThere, UnusableLake, open_store
from tests import object_store, servers
from tests.ingest.lake import trusts
from tests.ingest.lake.killed_writer import SIZE, seen_beside_a_killed_writer


@pytest.fixture
def store(s3_address):
    return open_store(s3_address)


def test_what_is_written_is_read_listed_and_removed(store):
    for path in (
        "rows/b/1.parquet",
        "rows/census_date=2026-11-15/provider_code=R9A/2.parquet",
        "census/3.json",
    ):
        store.write(path, path.encode())
    whole = ["census/3.json", "rows/b/1.parquet", "rows/census_date=2026-11-15/provider_code=R9A/2.parquet"]
    assert list(store.list()) == whole
    assert list(store.list("rows/b/")) == list(store.list("rows/b/1")) == ["rows/b/1.parquet"]
    assert list(store.list("rows/census_date=2026-11")) == whole[2:]
    assert list(store.list("nothing/")) == list(store.list("row/")) == []
    assert store.read(whole[2]) == whole[2].encode()
    store.write("rows/b/1.parquet", b"other")
    assert store.read("rows/b/1.parquet") == b"other"
    store.remove("rows/b/1.parquet")
    store.remove("rows/b/1.parquet")
    assert not store.exists("rows/b/1.parquet")
    with pytest.raises(NotThere):
        store.read("rows/b/1.parquet")


def test_a_lake_there_is_that_of_a_folder_byte_for_byte_and_holds_no_key(s3_server, s3_address, tmp_path):
    environment = s3_server.environment | {"RTT_HOME": str(tmp_path / "home")}
    sent = trusts.sent(tmp_path / "sent", 31, trusts=2, weeks=3, people=60)
    stores = open_store(s3_address), open_store(str(tmp_path / "lake"))
    for store in stores:
        assert set(trusts.add_all(store, sent)) == {"loaded"}
    build(stores[1], engine("local", workers=1))
    said = "".join(told(environment, each, "--lake", s3_address) for each in ("build", "publish", "status"))
    assert object_store.KEY not in said
    assert object_store.SECRET not in said
    there, here = ({path: store.read(path) for path in store.list()} for store in stores)
    assert there.keys() == here.keys()
    assert {path for path in here if there[path] != here[path]} <= {
        path
        for path in here
        if path.startswith("added/")  # they hold the hour
    }
    assert {"added", "rows", "facts", "done", "census"} <= {path.partition("/")[0] for path in there}
    for data in there.values():
        assert object_store.KEY.encode() not in data
        assert object_store.SECRET.encode() not in data


def told(environment: dict[str, str], *arguments: str) -> str:
    """All that `rtt lake` says; it must end well."""
    ran = subprocess.run(
        [servers.PROGRAM, "lake", *arguments],
        env=os.environ | environment,
        cwd=servers.ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout + ran.stderr


def test_two_lakes_of_one_bucket_do_not_meet(store):
    store.write("census/1.json", b"a")
    other = open_store(store.address + "-2")
    assert list(other.list()) == []
    other.write("census/1.json", b"b")
    assert store.read("census/1.json") == b"a"


def test_a_path_does_not_lead_out_of_the_lake(store):
    for path in ("../outside", "rows/../../outside"):
        with pytest.raises(NotThere):
            store.read(path)


def test_more_files_are_listed_than_one_answer_holds(store):
    names = [f"rows/{number:04d}" for number in range(2 * object_store.LISTED_AT_ONCE + 1)]
    for name in names:
        store.write(name, b"")
    assert list(store.list("rows/")) == names


def test_a_store_travels_to_another_process_without_its_keys(store):
    store.write("a/b", b"c")
    pickled = pickle.dumps(store)
    assert object_store.KEY.encode() not in pickled
    assert object_store.SECRET.encode() not in pickled
    assert pickle.loads(pickled) == open_store(store.address) == store
    assert pickle.loads(pickled).read("a/b") == b"c"


def test_a_file_is_whole_whenever_its_writer_is_killed(store, repetitions):
    for _ in range(repetitions(10)):
        assert seen_beside_a_killed_writer(store) == {b"A" * SIZE, b"B" * SIZE}
        assert list(store.list()) == ["census/one.json"]


@pytest.mark.parametrize(
    "address",
    ["s3://", "s3:///lake", "s3://KEY:SECRET@bucket/lake", "s3://bucket/../lake", "s3://bucket/a//b"],
)
def test_an_address_that_is_none_is_told_without_it(address):
    with pytest.raises(UnusableLake, match=r"s3://BUCKET/PREFIX") as told:
        open_store(address)
    assert "SECRET" not in str(told.value)


def test_a_bucket_that_is_not_there_is_told(s3_address):
    with pytest.raises(UnusableLake, match=r"^s3://no-bucket/lake: the store has no such bucket$"):
        open_store("s3://no-bucket/lake").read("a")
    with pytest.raises(UnusableLake, match="no such bucket"):
        list(open_store("s3://no-bucket/lake").list())


def told_by(environment: dict[str, str], address: str) -> str:
    """What a process with this environment says of its attempt to read from the store."""
    program = """
import sys
from ingest.lake.stores import UnusableLake, open_store
try:
    open_store(sys.argv[1]).read("census/1.json")
except UnusableLake as fault:
    print(fault)
"""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    ran = subprocess.run(
        [sys.executable, "-c", program, address],
        env=ours | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert object_store.KEY not in ran.stdout + ran.stderr
    assert object_store.SECRET not in ran.stdout + ran.stderr
    return ran.stdout


def test_a_store_that_does_not_answer_or_is_not_known_is_told(s3_server, s3_address, tmp_path):
    given = s3_server.environment
    nobody = {"AWS_ENDPOINT_URL": f"https://127.0.0.1:{servers.free_port()}"}
    assert "does not answer" in told_by(given | nobody, s3_address)
    assert "authority" in told_by(given | {"SSL_CERT_FILE": ""}, s3_address)
    bare = given["AWS_ENDPOINT_URL"].replace("https:", "http:")
    assert "AWS_ALLOW_HTTP" in told_by(given | {"AWS_ENDPOINT_URL": bare}, s3_address)


@pytest.mark.parametrize(
    "endpoint", ["rubbish", "https://", "host:9000", "https://[::1", "https://host:port"]
)
def test_an_endpoint_that_is_no_address_is_told(endpoint):
    key = {"AWS_ACCESS_KEY_ID": "ours", "AWS_SECRET_ACCESS_KEY": "secret"}
    said = told_by(key | {"AWS_ENDPOINT_URL": endpoint}, "s3://lake/of/england")
    assert said.startswith("AWS_ENDPOINT_URL is no address of a store; write it as https://HOST")


def test_a_key_that_the_store_does_not_know_is_told(tmp_path):
    with object_store.object_store(tmp_path / "s3", anonymous=1) as strict:
        strict.make_bucket("lake")
        assert "refuses the key of this machine" in told_by(strict.environment, "s3://lake/of/england")
