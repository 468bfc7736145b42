"""No name, number, birth date or key is in any byte of a lake: every file of it is searched, and its name."""

import io
import subprocess
import sys

import polars as pl
import pytest

from ingest.extracts import LoadOptions
from ingest.lake import parquet
from ingest.lake.adding import add_file
from ingest.lake.build import build
from ingest.lake.engines import engine
from ingest.lake.stores import open_store
from tests import planted_identifiers, servers
from tests.planted_identifiers import ALL_MAY_GO, MAPPINGS, PLANTED, secrets
from tests.tracking_lists import KEY, as_csv, pathway

IN_NAMES = " Zebedee Quince-Adams 9434765919 1948-03-17x"


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "lake"))


def searched(store) -> list[str]:
    """Every byte of every file as text, its path, and every cell of its tables as it is read."""
    told = []
    for path in store.list():
        data = store.read(path)
        told += [path, data.decode("latin-1")]
        if path.endswith(".parquet"):
            cells = pl.read_parquet(io.BytesIO(data), hive_partitioning=False)
            told.append(cells.select(pl.all().cast(pl.String)).write_csv())
            told.append(repr(pl.read_parquet_metadata(io.BytesIO(data))))
    return told


@pytest.mark.parametrize("mapping", ["", *MAPPINGS])
def test_no_identifier_is_in_any_byte_of_a_lake(store, tmp_path, monkeypatch, caplog, mapping):
    # What is compressed hides from a search of bytes, but not from a reader.
    monkeypatch.setattr(parquet, "COMPRESSION", "uncompressed")
    described = tmp_path / "mapping.toml"
    described.write_text(ALL_MAY_GO + mapping)
    options = LoadOptions(token_key=KEY, mapping=described)
    files = planted_identifiers.write(tmp_path / "files", named=IN_NAMES)
    for file in sorted(files.iterdir()):
        assert add_file(store, file, options, lambda _: None).state == "loaded"
    build(store, engine("local", workers=1))
    told = [*searched(store), caplog.text]
    tables = {path.split("/")[1] for path in store.list("rows/")}
    assert tables == {"pathway", "clock_stop", "pathway_counts", "quality", "organisation"}
    assert list(store.list("facts/"))
    for secret in (*secrets(), KEY.decode(), IN_NAMES):
        assert not [text[:200] for text in told if secret in text], secret


def test_no_identifier_of_a_refused_file_is_in_a_lake(store, tmp_path):
    for number, value in enumerate(PLANTED.values()):
        for field in ("week_ending", "provider", "clock_start", "treatment_function"):
            file = tmp_path / f"open-{number}{field} {IN_NAMES}.csv"
            file.write_bytes(as_csv([pathway(**{field: value}) for _ in range(12)]))
            add_file(store, file, LoadOptions(token_key=KEY), lambda _: None)
    assert len(list(store.list("refused/"))) > len(PLANTED)
    told = searched(store)
    for secret in (*secrets(), IN_NAMES):
        assert not [text[:300] for text in told if secret in text], secret


_FAILING = """
from datetime import date
from ingest.lake.derive import derived
from ingest.lake.stores import FolderStore
from ingest.lake.tasks import FACTS_OF_LISTS, Part, Task

class Broken(FolderStore):
    def read(self, path):
        raise ValueError("Zebedee Quince-Adams 9434765919")

task = Task((FACTS_OF_LISTS,), date(2026, 9, 6), "R0A", "lake", Part("pathway", "rows/a", "", 1))
print(derived(task, Broken("lake")).refusals)
"""


def test_a_worker_does_not_print_what_an_exception_quotes():
    # A process of its own: a worker has no log but Python's own, which prints to standard error.
    ran = subprocess.run(
        [sys.executable, "-c", _FAILING], cwd=servers.ROOT, capture_output=True, text=True, check=True
    )
    assert "A fault of ours (ValueError)" in ran.stdout
    assert "ValueError at derive.py:" in ran.stderr
    assert "9434765919" not in ran.stdout + ran.stderr


def test_the_search_finds_what_is_planted_in_a_table(store):
    rows = pl.DataFrame({"name": ["Zebedee"] * 3, "born": ["1948-03-17"] * 3}).with_columns(
        pl.col("born").str.to_date()
    )
    store.write("rows/a.parquet", parquet.written(rows))
    told = "\n".join(searched(store))
    assert "Zebedee" in told
    assert "1948-03-17" in told
