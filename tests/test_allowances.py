"""A full run fails on a test that was skipped without need, and names what it may not test."""

import os
import subprocess
import sys

import pytest

from tests import allowances, namespaces, servers

CONFTEST = """
from tests import allowances
pytest_sessionfinish = allowances.fail_on_needless_skips
pytest_terminal_summary = allowances.name_the_skips
"""

PASSES = "def test_passes(): pass\n"


def run(folder, skip: str, *options: str, **environment: str) -> subprocess.CompletedProcess:
    """pytest, on its own, on one test that passes and one that skips as told."""
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_it.py").write_text(
        f"import pytest\nfrom tests.allowances import *\n{PASSES}def test_skips(): {skip}\n"
    )
    quick = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(servers.ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *options, folder],
        cwd=folder,
        env={**os.environ, **quick, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("options", [(), ("-p", "xdist.plugin", "-n", "1")], ids=["alone", "in parallel"])
def test_a_full_run_fails_on_a_needless_skip(tmp_path, options):
    result = run(tmp_path, "pytest.skip('tired')", *options, RTT_CI="1")
    assert result.returncode == 1, result.stdout
    assert "A full run skips nothing, 1 skipped: tired" in result.stdout
    assert "1 passed, 1 skipped" in result.stdout


def test_any_other_run_may_skip(tmp_path):
    assert run(tmp_path, "pytest.skip('tired')", RTT_CI="0").returncode == 0


def test_a_full_run_names_a_package_that_it_may_not_install(tmp_path):
    result = run(tmp_path, "skip_without_package('chromium')", RTT_CI="1", RTT_CANNOT_INSTALL="x chromium")
    assert result.returncode == 0, result.stdout
    assert "Not tested here, 1 skipped: Debian package not installed: chromium" in result.stdout


def test_only_the_packages_that_could_not_be_installed_excuse_a_skip(monkeypatch):
    monkeypatch.setenv("RTT_CANNOT_INSTALL", "poppler-utils chromium")
    assert allowances.allowed("Debian package not installed: chromium")
    assert not allowances.allowed("Debian package not installed: postgresql")


@pytest.mark.parametrize("possible", [True, False])
def test_a_container_may_be_missing_only_where_none_can_be_made(monkeypatch, possible):
    monkeypatch.setattr(namespaces, "may_be_made", lambda: possible)
    assert allowances.allowed(allowances.NO_NAMESPACES) is not possible


def test_published_files_may_be_missing_only_where_they_are(monkeypatch, tmp_path):
    monkeypatch.setattr(allowances, "PUBLISHED", tmp_path)
    assert not allowances.allowed(allowances.NO_PUBLISHED_FILES)
    monkeypatch.setattr(allowances, "PUBLISHED", tmp_path / "absent")
    assert allowances.allowed(allowances.NO_PUBLISHED_FILES)
