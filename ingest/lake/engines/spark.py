"""Tasks on the workers of a Spark cluster: Spark hands them out, and the product's own functions do them.

Each task is one element of a list that Spark spreads; nothing is shuffled, and no rows pass through Spark.
Workers have the product installed as the driver has, and say so with each outcome: a task travels as names
and hashes, its function as a name. A worker that is lost loses its tasks alone, which Spark gives to another.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import sys
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from ingest.lake import tasks as of_lake
from ingest.lake.engines import SPARK, EngineLost, UnusableEngine
from ingest.lake.engines.same_code import mark_of_code
from ingest.lake.stores import UnusableLake
from ingest.lake.tasks import Outcome, Task

if TYPE_CHECKING:
    from py4j.java_gateway import JavaGateway
    from pyspark import SparkContext

PATIENCE = 10  # seconds until a master that does not answer is taken to be absent
LOOKED, MOST_IDLE = 5, 600  # seconds: how often workers are counted, how long there may be none
# While one batch ends, the next is begun: no core waits for the largest trust of a batch. What a batch gave
# reaches the manifests without waiting for the last one.
BATCHES, TASKS_A_CORE = 2, 4
# The JVMs hold names and hashes alone; rows are in the Python processes beside them.
NAME = "rtt lake build"
SECRET = "_SPARK_AUTH_SECRET"
SETTINGS = {
    "spark.driver.memory": "512m",
    "spark.executor.memory": "512m",
    "spark.executorEnv.POLARS_MAX_THREADS": "1",
    "spark.executorEnv.OMP_NUM_THREADS": "1",
    "spark.task.maxFailures": "8",  # of which most are machines that went away
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of a task at a worker, whose code has this mark."""

    host: str
    code: str
    outcome: Outcome | None = None
    fault: UnusableLake | OSError | None = None


def check(master: str) -> None:
    """Raise `UnusableEngine` with what is missing: pyspark, Java, or a master that answers."""
    if find_spec("pyspark") is None:
        raise UnusableEngine(f"{master}: pyspark is not installed; pip install 'rtt-dashboard[spark]'")
    java = Path(os.environ.get("JAVA_HOME", ""), "bin", "java")
    if not (shutil.which("java") or java.is_file()):
        raise UnusableEngine(f"{master}: there is no Java runtime; apt install openjdk-17-jre-headless")
    if not _answers_there(master):
        raise UnusableEngine(f"{master}: no Spark master answers there")


def run(tasks: Sequence[Task], *, master: str) -> Iterator[Outcome]:
    """The outcomes of the tasks, in any order, from the workers of the master at spark://HOST:PORT.

    `check` comes before it.

    Raises `UnusableEngine` where the cluster cannot do them, `EngineLost` where it ended before they did, and
    what the lake raised at a worker: `UnusableLake` or OSError.
    """
    if not tasks:
        return
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        with _context(master) as context:
            for answer in _answers(context, tasks):
                yield _outcome(answer)
    except (Py4JError, PySparkException, ConnectionError) as fault:
        raise _in_words(master, fault) from None


def _answers(context: SparkContext, tasks: Sequence[Task]) -> Iterator[_Answer]:
    size = TASKS_A_CORE * max(1, context.defaultParallelism)
    waiting = (tasks[at : at + size] for at in range(0, len(tasks), size))

    def collected(batch: Sequence[Task]) -> list[_Answer]:
        found: list[_Answer] = context.parallelize(batch, len(batch)).map(_at_worker).collect()
        return found

    watched = _Watch(context)
    with ThreadPoolExecutor(BATCHES) as threads:
        begun: set[Future[list[_Answer]]] = {
            threads.submit(collected, each) for each in islice(waiting, BATCHES)
        }
        try:
            while begun:
                done, begun = wait(begun, timeout=LOOKED, return_when=FIRST_COMPLETED)
                begun |= {threads.submit(collected, each) for each in islice(waiting, len(done))}
                for each in done:
                    yield from each.result()
                if not done:
                    watched.look()
        finally:
            context.cancelAllJobs()


