"""A run of weekly lists that is loaded in one go: what is kept in hand of one for the next.

The movement between two lists is counted from their pathways, which are in the database only while they are
among the newest (`ingest.extracts.ptl.retention`). Lists that are loaded one right after the other need not
be written for that and read back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from ingest.extracts import Facts, History
from ingest.extracts.ptl.fields import OPEN, STOPS
from ingest.extracts.ptl.movements import LISTED, STOPPED
from ingest.extracts.ptl.retention import WEEK
from ingest.extracts.ptl.snapshot import Snapshot
from ingest.store import schema

_NEEDED = {OPEN: LISTED, STOPS: STOPPED}


def written(tables: Mapping[str, Facts], census: date, history: History) -> dict[str, Facts]:
    """The tables of a file without the rows that would be let go again once the run is whole."""
    is_first = not any(day < census for _, day in history.in_hand)
    # As they are let go: a stop explains the step to its own week, from a list before the oldest kept too.
    kept_from = {
        schema.pathway.name: history.single_rows_from,
        schema.clock_stop.name: history.single_rows_from - WEEK,
    }
    return {
        name: facts
        for name, facts in tables.items()
        if is_first or name not in kept_from or census >= kept_from[name]
    }


def take_in_hand(rows: pl.DataFrame, snapshot: Snapshot, history: History) -> None:
    """Hold the single rows of a list or of stops, and let go of those of which nothing can be counted now."""
    in_hand, needed = history.in_hand, _NEEDED.get(snapshot.section)
    if needed is not None:
        in_hand[snapshot.section, snapshot.census_date] = rows.select(
            pl.col(name).cast(kind) for name, kind in needed.items()
        )
    for section, day in list(in_hand):
        if day < snapshot.census_date - WEEK:
            del in_hand[section, day]
