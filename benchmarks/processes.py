"""What a program and all that it starts cost: looked up in /proc ten times a second until it ends.

The system's own account of children leaves out those that nobody waits for, as Java's and a pool's may be.
This one leaves out what a process used in its last tenth of a second.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

_TICK, _PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
EVERY = 0.1  # seconds


@dataclass(slots=True)
class Watched:
    """All that this process starts within the block: its seconds, and the most bytes it held at once."""

    most_bytes: int = 0
    _used: dict[tuple[int, int], float] = field(default_factory=dict)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    @property
    def seconds(self) -> float:
        """Of the processor, user and system."""
        return sum(self._used.values())

    def __enter__(self) -> Watched:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread:
            self._thread.join()

    def _watch(self) -> None:
        known: set[int] = set()
        while not self._ended.wait(EVERY):
            self._look(known)

    def _look(self, known: set[int]) -> None:
        """`known`: everybody ever seen, for a process stays ours when the one between us ends."""
        found = {stat.pid: stat for stat in map(_stat, Path("/proc").glob("[0-9]*")) if stat}
        ours, parents = set(), {os.getpid()} | known
        while parents:
            parents = {pid for pid, stat in found.items() if stat.parent in parents} - ours
            ours |= parents
        ours = (ours | (known & set(found))) - {os.getpid()}
        known |= ours
        for pid in ours:
            self._used[pid, found[pid].began] = found[pid].seconds
        self.most_bytes = max(self.most_bytes, sum(map(_own_bytes, ours)))


@dataclass(frozen=True, slots=True)
class _Stat:
    pid: int
    parent: int
    began: int
    seconds: float


def _stat(process: Path) -> _Stat | None:
    try:
        text = (process / "stat").read_text()
    except OSError:
        return None
    parts = text[text.rindex(")") + 2 :].split()  # a program's name may hold spaces
    return _Stat(int(process.name), int(parts[1]), int(parts[19]), (int(parts[11]) + int(parts[12])) / _TICK)


def _own_bytes(pid: int) -> int:
    """Resident, and what is shared with others in equal parts."""
    try:
        for line in Path("/proc", str(pid), "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