class _Watch:
    """Whether anybody can still do a task. Spark itself waits for ever, and says so in its log alone."""

    def __init__(self, context: SparkContext) -> None:
        self._context, self._idle = context, 0

    def look(self) -> None:
        """Raise `EngineLost` where no worker is there and none can come, or none came for long."""
        # The driver counts as one.
        workers = self._context._jsc.sc().getExecutorMemoryStatus().size() - 1
        self._idle = 0 if workers else self._idle + LOOKED
        master = self._context.master
        if workers or (self._idle < MOST_IDLE and _answers_there(master)):
            return
        why = (
            "no worker takes its tasks"
            if _answers_there(master)
            else "the master has gone, and no worker is left"
        )
        raise EngineLost(f"{master}: {why}.")


def _at_worker(task: Task) -> _Answer:
    """One task on a worker. What the lake itself raises is an answer: to try again at once would not help."""
    host, code = socket.gethostname(), mark_of_code()
    try:
        return _Answer(host, code, outcome=of_lake.run(task))
    except (UnusableLake, OSError) as fault:
        return _Answer(host, code, fault=fault)


def _outcome(answer: _Answer) -> Outcome:
    if answer.code != mark_of_code():
        raise UnusableEngine(
            f"the worker {answer.host} has another version of the product or of polars than this machine: "
            "install the same on both"
        )
    if answer.outcome is None:
        raise answer.fault or EngineLost(f"the worker {answer.host} did not say what became of a task")
    return answer.outcome


@contextmanager
def _context(master: str) -> Iterator[SparkContext]:
    """The driver's end of an application on the cluster, which is ended with the block."""
    from pyspark import SparkConf, SparkContext

    # The interpreter of the workers: that of this installation, where it lies at the same path on each.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    gateway, conf = _gateway(), SparkConf().setMaster(master).setAppName(NAME)
    if secret := os.environ.get(SECRET):
        # Spark's own daemons take it from there; a driver does not.
        conf.set("spark.authenticate.secret", secret)
    with warnings.catch_warnings():
        # Of a pandas newer than its own data frames know, none of which are used here.
        warnings.simplefilter("ignore", FutureWarning)
        context = SparkContext(gateway=gateway, conf=conf)
    try:
        yield context
    finally:
        context.stop()


@cache
def _gateway() -> JavaGateway:
    """The Java process of this one, which ends with it. What PYSPARK_SUBMIT_ARGS says of a setting counts."""
    from pyspark import SparkConf
    from pyspark.errors import PySparkException
    from pyspark.java_gateway import launch_gateway

    with TemporaryFile() as said:
        try:
            # Java and Spark write notes for their own developers there; faults come back as exceptions.
            return launch_gateway(SparkConf().setAll(list(SETTINGS.items())), {"stderr": said})
        except PySparkException:
            said.seek(0)
            lines = said.read().decode(errors="replace").split("\n")
            last = next((line.strip() for line in reversed(lines) if line.strip()), "it says nothing")
            raise UnusableEngine(f"Spark's Java process did not start: {last[:300]}") from None


def _in_words(master: str, fault: Exception) -> UnusableEngine | EngineLost:
    """What ended the application, without the trace of two languages."""
    text = str(fault)
    missing = re.search(r"ModuleNotFoundError: No module named '([\w.]+)'", text)
    if missing:
        return UnusableEngine(
            f"{master}: the workers' Python has no module {missing[1]}. Install the product on every worker, "
            "at the same path as here, or name its interpreter in PYSPARK_PYTHON"
        )
    if "stopped SparkContext" in text:
        return EngineLost(
            f"{master}: no Spark master answers there, or it does not take this application. {SECRET} must "
            "be the same here and on every machine of the cluster."
        )
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    why = next((line for line in lines if "Exception: " in line), lines[0] if lines else type(fault).__name__)
    return EngineLost(f"{master}: {why.rpartition('Exception: ')[2][:300].rstrip('.')}.")


def _answers_there(master: str) -> bool:
    """Whether one of the masters that the address names answers."""
    addresses = [_host_and_port(each, master) for each in master.removeprefix(SPARK).split(",")]
    return any(_listens(*address) for address in addresses)


def _host_and_port(address: str, master: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise UnusableEngine(f"{master} is no engine: say spark://HOST:PORT")
    return host, int(port)


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=PATIENCE).close()
    except OSError:
        return False
    return True
