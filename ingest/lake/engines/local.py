"""Tasks in processes of this machine. One that is killed loses its task alone, which is given to another."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context

from ingest.lake import tasks as of_lake
from ingest.lake.engines import EngineLost
from ingest.lake.tasks import Outcome, Task
from ingest.loading.ahead import begin_process, no_interrupt

FEWEST = 3  # tasks that are worth the start of processes
POOLS = 3  # that may break, one after the other, before the machine is taken to be at fault


def run(tasks: Sequence[Task], *, workers: int | None = None) -> Iterator[Outcome]:
    """The outcomes of the tasks, in any order. `workers`: else as many as there are processors.

    Raises `EngineLost` when process after process is killed.
    """
    processes = workers or len(os.sched_getaffinity(0))
    if processes < 2 or len(tasks) < FEWEST:
        yield from map(of_lake.run, tasks)
        return
    left = list(tasks)
    for _ in range(POOLS):
        for outcome in _of_one_pool(left, processes):
            left.remove(outcome.task)
            yield outcome
        if not left:
            return
    raise EngineLost(
        f"{len(left)} of {len(tasks)} tasks were left: their processes were killed again and again"
    )


def _of_one_pool(tasks: Sequence[Task], processes: int) -> Iterator[Outcome]:
    """What a pool finishes; it ends early if one of its processes is killed."""
    with _pool(processes) as pool:
        # Ctrl+C would be for the processes too, and one that is just being started would be waited for.
        with no_interrupt():
            begun: set[Future[Outcome]] = {pool.submit(of_lake.run, task) for task in tasks}
        try:
            while begun:
                done, begun = wait(begun, return_when=FIRST_COMPLETED)
                for each in done:
                    yield each.result()
        except BrokenProcessPool:
            return


@contextmanager
def _pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    # Started afresh: a copy of this process would hold the locks of its threads.
    pool = ProcessPoolExecutor(processes, get_context("spawn"), begin_process)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
