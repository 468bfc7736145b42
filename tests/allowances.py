"""The only two reasons for which a test may be skipped, and when each is allowed in a full run.

A full run (RTT_CI=1) fails on any other skip, and on these two unless their condition really holds.
"""

import os
import re
from pathlib import Path
from typing import NoReturn

import pytest

PUBLISHED = Path(__file__).resolve().parents[2] / "shared" / "data"
NO_PUBLISHED_FILES = "the published files are absent: ../shared/data does not exist"
NO_PACKAGE = "Debian package not installed: "


def skip_without_published_files() -> NoReturn:
    pytest.skip(NO_PUBLISHED_FILES)


def skip_without_package(package: str) -> NoReturn:
    pytest.skip(NO_PACKAGE + package)


def allowed(reason: str) -> bool:
    """Whether a full run may skip for this reason.

    RTT_CANNOT_INSTALL lists the packages that `make test` found missing and had no right to install.
    """
    if reason == NO_PUBLISHED_FILES:
        return not PUBLISHED.is_dir()
    package = re.fullmatch(re.escape(NO_PACKAGE) + r"(\S+)", reason)
    return package is not None and package[1] in os.environ.get("RTT_CANNOT_INSTALL", "").split()
