"""How long single pathways lie in a lake: those of each trust's newest lists, then only what was counted.

What goes is rows by token; facts, entries and manifests stay for ever, for they hold no pathway. A list that
is not built yet stays until it is. Who needs rows that are gone (a late revision of an old week, a new
recipe) is told so, and the facts that were counted stay as they were.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from ingest.lake import entries, manifest, plan
from ingest.lake.layout import OF_PATHWAYS, ROWS, partition
from ingest.lake.parquet import NotOfThisLake
from ingest.lake.stores import NotThere, Store


def prune(store: Store, *, keep: int) -> int:
    """Remove the rows of all but the newest `keep` lists of each trust; how many files."""
    names = entries.names_in_place(store)
    lists: dict[str, list[date]] = defaultdict(list)
    for provider, census in names:
        if "open" in names[provider, census]:
            lists[provider].append(census)
    # The movement into the oldest list that is kept begins at the one before it, and is counted by then.
    oldest = {provider: sorted(days)[-keep:][0] for provider, days in lists.items()}
    if oldest:
        entries.forget_unplaced(store, min(oldest.values()))
    gone = 0
    for day, of_day in plan.planned(names).items():
        found = manifest.readable(store, day)
        for made in of_day.values():
            own = found.of(made.provider) if found else None
            if own is None or own.made_from != made.made_from or own.refusal:
                continue
            is_old = day < oldest.get(made.provider, day)
            paths = _of_partition(store, made) if is_old else _superseded(store, made)
            for path in paths:
                store.remove(path)
                gone += 1
    return gone


def _of_partition(store: Store, made: plan.Made) -> Iterator[str]:
    for table in OF_PATHWAYS:
        yield from list(store.list(f"{ROWS}/{table}/{partition(made.census, made.provider)}/"))


def _superseded(store: Store, made: plan.Made) -> Iterator[str]:
    """The rows of lists that a newer one has taken the place of. Those that nobody names are being added."""
    for section, newest in made.entries.items():
        every = entries.history(store, made.provider, made.census, section)
        kept = set(_pathways_of(store, newest)) if len(every) > 1 else set()
        for name in every:
            if name != newest:
                yield from (
                    path for path in _pathways_of(store, name) if path not in kept and store.exists(path)
                )


def _pathways_of(store: Store, name: str) -> list[str]:
    try:
        entry = entries.entry_at(store, name)
    except (NotOfThisLake, NotThere):
        return []
    return [part.path for part in entry.parts if part.table in OF_PATHWAYS]
