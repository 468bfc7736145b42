"""Spark, and an S3 server, as the tests of the lake use them: installed beside the environment, never in it.

Kept in var/tests for as long as their lock files stay. As a program (`python -m tests.lake_programs`) it
installs them, so that a run can begin with what needs neither, and prints where DuckDB lies.
"""

import signal
import subprocess
import sys
from pathlib import Path

from tests import servers
from tests.kept import kept, mark_of

SPARK = servers.ROOT / "requirements-spark.lock"
BESIDE = servers.ROOT / "tests" / "requirements-lake.lock"


def spark() -> Path:
    """The folder to put before the others where Spark is imported. pyspark comes as source alone."""
    return kept("spark", _mark(SPARK), lambda home: _install(home, SPARK, "--no-binary", "pyspark"))


def beside() -> Path:
    """The same of the S3 server and of DuckDB."""
    return kept("lake-programs", _mark(BESIDE), lambda home: _install(home, BESIDE))


def _mark(lock: Path) -> str:
    return mark_of((), lock.read_text(), sys.version)


def _install(home: Path, lock: Path, *options: str) -> None:
    # The build uses the setuptools of the environment, which has its hash too; none is fetched for it.
    said = (
        "-m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --no-build-isolation "
        "--only-binary :all:"
    )
    subprocess.run(
        [sys.executable, *said.split(), *options, "--target", home, "--requirement", lock], check=True
    )


if __name__ == "__main__":
    # Ended by its caller, it ends what it has started: pip.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    spark()
    sys.stdout.write(f"{beside()}\n")
