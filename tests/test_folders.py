"""A run of tests keeps the folders of one file at a time, not of all."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONFTEST = "from tests import folders\npytest_fixture_setup = folders.remove_with_the_fixture\n"
WRITES = """
import pytest

@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    return tmp_path_factory.mktemp("kept")

@pytest.fixture(scope="module")
def written(tmp_path_factory, kept):
    folder = tmp_path_factory.mktemp("written")
    yield folder
    assert (folder / "rows").exists()  # still there while the fixture ends

def test_writes(written):
    (written / "rows").write_text("rows")
"""
LOOKS = """
def test_looks(tmp_path_factory):
    assert [each.name for each in tmp_path_factory.getbasetemp().glob("*0")] == ["kept0"]
"""


def test_what_the_fixtures_of_a_file_wrote_is_gone_when_the_next_file_begins(tmp_path):
    for name, text in {"conftest": CONFTEST, "test_1": WRITES, "test_2": LOOKS}.items():
        (tmp_path / f"{name}.py").write_text(text)
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {ROOT}\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:dash", "--basetemp", "made"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "2 passed" in ran.stdout, ran.stdout + ran.stderr
