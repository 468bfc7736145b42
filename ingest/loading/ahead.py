"""The files of a folder read ahead in processes of their own, while others are written.

To read a month takes three times as long as to write it, and one process writes. Nothing about a file is
decided here: whoever writes takes each in its turn, and reads for itself what a process could not read in a
way that nobody foresaw. For commands alone: a server has workers and threads of its own.
"""

from __future__ import annotations

import gc
import os
import signal
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context, parent_process, resource_tracker
from pathlib import Path
from threading import Thread

from ingest.extracts import LoadOptions, Parsed
from ingest.files.problems import Problem, Refused
from ingest.loading.incoming import IncomingFile, Progress, Report, format_named, opened
from ingest.loading.reading import read_whole

FEWEST = 3  # files that are worth the start of processes
MOST_PROCESSES = 4  # a national month takes half a gigabyte to read


@dataclass(slots=True)
class Prepared:
    """A file that was read, without its bytes; and why it is refused, if it is."""

    file: IncomingFile
    format: str | None
    seconds: float
    problems: Sequence[Problem]

    def parsed(self) -> Parsed:
        """Raises `Refused`."""
        if self.problems or self.file.parsed is None:
            raise Refused(self.problems)
        return self.file.parsed


class Ahead:
    """Files that are being read, in the order in which they will be taken; `most` of them at a time."""

    def __init__(
        self, pool: ProcessPoolExecutor, paths: Sequence[Path], options: LoadOptions, most: int
    ) -> None:
        self._pool, self._options, self._most = pool, options, most
        self._left = deque(paths)
        self._begun: dict[Path, Future[Prepared | None]] = {}
        self._go_on()

    def take(self, path: Path, report: Report) -> Prepared | None:
        """A file once it is read, as if this process had read it; None for one that it has to read."""
        begun = self._begun.pop(path, None)
        if begun is None:
            return None
        report(Progress(path.name, "reading"))
        try:
            prepared = begun.result()
            self._go_on()
        except BrokenProcessPool:  # one of them was killed: nothing more is read ahead
            self._left.clear()
            return None
        if prepared is not None:
            prepared.file.format = format_named(prepared.format) if prepared.format else None
            prepared.file.began = time.perf_counter() - prepared.seconds
        return prepared

    def _go_on(self) -> None:
        # What is read and not yet taken is held in memory.
        while self._left and len(self._begun) < self._most:
            path = self._left.popleft()
            self._begun[path] = self._pool.submit(prepare, path, self._options)


@contextmanager
def read_ahead(
    paths: Sequence[Path], options: LoadOptions, *, processors: int | None = None
) -> Iterator[Ahead | None]:
    """The files read ahead; None where that is not worth processes. `processors`: else what there are."""
    processes = min(processors or len(os.sched_getaffinity(0)), MOST_PROCESSES)
    if processes < 2 or len(paths) < FEWEST:
        yield None
        return
    # Started afresh: a copy of this process would hold its connections and the locks of its threads.
    pool = ProcessPoolExecutor(processes, get_context("spawn"), begin_process)
    try:
        with no_interrupt():
            ahead = Ahead(pool, paths, options, processes + 1)
        yield ahead
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def no_interrupt() -> Iterator[None]:
    """Ctrl+C waits until every process is started, and reaches none of them: one that was interrupted between
    its start and its first order would be waited for without end.
    """
    resource_tracker.ensure_running()  # starting it lets Ctrl+C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def prepare(path: Path, options: LoadOptions) -> Prepared | None:
    """Read one file as a load does; None for what nobody foresaw, which the log of the load will tell."""
    try:
        file = opened(path)
        problems: Sequence[Problem] = ()
        try:
            read_whole(file, options, lambda _: None)
        except Refused as refusal:
            problems = refusal.problems
    except Exception:
        return None
    name = file.format.name if file.format else None
    content = replace(file.content, data=b"") if file.content else None
    file.packed, file.content, file.format = b"", content, None
    return Prepared(file, name, file.seconds(), problems)


def begin_process() -> None:
    """What a process of a pool does first: it sees to it that it ends with the one that started it."""
    # As the command itself has it: a month is made of small values that live until its end.
    gc.set_threshold(200_000, 20, 100)
    # Ctrl+C, which is for the first alone, is not for them: it ends them, also when it is killed.
    Thread(target=_end_with_the_first, daemon=True).start()


def _end_with_the_first() -> None:
    if (first := parent_process()) is not None:
        first.join()
        os._exit(1)
