"""The only three reasons for which a test may be skipped, and when each is allowed in a full run.

A full run (RTT_CI=1) fails on any other skip, and on these three unless their condition really holds.
"""

import os
import re
from collections import Counter
from pathlib import Path
from typing import NoReturn

import pytest

from tests import namespaces

PUBLISHED = Path(__file__).resolve().parents[2] / "shared" / "data"
NO_PUBLISHED_FILES = "the published files are absent: ../shared/data does not exist"
NO_PACKAGE = "Debian package not installed: "
NO_NAMESPACES = "this account may not make a container's namespaces and mounts: it takes root"


def skip_without_published_files() -> NoReturn:
    pytest.skip(NO_PUBLISHED_FILES)


def skip_without_package(package: str) -> NoReturn:
    pytest.skip(NO_PACKAGE + package)


def skip_without_namespaces() -> NoReturn:
    pytest.skip(NO_NAMESPACES)


def allowed(reason: str) -> bool:
    """Whether a full run may skip for this reason.

    RTT_CANNOT_INSTALL lists the packages that `make test` found missing and had no right to install.
    """
    if reason == NO_PUBLISHED_FILES:
        return not PUBLISHED.is_dir()
    if reason == NO_NAMESPACES:
        return not namespaces.may_be_made()
    package = re.fullmatch(re.escape(NO_PACKAGE) + r"(\S+)", reason)
    return package is not None and package[1] in os.environ.get("RTT_CANNOT_INSTALL", "").split()


def fail_on_needless_skips(session: pytest.Session) -> None:
    """pytest_sessionfinish: a full run in which a test was skipped without need has failed."""
    if _needless(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def name_the_skips(terminalreporter: pytest.TerminalReporter) -> None:
    """pytest_terminal_summary: what could not run, and whether a full run allows it."""
    for reason, count in Counter(filter(allowed, _skips(terminalreporter.config))).items():
        terminalreporter.write_line(f"Not tested here, {count} skipped: {reason}", yellow=True)
    for reason, count in Counter(_needless(terminalreporter.config)).items():
        terminalreporter.write_line(f"A full run skips nothing, {count} skipped: {reason}", red=True)


def _needless(config: pytest.Config) -> list[str]:
    if os.environ.get("RTT_CI") != "1":
        return []
    return [reason for reason in _skips(config) if not allowed(reason)]


def _skips(config: pytest.Config) -> list[str]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    # A worker of a parallel run has no reporter; the skips of all workers reach the one that started them.
    reports = reporter.stats.get("skipped", []) if reporter else []
    return [str(report.longrepr[2]).removeprefix("Skipped: ") for report in reports]
