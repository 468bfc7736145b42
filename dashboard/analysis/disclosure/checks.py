"""Which checks of data quality may be seen: some count what a filter counts, too, and must not disclose it.

The checks look at the whole list with other commissioners' patients, so that what they count must be fit to
be seen with and without those. They are shown of the whole list alone.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.disclosure.seen import Asked, Judged, List, judged_of
from dashboard.analysis.disclosure.tables import FUNCTION, LIST, PART, PRIORITY, SITE, STAGE
from dashboard.scope.scope import Scope
from ingest.store.schema import ENGLISH, NONC
from rtt.disclosure.small_numbers import Mask
from rtt.measures.disclosed import END, START
from rtt.terms.parts import WITH_DECISION_TO_ADMIT

_DECIDED: Asked = {PART: (WITH_DECISION_TO_ADMIT,)}
_ADMITTED: Asked = {STAGE: ("admitted",)}

FOUND: Mapping[str, Asked] = {
    "unknown_treatment_function": {FUNCTION: ("unknown",)},
    "unknown_priority": {PRIORITY: ("unknown",)},
    "unknown_site": {SITE: ("unknown",)},
    "admitted_without_dta": {**_ADMITTED, **_DECIDED},
    "dta_not_admitted": {STAGE: ("non-admitted",), **_DECIDED},
}
"""The scope that holds what a check finds, or what is left of its checked ones."""
CHECKED: Mapping[str, Asked] = {"admitted_without_dta": _ADMITTED, "dta_not_admitted": _DECIDED}
"""The scope that a check looks at; else the whole list, or what no filter counts."""
NO_CLOCK_START = "no_clock_start"
OWN_COUNT = (
    "tci_in_past",
    "tci_without_dta",
    "row_left_out",
    "start_in_future",
    "end_before_start",
    "duplicate",
)
"""Checks of what no filter counts: admission dates, rows left out."""


def checks_seen(
    connection: Connection, scope: Scope, keys: Sequence[str], days: Sequence[date]
) -> dict[str, Mask]:
    """By check whether its numbers may be seen, (days), as far as filters count the same."""
    if scope.functions:
        return {key: np.zeros(len(days), dtype=bool) for key in keys}
    asked = [(LIST, level) for level in FOUND.values()]
    judged = [
        judged_of(connection, List(code, scope.areas_in(code), basis), days, asked)
        for code in scope.codes
        for basis in (ENGLISH, NONC)
    ]
    return {key: np.logical_and.reduce([_seen(key, each) for each in judged]) for key in keys}


def _seen(key: str, judged: Judged) -> Mask:
    whole = judged.counts(LIST, {})
    if key in OWN_COUNT:
        return np.ones_like(whole[START])
    seen = whole[END] & judged.counts(LIST, CHECKED.get(key, {}))[END]
    if key == NO_CLOCK_START:
        return np.asarray(seen & whole[0])
    return np.asarray(seen & judged.counts(LIST, FOUND[key])[END]) if key in FOUND else seen
