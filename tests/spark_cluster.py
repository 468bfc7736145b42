"""A Spark cluster for the tests: a master and two workers on the loopback interface, always ended."""

import contextlib
import json
import os
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests import lake_programs, servers

WORKERS = 2
SECRET = "planted secret of the cluster"
NO_REST = "-Dspark.master.rest.enabled=false"
CLOSED = "spark.authenticate true\nspark.network.crypto.enabled true\n"
JAVA = "java-17-openjdk-*/bin/java"


def java_home() -> Path | None:
    """The Java runtime that Debian installed, or None."""
    found = sorted(Path("/usr/lib/jvm").glob(JAVA))
    return found[-1].parents[1] if found else None


class Cluster:
    """Workers of one core and 1 GB each. A test may kill any of them, with all that they started."""

    def __init__(self, stack: contextlib.ExitStack, folder: Path, java: Path, also: dict[str, str]) -> None:
        home = lake_programs.spark()
        self._stack, self.folder = stack, folder
        # As docs/operations.md has it: who does not know the secret can neither join nor hand in work.
        (folder / "spark-defaults.conf").write_text(CLOSED)
        self._port, self._web = servers.free_port(), servers.free_port()
        ours = {name: value for name, value in os.environ.items() if not name.startswith("RTT_")}
        # What a driver on this machine needs too.
        self.environment = ours | {
            "JAVA_HOME": str(java),
            "PYTHONPATH": str(home),
            "SPARK_HOME": str(home / "pyspark"),
            "RTT_HOME": str(folder / "home"),
            "SPARK_CONF_DIR": str(folder),
            "SPARK_LOCAL_DIRS": str(folder / "local"),
            "_SPARK_AUTH_SECRET": SECRET,
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_MASTER_OPTS": NO_REST,
            # Java processes of a few seconds: to compile them well takes longer than they run.
            "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            **also,
        }
        self.address = f"spark://127.0.0.1:{self._port}"
        self.workers: list[subprocess.Popen] = []
        self.start_again()

    def start_again(self) -> None:
        """A master on the same port, and workers of its own; what was there before is ended."""
        for worker in self.workers:
            servers.kill_at_once(worker)
        self.master = self._started("master.Master", "--port", self._port, "--webui-port", self._web)
        self.workers = [self._worker() for _ in range(WORKERS)]
        self._wait()

    def kill_worker(self) -> None:
        """End one of the workers, with its executor and all that this runs, as a power cut would."""
        servers.kill_at_once(self.workers.pop(0))

    def start_worker(self) -> None:
        self.workers.append(self._worker())
        self._wait()

    def _wait(self) -> None:
        servers.wait_until(
            lambda: self.said().get("aliveworkers") == WORKERS, self.master, log=self.folder / "log"
        )

    def said(self) -> dict[str, Any]:
        """What the master says of itself; nothing where it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._web}/json/", timeout=10) as answer:
                return json.load(answer)
        except (OSError, ValueError):  # nobody listens, or a master that has not begun to answer
            return {}

    def _worker(self) -> subprocess.Popen:
        size = ("--cores", 1, "--memory", "1g")
        place = self.folder / "work"
        return self._started("worker.Worker", *size, "--work-dir", place, "--webui-port", 0, self.address)

    def _started(self, kind: str, *arguments: object) -> subprocess.Popen:
        program = Path(self.environment["SPARK_HOME"], "bin", "spark-class")
        given = ["--host", "127.0.0.1", *map(str, arguments)]
        running = servers.running(
            [program, f"org.apache.spark.deploy.{kind}", *given],
            log=self.folder / "log",
            cwd=self.folder,
            env=self.environment | {"SPARK_DAEMON_MEMORY": "192m"},
        )
        return self._stack.enter_context(running)


@contextlib.contextmanager
def cluster(folder: Path, java: Path, **also: str) -> Iterator[Cluster]:
    """A master that counts on its workers; `also`: what drivers and workers have in their environment."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        yield Cluster(stack, folder, java, also)
