"""The list of every trust in every month held, of one specialty or of all: what initiatives are judged by."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, select

from dashboard.store.cache import cached
from ingest.store.schema import ENGLISH, MONTHLY, pathway_counts
from rtt.terms.parts import INCOMPLETE
from rtt.terms.treatment_functions import TOTAL

Counts = tuple[int, int, int]
"""Pathways of a known clock start, within 18 weeks, over 52 weeks."""


@cached
def trust_lists(
    connection: Connection, functions: Sequence[str] = (TOTAL,)
) -> dict[tuple[str, str], dict[date, Counts]]:
    """(trust, specialty) -> month end -> counts. One statement."""
    c = pathway_counts.c
    rows = connection.execute(
        select(
            c.organisation_code,
            c.treatment_function,
            c.census_date,
            c.total - c.unknown_clock_start,
            c.within_18,
            c.over_52,
        ).where(
            c.source == MONTHLY,
            c.level == "provider",
            c.part == INCOMPLETE,
            c.basis == ENGLISH,
            c.treatment_function.in_(functions),
            c.site_code == "",
            c.stage == "",
            c.priority == "",
        )
    )
    found: dict[tuple[str, str], dict[date, Counts]] = {}
    for code, function, month, total, within, over in rows:
        found.setdefault((code, function), {})[month] = (total, within, over)
    return found
