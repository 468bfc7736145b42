"""One task: what is derived from one trust's lists of one census. Rows in, facts out, by the loader's own
functions.

A task reads nothing but the files that it names, by their hash, and writes nothing but files that are named
by theirs: run twice, or on two machines at once, it leaves the same files. It knows no database and no
engine. Raise RECIPE when a task would give other facts from the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ingest.lake.layout import digest

RECIPE = 1
FACTS_OF_LISTS, MOVEMENT = "facts", "movement"


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file of the lake: rows of a table of the database, of one census and trust."""

    table: str
    path: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Task:
    """What is wanted of one trust at one census. It can be pickled.

    `kinds`: FACTS_OF_LISTS, which needs `pathways`, and MOVEMENT, which needs those `before` (of the list of
    `previous`) and the `stops` since then too.
    """

    kinds: tuple[str, ...]
    census: date
    provider: str
    lake: str  # the address of the store
    pathways: Part
    before: Part | None = None
    previous: date | None = None
    stops: tuple[Part, ...] = ()

    def key(self, kind: str) -> str:
        """What the facts of this kind depend on and nothing else: equal keys, equal facts."""
        parts = [self.pathways] if kind == FACTS_OF_LISTS else [self.pathways, self.before, *self.stops]
        of_lists = self.previous if kind == MOVEMENT else None
        named = [part.sha256 if part else "" for part in parts]
        return digest(
            "\n".join([kind, str(RECIPE), str(self.census), str(of_lists), self.provider, *named]).encode()
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task: of each kind its files, or why there are none, in words."""

    task: Task
    facts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    refusals: Mapping[str, str] = field(default_factory=dict)


def run(task: Task) -> Outcome:
    """The facts of a task, written into its lake. A list that cannot be used is refused, and ends no other
    task; a fault of the store is raised.
    """
    from ingest.lake.derive import derived
    from ingest.lake.stores import open_store

    return derived(task, open_store(task.lake))
