"""A tracking list beside its trust's return: what of the list may be seen there, on either page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.disclosure.seen import List, judged_of
from dashboard.analysis.disclosure.tables import LIST, STARTS, STOPS
from dashboard.scope.scope import Scope
from dashboard.settings.areas import WHOLE
from dashboard.store.loaded_extracts import loaded_extracts
from ingest.store.schema import WEEKLY
from rtt.disclosure.seen import Seen
from rtt.disclosure.shares import share_seen
from rtt.disclosure.small_numbers import WITHHELD
from rtt.measures.disclosed import END
from rtt.measures.indicators import DISCLOSED, LIMITS

if TYPE_CHECKING:
    from dashboard.analysis.quality import BothSources

_WEEK = timedelta(days=7)


def list_share_instead(connection: Connection, scope: Scope, both: BothSources) -> str | None:
    """What stands in place of the list's share within 18 weeks, '' for itself; None where not even the sizes
    of the list and its flows may be seen.
    """
    areas = scope.areas_in(both.code)
    if areas == (WHOLE,):
        return ""
    held = set(loaded_extracts(connection).censuses(WEEKLY))
    days = tuple(day for day in (both.sunday, both.sunday + _WEEK) if day in held)
    judged = judged_of(connection, List(both.code, areas), days, [])
    counts = judged.counts(LIST, {})
    sizes = (counts[END], *(judged.counts(of, {})[END][1:] for of in (STARTS, STOPS)))
    if not all(size.all() for size in sizes):
        return None
    seen = Seen(
        {limit: counts[limit][None, :1] for limit in LIMITS}, {("list", "now"): counts[END][None, :1]}
    )
    of = {
        "total": np.array([[both.weekly.total]], dtype=float),
        "over": np.array([[both.weekly.known - both.weekly.within]], dtype=float),
        "unknown": np.array([[both.weekly.total - both.weekly.known]], dtype=float),
    }
    share = np.array([[both.weekly.within / max(both.weekly.known, 1)]])
    shown = share_seen(DISCLOSED["share_within_18"], share, seen, **of)
    if shown.suppressed.any():
        return WITHHELD
    return f"about {round(100 * shown.value[0, 0])}%" if shown.about.any() else ""
