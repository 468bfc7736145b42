"""What follows from a list, and from two lists, as a load derives it: band counts, and the movement."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.lake import parquet
from ingest.lake.layout import digest, facts_path
from ingest.lake.stores import NotThere
from ingest.lake.tasks import FACTS_OF_LISTS, MOVEMENT, Outcome, Part, Task
from ingest.store.faults import is_of_the_file

if TYPE_CHECKING:
    import polars as pl

    from ingest.lake.stores import Store

log = logging.getLogger("rtt.lake")

COUNTED = (
    "site_code", "treatment_function", "stage", "priority", "basis", "week_band", "decision_to_admit",
)  # fmt: skip


def derived(task: Task, store: Store) -> Outcome:
    """The files of each kind of facts that a task wants. A list before that cannot be read takes the movement
    away, and nothing else.
    """
    try:
        return _of_rows(task, store, rows_of(store, task.pathways, _columns(task)))
    except (parquet.NotOfThisLake, NotThere) as fault:
        return Outcome(task, refusals=dict.fromkeys(task.kinds, f"Its rows cannot be used: {_why(fault)}."))
    except BaseException as error:
        if not is_of_the_file(error):
            raise
        # The class and the lines alone are told: an exception may quote a row.
        log.error("a task of the lake failed: %s at %s", type(error).__name__, _lines(error))
        return Outcome(task, refusals=dict.fromkeys(task.kinds, f"A fault of ours ({type(error).__name__})."))


def _lines(error: BaseException) -> str:
    """The lines that an exception passed through, without what it says."""
    frames = traceback.extract_tb(error.__traceback__)
    return ", ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)


def _of_rows(task: Task, store: Store, pathways: pl.DataFrame) -> Outcome:
    facts: dict[str, tuple[Part, ...]] = {}
    refusals = {}
    if FACTS_OF_LISTS in task.kinds:
        facts[FACTS_OF_LISTS] = (_kept(store, task, "pathway_counts", _counts(task, pathways)),)
    if MOVEMENT in task.kinds:
        try:
            moved = _movement(task, store, pathways)
            facts[MOVEMENT] = () if moved is None else (_kept(store, task, "movement", moved),)
        except (parquet.NotOfThisLake, NotThere) as fault:
            refusals[MOVEMENT] = f"The movement is not known: rows before cannot be used: {_why(fault)}."
    return Outcome(task, facts, refusals)


def _why(fault: Exception) -> str:
    return (
        f"{fault} is no longer there (rtt lake prune removes old rows)"
        if isinstance(fault, NotThere)
        else str(fault)
    )


def _columns(task: Task) -> tuple[str, ...]:
    from ingest.extracts.ptl.list_image import LISTED

    wanted = dict.fromkeys(COUNTED if FACTS_OF_LISTS in task.kinds else ())
    return tuple(wanted | dict.fromkeys(LISTED if MOVEMENT in task.kinds else ()))


def rows_of(store: Store, part: Part, columns: tuple[str, ...] | None = None) -> pl.DataFrame:
    """The rows of a file, which must be as they were written. Raises `NotOfThisLake` and `NotThere`."""
    data = store.read(part.path)
    if digest(data) != part.sha256:
        raise parquet.NotOfThisLake("the file was changed since it was written")
    return parquet.read(data, part.table, columns)


def _kept(store: Store, task: Task, table: str, rows: pl.DataFrame) -> Part:
    data = parquet.written(rows)
    sha256 = digest(data)
    path = facts_path(table, task.census, task.provider, sha256)
    store.write(path, data)  # also where it is there: somebody may have changed it under its name
    return Part(table, path, sha256, rows.height)


def _counts(task: Task, pathways: pl.DataFrame) -> pl.DataFrame:
    from ingest.extracts.ptl.facts import counted
    from ingest.extracts.ptl.snapshot import Snapshot
    from ingest.extracts.ptl.waiting import parts_of_list

    snapshot = Snapshot("open", task.census, task.provider)
    return parquet.frame_of("pathway_counts", counted(parts_of_list(pathways), snapshot))


def _movement(task: Task, store: Store, after: pl.DataFrame) -> pl.DataFrame | None:
    """The movement into this list; None where there is none to count."""
    import polars as pl

    from ingest.extracts.ptl.list_image import LISTED
    from ingest.extracts.ptl.movements import STOPPED, comparable, movement

    if task.before is None or task.previous is None:
        return None
    before = rows_of(store, task.before, tuple(LISTED))
    after = after.select(tuple(LISTED))
    if not comparable(before, after):
        return None
    stops = [rows_of(store, part, tuple(STOPPED)) for part in task.stops]
    stopped = pl.concat([pl.DataFrame(schema=STOPPED), *stops])
    counts = movement(before, after, stopped, previous=task.previous, census=task.census)
    return counts.select(pl.lit(task.previous).alias("previous_census"), *counts.columns).select(
        pl.col(name).cast(kind) for name, kind in parquet.table_schema("movement").items()
    )
